package load_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/hdr"
	"github.com/interleave-lab/interleave/lib/interrupt"
	"github.com/interleave-lab/interleave/lib/load"
	"github.com/interleave-lab/interleave/lib/queueing"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/scale"
)

// stalling is a server that answers in 10 ms, but stands still for the last
// second of every five.
func stalling() load.Target {
	begin := time.Now()
	return load.Func(func(context.Context) error {
		if phase := time.Since(begin) % (5 * time.Second); phase >= 4*time.Second {
			time.Sleep(5*time.Second - phase)
		}
		time.Sleep(10 * time.Millisecond)
		return nil
	})
}

// A fifth of the users come during a stall and wait for up to a second: one in
// a hundred waits 950 ms and longer. Only the open loop sees it.
func TestCoordinatedOmission(t *testing.T) {
	const analytic = 0.95*float64(time.Second) + float64(10*time.Millisecond)
	within := func(name string, h *hdr.Histogram) {
		got := float64(h.Quantile(0.99))
		t.Logf("%s: p99 %v", name, time.Duration(got))
		if math.Abs(got/analytic-1) > 0.05 {
			t.Errorf("%s: p99 is %v, want %v within 5 %%", name, time.Duration(got), time.Duration(analytic))
		}
	}
	for name, arrivals := range map[string]load.Arrivals{"constant": load.Constant(200), "Poisson": load.Poisson(200)} {
		synctest.Test(t, func(t *testing.T) {
			r, err := load.Open(t.Context(), stalling(), arrivals, 50*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			within("open, "+name, r.Latency())
			if p := r.Quantile(0.99); !p.HasInterval() || p.Hi < analytic*0.9 {
				t.Errorf("p99 %v", p)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r, err := load.Closed(t.Context(), stalling(), 1, 50*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if naive := r.Latency().Quantile(0.99); naive > 20*time.Millisecond {
			t.Errorf("the closed loop sees the stall: p99 %v", naive)
		}
		within("closed, corrected", r.Corrected(10*time.Millisecond))
		if !strings.Contains(r.String(), "a closed loop does not see what a stall costs") {
			t.Errorf("no warning:\n%s", r)
		}
	})
}

// station is a server of c slots with exponential service times.
func station(slots int, rate float64) load.Target {
	free := make(chan bool, slots)
	var mu sync.Mutex // guards random
	random := rand.New(rand.NewPCG(9, 9))
	return load.Func(func(context.Context) error {
		free <- true
		mu.Lock()
		d := time.Duration(random.ExpFloat64() / rate * float64(time.Second))
		mu.Unlock()
		time.Sleep(d)
		<-free
		return nil
	})
}

// What is measured must be what theory says, and Little's law must hold.
func TestMeasuredAgreesWithTheory(t *testing.T) {
	for _, m := range []queueing.MMc{{Arrivals: 60, Service: 100, Servers: 1}, {Arrivals: 300, Service: 100, Servers: 4}} {
		synctest.Test(t, func(t *testing.T) {
			length := time.Duration(60_000 / m.Arrivals * float64(time.Second))
			r, err := load.Plan{Seed: 4}.Open(t.Context(), station(m.Servers, m.Service), load.Poisson(m.Arrivals), length)
			if err != nil {
				t.Fatal(err)
			}
			got := r.Latency().Mean().Seconds()
			t.Logf("%+v: response %.4f s, in theory %.4f s; L %.3f, λW %.3f", m, got, m.Response(), r.Little.L, r.Little.Lambda*r.Little.W)
			if math.Abs(got/m.Response()-1) > 0.03 {
				t.Errorf("%+v: response %v s, in theory %v s", m, got, m.Response())
			}
			if d := r.Little.Deviation(); math.Abs(d) > 0.02 || math.Abs(r.Little.L/m.Present()-1) > 0.03 {
				t.Errorf("%+v: L is %v, λW %v, in theory %v", m, r.Little.L, r.Little.Lambda*r.Little.W, m.Present())
			}
			if p := r.Latency().Quantile(0.9).Seconds(); math.Abs(p/m.ResponseQuantile(0.9)-1) > 0.05 {
				t.Errorf("%+v: p90 %v, in theory %v", m, p, m.ResponseQuantile(0.9))
			}
		})
	}
}

// Concurrency c at a latency of w gives c/w answers a second, and a server
// that takes one at a time gives one.
func TestClosedThroughput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := make(chan bool, 1)
		for name, c := range map[string]struct {
			target load.Target
			think  time.Duration
			want   float64
		}{
			"concurrent": {load.Func(func(context.Context) error { time.Sleep(time.Second); return nil }), 0, 20},
			"thinking":   {load.Func(func(context.Context) error { time.Sleep(time.Second); return nil }), time.Second, 10},
			"serial": {load.Func(func(context.Context) error {
				one <- true
				time.Sleep(time.Second)
				<-one
				return nil
			}), 0, 1},
		} {
			r, err := load.Plan{Think: c.think}.Closed(t.Context(), c.target, 20, 100*time.Second)
			if err != nil || math.Abs(r.Throughput()/c.want-1) > 0.03 {
				t.Errorf("%s: %v answers a second, want %v; %v", name, r.Throughput(), c.want, err)
			}
		}
	})
}

func TestOutcomesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		odd := errors.New("odd")
		var n atomic.Int64
		target := load.Func(func(ctx context.Context) error {
			switch n.Add(1) % 4 {
			case 0:
				return odd
			case 1:
				<-ctx.Done()
				return ctx.Err()
			}
			time.Sleep(10 * time.Millisecond)
			return nil
		})
		r, err := load.Plan{Timeout: time.Second, Goal: 5 * time.Millisecond}.Open(t.Context(), target, load.Constant(100), 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if r.Sent != 1000 || r.Failed != 250 || r.Timeouts != 250 || r.Answered() != 500 || r.Refused != 0 || r.Cut != 0 {
			t.Errorf("%d sent, %d failed, %d timed out, %d answered", r.Sent, r.Failed, r.Timeouts, r.Answered())
		}
		if r.ErrorShare() != 0.5 || r.FirstError != "odd" || r.Goodput() != 0 || r.Throughput() != 50 || r.Offered() != 100 {
			t.Errorf("errors %v, first %q, goodput %v, throughput %v, offered %v", r.ErrorShare(), r.FirstError, r.Goodput(), r.Throughput(), r.Offered())
		}
		// Who timed out waited for that long; who failed at once did not wait.
		if l := r.Latency(); l.Count() != 750 || l.Max() != time.Second {
			t.Errorf("%d latencies up to %v", l.Count(), l.Max())
		}
	})
}

