package toolchain_test

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
	"github.com/interleave-lab/interleave/lib/display"
)

// live is a session with a real worker. Cells are written as the kernel would
// rewrite them: all declarations of the session in force are compiled with
// each cell.
type live struct {
	testing.TB
	tools   *toolchain.Toolchain
	session *toolchain.Session
	worker  *worker.Worker
	dir     string
	n       int
	decls   []string
	flags   []string // for the compiler
	embeds  []string // patterns, in embedDir
	relinks int

	embedDir string

	started func() // called when the cell prints

	mu    sync.Mutex // guards what follows
	out   strings.Builder
	ended []worker.Report
}

// bothWays runs a test with and without inlining, which hides many faults of
// linking.
func bothWays(t *testing.T, test func(t *testing.T, l *live)) {
	t.Run("inlined", func(t *testing.T) { test(t, startLive(t)) })
	t.Run("called", func(t *testing.T) {
		l := startLive(t)
		l.flags = []string{"-l"}
		test(t, l)
	})
}

func startLive(t testing.TB) *live {
	t.Helper()
	return startLiveWith(t, open(t))
}

func startLiveWith(t testing.TB, tools *toolchain.Toolchain) *live {
	t.Helper()
	l := &live{TB: t, tools: tools, dir: t.TempDir()}
	w, err := worker.Start(context.Background(), worker.Options{Path: l.tools.Worker(), BuildID: l.tools.BuildID(), Handler: l})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	l.worker = w
	if l.session, err = l.tools.NewSession(l.dir); err != nil {
		t.Fatal(err)
	}
	return l
}

// Stream collects what cells print.
func (l *live) Stream(_ int, _ string, text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out.Write(text)
	if l.started != nil {
		l.started()
	}
}

// Display is not of interest here.
func (l *live) Display(int, worker.DisplayKind, display.Data) {}

// Clear is not of interest here.
func (l *live) Clear(int, bool) {}

// Input answers with the prompt.
func (l *live) Input(_ context.Context, _ int, prompt string, _ bool) (string, error) {
	return "answer to " + prompt, nil
}

// Ended keeps reports of goroutines.
func (l *live) Ended(_ int, r worker.Report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = append(l.ended, r)
}

func (l *live) taken() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.out.String()
	l.out.Reset()
	return s
}

// file writes one Go file out of parts, each "import paths\n---\ndeclarations"
// or declarations only, and returns its name. Imports may repeat and may be
// more than are used.
func (l *live) file(run string) string {
	imports, decls := map[string]bool{}, ""
	for _, d := range append(append([]string(nil), l.decls...), run) {
		head, body, ok := strings.Cut(d, "\n---\n")
		if !ok {
			head, body = "", d
		}
		for _, p := range strings.Fields(head) {
			imports[p] = true
		}
		decls += body + "\n"
	}
	text := "package main\n"
	for p := range imports {
		if strings.Contains(decls, path.Base(p)+".") {
			text += fmt.Sprintf("import %q\n", p)
		}
	}
	name := filepath.Join(l.dir, fmt.Sprintf("cell%d.go", l.n))
	if err := os.WriteFile(name, []byte(text+decls), 0o666); err != nil {
		l.Fatal(err)
	}
	return name
}

// try compiles, links, loads and runs statements, with new declarations.
func (l *live) try(imports, decls, run string) (string, worker.Report, error) {
	l.n++
	ctx := context.Background()
	before := l.decls
	if decls != "" {
		l.decls = append(l.decls[:len(l.decls):len(l.decls)], imports+"\n---\n"+decls)
	}
	entry := fmt.Sprintf("ʹcell%d", l.n)
	linked, err := l.link(ctx, l.file(fmt.Sprintf("%s\n---\nfunc %s() {\n//line cell[%d]:1\n%s\n}", imports, entry, l.n, run)), "main."+entry)
	if err != nil {
		l.decls = before
		return "", worker.Report{}, err
	}
	r, err := l.worker.Run(ctx, worker.Run{Cell: l.n, Entry: linked.Module.Entry})
	return l.taken(), r, err
}

func (l *live) link(ctx context.Context, source, entry string) (*toolchain.Linked, error) {
	object := source + ".o"
	if err := l.session.Compile(ctx, toolchain.Compile{Source: source, Object: object, Flags: l.flags, Embeds: l.embeds, EmbedDir: l.embedDir}); err != nil {
		return nil, err
	}
	linked, err := l.session.Link(ctx, toolchain.Link{Object: object, Entry: entry})
	if err != nil {
		return nil, err
	}
	for {
		conflicts, err := l.worker.Load(ctx, linked.Module)
		if err != nil {
			return nil, err
		}
		if len(conflicts) == 0 {
			return linked, l.session.Commit(linked)
		}
		l.relinks++
		if linked, err = l.session.Relink(ctx, linked, conflicts); err != nil {
			return nil, err
		}
	}
}

// cell is try for a cell that ends well; it returns what the cell prints.
func (l *live) cell(imports, decls, run string) string {
	l.Helper()
	out, r, err := l.try(imports, decls, run)
	if err != nil {
		l.Fatalf("cell %d: %v", l.n, err)
	}
	if r.Kind != worker.Fine {
		l.Fatalf("cell %d: %v: %s\n%s", l.n, r.Kind, r.Value, out)
	}
	return out
}

// want runs a cell and compares what it prints.
func (l *live) want(out, imports, decls, run string) {
	l.Helper()
	if got := l.cell(imports, decls, run); got != out {
		l.Errorf("cell %d printed\n%s\nwant\n%s", l.n, got, out)
	}
}
