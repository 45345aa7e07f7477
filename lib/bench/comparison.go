package bench

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Verdict is the outcome of a comparison.
type Verdict string

// The three verdicts there are.
const (
	Faster       Verdict = "faster"
	Slower       Verdict = "slower"
	NoDifference Verdict = "no difference shown"
)

// Comparison is what two samples of the same work tell about each other.
type Comparison struct {
	Work        string // what was done, the same on both sides
	Base, Other Sample
	// Speedup is the median of Base divided by the median of Other: above 1,
	// Other is faster.
	Speedup Estimate
	Verdict Verdict // of Other against Base
	// Warnings are to be shown with the numbers; they do not stop an analysis.
	Warnings []error
}

// coarse is the difference that rounds too few for an interval must show at
// least. It is a convention, not statistics, and the warning says so.
const coarse = 0.05

// Between compares two ways to do the same work. With MinRounds on both sides
// the speed-up has a bootstrap 95 % interval and the verdict follows from it:
// an interval that holds 1 shows no difference. Rounds of equal number are
// taken as pairs, measured in turn.
//
// It returns an error for samples that hold no times.
func Between(work string, base, other Sample) (Comparison, error) {
	if err := errors.Join(base.check(), other.check()); err != nil {
		return Comparison{}, fmt.Errorf("compare %s: %w", work, err)
	}
	c := Comparison{Work: work, Base: base, Other: other}
	value := base.Median().Value / other.Median().Value
	c.Speedup = Estimate{value, value, value}
	lo, hi := 1-coarse, 1+coarse
	if rounds := min(len(base.Rounds), len(other.Rounds)); rounds < MinRounds {
		c.Warnings = append(c.Warnings, fmt.Errorf("%d rounds; want at least %d for a 95 %% interval, so a difference under %.0f %% counts as none", rounds, MinRounds, 100*coarse))
	} else {
		c.Speedup.Lo, c.Speedup.Hi = bootstrap(base.Rounds, other.Rounds)
		lo, hi = 1, 1
	}
	switch {
	case c.Speedup.Lo > hi:
		c.Verdict = Faster
	case c.Speedup.Hi < lo:
		c.Verdict = Slower
	default:
		c.Verdict = NoDifference
	}
	return c, nil
}

// bootstrap is the percentile interval of the ratio of medians. The seed is
// fixed, so that the same samples always give the same interval.
func bootstrap(base, other []time.Duration) (lo, hi float64) {
	const resamples = 2000
	r := rand.New(rand.NewPCG(1, 2))
	ratios := make([]float64, resamples)
	b, o := make([]time.Duration, len(base)), make([]time.Duration, len(other))
	for i := range ratios {
		for j := range b {
			k := r.IntN(len(base))
			b[j] = base[k]
			if len(base) == len(other) {
				o[j] = other[k]
			}
		}
		if len(base) != len(other) {
			for j := range o {
				o[j] = other[r.IntN(len(other))]
			}
		}
		ratios[i] = Quantile(sorted(b), 0.5) / Quantile(sorted(o), 0.5)
	}
	slices.Sort(ratios)
	return Quantile(ratios, 0.025), Quantile(ratios, 0.975)
}