// What is not answered long after the end is given up and counts as timed out.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := load.Func(func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) })
		r, err := load.Plan{Drain: 3 * time.Second}.Open(t.Context(), never, load.Constant(1), 10*time.Second)
		if err != nil || r.Timeouts != 10 || r.Took != 13*time.Second || r.Partial != "" {
			t.Errorf("%d timed out, took %v, partial %q, %v", r.Timeouts, r.Took, r.Partial, err)
		}
	})
}

func TestTooManyUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := load.Func(func(context.Context) error { time.Sleep(10 * time.Second); return nil })
		r, err := load.Plan{Most: 5}.Open(t.Context(), slow, load.Constant(1), 20*time.Second)
		if err != nil || r.Sent != 10 || r.Refused != 10 || r.ErrorShare() != 0.5 {
			t.Errorf("%d sent, %d refused, errors %v, %v", r.Sent, r.Refused, r.ErrorShare(), err)
		}
	})
}

// A target that ignores its context is left behind, and holds up nothing.
func TestStragglers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := load.Func(func(context.Context) error { time.Sleep(time.Hour); return nil })
		r, err := load.Plan{Drain: time.Second}.Open(t.Context(), deaf, load.Constant(1), 10*time.Second)
		if err != nil || r.Timeouts != 10 || r.Took > 12*time.Second {
			t.Errorf("%d timed out, took %v, %v", r.Timeouts, r.Took, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5500*time.Millisecond)
		defer cancel()
		var n atomic.Int64
		half := load.Func(func(context.Context) error {
			if n.Add(1)%2 == 0 {
				time.Sleep(time.Hour)
			}
			time.Sleep(100 * time.Millisecond)
			return nil
		})
		r, err = load.Open(ctx, half, load.Constant(2), time.Minute)
		if err != nil || r.Sent != 12 && r.Sent != 11 || r.Cut != r.Sent/2 || r.Answered() != r.Sent-r.Cut || r.Took > 6*time.Second {
			t.Errorf("%d sent, %d cut, %d answered, took %v, %v", r.Sent, r.Cut, r.Answered(), r.Took, err)
		}
		time.Sleep(2 * time.Hour) // those left behind end as well, and are not counted
		if r.Answered() > 6 {
			t.Errorf("%d answered", r.Answered())
		}
	})
}

