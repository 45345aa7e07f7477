package toolchain_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker"
)

// interrupt runs statements which never end, and interrupts them when they
// have begun, or when they print that they have started.
func (l *live) interrupt(imports, decls, run string) worker.Report {
	l.Helper()
	l.n++
	if decls != "" {
		l.decls = append(l.decls, imports+"\n---\n"+decls)
	}
	entry := fmt.Sprintf("ʹcell%d", l.n)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l.started = cancel
	if !strings.Contains(run, `"started"`) {
		run = `fmt.Println("started")` + "\n" + run
	}
	linked, err := l.link(context.Background(), l.file(fmt.Sprintf("%s fmt\n---\nfunc %s() {\n//line cell[%d]:1\n%s\n}", imports, entry, l.n, run)), "main."+entry)
	if err != nil {
		l.Fatal(err)
	}
	r, err := l.worker.Run(ctx, worker.Run{Cell: l.n, Entry: linked.Module.Entry})
	l.started = nil
	if err != nil {
		l.Fatalf("cell %d: %v", l.n, err)
	}
	l.taken()
	return r
}

// rest is Go: it waits until something that counts stands still.
const rest = `func rest(count *int) string {
	for range 500 {
		a := *count
		time.Sleep(20 * time.Millisecond)
		if a == *count { return "still" }
	}
	return "something counts on"
}`

// rt has the check that the kernel writes into loops which contain calls.
const rt = "github.com/interleave-lab/interleave/kernel/worker/rt"

// Every kind of loop stops, deferred functions run, and the session lives on.
func TestInterrupt(t *testing.T) {
	l := startLive(t)
	l.cell("", `var n, deferred int
var sink any
type node struct{ next *node }
//go:noinline
func spin() { for { n++ } } // inlined into a function with defers it could only be stopped by force
func fib(i int) int { if i < 2 { return i }; return fib(i-1) + fib(i-2) }
type less []int
func (l less) Len() int { return 1 << 40 }
func (l less) Less(i, j int) bool { n++; return i < j }
func (l less) Swap(i, j int) {}`, "")
	for _, c := range []struct{ name, imports, run string }{
		{"tight", "", "for { n++ }"},
		{"empty", "", "for {}"},
		{"in a function", "", "spin()"},
		{"calls", rt, "for { rt.Check(); n += fib(20) }"},
		{"recursion", "", "n = fib(60)"},
		{"allocation", rt, "for { rt.Check(); sink = make([]byte, 100+n%7); n++ }"},
		{"library", "sort", "sort.Sort(less{})"},
		{"printing", "fmt " + rt, "for { rt.Check(); sink = fmt.Sprint(n, sink != nil); n++ }"},
		{"channel", "", "<-make(chan int)"},
		{"select", "time", "select { case <-make(chan int): case <-time.After(time.Hour): }"},
		{"mutex", "sync", "var mu sync.Mutex; mu.Lock(); mu.Lock()"},
		{"sleep", "time", "time.Sleep(time.Hour)"},
		{"defer", "", "defer func() { deferred++ }(); spin()"},
		{"goroutines", "sync", "var wg sync.WaitGroup; for range 8 { wg.Go(spin) }; wg.Wait()"},
	} {
		r := l.interrupt(c.imports, "", c.run)
		if r.Kind != worker.Interrupted {
			t.Errorf("%s: ended by %v %q", c.name, r.Kind, r.Value)
		}
		l.want("on\n", "fmt", "", `fmt.Println("on")`)
	}
	l.want("1\n", "fmt", "", "fmt.Println(deferred)")
	l.want("still\n", "fmt time", rest, "fmt.Println(rest(&n))")
}

// A goroutine that was blocked when its cell was stopped ends when it is
// woken, at the first call of the author's code; others go on.
func TestWokenGoroutineEnds(t *testing.T) {
	l := startLive(t)
	l.cell("", `var wake = make(chan bool)
var steps int
func step() { for range 1000 { steps++ } }`, "")
	l.cell("", "", "wake = make(chan bool, 1); steps = 0")
	l.interrupt("runtime", "", `ready := make(chan bool)
go func() { ready <- true; <-wake; for { step() } }()
<-ready
runtime.Gosched()
fmt.Println("started")
select {}`)
	l.want("still\n", "fmt time", rest, "wake <- true; fmt.Println(rest(&steps))")
}

