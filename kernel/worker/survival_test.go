package worker_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker"
)

const survivors = `
type point struct{ X, y int }
type myError struct{ code int }
func (e *myError) Error() string { return fmt.Sprint("code ", e.code) }
type code int
type name string
type dangerous struct{}
func (dangerous) Error() string { panic("in Error") }
var m map[int]int
var kept int
var wg *sync.WaitGroup
func done() context.Context { c, f := context.WithCancel(context.Background()); f(); return c }
//line cell[1]:21
func deep(n int) int { return deep(n+1) + 1 }
//line cell[1]:30
func inner(s []int) {
	_ = s[7]
}
func outer() {
	inner(nil)
}
`

// What ends a plain program, in the cell itself: it ends the cell, and says
// where.
func TestLiveFaults(t *testing.T) {
	l := startLive(t)
	l.run(survivors, "kept = 42; m = map[int]int{}")
	for _, test := range []struct {
		statements string
		kind       worker.Kind
		value      string
		frame      string // the author's first frame, with N for the cell itself
	}{
		{`panic("text")`, worker.Panic, "text", "cell[N]:1"},
		{`panic(&myError{3})`, worker.Panic, "code 3", "cell[N]:1"},
		{`panic(code(9))`, worker.Panic, "main.code(9)", "cell[N]:1"},
		{`panic(name("x"))`, worker.Panic, `main.name("x")`, "cell[N]:1"},
		{`panic(9)`, worker.Panic, "9", "cell[N]:1"},
		{`panic(time.Second)`, worker.Panic, "1s", "cell[N]:1"},
		{`panic(point{1, 2})`, worker.Panic, "{1 2}", "cell[N]:1"},
		{`panic(nil)`, worker.Panic, "panic called with nil argument", "cell[N]:1"},
		{`panic(dangerous{})`, worker.Panic, "%!v(PANIC=Error method: in Error)", "cell[N]:1"},
		{"\n\nouter()", worker.Panic, "runtime error: index out of range [7] with length 0", "cell[1]:31"},
		{`var p *point; fmt.Println(p.X)`, worker.Panic, "runtime error: invalid memory address or nil pointer dereference", "cell[N]:1"},
		{`fmt.Println(*(*int)(unsafe.Pointer(uintptr(0x123456))))`, worker.Panic, "runtime error: invalid memory address or nil pointer dereference", "cell[N]:1"},
		{`var n map[int]int; n[1] = 1`, worker.Panic, "assignment to entry in nil map", "cell[N]:1"},
		{`c := make(chan int); close(c); close(c)`, worker.Panic, "close of closed channel", "cell[N]:1"},
		{`x := 0; fmt.Println(1 / x)`, worker.Panic, "runtime error: integer divide by zero", "cell[N]:1"},
		{`var e any = "s"; fmt.Println(e.(int))`, worker.Panic, "interface conversion: interface {} is string, not int", "cell[N]:1"},
		{`defer func() { panic(fmt.Sprint("again: ", recover())) }(); panic("first")`, worker.Panic, "again: first", "cell[N]:1"},
		{`defer func() { panic("second") }(); panic("first")`, worker.Panic, "second", "cell[N]:1"},
		{`sort.Slice(make([]int, 3), func(i, j int) bool { panic("in less") })`, worker.Panic, "in less", "cell[N]:1"},
		{`os.Exit(3)`, worker.Exit, "exit status 3", "cell[N]:1"},
		{`os.Exit(0)`, worker.Exit, "exit status 0", "cell[N]:1"},
		{`log.Fatal("the end")`, worker.Exit, "exit status 1", "cell[N]:1"},
		{`defer fmt.Println("deferred"); os.Exit(3)`, worker.Exit, "exit status 3", "cell[N]:1"},
		{`runtime.Goexit()`, worker.Goexit, "the cell called runtime.Goexit", ""},
		{`var mu sync.Mutex; mu.Unlock()`, worker.Fatal, "sync: unlock of unlocked mutex", "cell[N]:1"},
		{`var mu sync.RWMutex; mu.RUnlock()`, worker.Fatal, "sync: RUnlock of unlocked RWMutex", "cell[N]:1"},
		{`deep(0)`, worker.Overflow, "stack overflow", "cell[1]:21"},
		{`for { wait := make(chan int); go func() { defer close(wait); for range 1000 { m[1] = 1 } }(); for range 1000 { m[1] = 1 }; <-wait }`, worker.Fatal, "concurrent map writes", "cell[N]:1"},
		{`var wg sync.WaitGroup; wg.Done()`, worker.Panic, "sync: negative WaitGroup counter", "cell[N]:1"},
	} {
		r := l.run("", test.statements)
		if r.Kind != test.kind || r.Value != test.value {
			t.Errorf("%s: %s %q", test.statements, r.Kind, r.Value)
		}
		if got, want := firstAuthor(r), strings.ReplaceAll(test.frame, "N", fmt.Sprint(l.n)); got != want {
			t.Errorf("%s: frame %s, want %s; %+v", test.statements, got, want, r.Frames)
		}
		if len(r.Frames) > 0 && r.Frames[len(r.Frames)-1].Func != fmt.Sprintf("main.ʹcell%d", l.n) && !r.More {
			t.Errorf("%s: last frame %+v", test.statements, r.Frames[len(r.Frames)-1])
		}
		l.take()
		l.want("42\n", "", "fmt.Println(kept)")
	}
}

