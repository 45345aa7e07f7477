package exectrace_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/lib/exectrace"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/timeline"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// compute keeps a processor busy for about d, and returns how long it was.
//
//go:noinline
func compute(d time.Duration) time.Duration {
	start := time.Now()
	var x uint64
	for time.Since(start) < d {
		for range 1000 {
			x = x*6364136223846793005 + 1
		}
	}
	runtime.KeepAlive(x)
	return time.Since(start)
}

func sleeper(d time.Duration) time.Duration {
	start := time.Now()
	time.Sleep(d)
	return time.Since(start)
}

// near reports whether two times differ by at most 5 %, and half a millisecond
// that is not the trace's: between the clock and the switch.
func near(a, b time.Duration) bool {
	return math.Abs(float64(a-b)) <= 0.05*float64(b)+float64(500*time.Microsecond)
}

// The program's own clock and the trace look at the same times.
func TestKnownProgram(t *testing.T) {
	var computed, slept, received time.Duration
	r, err := exectrace.Record(t.Context(), func(ctx context.Context) error {
		var group sync.WaitGroup
		c := make(chan int)
		group.Go(func() {
			trace.WithRegion(ctx, "compute", func() { computed = compute(60 * time.Millisecond) })
		})
		group.Go(func() {
			trace.WithRegion(ctx, "sleep", func() { slept = sleeper(80 * time.Millisecond) })
			c <- 1
		})
		group.Go(func() {
			start := time.Now()
			<-c
			received = time.Since(start)
		})
		group.Wait()
		return nil
	}, exectrace.Name("known"))
	if err != nil || r.Partial != "" {
		t.Fatal(err, r.Partial)
	}
	in := r.Inside("compute")
	if got := in.Running + in.Runnable; !near(got, computed) || in.Waiting > computed/20 {
		t.Errorf("computed for %v: running %v, runnable %v, waiting %v", computed, in.Running, in.Runnable, in.Waiting)
	}
	in = r.Inside("sleep")
	if got := in.All(); !near(got, slept) || in.Reasons["sleep"] < 76*time.Millisecond {
		t.Errorf("slept for %v: %+v", slept, in)
	}
	var lane exectrace.Totals
	for _, name := range r.Goroutines.Lanes() {
		if l := r.Totals(name); l.Reasons["chan receive"] > 0 {
			lane = l
		}
	}
	waited := lane.Reasons["chan receive"]
	if late := received - waited; !near(waited, received) && late > lane.Runnable { // that long it was ready and no processor was free
		t.Errorf("received for %v: %+v", received, lane)
	}
	if !near(r.Goroutines.Total(), r.Wall) || r.Goroutines.Lanes()[0] != "caller" || len(r.Goroutines.Lanes()) != 4 {
		t.Errorf("wall %v: %v %q", r.Wall, r.Goroutines.Total(), r.Goroutines.Lanes())
	}
}

// Everywhere a goroutine is in one state at a time, and a thread and a
// processor have one goroutine at a time.
func TestSpansDoNotOverlap(t *testing.T) {
	r, err := exectrace.Record(t.Context(), func(context.Context) error {
		pipeline(4, 200, 20*time.Microsecond)
		return nil
	}, exectrace.Others())
	if err != nil {
		t.Fatal(err)
	}
	for _, tl := range []timeline.Timeline{r.Goroutines, r.Threads, r.Processors} {
		if len(tl.Spans) == 0 {
			t.Errorf("%s is empty", tl.Name)
		}
		until := map[string]time.Duration{}
		for _, s := range tl.Spans {
			if s.From < until[s.Lane] || s.To <= s.From || s.To > r.Wall+time.Millisecond {
				t.Fatalf("%s: %+v begins before %v", tl.Name, s, until[s.Lane])
			}
			until[s.Lane] = s.To
		}
	}
	if n := len(r.Processors.Lanes()); n > r.Procs {
		t.Errorf("%d processors of %d", n, r.Procs)
	}
}

