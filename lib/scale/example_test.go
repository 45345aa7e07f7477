package scale_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/scale"
	"github.com/interleave-lab/interleave/lib/virt"
)

// sum adds up the numbers below n, divided among workers.
func sum(n, workers int) (total int) {
	parts := make([]int, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			s := 0
			for i := w; i < n; i += workers {
				s += i
			}
			parts[w] = s
		})
	}
	all.Wait()
	for _, p := range parts {
		total += p
	}
	return total
}

// How much sooner is the same sum done with more cores? The sums must agree.
func ExamplePlan_Cores() {
	const n = 100_000
	total := 0
	c, err := scale.Plan{Work: "sum", Rounds: 6, Least: time.Millisecond, Result: func() any { return total }}.Cores(context.Background(),
		func(_ context.Context, workers int) (int64, error) {
			total = sum(n, workers)
			return n, nil
		})
	if err != nil {
		fmt.Println(err)
		return
	}
	// As the last expression of a cell, c shows the whole table.
	fmt.Println(c.Points[0].Workers, c.Points[0].Speedup.Value, c.Rounds())
	// Output: 1 1 6
}

func ExampleCores() {
	_, err := scale.Cores(context.Background(), func(context.Context, int) (int64, error) {
		return 0, fmt.Errorf("nothing to do")
	})
	fmt.Println(err)
	// Output: scale work: GOMAXPROCS 1: run: nothing to do
}

// Waiting work scales with workers, not with cores. (Here in virtual time, so
// that the numbers are exact.)
func ExampleWorkers() {
	err := virt.Run(func() {
		c, err := scale.Workers(context.Background(), func(_ context.Context, workers int) (int64, error) {
			var all sync.WaitGroup
			for range workers {
				all.Go(func() { time.Sleep(20 * time.Millisecond) })
			}
			all.Wait()
			return int64(workers), nil
		}, 1, 2, 4)
		fmt.Printf("%.1f times, %s, %v\n", c.Points[2].Speedup.Value, c.Points[2].Verdict, err)
	})
	fmt.Println(err)
	// Output:
	// 4.0 times, faster, <nil>
	// <nil>
}

func ExamplePlan_Workers() {
	_, err := scale.Plan{Levels: []int{4, 2}}.Workers(context.Background(), nil)
	fmt.Println(err)
	// Output: scale work: levels [4 2]; want numbers from 1 on, ascending, each once
}

// measured is a curve for the examples below: work of which a fifth cannot be
// divided.
func measured() scale.Curve {
	var points []scale.Point
	for n := 1; n <= 8; n *= 2 {
		p := scale.Point{Workers: n}
		for range 6 {
			p.Rounds = append(p.Rounds, time.Second*2/10+time.Second*8/10/time.Duration(n))
			p.Ops = append(p.Ops, 1000)
		}
		points = append(points, p)
	}
	c, err := scale.Measured("a fifth is serial", "workers", points...)
	if err != nil {
		panic(err)
	}
	return c
}

func ExampleMeasured() {
	for _, p := range measured().Points {
		fmt.Printf("%d workers: %.2f times as fast, efficiency %.2f\n", p.Workers, p.Speedup.Value, p.Efficiency.Value)
	}
	// Output:
	// 1 workers: 1.00 times as fast, efficiency 1.00
	// 2 workers: 1.67 times as fast, efficiency 0.83
	// 4 workers: 2.50 times as fast, efficiency 0.62
	// 8 workers: 3.33 times as fast, efficiency 0.42
}

func ExampleFitAmdahl() {
	f := scale.FitAmdahl(measured())
	fmt.Printf("%s = %.2f, so at most %.1f times as fast\n", f.Parameters[0].Name, f.Parameters[0].Value, f.Bound.Value)
	// Output: σ = 0.20, so at most 5.0 times as fast
}

func ExampleFitUSL() {
	f := scale.FitUSL(measured())
	fmt.Printf("σ = %.2f, κ = %.2f\n", f.Parameters[0].Value, f.Parameters[1].Value)
	// Output: σ = 0.20, κ = 0.00
}

func ExampleFitGustafson() {
	fmt.Println(scale.FitGustafson(measured()).Refused)
	// Output: the work does not grow with the workers; Gustafson's law is about work that does, see FitAmdahl
}

func ExampleFit_At() {
	fmt.Printf("%.2f\n", scale.FitAmdahl(measured()).At(100).Value)
	// Output: 4.81
}

func ExamplePoint_Each() {
	p := scale.Point{Rounds: []time.Duration{time.Second}, Ops: []int64{1000}}
	fmt.Println(p.Each(), "ns an operation")
	// Output: [1e+06] ns an operation
}

func ExampleCurve_Disturbed() {
	c := measured()
	fmt.Println(c.Disturbed(), "of", c.Rounds(), "rounds")
	// Output: 0 of 6 rounds
}

func ExampleCurve_Save() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "cores.json")
	fmt.Println(measured().Save(path))
	c, err := scale.Load(path)
	fmt.Println(len(c.Points), err)
	// Output:
	// <nil>
	// 4 <nil>
}

func ExampleLoad() {
	_, err := scale.Load("no-such-file.json")
	fmt.Println(err)
	// Output: load result: open no-such-file.json: no such file or directory
}
