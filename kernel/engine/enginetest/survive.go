package enginetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// Survive starts endless loops of many kinds and interrupts them at random
// moments, while other cells' goroutines print, panic and collect garbage, and
// then runs a long session with failures among its cells. Nothing may be left
// running, no reply may get lost, the process must stay, and values be kept.
//
// It takes two minutes in CI, less elsewhere, nothing in short mode.
// INTERLEAVE_STRESS=30m makes the first part last that long.
func Survive(t *testing.T, open Opener) {
	if testing.Short() {
		t.Skip("takes a while: run it without -short")
	}
	open = prepared(open)
	t.Run("loops", func(t *testing.T) { survivesLoops(t, open(t)) })
	t.Run("soak", func(t *testing.T) { soak(t, open(t)) })
}

// stressTime is how long loops are started and stopped.
func stressTime(t *testing.T) time.Duration {
	t.Helper()
	if s := os.Getenv("INTERLEAVE_STRESS"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatalf("INTERLEAVE_STRESS: %v", err)
		}
		return d
	}
	if os.Getenv("INTERLEAVE_TEST_ALL") == "1" {
		return time.Minute
	}
	return 10 * time.Second
}

// loops are statements that never end. Each counts in beat while it runs.
var loops = []struct{ name, code string }{
	{"nothing", `for {}`},
	{"count", `for { beat++ }`},
	{"count with a condition", `for i := 0; i >= 0; i++ { if i%3 == 0 { beat += i } }`},
	{"nested", `for { for i := range 1000 { for j := range i { beat += i ^ j } } }`},
	{"floats", `for x := 1.0; x > 0; x = math.Sqrt(x + 1) { beat++ }`},
	{"calls", `for { beat += fib(3) }`},
	{"recursion", `for { beat += fib(40) }`},
	{"methods", `var w io.Writer = io.Discard; for { w.Write(nil); beat++ }`},
	{"closures", `add := func(n int) { beat += n }; for { add(1) }`},
	{"deferred", `defer func() { beat++ }(); for { beat++ }`},
	{"deferred with calls", `defer func() { beat++ }(); for { beat += fib(3) }`},
	{"a call that defers", `for { func() { defer func() { beat++ }() }() }`},
	{"format", `for { beat += len(fmt.Sprint(beat, "x", 1.5)) }`},
	{"print", `for { fmt.Println(beat); beat++ }`},
	{"println", `for { println(beat); beat++ }`},
	{"log", `for { log.Print(beat); beat++ }`},
	{"show", `for { display.Show(beat); beat++ }`},
	{"maps", `m := map[int]int{}; for { m[beat%1000]++; beat++ }`},
	{"append", `var s []int; for { s = append(s, beat); beat++; if len(s) > 1e5 { s = nil } }`},
	{"allocate", `for { sinkhole = make([]byte, 1<<16); beat++ }`},
	{"json", `for { b, _ := json.Marshal([]int{beat}); beat += len(b) }`},
	{"sort", `for { s := make([]int, 1e4); sort.Slice(s, func(i, j int) bool { beat++; return s[i] < s[j] }) }`},
	{"collect", `for { runtime.GC(); beat++ }`},
	{"atomic", `var a atomic.Int64; for a.Add(1) > 0 { beat++ }`},
	{"sleep", `time.Sleep(time.Hour)`},
	{"short sleeps", `for { time.Sleep(time.Millisecond); beat++ }`},
	{"sleeps and prints", `for { time.Sleep(time.Millisecond); fmt.Println(beat); beat++ }`},
	{"ticks", `for range time.Tick(time.Millisecond) { beat++ }`},
	{"a timer again and again", `var again func(); again = func() { beat++; time.AfterFunc(time.Millisecond, again) }; again(); select {}`},
	{"receive", `<-make(chan int)`},
	{"select", `c := make(chan int); for { select { case <-c: default: beat++ } }`},
	{"ping-pong", `a, b := make(chan int), make(chan int); go func() { for x := range a { b <- x } }(); for { a <- 1; beat += <-b }`},
	{"pipeline", `c := make(chan int, 8); go func() { for { c <- 1 } }(); for x := range c { beat += x }`},
	{"mutex", `var mu sync.Mutex; mu.Lock(); mu.Lock()`},
	{"wait", `var wg sync.WaitGroup; for range 4 { wg.Go(func() { for { beat++ } }) }; wg.Wait()`},
	{"spawn", `for { done := make(chan int); go func() { beat++; close(done) }(); <-done }`},
	{"panics", `for { func() { defer func() { recover() }(); beat++; panic(beat) }() }`},
	{"panics elsewhere", `for { done := make(chan int); go func() { defer close(done); var m map[int]int; m[1] = 1 }(); <-done; beat++; time.Sleep(time.Millisecond) }`},
	{"accept", `l, _ := net.Listen("tcp", "127.0.0.1:0"); defer l.Close(); l.Accept()`},
	{"system call", `var p [2]int; syscall.Pipe(p[:]); defer syscall.Close(p[0]); defer syscall.Close(p[1]); syscall.Read(p[0], make([]byte, 1))`},
	{"iterator", `next, stop := iter.Pull(func(yield func(int) bool) { for yield(1) { } }); defer stop(); for { x, _ := next(); beat += x }`},
	{"yield", `for { runtime.Gosched(); beat++ }`},
	{"contention", `var mu sync.Mutex; for range 4 { go func() { for { mu.Lock(); beat++; mu.Unlock() } }() }; for { mu.Lock(); beat++; mu.Unlock() }`},
	{"reflect", `f := reflect.ValueOf(fib); for { beat += int(f.Call([]reflect.Value{reflect.ValueOf(3)})[0].Int()) }`},
}