// pipeline has items pass through a channel to workers that compute.
func pipeline(workers, items int, work time.Duration) {
	c := make(chan int, 4)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range c {
				compute(work)
			}
		})
	}
	for i := range items {
		c <- i
	}
	close(c)
	group.Wait()
}

func TestClass(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(100 * time.Millisecond)
		fmt.Fprint(w, "<title>page</title>")
	}))
	defer server.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	get := func() error {
		resp, err := client.Get(server.URL)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	tests := map[exectrace.Bound]func(context.Context) error{
		exectrace.IO: func(context.Context) error {
			for range 4 {
				if err := get(); err != nil {
					return err
				}
			}
			return nil
		},
		exectrace.CPU: func(context.Context) error {
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() { compute(20 * time.Millisecond) })
			}
			group.Wait()
			return nil
		},
	}
	for want, f := range tests {
		r, err := exectrace.Record(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if c := r.Class(); c.Bound != want || len(c.Reasons) == 0 {
			t.Errorf("want %s, got %v\n%v", want, c, r)
		}
	}
}

// Classes from timelines that are known exactly.
func TestClassOfTimelines(t *testing.T) {
	span := func(lane, kind, item string, from, to time.Duration) timeline.Span {
		return timeline.Span{Lane: lane, Kind: kind, Item: item, From: from, To: to}
	}
	tests := map[exectrace.Bound][]timeline.Span{
		exectrace.IO: {span("caller", "running", "", 0, 5), span("caller", "syscall", "", 5, 95), span("caller", "running", "", 95, 100)},
		exectrace.CPU: {span("caller", "waiting", "sync", 0, 100), span("f 1", "running", "", 0, 50),
			span("f 2", "runnable", "", 0, 50), span("f 2", "running", "", 50, 100)},
		exectrace.Mixed: {span("caller", "running", "", 0, 60), span("caller", "waiting", "network", 60, 100)},
	}
	for want, spans := range tests {
		r := exectrace.Recording{Wall: 100, Procs: 2, Goroutines: timeline.Timeline{Spans: spans}}
		if c := r.Class(); c.Bound != want {
			t.Errorf("want %s, got %v", want, c)
		}
	}
	r := exectrace.Recording{Wall: 100, Goroutines: timeline.Timeline{Spans: tests[exectrace.Mixed]}}
	if b := r.Totals().Blocked(); b != 0.4 {
		t.Errorf("blocked: %v", b)
	}
}

