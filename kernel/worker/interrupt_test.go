package worker_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker"
)

// What cells do when they are interrupted. As in cells that the kernel has
// rewritten, loops that contain calls check for it. Beat tells whether
// something still runs.
var loops = []struct{ name, statements string }{
	{"nothing", `for {}`},
	{"count", `for { beat++ }`},
	{"count with a condition", `for i := 0; i >= 0; i++ { if i%3 == 0 { beat += i } }`},
	{"nested", `for { for i := range 1000 { for j := range i { beat += i ^ j } } }`},
	{"calls", `for { rt.Check(); beat += fib(3) }`},
	{"recursion", `fib(100)`},
	{"deferred", `defer func() { beat++ }(); for { beat++; rt.Check() }`},
	{"print to memory", `for { rt.Check(); beat += len(fmt.Sprint(beat)) }`},
	{"print", `for { rt.Check(); fmt.Println(beat); beat++ }`},
	{"raw print", `for { rt.Check(); println(beat); beat++ }`},
	{"map", `m := map[int]int{}; for { rt.Check(); m[beat%1000]++; beat++ }`},
	{"append", `var s []int; for { s = append(s, beat); beat++; if len(s) > 1e6 { s = nil } }`},
	{"json", `for { rt.Check(); b, _ := json.Marshal([]int{beat}); beat += len(b) }`},
	{"sort", `for { rt.Check(); s := make([]int, 1e5); sort.Slice(s, func(i, j int) bool { beat++; return s[i] < s[j] }) }`},
	{"one long sort", `s := make([]int, 5e6); sort.Slice(s, func(i, j int) bool { beat++; return (i^beat)&1 == 0 })`},
	{"collect", `for { rt.Check(); runtime.GC(); beat++ }`},
	{"yield", `for { rt.Check(); runtime.Gosched(); beat++ }`},
	{"atomic", `var a atomic.Int64; for a.Add(1) > 0 { beat++ }`},
	{"sleep", `time.Sleep(time.Hour)`},
	{"short sleeps", `for { rt.Check(); time.Sleep(time.Millisecond); beat++ }`},
	{"ticks", `for range time.Tick(time.Millisecond) { rt.Check(); beat++ }`},
	{"select", `select {}`},
	{"receive", `<-make(chan int)`},
	{"ping-pong", `a, b := make(chan int), make(chan int); go func() { for x := range a { rt.Check(); b <- x } }(); for { rt.Check(); a <- beat; beat += 1 + <-b&0 }`},
	{"mutex", `var mu sync.Mutex; mu.Lock(); mu.Lock()`},
	{"wait", `var wg sync.WaitGroup; wg.Add(1); wg.Wait()`},
	{"workers", `var wg sync.WaitGroup; for range 50 { wg.Go(func() { for { beat++ } }) }; wg.Wait()`},
	{"contention", `var wg sync.WaitGroup; var mu sync.Mutex; for range 8 { wg.Go(func() { for { rt.Check(); mu.Lock(); beat++; mu.Unlock() } }) }; wg.Wait()`},
	{"accept", `l, err := net.Listen("tcp", "127.0.0.1:0"); if err != nil { panic(err) }; defer l.Close(); l.Accept()`},
	{"system call", `var p [2]int; syscall.Pipe(p[:]); syscall.Read(p[0], make([]byte, 1))`},
	{"program", `exec.Command("sleep", "1000").Run()`},
	{"panics", `for { func() { defer func() { recover() }(); rt.Check(); beat++; panic(beat) }() }`},
	{"spawn", `for { rt.Check(); done := make(chan int); go func() { beat++; close(done) }(); <-done }`},
	{"show", `for { rt.Check(); display.Show(beat); beat++ }`},
	{"error text", `rt.ShowErr(endless{})`},
	{"panic text", `panic(endless{})`},
	{"display", `display.Show(display.Any("application/json", endless{}))`},
	{"library", `buf := make([]byte, 1<<20); for { rt.Check(); bytes.Count(buf, []byte("x")); beat++ }`},
}

// Methods which the worker calls to show something.
const endless = `
type endless struct{}
func (endless) Error() string { for { beat++; rt.Check() } }
func (endless) MarshalJSON() ([]byte, error) { for { beat++; rt.Check() } }
`

func TestLiveInterrupt(t *testing.T) {
	l := startLive(t)
	l.run(endless+"var beat int\n//go:noinline\nfunc fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }", "")
	var worst time.Duration
	for _, loop := range loops {
		entry := l.load("", loop.statements)
		ctx, cancel := context.WithCancel(t.Context())
		var at time.Time
		time.AfterFunc(30*time.Millisecond, func() { at = time.Now(); cancel() })
		r, err := l.Run(ctx, worker.Run{Cell: l.n, Entry: entry})
		if err != nil {
			t.Fatalf("%s: %v\n%s", loop.name, err, tailOf(err))
		}
		took := time.Since(at)
		worst = max(worst, took)
		t.Logf("%-24s %8v  %s %s %d frames", loop.name, took.Round(10*time.Microsecond), r.Kind, r.State, len(r.Frames))
		if r.Kind != worker.Interrupted {
			t.Errorf("%s: %+v", loop.name, r)
		}
		if len(r.Frames) > 0 && !hasAuthor(r.Frames, l.n) {
			t.Errorf("%s: no frame of the cell: %+v", loop.name, r.Frames)
		}
		l.take()
		l.want("", "", "before := beat; time.Sleep(5*time.Millisecond); if beat != before { fmt.Println(\"still running\") }")
	}
	t.Log("worst", worst)
}

