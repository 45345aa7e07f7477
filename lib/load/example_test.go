package load_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/load"
	"github.com/interleave-lab/interleave/lib/virt"
)

// answer is a target that takes 5 ms.
var answer = load.Func(func(context.Context) error {
	time.Sleep(5 * time.Millisecond)
	return nil
})

func ExampleOpen() {
	r, err := load.Open(context.Background(), answer, load.Constant(100), 200*time.Millisecond)
	if err != nil {
		fmt.Println(err)
		return
	}
	// As the last expression of a cell, r shows the whole table.
	fmt.Println(r.Sent, "sent,", r.Failed, "failed; at least 5 ms:", r.Latency().Min() >= 5*time.Millisecond)
	// Output: 20 sent, 0 failed; at least 5 ms: true
}

func ExampleClosed() {
	r, err := load.Closed(context.Background(), answer, 4, 100*time.Millisecond)
	fmt.Println(r.Kind, r.Arrivals, r.Answered() > 0, err)
	// Output: closed 4 users true <nil>
}

func ExamplePartly() {
	_, err := load.Partly(context.Background(), answer, load.Poisson(100), 1.5, time.Second)
	fmt.Println(err)
	// Output: load load: sessions stay with the chance 1.5; want 0 or more and less than 1
}

func ExamplePlan_Open() {
	busy := load.Func(func(ctx context.Context) error {
		<-ctx.Done() // never answers
		return ctx.Err()
	})
	r, err := load.Plan{Timeout: 20 * time.Millisecond}.Open(context.Background(), busy, load.Constant(100), 100*time.Millisecond)
	fmt.Println(r.Timeouts, "timed out, error share", r.ErrorShare(), err)
	// Output: 10 timed out, error share 1 <nil>
}

func ExamplePlan_Closed() {
	r, err := load.Plan{Name: "shop", Think: 10 * time.Millisecond}.Closed(context.Background(), answer, 2, 100*time.Millisecond)
	fmt.Println(r.Name, r.FirstError == "", err)
	// Output: shop true <nil>
}

func ExamplePlan_Partly() {
	r, err := load.Plan{Seed: 1}.Partly(context.Background(), answer, load.Burst(3, 100*time.Millisecond), 0.5, 200*time.Millisecond)
	fmt.Println(r.Kind, r.Sent >= 6, err)
	// Output: partly open true <nil>
}

func ExamplePlan_Sweep() {
	_, err := load.Plan{Name: "shop"}.Sweep(context.Background(), answer, []float64{200, 100}, time.Second)
	fmt.Println(err)
	// Output: sweep shop: loads [200 100]; want them ascending
}

func ExampleSweep() {
	c, err := load.Sweep(context.Background(), answer, []float64{200, 400}, 50*time.Millisecond)
	fmt.Println(c.By, len(c.Points), c.Knee().Reason, err)
	// Output: offered 2 2 loads; want at least 3 <nil>
}

func ExampleSweepUsers() {
	c, err := load.SweepUsers(context.Background(), answer, []int{1, 2}, 50*time.Millisecond)
	fmt.Println(c.By, len(c.Points), err)
	// Output: users 2 <nil>
}

func ExamplePlan_SweepUsers() {
	_, err := load.Plan{}.SweepUsers(context.Background(), answer, nil, time.Second)
	fmt.Println(err)
	// Output: sweep load: no loads given
}

func ExampleConstant() {
	fmt.Println(slices.Collect(load.Constant(4).Schedule(1, time.Second)))
	// Output: [0s 250ms 500ms 750ms]
}

func ExamplePoisson() {
	a := load.Poisson(500)
	fmt.Println(a, len(slices.Collect(a.Schedule(1, 10*time.Second))) > 4500)
	// Output: Poisson, 500/s true
}

func ExampleRamp() {
	fmt.Println(load.Ramp(10, 100))
	// Output: ramp, 10/s to 100/s
}

func ExampleBurst() {
	fmt.Println(slices.Collect(load.Burst(2, time.Second).Schedule(1, 2*time.Second)))
	// Output: [0s 0s 1s 1s]
}

func ExampleArrivals_Schedule() {
	for at := range load.Constant(2).Schedule(1, time.Second) {
		fmt.Println(at)
	}
	// Output:
	// 0s
	// 500ms
}

