package exectrace_test

import (
	"context"
	"fmt"
	"runtime/trace"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/exectrace"
	"github.com/interleave-lab/interleave/lib/timeline"
)

func ExampleRecord() {
	r, err := exectrace.Record(context.Background(), func(ctx context.Context) error {
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() { time.Sleep(100 * time.Millisecond) })
		}
		group.Wait()
		return nil
	})
	fmt.Println(len(r.Goroutines.Lanes()), r.Class().Bound, err)
	// Output: 4 I/O-bound <nil>
}

func ExampleName() {
	r, err := exectrace.Record(context.Background(), func(context.Context) error { return nil }, exectrace.Name("nothing"))
	fmt.Println(r.Name, err)
	// Output: nothing <nil>
}

func ExampleLimit() {
	r, err := exectrace.Record(context.Background(), func(context.Context) error { return nil }, exectrace.Limit(1<<20))
	fmt.Println(r.Partial == "", err)
	// Output: true <nil>
}

func ExampleLast() {
	r, err := exectrace.Record(context.Background(), func(context.Context) error { time.Sleep(time.Millisecond); return nil },
		exectrace.Last(time.Second))
	fmt.Println(r.Totals("caller").Waiting > 0, err)
	// Output: true <nil>
}

func ExampleOthers() {
	requests := make(chan int)
	defer close(requests)
	go server(requests) // before the recording
	r, err := exectrace.Record(context.Background(), func(context.Context) error {
		requests <- 1
		requests <- 2
		requests <- 3
		return nil
	}, exectrace.Others())
	fmt.Println(r.Totals("exectrace_test.server 1").All() > 0, err)
	// Output: true <nil>
}

func server(requests chan int) {
	for range requests {
	}
}

func ExampleRecording_Inside() {
	r, err := exectrace.Record(context.Background(), func(ctx context.Context) error {
		defer trace.StartRegion(ctx, "query").End()
		time.Sleep(50 * time.Millisecond)
		return nil
	})
	fmt.Println(r.Inside("query").Blocked() > 0.5, err)
	// Output: true <nil>
}

func ExampleRecording_Totals() {
	r := exectrace.Recording{Goroutines: timeline.Timeline{Spans: []timeline.Span{
		{Lane: "caller", Kind: exectrace.Running, To: 2 * time.Second},
		{Lane: "caller", Kind: exectrace.Waiting, Item: "sleep", From: 2 * time.Second, To: 8 * time.Second},
	}}}
	t := r.Totals()
	fmt.Println(t.Running, t.Reasons["sleep"], t.All())
	// Output: 2s 6s 8s
}

func ExampleTotals_Blocked() {
	t := exectrace.Totals{Running: time.Second, Waiting: 3 * time.Second}
	fmt.Println(t.Blocked())
	// Output: 0.75
}

func ExampleRecording_Class() {
	r := exectrace.Recording{Wall: 10 * time.Second, Procs: 2, Goroutines: timeline.Timeline{Spans: []timeline.Span{
		{Lane: "caller", Kind: exectrace.Running, To: time.Second},
		{Lane: "caller", Kind: exectrace.Waiting, Item: "network", From: time.Second, To: 10 * time.Second},
	}}}
	fmt.Println(r.Class())
	// Output: I/O-bound: something ran or was ready to in 10 % of the time; 0.10 of 2 processors were used; goroutines waited for network (100 %)
}

func ExampleTotals_All() {
	t := exectrace.Totals{Running: time.Second, Waiting: 3 * time.Second}
	fmt.Println(t.All())
	// Output: 4s
}

func ExampleClass_String() {
	fmt.Println(exectrace.Class{Bound: exectrace.IO, Reasons: []string{"nothing ran"}})
	// Output: I/O-bound: nothing ran
}

func ExampleRecording_String() {
	r := exectrace.Recording{Name: "page", Wall: time.Second, Procs: 2, Goroutines: timeline.Timeline{Spans: []timeline.Span{
		{Lane: "caller", Kind: exectrace.Running, To: time.Second},
	}}}
	fmt.Println(r.String())
	// Output:
	// page: 1s, 1 goroutines
	// running 1s, runnable 0s, waiting 0s, in system calls 0s
	// CPU-bound: something ran or was ready to in 100 % of the time; 1.00 of 2 processors were used
}
