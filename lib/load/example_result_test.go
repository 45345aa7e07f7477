package load_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/load"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/virt"
)

func ExampleFunc_Do() {
	t := load.Func(func(ctx context.Context) error { return ctx.Err() })
	fmt.Println(t.Do(context.Background()))
	// Output: <nil>
}

func ExampleArrivals_String() {
	fmt.Println(load.Burst(10, time.Second))
	// Output: bursts of 10 every 1s
}

func ExampleStatusError_Error() {
	fmt.Println(&load.StatusError{Code: 503})
	// Output: status 503 Service Unavailable
}

func ExampleResult_Answered() {
	fmt.Println(load.Result{Sent: 100, Failed: 5, Timeouts: 2}.Answered())
	// Output: 93
}

func ExampleResult_Offered() {
	fmt.Println(load.Result{Sent: 90, Refused: 10, Asked: 2 * time.Second, Took: 3 * time.Second}.Offered(), "a second")
	// Output: 50 a second
}

func ExampleResult_Throughput() {
	r := load.Result{Asked: 2 * time.Second, Took: 2 * time.Second, Windows: []load.Window{{Answered: 30}, {Answered: 10}}}
	fmt.Println(r.Throughput(), "a second")
	// Output: 20 a second
}

func ExampleResult_ErrorShare() {
	fmt.Println(load.Result{Sent: 90, Refused: 10, Failed: 5, Timeouts: 5}.ErrorShare())
	// Output: 0.2
}

func ExampleResult_Warnings() {
	r := loaded()
	r.Partial = "interrupted after 1s of 10s"
	fmt.Println(r.Warnings()[0])
	// Output: partial: interrupted after 1s of 10s
}

func ExampleResult_Save() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "load.json")
	fmt.Println(loaded().Save(path))
	r, err := load.Load(path)
	fmt.Println(r.Sent, err)
	// Output:
	// <nil>
	// 20 <nil>
}

func ExampleResult_File() {
	f, err := loaded().File()
	for _, s := range f.Series {
		fmt.Println(s.Name, s.Unit)
	}
	fmt.Println(err)
	// Output:
	// throughput 1/s
	// goodput 1/s
	// p50 ns
	// p90 ns
	// p99 ns
	// <nil>
}

func ExampleResult_Table() {
	fmt.Println(loaded().Table().Rows[0][0])
	// Output: latency p50
}

func ExampleResult_String() {
	title, _, _ := strings.Cut(loaded().String(), ": 99 %")
	fmt.Println(title)
	// Output: shop, open: constant, 100/s
}

func ExampleResult_Display() {
	fmt.Println(display.Of(loaded()).Bundle[result.MIME].(result.File).Kind)
	// Output: load.Result
}

// swept is a short sweep for the examples below, in virtual time.
func swept() (c load.Curve) {
	err := virt.Run(func() {
		var err error
		c, err = load.Plan{Name: "shop"}.SweepUsers(context.Background(), answer, []int{1, 2}, time.Second)
		if err != nil {
			panic(err)
		}
	})
	if err != nil {
		panic(err)
	}
	return c
}

func ExampleCurve_Machine() {
	fmt.Println(swept().Machine().Cores >= 1)
	// Output: true
}

func ExampleCurve_Save() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "sweep.json")
	fmt.Println(swept().Save(path))
	c, err := load.LoadCurve(path)
	fmt.Println(len(c.Points), err)
	// Output:
	// <nil>
	// 2 <nil>
}

func ExampleCurve_File() {
	f, err := swept().File()
	fmt.Println(f.Work, f.Series[0].Name, err)
	// Output: shop by users users 1: throughput <nil>
}

func ExampleCurve_Table() {
	fmt.Println(swept().Table().Head)
	// Output: [users throughput goodput p50 p99 errors L λW ]
}

func ExampleCurve_String() {
	title, _, _ := strings.Cut(swept().String(), "\n")
	fmt.Println(title)
	// Output: shop: no knee: 2 loads; want at least 3
}

func ExampleCurve_Display() {
	fmt.Println(display.Of(swept()).Bundle[result.MIME].(result.File).Kind)
	// Output: load.Curve
}
