package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/worker"
	"github.com/interleave-lab/interleave/lib/display"
)

// trial is a cell that a new worker must run before it is used. Each is a
// whole file; its entry is the function run.
type trial struct {
	text   string
	prints string
	ends   worker.Kind
}

var trials = []trial{
	{text: `import "fmt"
var n int
var m = map[string][]int(nil)
func run() { n++; m = map[string][]int{"a": {1, 2}}; fmt.Println("one", n, len(m["a"])) }`,
		prints: "one 1 2\n"},
	{text: `import ("fmt"; "runtime"; "sync")
var n int
var m map[string][]int
type shape interface { area() int }
type square struct{ s int; p *int }
func (q square) area() int { return q.s * *q.p }
var s shape
var kept []*square
func sum[T int | float64](v ...T) (t T) { for _, x := range v { t += x }; return }
func run() {
	n++
	k := 4
	var v any = square{3, &k}
	s = v.(shape)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for i := range 4 {
		wg.Go(func() {
			for j := range 100 { k := j; mu.Lock(); kept = append(kept, &square{i, &k}); mu.Unlock() }
			runtime.GC()
		})
	}
	wg.Wait()
	fmt.Printf("%d %d %v %d %T\n", n, m["a"][1], sum(1.5, 2), len(kept), s)
}`,
		prints: "2 2 3.5 400 main.square\n"},
	{text: `import "fmt"
type shape interface { area() int }
type square struct{ s int; p *int }
func (q square) area() int { return -q.s * *q.p }
func (q square) String() string { return fmt.Sprint("square ", q.s) }
var s shape
var kept []*square
func run() {
	t := 0
	for _, q := range kept { t += *q.p }
	_, ok := s.(square)
	_, isStringer := s.(fmt.Stringer)
	fmt.Println(s, s.area(), t, ok, isStringer)
}`,
		prints: "square 3 -12 19800 true true\n"},
	{text: `var p *int
func run() { *p = 1 }`,
		ends: worker.Panic},
	{text: `import "os"
func run() { os.Exit(3) }`,
		ends: worker.Exit},
	{text: `import "fmt"
var n int
func run() { fmt.Println("still", n) }`,
		prints: "still 2\n"},
}

// selfTest runs the trials in a worker of the new entry.
func (b *builder) selfTest(ctx context.Context, m manifest) error {
	b.progress("Testing the worker.")
	dir, err := os.MkdirTemp("", "interleave-selftest-")
	if err != nil {
		return fmt.Errorf("test the worker: %w", err)
	}
	defer os.RemoveAll(dir)
	t := b.toolchain(m)
	defer t.Close()
	e := &examiner{tools: t, dir: dir}
	if err := e.start(ctx); err != nil {
		return fmt.Errorf("test the worker: %w", err)
	}
	defer e.worker.Close()
	for i, tr := range trials {
		if err := e.examine(ctx, i+1, tr); err != nil {
			return fmt.Errorf("test the worker: cell %d: %w", i+1, err)
		}
	}
	return nil
}

// examiner is a session that looks at nothing but what is printed.
type examiner struct {
	tools   *Toolchain
	dir     string
	session *Session
	worker  *worker.Worker

	mu  sync.Mutex // guards out
	out strings.Builder
}

func (e *examiner) start(ctx context.Context) error {
	var err error
	if e.session, err = e.tools.NewSession(e.dir); err != nil {
		return err
	}
	e.worker, err = worker.Start(ctx, worker.Options{Path: e.tools.Worker(), BuildID: e.tools.BuildID(), Dir: e.dir, Handler: e})
	return err
}

func (e *examiner) examine(ctx context.Context, n int, tr trial) error {
	source := filepath.Join(e.dir, fmt.Sprintf("cell%d.go", n))
	if err := os.WriteFile(source, []byte("package main\n"+tr.text+"\n"), 0o666); err != nil {
		return err
	}
	if err := e.session.Compile(ctx, Compile{Source: source, Object: source + ".o"}); err != nil {
		return err
	}
	entry, err := e.load(ctx, Link{Object: source + ".o", Entry: "main.run"})
	if err != nil {
		return err
	}
	r, err := e.worker.Run(ctx, worker.Run{Cell: n, Entry: entry})
	if err != nil {
		return err
	}
	e.mu.Lock()
	got := e.out.String()
	e.out.Reset()
	e.mu.Unlock()
	if r.Kind != tr.ends || got != tr.prints {
		return fmt.Errorf("it printed %q and ended by %v %s; it should print %q and end by %v", got, r.Kind, r.Value, tr.prints, tr.ends)
	}
	return nil
}

func (e *examiner) load(ctx context.Context, l Link) (entry uint64, err error) {
	linked, err := e.session.Link(ctx, l)
	if err != nil {
		return 0, err
	}
	for {
		conflicts, err := e.worker.Load(ctx, linked.Module)
		if err != nil {
			return 0, err
		}
		if len(conflicts) == 0 {
			return linked.Module.Entry, e.session.Commit(linked)
		}
		if linked, err = e.session.Relink(ctx, linked, conflicts); err != nil {
			return 0, err
		}
	}
}

// Stream collects what cells print.
func (e *examiner) Stream(_ int, _ string, text []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.out.Write(text)
}

// Display is not looked at.
func (e *examiner) Display(int, worker.DisplayKind, display.Data) {}

// Clear is not looked at.
func (e *examiner) Clear(int, bool) {}

// Input has no answer.
func (e *examiner) Input(context.Context, int, string, bool) (string, error) {
	return "", os.ErrClosed
}

// Ended is not looked at.
func (e *examiner) Ended(int, worker.Report) {}
