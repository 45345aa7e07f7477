// Package stats holds the statistics behind the measuring libraries:
// intervals for medians and ratios, tests of difference, a bootstrap for
// everything else, and curve fits.
//
// All intervals are 95 % intervals, and the tests of the package hold them to
// that on simulated data. Nothing here draws random numbers but the bootstrap,
// whose seed is given: the same values always give the same answer.
//
// It uses the standard library alone. golang.org/x/perf/benchmath has the
// Mann-Whitney test too, but asks for the newest Go and brings two more
// modules, which a notebook would have to fetch before its first cell; its
// interval for a median is the wider one of order statistics alone.
package stats

import (
	"math"
	"slices"
)

// Level is the confidence of every interval of this module.
const Level = 0.95

// Estimate is a value with its 95 % interval. Without an interval (too few
// values) Lo and Hi equal Value.
type Estimate struct {
	Value float64 `json:"value"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
}

// Exactly is an estimate without an interval.
func Exactly(x float64) Estimate { return Estimate{x, x, x} }

// HasInterval says whether the estimate is more than a single value.
func (e Estimate) HasInterval() bool { return e.Lo != e.Value || e.Hi != e.Value }

// Holds says whether x lies in the interval.
func (e Estimate) Holds(x float64) bool { return e.Lo <= x && x <= e.Hi }

// Map is the estimate of f(x) for a monotone f, such as a change of unit, a
// logarithm or an inverse.
func (e Estimate) Map(f func(float64) float64) Estimate {
	lo, hi := f(e.Lo), f(e.Hi)
	return Estimate{f(e.Value), min(lo, hi), max(lo, hi)}
}

// Quantile is the p-quantile (0 <= p <= 1) of values in ascending order, with
// linear interpolation between neighbours (type 7 of Hyndman and Fan, Sample
// Quantiles in Statistical Packages, 1996). It is NaN when there are no values.
func Quantile(ascending []float64, p float64) float64 {
	if len(ascending) == 0 {
		return math.NaN()
	}
	h := p * float64(len(ascending)-1)
	i := int(h)
	if i+1 >= len(ascending) {
		return ascending[len(ascending)-1]
	}
	return ascending[i] + (h-float64(i))*(ascending[i+1]-ascending[i])
}

// Mean is the arithmetic mean, NaN of no values.
func Mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// Ascending returns a sorted copy.
func Ascending(xs []float64) []float64 {
	ys := slices.Clone(xs)
	slices.Sort(ys)
	return ys
}
