package bench_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/bench"
)

func ExampleBetween() {
	c, err := bench.Between("twenty items",
		bench.Sample{Name: "sequential", Rounds: []time.Duration{30 * time.Second}},
		bench.Sample{Name: "concurrent", Rounds: []time.Duration{10 * time.Second}})
	fmt.Println(c.Verdict, c.Speedup.Value, c.Warnings, err)
	// Output: faster 3 [1 rounds; want at least 6 for a 95 % interval, so a difference under 5 % counts as none] <nil>
}

func ExampleSummarize() {
	fmt.Printf("%+v\n", bench.Summarize([]time.Duration{1 * time.Second, 3 * time.Second}))
	// Output: {Count:2 Mean:2s P50:2s P99:2.98s Max:3s}
}

func sample(name string, ms ...float64) bench.Sample {
	s := bench.Sample{Name: name}
	for _, x := range ms {
		s.Rounds = append(s.Rounds, time.Duration(x*1e6))
	}
	return s
}

// The ranks are those of the usual table for the 95 % interval of a median.
func TestMedianInterval(t *testing.T) {
	for n, want := range map[int][2]float64{5: {3, 3}, 6: {1, 6}, 9: {2, 8}, 10: {2, 9}, 20: {6, 15}} {
		var ms []float64
		for i := range n {
			ms = append(ms, float64(i+1))
		}
		m := sample("x", ms...).Median()
		if m.Lo != want[0]*1e6 || m.Hi != want[1]*1e6 {
			t.Errorf("%d rounds: interval %v–%v ms, want %v", n, m.Lo/1e6, m.Hi/1e6, want)
		}
	}
}

func TestMedianIntervalCoversTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const trials, truth = 4000, 100.0
	covered := 0
	for range trials {
		var ms []float64
		for range 10 {
			ms = append(ms, truth*math.Exp(0.3*r.NormFloat64()))
		}
		if m := sample("x", ms...).Median(); m.Lo <= truth*1e6 && truth*1e6 <= m.Hi {
			covered++
		}
	}
	// The exact coverage of the ranks 2 and 9 of 10 is 97.9 %.
	if share := float64(covered) / trials; share < 0.965 || share > 0.99 {
		t.Errorf("the interval covers the true median in %.1f %%, want about 97.9 %%", 100*share)
	}
}

// Between's interval must hold the true ratio about 95 times in 100, for
// rounds that a noisy moment hits in pairs.
func TestSpeedupIntervalCoversTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const trials, truth = 200, 2.0
	covered := 0
	for range trials {
		base, other := bench.Sample{Name: "a"}, bench.Sample{Name: "b"}
		for range 10 {
			moment := math.Exp(0.3 * r.NormFloat64())
			base.Rounds = append(base.Rounds, time.Duration(truth*1e9*moment*math.Exp(0.1*r.NormFloat64())))
			other.Rounds = append(other.Rounds, time.Duration(1e9*moment*math.Exp(0.1*r.NormFloat64())))
		}
		c, err := bench.Between("w", base, other)
		if err != nil {
			t.Fatal(err)
		}
		if c.Speedup.Lo <= truth && truth <= c.Speedup.Hi {
			covered++
		}
	}
	// 97.7 % in 1500 trials.
	if share := float64(covered) / trials; share < 0.94 {
		t.Errorf("the interval covers the true ratio in %.1f %%, want 95 %% or more", 100*share)
	}
}

func TestVerdicts(t *testing.T) {
	slow := sample("a", 30, 31, 29, 30, 32, 30, 31)
	fast := sample("b", 10, 11, 9, 10, 12, 10, 11)
	for name, c := range map[string]struct {
		base, other bench.Sample
		want        bench.Verdict
		warnings    int
	}{
		"faster":              {slow, fast, bench.Faster, 0},
		"slower":              {fast, slow, bench.Slower, 0},
		"same":                {slow, slow, bench.NoDifference, 0},
		"noise":               {sample("a", 10, 20, 30, 40, 50, 60), sample("b", 60, 20, 40, 30, 50, 10, 35), bench.NoDifference, 0},
		"one round, much":     {sample("a", 30), sample("b", 10), bench.Faster, 1},
		"one round, little":   {sample("a", 10.3), sample("b", 10), bench.NoDifference, 1},
		"one round, far less": {sample("a", 10), sample("b", 30), bench.Slower, 1},
	} {
		got, err := bench.Between(name, c.base, c.other)
		if err != nil || got.Verdict != c.want || len(got.Warnings) != c.warnings {
			t.Errorf("%s: %s with %d warnings, %v; want %s with %d", name, got.Verdict, len(got.Warnings), err, c.want, c.warnings)
		}
	}
}

func TestWrongSamples(t *testing.T) {
	good := sample("good", 1)
	for want, bad := range map[string]bench.Sample{
		`sample "bad": no rounds`:                           {Name: "bad"},
		`sample "bad": round 2 took -1ms; want more than 0`: sample("bad", 3, -1),
	} {
		if _, err := bench.Between("w", good, bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestQuantile(t *testing.T) {
	xs := []float64{1, 2, 3, 4}
	for p, want := range map[float64]float64{0: 1, 0.5: 2.5, 1: 4, 0.25: 1.75} {
		if got := bench.Quantile(xs, p); got != want {
			t.Errorf("quantile %v is %v, want %v", p, got, want)
		}
	}
	if !math.IsNaN(bench.Quantile(nil, 0.5)) {
		t.Error("the quantile of nothing is not NaN")
	}
	if (bench.Summarize(nil) != bench.Latency{}) {
		t.Error("the summary of nothing is not empty")
	}
}