const loopNames = `var beat int
var sinkhole []byte
kept := 42
//go:noinline
func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
_, _, _, _, _ = iter.Pull[int], reflect.ValueOf, json.Marshal, sort.Slice, math.Sqrt`

// noise goes on beside the loops: output, panics, collections.
const noise = `go func() { for { fmt.Println("noise"); time.Sleep(time.Millisecond) } }()
go func() { for { runtime.GC(); time.Sleep(20*time.Millisecond) } }()
go func() { for { go func() { panic("noise") }(); time.Sleep(20*time.Millisecond) } }()
go func() { for { s := make([]int, rand.IntN(1e5)); beat += 0*len(s); time.Sleep(time.Millisecond) } }()`

// A storm is a session under loops.
type storm struct {
	t       *testing.T
	engine  engine.Engine
	count   int
	heard   deaf
	replies []time.Duration // from the interrupt to the end of the cell
	slow    time.Duration
	slowest string
	stops   int
}

func survivesLoops(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	s := &storm{t: t, engine: e}
	s.fine(loopNames)
	before := s.processes()
	s.fine(noise)
	for end := time.Now().Add(stressTime(t)); time.Now().Before(end) && !t.Failed(); {
		s.round()
	}
	s.stopAll()
	s.rests("the last round")
	if after := s.processes(); after != before {
		t.Errorf("processes %s, at first %s", after, before)
	}
	if got := execute(t, e, s.count+1, "kept"); got != "42\n" {
		t.Errorf("kept is %q, want 42", got)
	}
	s.report()
}

// round interrupts a loop, or many of one kind that a cell started. Sometimes
// goroutines are left behind, and sometimes all are stopped.
func (s *storm) round() {
	loop := loops[rand.N(len(loops))]
	code := loop.code
	switch rand.N(4) {
	case 0:
		code = fmt.Sprintf("var crew sync.WaitGroup\nfor range %d { crew.Go(func() { %s }) }\ncrew.Wait()", 1+rand.N(4), code)
	case 1:
		code = fmt.Sprintf("for range %d { go func() { %s }() }\ntime.Sleep(time.Hour)", 1+rand.N(4), code)
	}
	s.interrupt(loop.name, "func() { "+code+" }()")
	if rand.N(8) == 0 {
		s.fine(fmt.Sprintf("go func() { %s }()", code))
		s.stopAll()
		s.rests(loop.name)
		s.fine(noise)
	}
}

// interrupt runs a cell and interrupts it at a random moment.
func (s *storm) interrupt(name, code string) {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	var at atomic.Int64
	begin := time.Now()
	time.AfterFunc(10*time.Millisecond+rand.N(20*time.Millisecond), func() {
		at.Store(int64(time.Since(begin)))
		cancel()
	})
	err := s.run(ctx, code)
	took := time.Since(begin) - time.Duration(at.Load())
	var e *engine.Error
	if !errors.As(err, &e) || e.Name != engine.Interrupted {
		s.t.Errorf("%s: %v, want %s", name, err, engine.Interrupted)
	}
	s.replies = append(s.replies, took)
	if took > s.slow {
		s.slow, s.slowest = took, name
	}
}

func (s *storm) run(ctx context.Context, code string) error {
	s.count++
	done := make(chan error, 1)
	go func() { done <- s.engine.Execute(ctx, engine.Cell{Code: code, Count: s.count}, &s.heard) }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		s.t.Fatalf("no reply within %v: %s", patience, code)
		return nil
	}
}

func (s *storm) fine(code string) {
	s.t.Helper()
	if err := s.run(s.t.Context(), code); err != nil {
		s.t.Fatalf("%s\n%v", code, err)
	}
}

func (s *storm) stopAll() {
	stopper, ok := s.engine.(engine.Stopper)
	if !ok {
		return
	}
	s.stops++
	if err := stopper.StopAll(s.t.Context()); err != nil {
		s.t.Fatalf("stop all: %v", err)
	}
}