// A request whose goroutine is stopped counts as cut off.
func TestStoppedGoroutines(t *testing.T) {
	var n atomic.Int64
	dies := load.Func(func(context.Context) error {
		if n.Add(1)%2 == 0 {
			runtime.Goexit()
		}
		return nil
	})
	synctest.Test(t, func(t *testing.T) {
		r, err := load.Open(t.Context(), dies, load.Constant(10), 10*time.Second)
		if err != nil || r.Sent != 100 || r.Cut != 50 || r.Answered() != 50 || r.Little.L != 0 {
			t.Errorf("%d sent, %d cut, %d answered, L %v, %v", r.Sent, r.Cut, r.Answered(), r.Little.L, err)
		}
	})
}

func TestPartlyOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		quick := load.Func(func(context.Context) error { time.Sleep(10 * time.Millisecond); return nil })
		r, err := load.Plan{Think: 10 * time.Millisecond, Seed: 2}.Partly(t.Context(), quick, load.Poisson(20), 0.8, 500*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if each := r.Throughput() / 20; math.Abs(each-5) > 0.25 {
			t.Errorf("%.2f requests a session, want 5", each)
		}
		if r.Kind != "partly open" || r.Latency().Max() != 10*time.Millisecond {
			t.Errorf("kind %s, latency up to %v", r.Kind, r.Latency().Max())
		}
	})
}

func TestInterruptedLoad(t *testing.T) {
	source := make(chan func(), 1)
	interrupt.SetSource(func(f func()) func() { source <- f; return func() {} })
	defer interrupt.SetSource(nil)
	synctest.Test(t, func(t *testing.T) {
		ring := func(after time.Duration) { time.AfterFunc(after, func() { (<-source)() }) }
		waits := load.Func(func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(500 * time.Millisecond):
				return nil
			}
		})
		for name, start := range map[string]func() (load.Result, error){
			"open":   func() (load.Result, error) { return load.Open(t.Context(), waits, load.Constant(10), time.Minute) },
			"closed": func() (load.Result, error) { return load.Closed(t.Context(), waits, 5, time.Minute) },
		} {
			ring(10250 * time.Millisecond)
			r, err := start()
			if err != nil || r.Partial != "interrupted after 10.25s of 1m0s" || r.Cut != 5 || r.Failed+r.Timeouts != 0 {
				t.Errorf("%s: partial %q, %d cut, %d failed, %d timed out, %v", name, r.Partial, r.Cut, r.Failed, r.Timeouts, err)
			}
			if math.Abs(r.Throughput()-10) > 0.6 {
				t.Errorf("%s: %v answers a second in the time there was, want 10", name, r.Throughput())
			}
		}
		ring(100 * time.Millisecond)
		if _, err := load.Closed(t.Context(), waits, 1, time.Minute); err == nil || err.Error() != "load load: no request ended in 100ms" {
			t.Errorf("got %v", err)
		}
	})
}

