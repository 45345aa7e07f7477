package bench_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/result"
)

// saved is a result whose times are known.
func saved() bench.Result {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	r := bench.Result{Work: "sum", Seed: 1, Cases: []bench.Sample{
		sample("sequential", 30, 31, 29, 30, 32, 30, 31),
		sample("concurrent", 10, 11, 9, 10, 12, 10, 11),
	}}
	r.Machine.Cores, r.Machine.GOMAXPROCS, r.Machine.Go, r.Machine.OS, r.Machine.Arch = 4, 4, "go1.26.8", "plan9", "arm"
	path := filepath.Join(dir, "r.json")
	if err := r.Save(path); err != nil {
		panic(err)
	}
	if r, err = bench.Load(path); err != nil {
		panic(err)
	}
	return r
}

// A result shows itself: as the last expression of a cell, and when printed.
func ExampleResult() {
	fmt.Println(saved())
	// Output:
	// sum: concurrent is 3.00× faster than sequential [2.78, 3.06]
	//
	// case           time             95 %  CPU time  speed-up          95 %  verdict
	// sequential  30.0 ms  [29.7, 31.3] ms  –                –             –  baseline
	// concurrent  10.0 ms  [9.73, 11.3] ms  –            3.00×  [2.78, 3.06]  faster
	//
	// medians of 7 rounds in turn, order shuffled by seed 1
	// 4 cores, GOMAXPROCS 4, go1.26.8 plan9/arm
}

func ExampleResult_String() {
	title, _, _ := strings.Cut(saved().String(), "\n")
	fmt.Println(title)
	// Output: sum: concurrent is 3.00× faster than sequential [2.78, 3.06]
}

func ExampleResult_Rounds() {
	fmt.Println(saved().Rounds())
	// Output: 7
}

func ExampleResult_Table() {
	t := saved().Table()
	t.Notes = nil // without how it came about
	fmt.Println(t.Rows[1][0], t.Rows[1][6])
	// Output: concurrent faster
}

func ExampleResult_File() {
	f, err := saved().File()
	fmt.Println(f.Kind, f.Series[0].Name, f.Series[0].Values[:3], f.Series[0].Unit, err)
	// Output: bench.Result sequential [3e+07 3.1e+07 2.9e+07] ns <nil>
}

func ExampleResult_Display() {
	d := display.Of(saved())
	fmt.Println(d.Bundle[result.MIME].(result.File).Work)
	// Output: sum
}

func ExampleSetting() {
	_, err := bench.Sweep(context.Background(), func(s bench.Setting) bench.Case {
		fmt.Printf("%s: %d, %v\n", s.String(), s.Int("workers"), s.Value("lock"))
		return bench.Case{} // nothing to run
	}, bench.Over("workers", 4), bench.Over("lock", "mutex"))
	fmt.Println(err)
	// Output:
	// workers 4, lock mutex: 4, mutex
	// sweep work: case "workers 4, lock mutex" has no Run
}

func ExampleSetting_Value() {
	values := func(s bench.Setting) bench.Case {
		fmt.Println(s.Value("lock"))
		return bench.Case{}
	}
	_, _ = bench.Sweep(context.Background(), values, bench.Over("lock", "mutex", "channel"))
	// Output:
	// mutex
	// channel
}

func ExampleSetting_Int() {
	values := func(s bench.Setting) bench.Case {
		fmt.Println(2 * s.Int("workers"))
		return bench.Case{}
	}
	_, _ = bench.Sweep(context.Background(), values, bench.Over("workers", 1, 2))
	// Output:
	// 2
	// 4
}

func ExampleSetting_String() {
	values := func(s bench.Setting) bench.Case {
		fmt.Println(s)
		return bench.Case{}
	}
	_, _ = bench.Sweep(context.Background(), values, bench.Over("workers", 1, 2))
	// Output:
	// workers 1
	// workers 2
}

// grid is a small sweep for the examples below.
func grid() bench.Grid {
	g, err := bench.Plan{Work: "wait", Rounds: 2, Least: time.Microsecond}.Sweep(context.Background(), func(s bench.Setting) bench.Case {
		return bench.Case{Run: func(context.Context) (any, error) {
			time.Sleep(time.Duration(s.Int("ms")*s.Int("times")) * time.Millisecond)
			return nil, nil
		}}
	}, bench.Over("ms", 1, 2), bench.Over("times", 1, 2, 3))
	if err != nil {
		panic(err)
	}
	return g
}

func ExampleGrid_At() {
	s := grid().At(1, 2)
	fmt.Println(s.Name, s.Median().Value >= 6e6)
	// Output: ms 2, times 3 true
}

func ExampleGrid_Save() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "grid.json")
	fmt.Println(grid().Save(path))
	g, err := bench.LoadGrid(path)
	fmt.Println(len(g.Cases), err)
	// Output:
	// <nil>
	// 6 <nil>
}

func ExampleGrid_Table() {
	fmt.Println(grid().Table().Head)
	// Output: [ms times 1 times 2 times 3]
}

func ExampleGrid_String() {
	title, _, _ := strings.Cut(grid().String(), "\n")
	fmt.Println(title)
	// Output: wait by ms and times
}

func ExampleGrid_File() {
	f, err := grid().File()
	fmt.Println(f.Kind, len(f.Series), err)
	// Output: bench.Grid 6 <nil>
}

func ExampleGrid_Display() {
	d := display.Of(grid())
	fmt.Println(d.Bundle[result.MIME].(result.File).Kind)
	// Output: bench.Grid
}