func firstAuthor(r worker.Report) string {
	for _, f := range r.Frames {
		if f.Kind == worker.Author {
			return fmt.Sprintf("%s:%d", f.File, f.Line)
		}
	}
	return ""
}

// The same in goroutines: the cell goes on, a report tells of the goroutine.
func TestLiveFaultsOfGoroutines(t *testing.T) {
	l := startLive(t)
	l.run(survivors, "kept = 42; m = map[int]int{}")
	for _, test := range []struct {
		statements string
		kind       worker.Kind
		value      string
		frame      string
	}{
		{`go func() { defer wg.Done(); panic("text") }()`, worker.Panic, "text", "cell[N]:1"},
		{`go func() { defer wg.Done(); panic(&myError{3}) }()`, worker.Panic, "code 3", "cell[N]:1"},
		{`go func() { defer wg.Done(); outer() }()`, worker.Panic, "runtime error: index out of range [7] with length 0", "cell[1]:31"},
		{`go func() { os.Exit(3) }(); wg.Done()`, worker.Exit, "exit status 3", "cell[N]:1"},
		{`go func() { log.Fatal("x") }(); wg.Done()`, worker.Exit, "exit status 1", "cell[N]:1"},
		{`go func() { defer wg.Done(); deep(0) }()`, worker.Overflow, "stack overflow", "cell[1]:21"},
		{`go func() { defer wg.Done(); var mu sync.Mutex; mu.Unlock() }()`, worker.Fatal, "sync: unlock of unlocked mutex", "cell[N]:1"},
		{`time.AfterFunc(time.Millisecond, func() { defer wg.Done(); panic("in timer") })`, worker.Panic, "in timer", "cell[N]:1"},
		{`context.AfterFunc(done(), func() { defer wg.Done(); panic("after context") })`, worker.Panic, "after context", "cell[N]:1"},
		{`new(sync.WaitGroup).Go(func() { defer wg.Done(); panic("in Go") })`, worker.Panic, "in Go", "cell[N]:1"},
		{`func() { runtime.SetFinalizer(new([64]byte), func(*[64]byte) { defer wg.Done(); panic("in finalizer") }) }(); runtime.GC()`, worker.Panic, "in finalizer", "cell[N]:1"},
		{`func() { runtime.AddCleanup(new([64]byte), func(int) { defer wg.Done(); panic("in cleanup") }, 1) }(); runtime.GC()`, worker.Panic, "in cleanup", "cell[N]:1"},
		{`go sort.Slice(make([]int, 3), func(i, j int) bool { defer wg.Done(); panic("in less") })`, worker.Panic, "in less", "cell[N]:1"},
	} {
		l.take()
		r := l.run("", "wg = new(sync.WaitGroup); wg.Add(1); "+test.statements+"; wg.Wait(); runtime.Gosched()")
		if r.Kind != worker.Fine {
			t.Fatalf("%s: %+v", test.statements, r)
		}
		cell := l.n
		ended := l.nextEnded()
		if ended.Kind != test.kind || ended.Value != test.value {
			t.Errorf("%s: %s %q", test.statements, ended.Kind, ended.Value)
		}
		if got, want := firstAuthor(ended), strings.ReplaceAll(test.frame, "N", fmt.Sprint(cell)); got != want {
			t.Errorf("%s: frame %s, want %s; %+v", test.statements, got, want, ended.Frames)
		}
		if strings.HasPrefix(test.statements, "go ") && fmt.Sprintf("%s:%d", ended.CreatedBy.File, ended.CreatedBy.Line) != fmt.Sprintf("cell[%d]:1", cell) {
			t.Errorf("%s: created by %+v", test.statements, ended.CreatedBy)
		}
		l.want("42\n", "", "fmt.Println(kept)")
	}
}

// nextEnded waits for the report of a goroutine.
func (l *live) nextEnded() worker.Report {
	for {
		l.mu.Lock()
		if len(l.ended) > 0 {
			r := l.ended[0]
			l.ended = l.ended[1:]
			l.mu.Unlock()
			return r
		}
		l.mu.Unlock()
		runtime.Gosched()
	}
}