func hasAuthor(frames []worker.Frame, cell int) bool {
	for _, f := range frames {
		if n, ok := f.Cell(); ok && n == cell && f.Line == 1 {
			return true
		}
	}
	return false
}

// Deferred calls run, locks that they release are free, and what the cell has
// done stays done.
func TestLiveInterruptRunsDeferred(t *testing.T) {
	l := startLive(t)
	r := l.runFor("var mu sync.Mutex\nvar n int", `mu.Lock(); defer mu.Unlock(); defer fmt.Println("deferred"); for { n++; rt.Check() }`)
	if r.Kind != worker.Interrupted {
		t.Errorf("got %+v", r)
	}
	if got := l.stdout(); got != "deferred\n" {
		t.Errorf("got %q", got)
	}
	l.want("true true\n", "", `fmt.Println(mu.TryLock(), n > 0)`)
}

// Deferred calls run to their end, whatever they do, though the goroutine has
// been stopped; unless they go on for ever.
func TestLiveInterruptSparesDeferred(t *testing.T) {
	l := startLive(t, func(o *worker.Options) { o.Patience = time.Minute })
	r := l.runFor("//go:noinline\nfunc work(n int) int { if n == 0 { return 0 }; return work(n-1) + 1 }\nvar wg *sync.WaitGroup\n"+`
func clean(name string) {
	n := 0
	for i := range 200 { rt.Check(); n += work(i) }
	for i := range 100_000_000 { n += i&1 }
	time.Sleep(20*time.Millisecond)
	fmt.Println(name, n)
}`, `
wg = new(sync.WaitGroup); wg.Add(1)
go func() { defer wg.Done(); defer clean("goroutine"); for { rt.Check(); work(3) } }()
defer wg.Wait()
defer clean("cell")
for { rt.Check(); work(5) }`)
	if r.Kind != worker.Interrupted {
		t.Errorf("got %+v", r)
	}
	l.run("", "wg.Wait()")
	if got := l.stdout(); got != "goroutine 50019900\ncell 50019900\n" && got != "cell 50019900\ngoroutine 50019900\n" {
		t.Errorf("got %q", got)
	}
	r = l.runFor("", `defer func() { for { rt.Check() } }(); for { rt.Check() }`)
	if r.Kind != worker.Interrupted {
		t.Errorf("got %+v", r)
	}
}

// A goroutine that sleeps while its cell is stopped ends when it wakes, though
// loops do not look any more by then.
func TestLiveInterruptReachesSleepers(t *testing.T) {
	l := startLive(t)
	for range 3 {
		l.runFor("var beat int", `for range 3 { go func() { for { rt.Check(); beat++; time.Sleep(100*time.Millisecond) } }() }; select {}`)
		l.want("true\n", "", `before := beat; time.Sleep(250*time.Millisecond); fmt.Println(beat == before)`)
		l.decls = ""
	}
}

// Only the goroutines of the interrupted cell end.
func TestLiveInterruptSparesOtherCells(t *testing.T) {
	l := startLive(t)
	l.run("var beats atomic.Int64", `go func() { for { rt.Check(); beats.Add(1); time.Sleep(time.Millisecond) } }(); go func() { for { beats.Add(1) } }()`)
	l.runFor("", `for {}`)
	l.want("true\n", "", `n := beats.Load(); time.Sleep(20*time.Millisecond); fmt.Println(beats.Load() > n+3)`)
}

// Many interrupts at random moments, while goroutines of other cells print,
// show, panic and collect garbage: nothing is left running, nothing is lost.
func TestLiveInterruptStress(t *testing.T) {
	rounds := 20
	if s := os.Getenv("INTERLEAVE_STRESS"); s != "" { // a number of rounds
		fmt.Sscan(s, &rounds)
	}
	l := startLive(t)
	l.run(endless+"var beat int\nvar others atomic.Int64\n//go:noinline\nfunc fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }", `
go func() { for { rt.Check(); fmt.Println("background"); display.Show(1); others.Add(1); time.Sleep(time.Millisecond) } }()
go func() { for { rt.Check(); runtime.GC(); time.Sleep(10*time.Millisecond) } }()
go func() { for { rt.Check(); go func() { panic("background") }(); time.Sleep(20*time.Millisecond) } }()`)
	entries := map[string]uint64{}
	for _, loop := range loops {
		entries[loop.name] = l.load("", loop.statements)
	}
	var all []time.Duration
	for i := range rounds {
		loop := loops[rand.N(len(loops))]
		ctx, cancel := context.WithCancel(t.Context())
		var at time.Time
		time.AfterFunc(rand.N(10*time.Millisecond), func() { at = time.Now(); cancel() })
		r, err := l.Run(ctx, worker.Run{Cell: 1000 + i, Entry: entries[loop.name]})
		if err != nil {
			t.Fatalf("round %d: %s: %v\n%s", i, loop.name, err, tailOf(err))
		}
		if r.Kind != worker.Interrupted {
			t.Errorf("round %d: %s: %+v", i, loop.name, r)
		}
		all = append(all, time.Since(at))
	}
	slices.Sort(all)
	t.Log("median", all[len(all)/2], "90 %", all[len(all)*9/10], "worst", all[len(all)-1])
	l.take()
	l.run("", `n, b := others.Load(), beat; time.Sleep(50*time.Millisecond); fmt.Fprintln(os.Stderr, others.Load() > n, beat == b)`)
	l.mu.Lock()
	defer l.mu.Unlock()
	last := ""
	for _, e := range l.events {
		if e.what == "stderr" {
			last = e.text
		}
	}
	if last != "true true\n" {
		t.Errorf("others go on, the interrupted do not: %q", last)
	}
}