func TestWrongPlans(t *testing.T) {
	none := load.Func(func(context.Context) error { return nil })
	open := func(a load.Arrivals, length time.Duration) error {
		_, err := load.Open(t.Context(), none, a, length)
		return err
	}
	_, users := load.Closed(t.Context(), none, 0, time.Second)
	_, stay := load.Partly(t.Context(), none, load.Constant(1), 1, time.Second)
	_, nothing := load.Sweep(t.Context(), none, nil, time.Second)
	_, order := load.Sweep(t.Context(), none, []float64{2, 1}, time.Second)
	for want, err := range map[string]error{
		"load load: it is to last 0s; want more than 0":                              open(load.Constant(1), 0),
		"load load: a rate of 0 requests a second; want more than 0":                 open(load.Poisson(0), time.Second),
		"load load: a rate of -1 requests a second; want more than 0":                open(load.Ramp(1, -1), time.Second),
		"load load: bursts of 0 every 1s; want at least one, and more than 0":        open(load.Burst(0, time.Second), time.Second),
		"load load: no arrivals; make them with Constant, Poisson, Ramp or Burst":    open(load.Arrivals{}, time.Second),
		"load load: 0 users for 1s; want at least one, for longer than 0":            users,
		"load load: sessions stay with the chance 1; want 0 or more and less than 1": stay,
		"sweep load: no loads given":                                                 nothing,
		"sweep load: loads [2 1]; want them ascending":                               order,
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestArrivals(t *testing.T) {
	times := func(a load.Arrivals, seed uint64, length time.Duration) []time.Duration {
		return slices.Collect(a.Schedule(seed, length))
	}
	if got := times(load.Constant(4), 1, time.Second); !slices.Equal(got, []time.Duration{0, 250e6, 500e6, 750e6}) {
		t.Errorf("constant: %v", got)
	}
	if got := times(load.Burst(2, time.Second), 1, 2*time.Second); !slices.Equal(got, []time.Duration{0, 0, 1e9, 1e9}) {
		t.Errorf("bursts: %v", got)
	}
	if got := times(load.Poisson(0), 1, time.Second); len(got) != 0 {
		t.Errorf("arrivals that make no sense: %v", got)
	}
	p := times(load.Poisson(100), 1, 100*time.Second)
	if !slices.Equal(p, times(load.Poisson(100), 1, 100*time.Second)) || slices.Equal(p, times(load.Poisson(100), 2, 100*time.Second)) || !slices.IsSorted(p) {
		t.Error("Poisson: not as its seed says")
	}
	if math.Abs(float64(len(p))/10_000-1) > 0.03 {
		t.Errorf("Poisson: %d arrivals, want about 10,000", len(p))
	}
	short := 0 // times between arrivals below their mean: 1 - 1/e of all
	for i := 1; i < len(p); i++ {
		if p[i]-p[i-1] < 10*time.Millisecond {
			short++
		}
	}
	if share := float64(short) / float64(len(p)); math.Abs(share-0.632) > 0.015 {
		t.Errorf("Poisson: %.3f of the gaps are short, want 0.632", share)
	}
	for _, c := range [][2]float64{{10, 190}, {190, 10}, {100, 100}} {
		all := times(load.Ramp(c[0], c[1]), 3, 100*time.Second)
		first := 0
		for _, at := range all {
			if at < 50*time.Second {
				first++
			}
		}
		want := 50 * (c[0]*3 + c[1]) / 4
		if math.Abs(float64(len(all))/10_000-1) > 0.03 || math.Abs(float64(first)/want-1) > 0.05 {
			t.Errorf("ramp %v: %d arrivals, %d in the first half; want 10,000 and %v", c, len(all), first, want)
		}
	}
}

// A sweep over a station must find the knee where theory has it: for one
// server the power ρ(1-ρ) is largest at one half.
func TestKnee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := load.Plan{Name: "station", Seed: 1, Goal: 100 * time.Millisecond}.Sweep(t.Context(), station(1, 100), []float64{10, 30, 50, 70, 90, 150}, 30*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		k := c.Knee()
		if !k.Found || k.Level != 50 || k.Saturated != 5 {
			t.Errorf("knee %+v\n%s", k, c)
		}
		if !strings.HasPrefix(c.String(), "station: knee at offered 50, 99 % of the requests within ") {
			t.Errorf("got\n%s", c)
		}
		low := load.Curve{Name: "low", By: c.By, Points: c.Points[:2]}
		if k := low.Knee(); k.Found || k.Reason != "2 loads; want at least 3" {
			t.Errorf("knee %+v", k)
		}
		if k := (load.Curve{Points: c.Points[:3]}).Knee(); k.Found || k.Reason != "the largest load is still below the knee" {
			t.Errorf("knee %+v", k)
		}
		if k := (load.Curve{Points: c.Points[3:]}).Knee(); k.Found || k.Reason != "the smallest load is the knee or above it already" {
			t.Errorf("knee %+v", k)
		}
		path := filepath.Join(t.TempDir(), "c.json")
		if err := c.Save(path); err != nil {
			t.Fatal(err)
		}
		back, err := load.LoadCurve(path)
		if err != nil || back.String() != c.String() {
			t.Errorf("saved\n%s\nloaded\n%s\n%v", c, back, err)
		}
		if d := display.Of(c); d.Bundle[result.MIME].(result.File).Kind != "load.Curve" {
			t.Errorf("bundle %v", d.Bundle)
		}
	})
}

