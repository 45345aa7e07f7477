package scale_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/scale"
	"github.com/interleave-lab/interleave/lib/stats"
)

// partly is work of which a share cannot be divided, in virtual time.
func partly(serial float64) scale.Work {
	return func(_ context.Context, workers int) (int64, error) {
		const whole = 10 * time.Second
		time.Sleep(time.Duration(float64(whole) * (serial + (1-serial)/float64(workers))))
		return 1000, nil
	}
}

func TestWorkersInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := scale.Plan{Work: "mix", Levels: []int{1, 2, 4, 8}, Budget: time.Hour, Seed: 2}.Workers(t.Context(), partly(0.2))
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []float64{1, 1 / 0.6, 2.5, 1 / 0.3} {
			p := c.Points[i]
			if math.Abs(p.Speedup.Value-want) > 1e-9 || math.Abs(p.Efficiency.Value-want/float64(p.Workers)) > 1e-9 {
				t.Errorf("%d workers: speed-up %v, efficiency %v; want %v", p.Workers, p.Speedup, p.Efficiency, want)
			}
			if i > 0 && p.Verdict != stats.Faster {
				t.Errorf("%d workers: %s", p.Workers, p.Verdict)
			}
		}
		if got := c.Points[0].Throughput.Value; math.Abs(got-100) > 1e-9 {
			t.Errorf("throughput %v, want 100 a second", got)
		}
		if f := scale.FitAmdahl(c); f.Refused != "" || math.Abs(f.Parameters[0].Value-0.2) > 1e-6 || math.Abs(f.Bound.Value-5) > 1e-4 {
			t.Errorf("%s", f)
		}
		if !strings.HasPrefix(c.String(), "mix: 3.33× with workers 8, efficiency 41.7 %\n") {
			t.Errorf("got\n%s", c)
		}
	})
}

func TestCoresSetsAndRestores(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	seen := map[int]int{}
	c, err := scale.Plan{Levels: []int{1, 3}, Rounds: 2, Least: time.Millisecond}.Cores(t.Context(), func(_ context.Context, workers int) (int64, error) {
		seen[workers] = runtime.GOMAXPROCS(0)
		time.Sleep(time.Millisecond)
		return 1, nil
	})
	if err != nil || seen[1] != 1 || seen[3] != 3 || runtime.GOMAXPROCS(0) != before {
		t.Errorf("saw %v, now %d, before %d; %v", seen, runtime.GOMAXPROCS(0), before, err)
	}
	if c.Over != "GOMAXPROCS" || c.Points[0].Speedup.Value != 1 || c.Rounds() != 2 {
		t.Errorf("curve %+v", c)
	}
}

func TestWorkThatFails(t *testing.T) {
	odd := errors.New("odd")
	n := 0
	for want, p := range map[string]struct {
		plan scale.Plan
		work scale.Work
	}{
		"run: odd":                                                          {scale.Plan{}, func(context.Context, int) (int64, error) { return 0, odd }},
		"the work says that it did 0 operations":                            {scale.Plan{}, func(context.Context, int) (int64, error) { return 0, nil }},
		"levels [2 1]; want numbers from 1 on":                              {scale.Plan{Levels: []int{2, 1}}, partly(0)},
		"levels [0 1]; want numbers from 1 on":                              {scale.Plan{Levels: []int{0, 1}}, partly(0)},
		"levels [1 1]; want numbers from 1 on":                              {scale.Plan{Levels: []int{1, 1}}, partly(0)},
		"the results with workers 1 and workers 2 disagree, so their times": {scale.Plan{Levels: []int{1, 2}, Result: func() any { n++; return n }}, func(context.Context, int) (int64, error) { return 1, nil }},
	} {
		before := runtime.GOMAXPROCS(0)
		if _, err := p.plan.Workers(t.Context(), p.work); err == nil || !strings.Contains(err.Error(), "scale work: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if runtime.GOMAXPROCS(0) != before {
			t.Error("GOMAXPROCS is not restored")
		}
	}
}

// Work that panics, or whose goroutine is stopped, leaves GOMAXPROCS as it was.
func TestCoresRestoresWhateverHappens(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	for name, stop := range map[string]func(){"panic": func() { panic("odd") }, "stopped": runtime.Goexit} {
		var all sync.WaitGroup
		all.Add(1)
		go func() {
			defer all.Done()
			defer func() { _ = recover() }()
			scale.Plan{Levels: []int{before + 1}}.Cores(context.Background(), func(context.Context, int) (int64, error) {
				stop()
				return 1, nil
			})
			t.Errorf("%s: Cores returned", name)
		}()
		all.Wait()
		if now := runtime.GOMAXPROCS(0); now != before {
			t.Errorf("%s: GOMAXPROCS is %d, was %d", name, now, before)
			runtime.GOMAXPROCS(before)
		}
	}
}