// Goroutines which goroutines of a stopped cell start do not get away either.
func TestOffspringEnds(t *testing.T) {
	l := startLive(t)
	l.cell("", "var steps int", "")
	l.interrupt("runtime", `func spawn() { steps++; go spawn(); runtime.Gosched() }`, "go spawn(); select {}")
	l.want("still\n", "fmt time", rest, "fmt.Println(rest(&steps))")
	l.interrupt("time", `func rearm() { steps++; time.AfterFunc(time.Microsecond, rearm) }`, "rearm(); select {}")
	l.want("still\n", "fmt time", "", "fmt.Println(rest(&steps))")
}

// Cells come and go while goroutines of the first one allocate, panic, grow
// their stacks, walk them and collect garbage.
func TestLoadUnderGarbageCollection(t *testing.T) { bothWays(t, loadUnderGarbageCollection) }

func loadUnderGarbageCollection(t *testing.T, l *live) {
	l.cell("fmt runtime strconv sync sync/atomic reflect", `type node struct { l, r *node; v int; s string; m map[int]*node; f func() int }
var stop atomic.Bool
var rounds [5]atomic.Int64
var wg sync.WaitGroup
var keep []any
var mu sync.Mutex
func build(d int) *node { if d == 0 { return nil }; n := &node{v: d, s: fmt.Sprint(d)}; n.l, n.r = build(d-1), build(d-1); n.m = map[int]*node{d: n.l}; n.f = func() int { return n.v * 2 }; return n }
func (n *node) check(d int) { if n == nil { if d != 0 { panic("depth") }; return }; if n.v != d || n.s != strconv.Itoa(d) || n.f() != 2*d || n.m[d] != n.l { panic("corrupt") }; n.l.check(d-1); n.r.check(d-1) }
func deep(n int, p *int) int { var a [32]*int; a[n%32] = p; if n == 0 { return *a[0] }; r := deep(n-1, a[n%32]); if *a[n%32] != 42 { panic("stack corrupt") }; return r }
func pan(i int) (r int) { defer func() { if e := recover(); e != nil { r = len(fmt.Sprint(e)) } }(); var x []int; return x[i] }
func work(k int, f func()) { wg.Go(func() { for !stop.Load() { f(); rounds[k].Add(1); runtime.Gosched() } }) }
func fields() { mu.Lock(); defer mu.Unlock(); for _, k := range keep { _ = fmt.Sprint(reflect.TypeOf(k).Elem().NumField()) } }`,
		`work(0, func() { n := build(6); n.check(6) })
work(1, func() { x := 42; c := make(chan int); go func() { c <- deep(1000, &x) }(); if <-c != 42 { panic("deep") } })
work(2, func() { if pan(5) < 20 { panic("pan") } })
work(3, func() { b := make([]byte, 1<<16); runtime.Stack(b, true); fields() })
work(4, func() { runtime.GC() })`)
	base := l.decls
	for i := range 25 {
		l.decls = base
		decls := strings.ReplaceAll(`type TN struct { a *node; s []string; g prN[string, *node] }
type prN[K comparable, V any] struct { k K; v V; next *prN[K, V] }
var vN map[string]*TN
var wN [7]struct { x int; p *TN }
func (t *TN) M() string { return fmt.Sprint(t.a.v, t.s, t.g.k) }`, "N", fmt.Sprint(i))
		l.cell("fmt", decls, strings.ReplaceAll(`vN = map[string]*TN{"a": {a: build(3), s: []string{"q"}, g: prN[string, *node]{k: "kk"}}}
wN[3].p = vN["a"]
mu.Lock(); keep = append(keep, vN["a"]); mu.Unlock()
wN[3].p.a.check(3)
if wN[3].p.M() != "3 [q]kk" { panic("M") }`, "N", fmt.Sprint(i)))
	}
	l.want("25 true\n", "fmt reflect", "", `stop.Store(true); wg.Wait()
for _, k := range keep { if v := reflect.ValueOf(k).MethodByName("M").Call(nil)[0].String(); v != "3 [q]kk" { panic(v) } }
ran := true
for i := range rounds { ran = ran && rounds[i].Load() > 0 }
fmt.Println(len(keep), ran)`)
}