func ExampleGet() {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	err := load.Get(s.Client(), s.URL).Do(context.Background())
	if e := new(load.StatusError); errors.As(err, &e) {
		fmt.Println(e.Code)
	}
	// Output: 404
}

func ExampleHTTP() {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Method) }))
	defer s.Close()
	post := load.HTTP(nil, func(ctx context.Context) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodPost, s.URL, nil)
	})
	fmt.Println(post.Do(context.Background()))
	// Output: <nil>
}

// hedged sends a request a second time when the first has not been answered
// after a while, and takes what comes first.
func hedged(t load.Target, after time.Duration) load.Target {
	return load.Func(func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		answers := make(chan error, 2)
		try := func() { answers <- t.Do(ctx) }
		go try()
		select {
		case err := <-answers:
			return err
		case <-time.After(after):
			go try()
		}
		return <-answers
	})
}

// Retries, hedging and breakers are targets around another one.
func ExampleFunc() {
	var tries atomic.Int32
	slowFirst := load.Func(func(ctx context.Context) error {
		if tries.Add(1) == 1 {
			<-ctx.Done()
		}
		return nil
	})
	fmt.Println(hedged(slowFirst, 10*time.Millisecond).Do(context.Background()), tries.Load())
	// Output: <nil> 2
}

func TestHedgedTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		target := load.Func(func(ctx context.Context) error {
			wait := 10 * time.Millisecond
			if n.Add(1)%50 == 0 {
				wait = time.Second
			}
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			}
			return ctx.Err()
		})
		plain, err1 := load.Open(t.Context(), target, load.Constant(10), 100*time.Second)
		better, err2 := load.Open(t.Context(), hedged(target, 20*time.Millisecond), load.Constant(10), 100*time.Second)
		if err := errors.Join(err1, err2); err != nil || plain.Latency().Quantile(0.99) < time.Second || better.Latency().Max() > 40*time.Millisecond {
			t.Errorf("plain p99 %v, hedged at most %v, %v", plain.Latency().Quantile(0.99), better.Latency().Max(), err)
		}
	})
}

// loaded is a short load for the examples below, in virtual time.
func loaded() (r load.Result) {
	err := virt.Run(func() {
		var err error
		r, err = load.Plan{Name: "shop", Goal: time.Second}.Open(context.Background(), answer, load.Constant(100), 200*time.Millisecond)
		if err != nil {
			panic(err)
		}
	})
	if err != nil {
		panic(err)
	}
	return r
}

func ExampleResult_Latency() {
	h := loaded().Latency()
	fmt.Println(h.Count(), h.Quantile(0.99) >= 5*time.Millisecond)
	// Output: 20 true
}

func ExampleResult_Corrected() {
	r, err := load.Closed(context.Background(), answer, 1, 50*time.Millisecond)
	fmt.Println(r.Corrected(time.Millisecond).Count() > r.Latency().Count(), err)
	// Output: true <nil>
}

func ExampleResult_Quantile() {
	p := loaded().Quantile(0.5)
	fmt.Println(p.Lo <= p.Value, p.Value <= p.Hi)
	// Output: true true
}

func ExampleResult_Goodput() {
	r := loaded()
	fmt.Println(r.Offered(), r.Goodput() <= r.Throughput())
	// Output: 100 true
}

func ExampleLittle_Deviation() {
	l := load.Little{L: 10.2, Lambda: 100, W: 0.1}
	fmt.Printf("%.0f %%\n", 100*l.Deviation())
	// Output: 2 %
}

func ExampleCurve_Knee() {
	fmt.Println(load.Curve{}.Knee().Method)
	// Output: largest power: throughput divided by mean latency (Kleinrock, Power and Deterministic Rules of Thumb, 1979)
}

func ExampleCurve_Scaling() {
	s, err := swept().Scaling()
	fmt.Println(s.Over, s.Points[1].Workers, s.Points[1].Speedup.Value, err)
	// Output: users 2 2 <nil>
}

func ExampleLoad() {
	_, err := load.Load("no-such-file.json")
	fmt.Println(err)
	// Output: load result: open no-such-file.json: no such file or directory
}

func ExampleLoadCurve() {
	_, err := load.LoadCurve("no-such-file.json")
	fmt.Println(err)
	// Output: load result: open no-such-file.json: no such file or directory
}
