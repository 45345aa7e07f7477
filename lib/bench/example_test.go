package bench_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/virt"
)

// Four waits of 5 ms, one after another and at once.
func ExampleCompare() {
	const tasks = 4
	wait := func() { time.Sleep(5 * time.Millisecond) }
	sequential := bench.Case{Name: "sequential", Run: func(ctx context.Context) (any, error) {
		for range tasks {
			wait()
		}
		return tasks, nil
	}}
	concurrent := bench.Case{Name: "concurrent", Run: func(ctx context.Context) (any, error) {
		var all sync.WaitGroup
		for range tasks {
			all.Go(wait)
		}
		all.Wait()
		return tasks, nil
	}}
	err := virt.Run(func() { // in virtual time, so that the numbers are exact
		r, err := bench.Compare(context.Background(), sequential, concurrent)
		if err != nil {
			fmt.Println(err)
			return
		}
		// As the last expression of a cell, r shows the whole table.
		fmt.Println(r.Comparisons[0])
	})
	fmt.Println(err)
	// Output:
	// concurrent is 4.00× faster than sequential
	// <nil>
}

// A plan sets what the zero value leaves to the package.
func ExamplePlan_Compare() {
	sum := func(n int) func() int {
		return func() (s int) {
			for i := range n {
				s += i
			}
			return s
		}
	}
	_, err := bench.Plan{Work: "sum", Rounds: 6, Budget: 5 * time.Second, Seed: 7}.Compare(context.Background(),
		bench.Func("all", sum(1000)),
		bench.Func("one too few", sum(999)))
	fmt.Println(err)
	// Output: compare sum: the results of all and one too few disagree, so their times must not be compared: 499500 and 498501
}

// Func is the shortest way to time a function, and the one that costs least.
func ExampleFunc() {
	r, err := bench.Plan{Rounds: 6, Least: time.Millisecond}.Compare(context.Background(),
		bench.Func("one", func() int { return 1 }))
	fmt.Println(len(r.Cases[0].Rounds), err)
	// Output: 6 <nil>
}

func ExampleSink() {
	for i := range 3 {
		bench.Sink(i * i) // would be left out without
	}
}

func ExampleAgree() {
	fmt.Println(bench.Agree([]float64{0.1 + 0.2}, []float64{0.3}))
	fmt.Println(bench.Agree([]int{1, 2}, []int{1, 3}))
	// Output:
	// <nil>
	// at [1]: 2 and 3
}

func ExampleBetween() {
	c, err := bench.Between("twenty items",
		bench.Sample{Name: "sequential", Rounds: []time.Duration{30 * time.Second}},
		bench.Sample{Name: "concurrent", Rounds: []time.Duration{10 * time.Second}})
	fmt.Println(c.Verdict, c.Speedup.Value, c.Warnings, err)
	// Output: faster 3 [1 rounds; want at least 6 for a 95 % interval, so a difference under 5 % counts as none] <nil>
}

func ExampleComparison_String() {
	sample := func(name string, ms time.Duration) bench.Sample {
		return bench.Sample{Name: name, Rounds: []time.Duration{ms * time.Millisecond}}
	}
	slower, _ := bench.Between("work", sample("mutex", 20), sample("channel", 50))
	fmt.Println(slower)
	// Output: channel is 2.50× slower than mutex
}

func ExampleSummarize() {
	fmt.Printf("%+v\n", bench.Summarize([]time.Duration{1 * time.Second, 3 * time.Second}))
	// Output: {Count:2 Mean:2s P50:2s P99:2.98s Max:3s}
}

func ExampleQuantile() {
	fmt.Println(bench.Quantile([]float64{1, 2, 3, 4}, 0.5))
	// Output: 2.5
}

func ExampleSample_Times() {
	s := bench.Sample{Rounds: []time.Duration{2 * time.Millisecond}, Calls: 1000}
	fmt.Println(s.Times(), "ns a call")
	// Output: [2000] ns a call
}

func ExampleSample_CPU() {
	s := bench.Sample{Rounds: []time.Duration{time.Second}}
	fmt.Println(len(s.CPU()), "values: these times were measured elsewhere")
	// Output: 0 values: these times were measured elsewhere
}

func ExampleSample_Median() {
	s := bench.Sample{Rounds: []time.Duration{3, 1, 2}}
	fmt.Println(s.Median().Value)
	// Output: 2
}

func ExampleSample_Disturbed() {
	s := bench.Sample{Rounds: []time.Duration{1, 1, 1}, Marks: []string{"", "steal 3 %", ""}}
	fmt.Println(s.Disturbed())
	// Output: 1
}

func ExampleSweep() {
	g, err := bench.Plan{Work: "send and receive", Rounds: 6, Least: time.Millisecond}.Sweep(context.Background(),
		func(s bench.Setting) bench.Case {
			return bench.Case{Run: func(context.Context) (any, error) {
				queue := make(chan int, s.Int("buffer"))
				go func() { queue <- 1 }()
				return <-queue, nil
			}}
		},
		bench.Over("buffer", 0, 1, 64))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g.At(2).Name)
	// Output: buffer 64
}

func ExampleOver() {
	p := bench.Over("procs", 1, 2, 4)
	fmt.Println(p.Name, p.Values)
	// Output: procs [1 2 4]
}

func ExamplePlan_Sweep() {
	_, err := bench.Plan{}.Sweep(context.Background(), func(s bench.Setting) bench.Case {
		fmt.Println(s, s.Int("a"), s.Value("b"))
		return bench.Case{} // nothing to run
	}, bench.Over("a", 1), bench.Over("b", "x", "y"))
	fmt.Println(err)
	// Output:
	// a 1, b x 1 x
	// a 1, b y 1 y
	// sweep work: case "a 1, b x" has no Run
}

// A result is saved with its raw times and the machine, and compared later or
// on another machine by: interleave compare monday.json tuesday.json
func ExampleResult_Save() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "monday.json")
	r := bench.Result{Work: "work", Cases: []bench.Sample{{Name: "a", Rounds: []time.Duration{time.Second}}}}
	fmt.Println(r.Save(path))
	back, err := bench.Load(path)
	fmt.Println(back.Cases[0].Rounds, err)
	// Output:
	// <nil>
	// [1s] <nil>
}

func ExampleLoad() {
	_, err := bench.Load("no-such-file.json")
	fmt.Println(err)
	// Output: load result: open no-such-file.json: no such file or directory
}

func ExampleLoadGrid() {
	_, err := bench.LoadGrid("no-such-file.json")
	fmt.Println(err)
	// Output: load result: open no-such-file.json: no such file or directory
}

func ExampleResult_Case() {
	r := bench.Result{Cases: []bench.Sample{{Name: "a"}, {Name: "b"}}}
	s, ok := r.Case("b")
	fmt.Println(s.Name, ok)
	// Output: b true
}

func ExampleResult_Disturbed() {
	r := bench.Result{Cases: []bench.Sample{
		{Name: "a", Rounds: []time.Duration{1, 1}, Marks: []string{"", "steal 2 %"}},
		{Name: "b", Rounds: []time.Duration{1, 1}, Marks: []string{"", "throttled 5ms"}},
	}}
	fmt.Println(r.Disturbed(), "of", r.Rounds(), "rounds")
	// Output: 1 of 2 rounds
}
