package toolchain_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// A file that is not what it was is found, whatever was done to it; one that
// was copied is as good.
func TestVerify(t *testing.T) {
	was := []byte("an index of symbols")
	for name, c := range map[string]struct {
		change func(name string) error
		want   string
	}{
		"nothing":      {func(string) error { return nil }, ""},
		"copied":       {func(name string) error { return os.WriteFile(name, was, 0o666) }, ""},
		"cut":          {func(name string) error { return os.Truncate(name, 7) }, "bytes instead of"},
		"longer":       {func(name string) error { return os.WriteFile(name, append(was, 0), 0o666) }, "bytes instead of"},
		"one bit":      {func(name string) error { return os.WriteFile(name, []byte("an index of symbolS"), 0o666) }, "has been changed"},
		"removed":      {os.Remove, "no such file"},
		"in its place": {func(name string) error { return errors.Join(os.Remove(name), os.Mkdir(name, 0o777)) }, ""},
	} {
		if name == "in its place" {
			c.want = "bytes instead of"
		}
		cache := t.TempDir()
		file := filepath.Join(cache, "key", "export", "a.x")
		aged(t, file, 1, false)
		if err := os.WriteFile(file, was, 0o666); err != nil {
			t.Fatal(err)
		}
		verify, err := toolchain.Verify(cache, "key")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.change(file); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(time.Hour)
		if name != "nothing" {
			os.Chtimes(file, later, later) // the clock may be coarse
		}
		if err := verify(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A session goes on when somebody removes the cache under it: what it needs is
// built again, and is the same.
func TestCacheRemovedWhileRunning(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything again")
	}
	cfg, cache, said := source(t), t.TempDir(), ""
	cfg.Cache = cache
	cfg.Progress = func(s string) { said += s + "\n" }
	tc, err := toolchain.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer tc.Close()
	l := startLiveWith(t, tc)
	l.want("1\n", "fmt", "", `fmt.Println(1)`)
	l.image(tc.ModuleDir(), "debug/plan9obj")
	if err := os.RemoveAll(cache); err != nil {
		t.Fatal(err)
	}
	l.want("2\n", "fmt", "", `fmt.Println(2)`)
	l.want("true\n", "fmt debug/plan9obj", "", `fmt.Println(plan9obj.Magic64 != 0)`)
	if !strings.Contains(said, "building them again") {
		t.Errorf("said %q", said)
	}
	if err := tc.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	l.image(tc.ModuleDir(), "debug/gosym")
	l.want("true\n", "fmt debug/gosym", "", `fmt.Println((*gosym.Sym)(nil) == nil)`)
}

// A compiler that is killed at work is started once more; when that is killed,
// too, the cell fails and the next one works.
func TestToolKilledAtWork(t *testing.T) {
	l := startLive(t)
	var big strings.Builder
	for range 4000 {
		big.WriteString("if x := " + strings.Repeat("1+", 20) + "n; x > 3 { n += x }\n")
	}
	source := filepath.Join(t.TempDir(), "big.go")
	if err := os.WriteFile(source, []byte("package main\nfunc run(n int) int {\n"+big.String()+"return n }\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	l.tools.Await(false)
	done := make(chan error, 1)
	go func() {
		done <- l.session.Compile(context.Background(), toolchain.Compile{Source: source, Object: source + ".o"})
	}()
	killed := 0
	for killed < 2 {
		select {
		case err := <-done:
			t.Fatalf("compiled before it was killed twice: %v", err)
		case <-time.After(time.Millisecond):
		}
		for _, pid := range toolchain.Running("compile") {
			if syscall.Kill(pid, syscall.SIGKILL) == nil {
				killed++
			}
			for syscall.Kill(pid, 0) == nil && len(done) == 0 {
				time.Sleep(time.Millisecond) // until it is waited for
			}
		}
	}
	err := <-done
	if err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("got %v, want that it was killed", err)
	}
	var ce *toolchain.CompileError
	if errors.As(err, &ce) {
		t.Errorf("%v is no fault of the author's", err)
	}
	l.want("on\n", "fmt", "", `fmt.Println("on")`)
}

// A worker is not run from where programs may not be run, and the error says
// why.
func TestCacheWithoutExecution(t *testing.T) {
	cache, cfg := copyCache(t)
	tc, err := toolchain.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer tc.Close()
	for _, name := range []string{"link", "compile"} {
		damage(t, filepath.Join(cache, tc.BuildID(), name), func(b []byte) []byte { return b })
		if err := os.Chmod(filepath.Join(cache, tc.BuildID(), name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s, err := tc.NewSession(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	tc.Await(false)
	source := filepath.Join(t.TempDir(), "cell.go")
	if err := os.WriteFile(source, []byte("package main\nfunc run() {}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	err = s.Compile(t.Context(), toolchain.Compile{Source: source, Object: source + ".o"})
	if err == nil || !strings.Contains(err.Error(), "noexec") || !strings.Contains(err.Error(), cache) {
		t.Errorf("got %v, want the reason", err)
	}
}

// In a process of its own: what a limit or another user does to Open.
func TestMain(m *testing.M) {
	switch os.Getenv("TOOLCHAIN_TEST") {
	case "full":
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}); err != nil {
			panic(err)
		}
		tryOpen()
	case "cell":
		tryOpen()
	}
	os.Exit(m.Run())
}

// tryOpen opens the toolchain in the cache that the environment names, and
// compiles and links a cell.
func tryOpen() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	err = openAndLink(dir)
	os.RemoveAll(dir)
	if err != nil {
		os.Stdout.WriteString(err.Error())
		os.Exit(3)
	}
	os.Stdout.WriteString("linked")
	os.Exit(0)
}

func openAndLink(dir string) error {
	tc, err := toolchain.Open(context.Background(), toolchain.Config{Source: interleave.Source, Cache: os.Getenv("TOOLCHAIN_TEST_CACHE"), Dir: dir})
	if err != nil {
		return err
	}
	defer tc.Close()
	s, err := tc.NewSession(dir)
	if err != nil {
		return err
	}
	source := filepath.Join(dir, "cell.go")
	if err := os.WriteFile(source, []byte("package main\nimport _ \"debug/plan9obj\"\nfunc run() {}\n"), 0o666); err != nil {
		return err
	}
	img, err := s.Image(context.Background(), tc.ModuleDir(), "debug/plan9obj")
	if err != nil {
		return err
	}
	if err := s.AddImage(img); err != nil {
		return err
	}
	if err := s.Compile(context.Background(), toolchain.Compile{Source: source, Object: source + ".o"}); err != nil {
		return err
	}
	_, err = s.Link(context.Background(), toolchain.Link{Object: source + ".o", Entry: "main.run"})
	return err
}

// itself runs this test's own program in one of the ways of TestMain.
func itself(t *testing.T, way, cache string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "TOOLCHAIN_TEST="+way, "TOOLCHAIN_TEST_CACHE="+cache)
	return cmd
}

// A full disk is an error that says so; nothing of what was begun is left to
// be taken for whole.
func TestFullDisk(t *testing.T) {
	cache := t.TempDir()
	out, err := itself(t, "full", cache).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "too large") && !strings.Contains(string(out), "limit exceeded") && !strings.Contains(string(out), "SIGXFSZ") {
		t.Fatalf("%v\n%s", err, out)
	}
	err = filepath.WalkDir(cache, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Dir(name) != cache {
			t.Errorf("%s was left", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A cache that was built by another user and cannot be written to is used; one
// that is not complete is an error that says what to do.
func TestReadOnlyCache(t *testing.T) {
	cache, cfg := copyCache(t)
	tc, err := toolchain.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := tc.Close(); err != nil {
		t.Fatal(err)
	}
	locks, err := filepath.Glob(filepath.Join(cache, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range locks {
		os.Remove(name)
	}
	home := t.TempDir()
	program := filepath.Join(home, "test")
	if err := os.Chmod(filepath.Dir(home), 0o755); err != nil { // for the other user
		t.Fatal(err)
	}
	exe, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, exe, 0o755); err != nil {
		t.Fatal(err)
	}
	run := func(cache string) (string, error) {
		cmd := itself(t, "cell", cache)
		cmd.Path = program
		cmd.Env = append(cmd.Env, "HOME="+home, "TMPDIR="+home, "GOCACHE="+home+"/cache", "GOPATH="+home+"/go", "GOMODCACHE=", "GOPROXY=off")
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			cmd.Dir = "/"
			if err := os.Chown(home, 65534, 65534); err != nil {
				t.Fatal(err)
			}
		}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run(protect(t, cache)); err != nil || out != "linked" {
		t.Errorf("a complete cache: %v\n%s", err, out)
	}
	empty := protect(t, t.TempDir())
	if out, err := run(empty); err == nil || !strings.Contains(out, "XDG_CACHE_HOME") || !strings.Contains(out, empty) {
		t.Errorf("an empty cache: %v\n%s", err, out)
	}
}

// protect makes folders read-only until the test ends.
func protect(t *testing.T, dir string) string {
	t.Helper()
	each := func(mode os.FileMode) {
		filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = os.Chmod(name, mode)
			}
			return err
		})
	}
	each(0o555)
	t.Cleanup(func() { each(0o755) })
	return dir
}