// rests waits until nothing counts any more. When something does after a while,
// it says what lives.
func (s *storm) rests(after string) {
	s.t.Helper()
	for begin := time.Now(); time.Since(begin) < patience; {
		s.count++
		if execute(s.t, s.engine, s.count, "func() bool { b := beat; time.Sleep(50*time.Millisecond); return b == beat }()") == "true\n" {
			return
		}
	}
	r := newRecord(nil)
	s.engine.Execute(s.t.Context(), engine.Cell{Code: "%goroutines", Count: s.count + 1}, r)
	s.t.Errorf("something runs on though everything was stopped, after %s: %v", after, r.seen())
}

func (s *storm) processes() string {
	u, ok := s.engine.(engine.Usage)
	if !ok {
		return ""
	}
	return fmt.Sprint(u.PIDs())
}

func (s *storm) report() {
	r := s.replies
	slices.Sort(r)
	if len(r) == 0 {
		return
	}
	var sum time.Duration
	for _, d := range r {
		sum += d
	}
	at := func(share float64) time.Duration {
		return r[int(share*float64(len(r)-1))].Round(100 * time.Microsecond)
	}
	s.t.Logf("%d loops of %d kinds interrupted, %d times all stopped, %d calls of output", len(r), len(loops), s.stops, s.heard.calls.Load())
	s.t.Logf("from the interrupt to the reply: mean %v, median %v, 90 %% %v, 99 %% %v, worst %v (%s)",
		(sum / time.Duration(len(r))).Round(100*time.Microsecond), at(0.5), at(0.9), at(0.99), s.slow.Round(100*time.Microsecond), s.slowest)
}

// deaf counts what it is told and forgets it.
type deaf struct{ calls atomic.Int64 }

func (d *deaf) Stream(engine.Stream, string) { d.calls.Add(1) }
func (d *deaf) Display(display.Data)         { d.calls.Add(1) }
func (d *deaf) Update(display.Data)          { d.calls.Add(1) }
func (d *deaf) Result(display.Data)          { d.calls.Add(1) }
func (d *deaf) Clear(bool)                   { d.calls.Add(1) }
func (d *deaf) Input(context.Context, string, bool) (string, error) {
	return "", engine.ErrNoStdin
}

// failures are cells that fail, each in its way.
var failures = []string{
	`panic("oh")`, `var p *int; *p = 1`, `os.Exit(3)`, `runtime.Goexit()`, `nope`, `x := "not an int" + 1`,
	`var mu sync.Mutex; mu.Unlock()`, `go func() { panic("oh") }(); panic("too")`,
	`func() { defer func() { panic("again") }(); panic("first") }()`, `errors.New("just an error")`,
}

// soak runs 500 cells, a third of which fail, and shows what they leave behind.
func soak(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	s := &storm{t: t, engine: e}
	s.fine("total := 0\nfunc add(n int) { total += n }")
	first := s.weigh()
	t.Log("at first:", first)
	var last weight
	for i := 1; i <= 500; i++ {
		switch i % 3 {
		case 0:
			if err := s.run(t.Context(), failures[i/3%len(failures)]); err == nil {
				t.Errorf("cell %d succeeded: %s", s.count, failures[i/3%len(failures)])
			}
		case 1:
			s.fine(fmt.Sprintf("add(%d)\nfmt.Println(total)", i))
		case 2:
			s.fine(fmt.Sprintf("func add(n int) { total += n + 0*%d }\ngo func() { _ = make([]byte, 1<<20) }()", i))
		}
		if i%100 == 0 {
			last = s.weigh()
			t.Logf("after %d cells: %v", i, last)
		}
	}
	if last.goroutines > first.goroutines+5 {
		t.Errorf("%d goroutines are left, at first %d", last.goroutines, first.goroutines)
	}
	if last.heap > first.heap+64<<20 {
		t.Errorf("%d MB of heap are left, at first %d MB", last.heap>>20, first.heap>>20)
	}
}

// weight is what a session holds.
type weight struct {
	goroutines, heap, resident int // number, bytes, bytes
}

func (w weight) String() string {
	return fmt.Sprintf("%d goroutines, heap %.1f MB, resident %.1f MB", w.goroutines, float64(w.heap)/(1<<20), float64(w.resident)/(1<<20))
}

func (s *storm) weigh() (w weight) {
	s.t.Helper()
	s.count++
	text := execute(s.t, s.engine, s.count, `func() {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	statm, _ := os.ReadFile("/proc/self/statm")
	var all, resident int
	fmt.Sscan(string(statm), &all, &resident)
	fmt.Println(runtime.NumGoroutine(), m.HeapAlloc, resident*os.Getpagesize())
}()`)
	if _, err := fmt.Fscan(strings.NewReader(text), &w.goroutines, &w.heap, &w.resident); err != nil {
		s.t.Fatalf("weigh: %q: %v", text, err)
	}
	return w
}
