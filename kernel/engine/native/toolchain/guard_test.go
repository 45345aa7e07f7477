package toolchain_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// copyCache makes a cache that holds what the shared one has, by links, so
// that a test can damage it.
func copyCache(t *testing.T) (cache string, cfg toolchain.Config) {
	t.Helper()
	tc := open(t)
	cache = t.TempDir()
	from := filepath.Dir(tc.Worker())
	to := filepath.Join(cache, tc.BuildID())
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		switch {
		case rel == "image":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		}
		return os.Link(name, filepath.Join(to, rel))
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg = source(t)
	cfg.Cache = cache
	return cache, cfg
}

// damage replaces a file of a copied cache, whose links must stay intact.
func damage(t *testing.T, name string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, change(append([]byte(nil), b...)), 0o777); err != nil {
		t.Fatal(err)
	}
}

// A cache in which a file has lost its end is built again, not used; of
// several processes and notebooks which start at once, one builds, and another
// when that is killed at work.
func TestCutFileIsBuiltAgainOnce(t *testing.T) {
	cache, cfg := copyCache(t)
	var mu sync.Mutex
	linked, said := 0, 0
	cfg.Progress = func(s string) {
		mu.Lock()
		defer mu.Unlock()
		said++
		if strings.HasPrefix(s, "Linking the worker") {
			linked++
		}
	}
	tc, err := toolchain.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	tc.Close()
	if said > 0 {
		t.Fatal("the copy was not used")
	}
	damage(t, filepath.Join(cache, tc.BuildID(), "worker.idx"), func(b []byte) []byte { return b[:len(b)/2] })
	killAtWork(t, cache)
	other := itself(t, "cell", cache)
	var text bytes.Buffer
	other.Stdout, other.Stderr = &text, &text
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			tc, err := toolchain.Open(context.Background(), cfg)
			if err != nil {
				t.Error(err)
				return
			}
			defer tc.Close()
			if _, err := os.Stat(tc.Worker()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := other.Wait(); err != nil || text.String() != "linked" {
		t.Errorf("the other process: %v\n%s", err, text.String())
	}
	if linked > 1 {
		t.Errorf("built %d times", linked)
	}
}

// killAtWork starts a process that builds what a cache lacks, and kills it, with
// the compilers and linkers that it runs, as soon as it has begun.
func killAtWork(t *testing.T, cache string) {
	t.Helper()
	cmd := itself(t, "cell", cache)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 6000 {
		if begun, _ := filepath.Glob(filepath.Join(cache, "build-*", "*")); len(begun) > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatalf("it has ended before it was killed: %v", err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("it was not killed at work")
	}
}

// The linker refuses an index that is cut short or of another worker, and the
// worker a module that was linked for another.
func TestForeignIndex(t *testing.T) {
	cut := func(b []byte) []byte { return b[:len(b)-100] }
	foreign := func(b []byte) []byte { b[80] ^= 1; return b }
	none := func([]byte) []byte { return []byte("nothing of the kind") }
	tc := open(t)
	for name, c := range map[string]struct {
		change func([]byte) []byte
		want   string
	}{"cut": {cut, "cut short"}, "foreign": {foreign, "another worker"}, "none": {none, "not an index"}} {
		dir := t.TempDir()
		s, err := tc.NewSession(dir)
		if err != nil {
			t.Fatal(err)
		}
		damage(t, filepath.Join(dir, "session.idx"), c.change)
		source := filepath.Join(t.TempDir(), "cell.go")
		if err := os.WriteFile(source, []byte("package main\nfunc run() {}\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := s.Compile(t.Context(), toolchain.Compile{Source: source, Object: source + ".o"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Link(t.Context(), toolchain.Link{Object: source + ".o", Entry: "main.run"}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	l := startLive(t)
	l.cell("", "", "")
	if _, err := l.worker.Load(t.Context(), worker.Module{File: filepath.Join(l.dir, "cell1"), BuildID: "of another"}); err == nil {
		t.Error("the worker loaded a module of another")
	}
}

// An image of another worker is not taken from the cache.
func TestStaleImage(t *testing.T) {
	cache, cfg := copyCache(t)
	tc, err := toolchain.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer tc.Close()
	image := func() *toolchain.Image {
		t.Helper()
		s, err := tc.NewSession(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		img, err := s.Image(context.Background(), tc.ModuleDir(), "debug/plan9obj")
		if err != nil {
			t.Fatal(err)
		}
		return img
	}
	file := image().Module().File
	rel, err := filepath.Rel(cache, file)
	if err != nil || strings.HasPrefix(rel, "..") {
		t.Fatalf("image %s is not in the cache", file)
	}
	damage(t, filepath.Join(filepath.Dir(file), "image.json"), func(b []byte) []byte {
		return []byte(strings.ReplaceAll(string(b), tc.BuildID(), "another"))
	})
	if img := image(); img.Module().BuildID != tc.BuildID() {
		t.Errorf("an image of worker %q was taken", img.Module().BuildID)
	}
}

// A tool that was started ahead and killed while it waited is not missed.
func TestKilledTool(t *testing.T) {
	l := startLive(t)
	for range 3 {
		l.tools.Warm()
		pids := l.tools.WaitingPIDs()
		if len(pids) != 2 {
			t.Fatalf("%d tools wait, want 2", len(pids))
		}
		for _, pid := range pids {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		l.want("on\n", "fmt", "", `fmt.Println("on")`)
	}
}

// Tools that wait end with the toolchain.
func TestCloseEndsTools(t *testing.T) {
	tc, err := toolchain.Open(context.Background(), source(t))
	if err != nil {
		t.Fatal(err)
	}
	tc.Warm()
	pids := tc.WaitingPIDs()
	if err := tc.Close(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, 0); err == nil {
			t.Errorf("process %d is still there", pid)
		}
	}
	if len(pids) != 2 {
		t.Errorf("%d tools waited, want 2", len(pids))
	}
	tc.Warm()
	if pids := tc.WaitingPIDs(); len(pids) != 0 {
		t.Errorf("a closed toolchain has started %v", pids)
	}
}

// Interrupting ends the tool; the next cell is not affected.
func TestCancel(t *testing.T) {
	l := startLive(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	file := l.file("func ʹx() {}")
	if err := l.session.Compile(ctx, toolchain.Compile{Source: file, Object: file + ".o"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	cfg := source(t)
	cfg.Cache = t.TempDir()
	if _, err := toolchain.Open(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
	l.want("on\n", "fmt", "", `fmt.Println("on")`)
}

func TestOpenErrors(t *testing.T) {
	cfg := source(t)
	cfg.Go = filepath.Join(t.TempDir(), "go")
	if _, err := toolchain.Open(context.Background(), cfg); !errors.Is(err, toolchain.ErrNoGo) {
		t.Errorf("no go command: %v", err)
	}
	cfg = source(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	cfg.Cache = filepath.Join(file, "cache")
	if _, err := toolchain.Open(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("cache below a file: %v", err)
	}
	cfg = source(t)
	cfg.Cache = t.TempDir()
	cfg.Source = fstest.MapFS{}
	if _, err := toolchain.Open(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), "kernel/worker/child") {
		t.Errorf("sources without a worker: %v", err)
	}
}

func TestCompileError(t *testing.T) {
	l := startLive(t)
	_, _, err := l.try("", "", "x := nope\ny := 1")
	var ce *toolchain.CompileError
	if !errors.As(err, &ce) || len(ce.Lines) < 2 || !strings.Contains(ce.Lines[0], "cell[1]:1:") {
		t.Errorf("got %v", err)
	}
	if _, _, err := l.try("", "", ""); err != nil {
		t.Error(err)
	}
}
