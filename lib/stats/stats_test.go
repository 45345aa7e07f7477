package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/interleave-lab/interleave/lib/stats"
)

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

func TestQuantile(t *testing.T) {
	xs := []float64{1, 2, 3, 4}
	for p, want := range map[float64]float64{0: 1, 0.5: 2.5, 1: 4, 0.25: 1.75} {
		if got := stats.Quantile(xs, p); got != want {
			t.Errorf("quantile %v is %v, want %v", p, got, want)
		}
	}
	if !math.IsNaN(stats.Quantile(nil, 0.5)) {
		t.Error("the quantile of nothing is not NaN")
	}
}

// Tables of the usual books.
func TestDistributions(t *testing.T) {
	for p, want := range map[float64]float64{0.975: 1.959964, 0.5: 0, 0.025: -1.959964, 0.999: 3.090232} {
		if got := stats.NormalQuantile(p); !near(got, want, 1e-6) {
			t.Errorf("normal %v: %v, want %v", p, got, want)
		}
	}
	for freedom, want := range map[float64]float64{1: 12.7062, 2: 4.302653, 5: 2.570582, 10: 2.228139, 30: 2.042272, 1e6: 1.959966} {
		if got := stats.StudentQuantile(0.975, freedom); !near(got, want, 1e-4) {
			t.Errorf("t with %v degrees: %v, want %v", freedom, got, want)
		}
		if got := stats.StudentQuantile(0.025, freedom); !near(got, -want, 1e-4) {
			t.Errorf("t with %v degrees, lower: %v, want %v", freedom, got, -want)
		}
	}
	for _, c := range []struct{ f, a, b, want float64 }{{4.964603, 1, 10, 0.05}, {3.325835, 5, 10, 0.05}, {5.636326, 5, 10, 0.01}, {0, 1, 1, 1}} {
		if got := stats.FisherTail(c.f, c.a, c.b); !near(got, c.want, 1e-5) {
			t.Errorf("F(%v, %v) above %v: %v, want %v", c.a, c.b, c.f, got, c.want)
		}
	}
}

// distributions have the median zero.
var distributions = map[string]func(r *rand.Rand) float64{
	"normal":      func(r *rand.Rand) float64 { return r.NormFloat64() },
	"exponential": func(r *rand.Rand) float64 { return r.ExpFloat64() - math.Ln2 },
	"lognormal":   func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()) - 1 },
	"two modes": func(r *rand.Rand) float64 {
		return []float64{-1, 0, 1}[r.IntN(3)] + 0.2*r.NormFloat64()
	},
	"heavy tails": func(r *rand.Rand) float64 { return r.NormFloat64() / math.Abs(r.NormFloat64()) },
}

func TestMedianIntervalCoversTheTruth(t *testing.T) {
	for name, draw := range distributions {
		for _, n := range []int{6, 7, 10, 25} {
			r := rand.New(rand.NewPCG(3, uint64(n)))
			const trials = 4000
			covered := 0
			xs := make([]float64, n)
			for trial := range trials {
				for i := range xs {
					xs[i] = draw(r)
				}
				e := stats.Median(xs)
				if e.Holds(0) {
					covered++
				}
				if trial%20 > 0 {
					continue
				}
				if p := stats.MedianTest(xs); (p < 0.05) == e.Holds(0) && !near(p, 0.05, 1e-9) {
					t.Fatalf("%s, %d values: interval %v and p = %v contradict each other", name, n, e, p)
				}
			}
			if share := float64(covered) / trials; share < 0.93 || share > 0.97 {
				t.Errorf("%s, %d values: the interval covers the truth in %.1f %%, want about 95 %%", name, n, 100*share)
			}
		}
	}
}

func TestMedianOfFew(t *testing.T) {
	if e := stats.Median([]float64{3, 1, 2}); e != stats.Exactly(2) || e.HasInterval() {
		t.Errorf("three values: %v", e)
	}
	if e := stats.Median(nil); !math.IsNaN(e.Value) {
		t.Errorf("no values: %v", e)
	}
	if p := stats.MedianTest([]float64{1, 2, 3}); p != 1 {
		t.Errorf("three values: p = %v, want 1", p)
	}
	if p := stats.MedianTest([]float64{1, 2, 3, 4, 5, 6, 7}); p != math.Exp2(-6) {
		t.Errorf("seven on one side: p = %v, want 2^-6", p)
	}
	if p := stats.MedianTest([]float64{-3, -2, -1, 1, 2, 3}); p != 1 {
		t.Errorf("balanced: p = %v, want 1", p)
	}
}