// Throughput by the size of a pool is a curve that a law can be fitted to.
func TestUsersScale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := load.SweepUsers(t.Context(), station(4, 100), []int{1, 2, 4, 8, 16}, 100*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.Scaling()
		if err != nil || len(s.Points) != 5 || s.Rounds() != 20 || math.Abs(s.Points[1].Speedup.Value/2-1) > 0.1 || math.Abs(s.Points[4].Speedup.Value/4-1) > 0.1 {
			t.Errorf("%s\n%v", s, err)
		}
		if f := scale.FitUSL(s); f.Refused == "" && f.At(1).Value != 1 {
			t.Errorf("%s", f)
		}
	})
}

func TestInterruptedSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		quick := load.Func(func(context.Context) error { return nil })
		c, err := load.Sweep(ctx, quick, []float64{1, 2, 3, 4}, 10*time.Second)
		if err != nil || len(c.Points) != 2 || c.Partial != "2 of 4 loads; the next was context deadline exceeded after 5s of 10s" {
			t.Errorf("%d points, partial %q, %v", len(c.Points), c.Partial, err)
		}
		if _, err := load.Sweep(ctx, quick, []float64{1}, 10*time.Second); err == nil {
			t.Error("no load was measured, no error")
		}
	})
}

func TestSaveAndLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := load.Plan{Name: "stalling", Seed: 8, Goal: 50 * time.Millisecond, Parts: []string{"miniredis"}}.Open(t.Context(), stalling(), load.Poisson(100), 20*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "r.json")
		if err := r.Save(path); err != nil {
			t.Fatal(err)
		}
		back, err := load.Load(path)
		if err != nil || back.String() != r.String() || back.Goodput() != r.Goodput() {
			t.Errorf("saved\n%s\nloaded\n%s\n%v", r, back, err)
		}
		f, err := result.Load(path)
		if err != nil || f.Parts[0] != "miniredis" || f.Seed != 8 || len(f.Series) != 5 || f.Series[4].Name != "p99" {
			t.Errorf("file %+v, %v", f.Series, err)
		}
		if d := display.Of(r); d.Bundle[result.MIME].(result.File).Kind != "load.Result" || !strings.Contains(d.Bundle["text/html"].(string), "latency p99.9") {
			t.Errorf("bundle %v", d.Bundle["text/html"])
		}
		f.Detail = []byte("{}")
		if err := f.Save(path); err != nil {
			t.Fatal(err)
		}
		if _, err := load.Load(path); err == nil || !strings.HasSuffix(err.Error(), "a histogram is missing") {
			t.Errorf("got %v", err)
		}
	})
}

func TestHTTP(t *testing.T) {
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%5 == 0 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
		}
	}))
	defer s.Close()
	r, err := load.Open(t.Context(), load.Get(s.Client(), s.URL), load.Constant(100), 200*time.Millisecond)
	if err != nil || r.Sent != 20 || r.Failed != 4 || r.FirstError != "status 503 Service Unavailable" || r.ErrorShare() != 0.2 {
		t.Errorf("%d sent, %d failed, errors %v, first %q, %v", r.Sent, r.Failed, r.ErrorShare(), r.FirstError, err)
	}
	refused := load.HTTP(nil, func(context.Context) (*http.Request, error) { return nil, errors.New("no request") })
	if err := refused.Do(t.Context()); err == nil || err.Error() != "no request" {
		t.Errorf("got %v", err)
	}
	s.Close()
	if err := load.Get(nil, s.URL).Do(t.Context()); err == nil {
		t.Error("a server that is gone answers")
	}
}

// The interval of a percentile must hold the true one, here of independent
// exponential times.
func TestQuantileCoversTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	const trials = 25
	covered := 0
	for range trials {
		one := load.Result{Windows: make([]load.Window, 20)}
		for i := range one.Windows {
			one.Windows[i].Latency = &hdr.Histogram{}
			for range 100 {
				one.Windows[i].Latency.Record(time.Duration(r.ExpFloat64() * 1e9))
			}
		}
		if one.Quantile(0.9).Holds(math.Log(10) * 1e9) {
			covered++
		}
	}
	t.Logf("covered %d of %d", covered, trials)
	if covered < 21 {
		t.Errorf("the interval holds the true percentile in %d of %d, want about 24", covered, trials)
	}
}