func TestTasks(t *testing.T) {
	r, err := exectrace.Record(t.Context(), func(ctx context.Context) error {
		ctx, task := trace.NewTask(ctx, "request")
		defer task.End()
		trace.WithRegion(ctx, "query", func() { time.Sleep(time.Millisecond) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Tasks.Spans) != 1 || r.Tasks.Spans[0].Lane != "request 1" || r.Tasks.Spans[0].Duration() < time.Millisecond {
		t.Errorf("tasks: %+v", r.Tasks.Spans)
	}
	if len(r.Regions.Spans) != 1 || r.Regions.Spans[0].Kind != "query" || r.Regions.Spans[0].Item != "request 1" {
		t.Errorf("regions: %+v", r.Regions.Spans)
	}
}

func TestOthers(t *testing.T) {
	c := make(chan int)
	go func() { // before the recording
		for range c {
			compute(100 * time.Microsecond)
		}
	}()
	f := func(context.Context) error { c <- 1; c <- 2; c <- 3; return nil }
	own, err := exectrace.Record(t.Context(), f)
	if err != nil || len(own.Goroutines.Lanes()) != 1 {
		t.Errorf("only the caller: %q %v", own.Goroutines.Lanes(), err)
	}
	all, err := exectrace.Record(t.Context(), f, exectrace.Others())
	if err != nil || !slices.ContainsFunc(all.Goroutines.Lanes(), func(l string) bool { return strings.Contains(l, "TestOthers") }) {
		t.Errorf("with others: %q %v", all.Goroutines.Lanes(), err)
	}
	close(c)
}

func TestFaults(t *testing.T) {
	no := errors.New("no")
	r, err := exectrace.Record(t.Context(), func(context.Context) error { return no })
	if !errors.Is(err, no) || r == nil {
		t.Errorf("got %v %v", r, err)
	}
	_, err = exectrace.Record(t.Context(), func(ctx context.Context) error {
		_, err := exectrace.Record(ctx, func(context.Context) error { return nil })
		return err
	})
	if err == nil {
		t.Error("a recording inside a recording")
	}
	func() {
		defer func() { recover() }()
		exectrace.Record(t.Context(), func(context.Context) error { panic(no) })
	}()
	if _, err := exectrace.Record(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

func TestLimit(t *testing.T) {
	r, err := exectrace.Record(t.Context(), func(context.Context) error {
		c := make(chan int)
		go func() {
			defer close(c)
			for i := range 200_000 {
				c <- i
			}
		}()
		for range c {
		}
		time.Sleep(2 * time.Second) // buffers are written once a second
		return nil
	}, exectrace.Limit(100_000))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.Partial, "100000 bytes") || len(r.Goroutines.Spans) == 0 || r.Bytes > 64<<20 {
		t.Errorf("partial: %q, %d spans, %d bytes", r.Partial, len(r.Goroutines.Spans), r.Bytes)
	}
}

func TestLast(t *testing.T) {
	r, err := exectrace.Record(t.Context(), func(context.Context) error {
		for range 30 {
			compute(5 * time.Millisecond)
			time.Sleep(50 * time.Millisecond)
		}
		return nil
	}, exectrace.Last(200*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Totals("caller"); got.Waiting == 0 || got.Running == 0 {
		t.Errorf("caller: %+v, lanes %q, %s", got, r.Goroutines.Lanes(), r.Partial)
	}
}

func TestJSON(t *testing.T) {
	r, err := exectrace.Record(t.Context(), func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(r)
	var back exectrace.Recording
	if err != nil || json.Unmarshal(b, &back) != nil || len(back.Goroutines.Spans) != len(r.Goroutines.Spans) {
		t.Errorf("%v: %s", err, b)
	}
}

// What recording costs a typical experiment: the same pipeline of a fixed
// amount of work with and without, in turn; the medians of the ratios of each
// pair. CPU time is what a busy machine disturbs least.
func BenchmarkRecord(b *testing.B) {
	var wall, cpu []float64
	measured := func() (time.Duration, time.Duration) {
		start, used := time.Now(), machine.CPUTime()
		steps(4, 2000, 20_000)
		return time.Since(start), machine.CPUTime() - used
	}
	for b.Loop() {
		plainWall, plainCPU := measured()
		var tracedWall, tracedCPU time.Duration
		_, err := exectrace.Record(b.Context(), func(context.Context) error { tracedWall, tracedCPU = measured(); return nil })
		if err != nil {
			b.Fatal(err)
		}
		wall = append(wall, float64(tracedWall)/float64(plainWall))
		cpu = append(cpu, float64(tracedCPU)/float64(plainCPU))
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	b.ReportMetric(100*(wall[len(wall)/2]-1), "wall-overhead-%")
	b.ReportMetric(100*(cpu[len(cpu)/2]-1), "cpu-overhead-%")
}

// steps has items pass through a channel to workers that do a fixed amount of
// work for each: n steps of some nanosecond.
func steps(workers, items, n int) {
	c := make(chan int, 4)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range c {
				x := uint64(i)
				for range n {
					x = x*6364136223846793005 + 1
				}
				runtime.KeepAlive(x)
			}
		})
	}
	for i := range items {
		c <- i
	}
	close(c)
	group.Wait()
}

func BenchmarkRead(b *testing.B) {
	if os.Getenv("INTERLEAVE_LONG") == "" {
		b.Skip("set INTERLEAVE_LONG=1")
	}
	for b.Loop() {
		start := time.Now()
		r, err := exectrace.Record(b.Context(), func(context.Context) error { pipeline(4, 200_000, 0); return nil })
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(start)-r.Wall)/float64(r.Events), "ns/event")
		b.ReportMetric(float64(r.Bytes)/float64(r.Events), "bytes/event")
	}
}