// Values from table J of Hollander, Wolfe and Chicken and worked by hand.
func TestMannWhitney(t *testing.T) {
	for name, c := range map[string]struct {
		x, y []float64
		u, p float64
	}{
		"apart 3 and 3":     {[]float64{4, 5, 6}, []float64{1, 2, 3}, 9, 0.1},
		"apart 5 and 5":     {[]float64{1, 2, 3, 4, 5}, []float64{6, 7, 8, 9, 10}, 0, 2.0 / 252},
		"mixed":             {[]float64{1, 4, 5, 8}, []float64{2, 3, 6, 7}, 8, 1},
		"one less than all": {[]float64{1, 2, 3, 4, 6}, []float64{5, 7, 8, 9, 10}, 1, 4.0 / 252},
		"ties":              {[]float64{1, 1, 1, 1}, []float64{1, 1, 1, 1}, 8, 1},
		"nothing":           {nil, []float64{1}, 0, 1},
	} {
		if u, p := stats.MannWhitney(c.x, c.y); u != c.u || !near(p, c.p, 1e-12) {
			t.Errorf("%s: U = %v, p = %v; want %v, %v", name, u, p, c.u, c.p)
		}
	}
}

// The exact and the approximate p-value must meet where both hold.
func TestMannWhitneyApproximation(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float64, 50), make([]float64, 50)
	for i := range x {
		x[i], y[i] = r.NormFloat64()+0.4, r.NormFloat64()
	}
	_, exact := stats.MannWhitney(x, y)
	_, approximate := stats.MannWhitney(append(x, 100), y)
	if exact < 1e-4 || exact > 0.5 || approximate > exact || approximate < exact/2 {
		t.Errorf("exact %v, with one more value, approximate %v", exact, approximate)
	}
	tied := make([]float64, 50)
	for i := range tied {
		tied[i] = math.Round(2 * y[i])
	}
	if _, p := stats.MannWhitney(tied, tied); p != 1 {
		t.Errorf("equal samples with ties: p = %v, want 1", p)
	}
}

func TestShiftCoversTheTruth(t *testing.T) {
	for name, draw := range distributions {
		for _, n := range [][2]int{{4, 4}, {10, 10}, {6, 30}, {60, 60}} {
			r := rand.New(rand.NewPCG(5, uint64(n[1])))
			const trials, shift = 300, 3.0
			covered := 0
			x, y := make([]float64, n[0]), make([]float64, n[1])
			for range trials {
				for i := range x {
					x[i] = shift + draw(r)
				}
				for i := range y {
					y[i] = draw(r)
				}
				if stats.Shift(x, y).Holds(shift) {
					covered++
				}
			}
			// The ranks are discrete: 4 against 4 have 97.1 %, 10 against 10 95.7 %.
			if share := float64(covered) / trials; share < 0.92 || share > 0.995 {
				t.Errorf("%s, %v: covers %.1f %%", name, n, 100*share)
			}
		}
	}
	if e := stats.Shift([]float64{1, 2, 3}, []float64{1, 2, 3}); e.HasInterval() {
		t.Errorf("three a side have an interval: %v", e)
	}
}

func TestHolm(t *testing.T) {
	got := stats.Holm([]float64{0.01, 0.04, 0.03, 0.005, 0.9})
	want := []float64{0.04, 0.09, 0.09, 0.025, 0.9}
	for i := range want {
		if !near(got[i], want[i], 1e-12) {
			t.Errorf("got %v, want %v", got, want)
			break
		}
	}
	if got := stats.Holm(nil); len(got) != 0 {
		t.Errorf("nothing: %v", got)
	}
}

func TestBootstrapCoversTheTruth(t *testing.T) {
	for name, draw := range map[string]func(*rand.Rand) float64{"normal": distributions["normal"],
		"exponential": func(r *rand.Rand) float64 { return r.ExpFloat64() - 1 }} {
		r := rand.New(rand.NewPCG(9, 9))
		const trials = 200
		covered := 0
		xs := make([]float64, 40)
		for i := range trials {
			for i := range xs {
				xs[i] = draw(r)
			}
			if stats.Bootstrap(xs, uint64(i), stats.Mean).Holds(0) {
				covered++
			}
		}
		if share := float64(covered) / trials; share < 0.90 || share > 0.99 {
			t.Errorf("%s: covers the mean in %.1f %%", name, 100*share)
		}
	}
	if e := stats.Bootstrap([]float64{1, 2}, 1, stats.Mean); e.HasInterval() {
		t.Errorf("two values have an interval: %v", e)
	}
	if e := stats.Bootstrap(make([]float64, 10), 1, stats.Mean); e != stats.Exactly(0) {
		t.Errorf("ten zeros: %v", e)
	}
}