func TestInterruptedCurve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 190*time.Second)
		defer cancel()
		c, err := scale.Plan{Levels: []int{1, 2}, Budget: time.Hour}.Workers(ctx, partly(0.2))
		if err != nil || c.Rounds() == 0 || c.Rounds() == 10 || !strings.HasPrefix(c.Partial, "context deadline exceeded after ") {
			t.Errorf("%d rounds, partial %q, %v", c.Rounds(), c.Partial, err)
		}
		if len(c.Points[0].Rounds) != len(c.Points[1].Rounds) {
			t.Error("an incomplete round was kept")
		}
	})
}

// simulated is a curve whose truth is known: ten rounds at each level, with
// lognormal scatter.
func simulated(r *rand.Rand, levels []int, noise float64, speedup func(n float64) float64, grows bool) scale.Curve {
	var points []scale.Point
	for _, n := range levels {
		p := scale.Point{Workers: n}
		for range 10 {
			ops := int64(1e6)
			if grows {
				ops *= int64(n)
			}
			ns := float64(ops) * 1000 / speedup(float64(n)) * math.Exp(noise*r.NormFloat64())
			p.Rounds, p.Ops = append(p.Rounds, time.Duration(ns)), append(p.Ops, ops)
		}
		points = append(points, p)
	}
	c, err := scale.Measured("simulated", "workers", points...)
	if err != nil {
		panic(err)
	}
	return c
}

func amdahl(sigma float64) func(float64) float64 {
	return func(n float64) float64 { return n / (1 + sigma*(n-1)) }
}

func usl(sigma, kappa float64) func(float64) float64 {
	return func(n float64) float64 { return n / (1 + sigma*(n-1) + kappa*n*(n-1)) }
}

var eight = []int{1, 2, 3, 4, 5, 6, 7, 8}

func TestAmdahlRecoversTheSerialShare(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, sigma := range []float64{0, 0.05, 0.15, 0.3, 0.5} {
		for range 30 {
			f := scale.FitAmdahl(simulated(r, eight, 0.02, amdahl(sigma), false))
			if f.Refused != "" || math.Abs(f.Parameters[0].Value-sigma) > 0.02 {
				t.Fatalf("σ = %v: %s", sigma, f)
			}
		}
	}
	f := scale.FitAmdahl(simulated(r, []int{1, 2}, 0.01, amdahl(0.1), false))
	if f.Refused != "" || math.Abs(f.Parameters[0].Value-0.1) > 0.05 || len(f.Warnings) != 1 {
		t.Errorf("two levels: %s", f)
	}
}

func TestUSLIntervalsCoverTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const trials = 120
	const sigma, kappa = 0.08, 0.01
	peak := math.Sqrt((1 - sigma) / kappa)
	levels := []int{1, 2, 4, 6, 8, 12, 16, 24}
	var covered [4]int
	for range trials {
		f := scale.FitUSL(simulated(r, levels, 0.03, usl(sigma, kappa), false))
		if f.Refused != "" {
			t.Fatalf("refused: %s", f)
		}
		for i, ok := range []bool{f.Parameters[0].Holds(sigma), f.Parameters[1].Holds(kappa), f.Peak.Holds(peak), f.At(10).Holds(usl(sigma, kappa)(10))} {
			if ok {
				covered[i]++
			}
		}
	}
	for i, name := range []string{"σ", "κ", "peak", "speed-up at 10"} {
		share := float64(covered[i]) / trials
		t.Logf("%s: covered in %.1f %%", name, 100*share)
		if share < 0.90 || share > 0.995 {
			t.Errorf("%s: covered in %.1f %%, want about 95 %%", name, 100*share)
		}
	}
}

// Where κ is zero there is no peak, and the fit must not claim one.
func TestUSLWithoutCoherency(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	claimed := 0
	for range 40 {
		f := scale.FitUSL(simulated(r, eight, 0.02, amdahl(0.2), false))
		if f.Refused == "" && !math.IsInf(f.Peak.Hi, 1) {
			claimed++
		}
	}
	if claimed > 4 {
		t.Errorf("a peak was claimed in %d of 40 fits, want 2 at most by chance", claimed)
	}
}

func TestGustafson(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	c := simulated(r, eight, 0.02, func(n float64) float64 { return n - 0.1*(n-1) }, true)
	if f := scale.FitGustafson(c); f.Refused != "" || math.Abs(f.Parameters[0].Value-0.1) > 0.02 || !math.IsInf(f.Bound.Value, 1) {
		t.Errorf("%s", f)
	}
	if f := scale.FitAmdahl(c); f.Refused == "" && len(f.Warnings) == 0 {
		t.Errorf("growing work is no case for Amdahl: %s", f)
	}
	fixed := simulated(r, eight, 0.02, amdahl(0.1), false)
	if f := scale.FitGustafson(fixed); !strings.Contains(f.Refused, "does not grow") {
		t.Errorf("fixed work is no case for Gustafson: %s", f)
	}
}

