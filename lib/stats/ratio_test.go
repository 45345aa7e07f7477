package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/interleave-lab/interleave/lib/stats"
)

func ExamplePairedRatio() {
	sequential := []float64{30, 31, 29, 30, 33, 30, 31, 30}
	concurrent := []float64{10, 11, 9.5, 10, 11.5, 10, 10.5, 10}
	r := stats.PairedRatio(sequential, concurrent)
	fmt.Printf("%.2f× %s [%.2f, %.2f]\n", r.Value, r.Verdict(r.P), r.Lo, r.Hi)
	// Output: 3.00× faster [2.87, 3.00]
}

func ExampleUnpairedRatio() {
	monday := []float64{30, 31, 29, 30.5, 33, 32}
	tuesday := []float64{31.5, 30.2, 29.5, 32.5, 28, 33.5}
	r := stats.UnpairedRatio(monday, tuesday)
	fmt.Println(r.Verdict(r.P))
	// Output: no difference shown
}

func ExampleRatio_Verdict() {
	r := stats.Ratio{Estimate: stats.Estimate{Value: 1.2, Lo: 1.1, Hi: 1.3}, P: 0.02}
	fmt.Println(r.Verdict(r.P), "alone;", r.Verdict(3*r.P), "as the best of three")
	// Output: faster alone; no difference shown as the best of three
}

// noises are ways in which rounds vary: the factors on a pair of times.
var noises = map[string]func(r *rand.Rand, round int) (base, other float64){
	"normal": func(r *rand.Rand, _ int) (float64, float64) {
		return 1 + 0.05*r.NormFloat64(), 1 + 0.05*r.NormFloat64()
	},
	"lognormal": func(r *rand.Rand, _ int) (float64, float64) {
		return math.Exp(0.2 * r.NormFloat64()), math.Exp(0.2 * r.NormFloat64())
	},
	"two modes": func(r *rand.Rand, _ int) (float64, float64) {
		return mode(r), mode(r)
	},
	"drift": func(r *rand.Rand, round int) (float64, float64) {
		first, second := 1+0.1*float64(round), 1+0.1*(float64(round)+0.5)
		if r.IntN(2) == 0 {
			first, second = second, first
		}
		return first * math.Exp(0.03*r.NormFloat64()), second * math.Exp(0.03*r.NormFloat64())
	},
	"moments": func(r *rand.Rand, _ int) (float64, float64) {
		moment := math.Exp(0.5 * r.NormFloat64())
		return moment * math.Exp(0.05*r.NormFloat64()), moment * math.Exp(0.05*r.NormFloat64())
	},
}

// mode is now and then half as long again.
func mode(r *rand.Rand) float64 {
	if r.Float64() < 0.3 {
		return 1.5 * (1 + 0.03*r.NormFloat64())
	}
	return 1 + 0.03*r.NormFloat64()
}

// simulate makes 2,000 comparisons of a known ratio.
func simulate(noise func(*rand.Rand, int) (float64, float64), truth float64, rounds int, see func(stats.Ratio)) {
	r := rand.New(rand.NewPCG(11, uint64(rounds)))
	base, other := make([]float64, rounds), make([]float64, rounds)
	for range 2000 {
		for i := range rounds {
			a, b := noise(r, i)
			base[i], other[i] = 1000*truth*a, 1000*b
		}
		see(stats.PairedRatio(base, other))
	}
}

func TestPairedIntervalCoversTheTruth(t *testing.T) {
	for name, noise := range noises {
		for _, rounds := range []int{6, 10, 30} {
			covered := 0
			simulate(noise, 1.3, rounds, func(r stats.Ratio) {
				if r.Holds(1.3) {
					covered++
				}
			})
			share := float64(covered) / 2000
			t.Logf("%s, %d pairs: covers %.2f %%", name, rounds, 100*share)
			if share < 0.93 || share > 0.97 {
				t.Errorf("%s, %d pairs: the interval covers the truth in %.1f %%, want 93 to 97 %%", name, rounds, 100*share)
			}
		}
	}
}

func TestNoDifferenceIsNotMistaken(t *testing.T) {
	for name, noise := range noises {
		none := 0
		simulate(noise, 1, 10, func(r stats.Ratio) {
			if r.Verdict(r.P) == stats.NoDifference {
				none++
			}
		})
		t.Logf("%s: no difference shown in %.2f %%", name, float64(none)/20)
		if none < 1880 {
			t.Errorf("%s: no difference shown in %.1f %%, want 94 %% or more", name, float64(none)/20)
		}
	}
}

func TestSmallDifferenceIsFound(t *testing.T) {
	two := func(r *rand.Rand, _ int) (float64, float64) {
		return 1 + 0.02*r.NormFloat64(), 1 + 0.02*r.NormFloat64()
	}
	found := 0
	simulate(two, 1.05, 10, func(r stats.Ratio) {
		if r.Verdict(r.P) == stats.Faster {
			found++
		}
	})
	t.Logf("5 %% among 2 %% noise is found in %.2f %%", float64(found)/20)
	if found < 1800 {
		t.Errorf("5 %% among 2 %% noise at 10 pairs is found in %.1f %%, want 90 %% or more", float64(found)/20)
	}
}

// What a comparison calls detectable must be what it detects: of differences
// that large, about eight in ten.
func TestDetectableIsDetected(t *testing.T) {
	for _, rounds := range []int{6, 10, 30} {
		var sizes []float64
		simulate(noises["lognormal"], 1, rounds, func(r stats.Ratio) { sizes = append(sizes, r.Detectable) })
		found := 0
		simulate(noises["lognormal"], 1+stats.Median(sizes).Value, rounds, func(r stats.Ratio) {
			if r.Verdict(r.P) == stats.Faster {
				found++
			}
		})
		if share := float64(found) / 2000; share < 0.70 || share > 0.92 {
			t.Errorf("%d rounds: %.1f %% of the detectable differences are found, want about 80 %%", rounds, 100*share)
		}
	}
}

func TestUnpairedIntervalCoversTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	covered, none := 0, 0
	base, other := make([]float64, 10), make([]float64, 12)
	draw := func(xs []float64, truth float64) []float64 {
		for i := range xs {
			xs[i] = truth * math.Exp(0.2*r.NormFloat64())
		}
		return xs
	}
	for range 2000 {
		if stats.UnpairedRatio(draw(base, 1.3), draw(other, 1)).Holds(1.3) {
			covered++
		}
		if u := stats.UnpairedRatio(draw(base, 1), draw(other, 1)); u.Verdict(u.P) == stats.NoDifference {
			none++
		}
	}
	if share := float64(covered) / 2000; share < 0.93 || share > 0.97 {
		t.Errorf("covers %.1f %%", 100*share)
	}
	if none < 1880 {
		t.Errorf("no difference shown in %.1f %%", float64(none)/20)
	}
}

func TestFewPairsShowNothing(t *testing.T) {
	r := stats.PairedRatio([]float64{4, 4, 4}, []float64{1, 1, 1})
	if r.Value != 4 || r.HasInterval() || r.Verdict(r.P) != stats.NoDifference || !math.IsInf(r.Detectable, 1) {
		t.Errorf("three pairs: %+v", r)
	}
}
