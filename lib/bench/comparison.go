package bench

import (
	"errors"
	"fmt"
	"math"

	"github.com/interleave-lab/interleave/lib/stats"
)

// Verdict is the outcome of a comparison.
type Verdict = stats.Verdict

// The three verdicts there are.
const (
	Faster       = stats.Faster
	Slower       = stats.Slower
	NoDifference = stats.NoDifference
)

// Comparison is what two samples of the same work tell about each other.
type Comparison struct {
	Work        string // what was done, the same on both sides
	Base, Other Sample
	// Speedup is how many times less time Other takes: above 1, it is faster.
	Speedup Estimate
	// P is the chance of such a ratio when there is no difference, adjusted
	// for all comparisons of a Result (Holm). 1 without an interval.
	P float64
	// Detectable is the smallest difference that eight in ten comparisons like
	// this one would have shown: 0.03 is 3 %. Infinite without an interval.
	Detectable float64
	Verdict    Verdict // of Other against Base
	// Warnings are to be shown with the numbers; they do not stop an analysis.
	Warnings []error
}

// coarse is the difference that rounds too few for an interval must show at
// least. It is a convention, not statistics, and the warning says so.
const coarse = 0.05

// Between compares two ways to do the same work. Rounds of equal number are
// taken as pairs, measured in turn, and the speed-up is the median of their
// ratios; else it is the typical ratio of any to any (stats.UnpairedRatio).
// With MinRounds on both sides it has a 95 % interval and the verdict follows
// from it: an interval that holds 1 shows no difference.
//
// It returns an error for samples that hold no times.
func Between(work string, base, other Sample) (Comparison, error) {
	if err := errors.Join(base.check(), other.check()); err != nil {
		return Comparison{}, fmt.Errorf("compare %s: %w", work, err)
	}
	return between(work, base, other), nil
}

func between(work string, base, other Sample) Comparison {
	c := Comparison{Work: work, Base: base, Other: other}
	var r stats.Ratio
	if len(base.Rounds) == len(other.Rounds) {
		r = stats.PairedRatio(base.Times(), other.Times())
	} else {
		r = stats.UnpairedRatio(base.Times(), other.Times())
	}
	c.Speedup, c.P, c.Detectable = r.Estimate, r.P, r.Detectable
	if n := min(len(base.Rounds), len(other.Rounds)); n < MinRounds {
		c.few(n)
	}
	c.judge(c.P)
	return c
}

// few takes the interval away where it would promise too much.
func (c *Comparison) few(rounds int) {
	c.Speedup = stats.Exactly(c.Base.Median().Value / c.Other.Median().Value)
	c.P, c.Detectable = 1, math.Inf(1)
	c.Warnings = append(c.Warnings, fmt.Errorf("%d rounds; want at least %d for a 95 %% interval, so a difference under %.0f %% counts as none", rounds, MinRounds, 100*coarse))
}

// judge draws the verdict with an adjusted p-value.
func (c *Comparison) judge(p float64) {
	c.P = p
	switch {
	case min(len(c.Base.Rounds), len(c.Other.Rounds)) >= MinRounds:
		c.Verdict = stats.Ratio{Estimate: c.Speedup}.Verdict(p)
	case c.Speedup.Value > 1+coarse:
		c.Verdict = Faster
	case c.Speedup.Value < 1-coarse:
		c.Verdict = Slower
	default:
		c.Verdict = NoDifference
	}
}