func TestFitsRefuse(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	level := map[float64]float64{}
	jumps := func(n float64) float64 { // every level is somewhere else
		if level[n] == 0 {
			level[n] = math.Exp(0.5 * r.NormFloat64())
		}
		return level[n]
	}
	flat := func(float64) float64 { return 1 }
	for name, c := range map[string]struct {
		curve scale.Curve
		fit   func(scale.Curve) scale.Fit
		want  string
	}{
		"levels at random":      {simulated(r, eight, 0.02, jumps, false), scale.FitUSL, "depart from the law"},
		"levels at random, too": {simulated(r, eight, 0.02, jumps, false), scale.FitAmdahl, "depart from the law"},
		"rounds at random":      {simulated(r, eight, 0.6, flat, false), scale.FitUSL, "the rounds scatter by"},
		"few levels, noisy":     {simulated(r, []int{1, 2, 3, 4}, 0.2, amdahl(0.5), false), scale.FitUSL, "may be anything from"},
		"faster than linear":    {simulated(r, eight, 0.02, func(n float64) float64 { return n * n }, false), scale.FitAmdahl, "depart from the law"},
		"goes back":             {simulated(r, eight, 0.02, usl(0.1, 0.1), false), scale.FitAmdahl, "depart from the law"},
		"three levels":          {simulated(r, []int{1, 2, 4}, 0.01, usl(0.1, 0.01), false), scale.FitUSL, "3 levels; want at least 4"},
		"one level":             {simulated(r, []int{1}, 0.01, flat, false), scale.FitAmdahl, "1 levels; want at least 2"},
	} {
		f := c.fit(c.curve)
		if !strings.Contains(f.Refused, c.want) || !strings.Contains(f.String(), " refused: ") {
			t.Errorf("%s: refused %q, want %s", name, f.Refused, c.want)
		}
	}
}

// On nothing but noise a fit must refuse, nearly always.
func TestNoiseIsRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	accepted := 0
	for range 80 {
		level := map[float64]float64{}
		c := simulated(r, eight, 0.1, func(n float64) float64 {
			if level[n] == 0 {
				level[n] = math.Exp(0.4 * r.NormFloat64())
			}
			return level[n]
		}, false)
		if scale.FitUSL(c).Refused == "" {
			accepted++
		}
	}
	if accepted > 4 {
		t.Errorf("%d of 80 fits to noise were accepted", accepted)
	}
}

func TestSaveAndLoad(t *testing.T) {
	c := simulated(rand.New(rand.NewPCG(7, 7)), eight, 0.02, usl(0.1, 0.02), false)
	c.Points[2].Marks = make([]string, 10)
	c.Points[2].Marks[4] = "steal 9 %"
	path := filepath.Join(t.TempDir(), "c.json")
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	back, err := scale.Load(path)
	if err != nil || back.String() != c.String() || back.Disturbed() != 1 {
		t.Errorf("saved\n%s\nloaded\n%s\n%v", c, back, err)
	}
	if d := display.Of(c); d.Bundle[result.MIME].(result.File).Series[7].Name != "workers 8" {
		t.Errorf("bundle %v", d.Bundle)
	}
	f, err := result.Load(path)
	if err != nil || f.Series[0].Better != result.More || f.Disturbed != 1 {
		t.Errorf("file %+v, %v", f, err)
	}
	if d := display.Of(scale.FitUSL(c)); !strings.Contains(d.Bundle["text/html"].(string), "USL: at most") {
		t.Errorf("fit %v", d.Bundle)
	}
}

func TestWrongPoints(t *testing.T) {
	good := scale.Point{Workers: 1, Rounds: []time.Duration{1}, Ops: []int64{1}}
	for want, points := range map[string][]scale.Point{
		"scale w: no points": nil,
		"scale w: point 2: 1 workers; want a number from 1 on, and more than at the point before": {good, good},
		"scale w: point 1: 1 rounds and 0 counts of operations; want as many, at least one":       {{Workers: 1, Rounds: []time.Duration{1}}},
		"scale w: point 1: a round took 0s, one did 1 operations; want more than 0":               {{Workers: 1, Rounds: []time.Duration{0}, Ops: []int64{1}}},
		"scale w: point 1: 1 rounds and 2 processor times; want as many":                          {{Workers: 1, Rounds: []time.Duration{1}, Ops: []int64{1}, Spent: make([]machine.Spent, 2)}},
	} {
		if _, err := scale.Measured("w", "workers", points...); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// The limits of the machine stand under the curve.
func TestLimits(t *testing.T) {
	c := simulated(rand.New(rand.NewPCG(8, 8)), eight, 0.02, amdahl(0.1), false)
	c.Over = "GOMAXPROCS"
	c.Machine.Cores, c.Machine.Physical, c.Machine.Quota = 6, 4, 2.5
	for _, want := range []string{"above 4 the workers share physical cores", "the quota grants 2.50 cores", "above 6 the workers share logical cores"} {
		if !strings.Contains(c.String(), want) {
			t.Errorf("%q is missing in\n%s", want, c)
		}
	}
}