// line is a model whose least squares are known in closed form.
var line = stats.Model{
	At:    func(p []float64, x float64) float64 { return p[0] + p[1]*x },
	Start: []float64{0, 0}, Lower: []float64{-100, -100}, Upper: []float64{100, 100},
}

// The numbers are Anscombe's first quartet (1973).
func TestLeastSquaresLine(t *testing.T) {
	x := []float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}
	y := []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}
	f, err := stats.LeastSquares(line, x, y)
	if err != nil {
		t.Fatal(err)
	}
	a, b := f.Parameters[0], f.Parameters[1]
	if !near(a.Value, 3.0001, 1e-3) || !near(b.Value, 0.50009, 1e-5) || !near(f.Error, 1.2366, 1e-3) || f.Freedom != 9 {
		t.Errorf("line %v + %v x, error %v", a, b, f.Error)
	}
	if half := stats.StudentQuantile(0.975, 9) * 0.1179; !near(b.Hi-b.Value, half, 1e-3) {
		t.Errorf("slope ± %v, want %v", b.Hi-b.Value, half)
	}
	if at := f.At(9); !near(at.Value, 7.5009, 1e-3) || !near(at.Hi-at.Value, 2.262*1.2366/math.Sqrt(11), 2e-3) {
		t.Errorf("at the mean: %v", at)
	}
}

func TestLeastSquaresCurveWithinBounds(t *testing.T) {
	decay := stats.Model{
		At:    func(p []float64, x float64) float64 { return p[0] * math.Exp(-p[1]*x) },
		Start: []float64{1, 0.1}, Lower: []float64{0, 0}, Upper: []float64{1e6, 10},
	}
	r := rand.New(rand.NewPCG(1, 1))
	var x, up, down []float64
	for i := range 40 {
		v := float64(i) / 10
		x = append(x, v)
		down = append(down, 250*math.Exp(-0.7*v)+r.NormFloat64())
		up = append(up, 10+v+0.01*r.NormFloat64())
	}
	f, err := stats.LeastSquares(decay, x, down)
	if err != nil || !f.Parameters[0].Holds(250) || !f.Parameters[1].Holds(0.7) || !near(f.Parameters[1].Value, 0.7, 0.01) {
		t.Errorf("decay: %v, %v", f.Parameters, err)
	}
	f, err = stats.LeastSquares(decay, x, up) // grows: the rate is held at its bound
	if err != nil || f.Parameters[1].Value != 0 || f.Parameters[1].Lo != 0 {
		t.Errorf("growth: %v, %v", f.Parameters, err)
	}
}

func TestLeastSquaresRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		m    stats.Model
		x, y []float64
	}{
		"too few points":    {line, []float64{1, 2}, []float64{1, 2}},
		"lengths differ":    {line, []float64{1, 2, 3}, []float64{1, 2}},
		"all at one place":  {line, []float64{1, 1, 1}, []float64{1, 2, 3}},
		"without influence": {stats.Model{At: func(p []float64, x float64) float64 { return p[0] }, Start: []float64{0, 0}, Lower: []float64{-1, -1}, Upper: []float64{1, 1}}, []float64{1, 2, 3}, []float64{1, 2, 3}},
	} {
		if _, err := stats.LeastSquares(c.m, c.x, c.y); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestEstimates(t *testing.T) {
	e := stats.Estimate{Value: 2, Lo: 1, Hi: 4}.Map(func(x float64) float64 { return 1 / x })
	if e != (stats.Estimate{Value: 0.5, Lo: 0.25, Hi: 1}) || !e.Holds(0.3) || e.Holds(2) {
		t.Errorf("inverse: %v", e)
	}
	xs := []float64{2, 1}
	if !slices.Equal(stats.Ascending(xs), []float64{1, 2}) || xs[0] != 2 {
		t.Error("Ascending sorts in place")
	}
}
