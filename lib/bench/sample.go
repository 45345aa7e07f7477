// Package bench answers one question: is it really faster?
//
// A Sample holds what was measured of one way to do the work, one value for
// each round. Between compares two samples of equal work and gives an Estimate
// of their ratio and a Verdict. Three verdicts are possible: faster, slower,
// no difference shown.
package bench

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// MinRounds is the smallest number of rounds that gives a 95 % interval for
// a median: with fewer, even the range from the smallest to the largest value
// holds the true median less often than that.
const MinRounds = 6

// Sample is what was measured of one way to do the work.
type Sample struct {
	Name   string          // "sequential"
	Rounds []time.Duration // one measurement each, in the order they were made
}

// Estimate is a value with its 95 % interval. Without an interval (too few
// rounds) Lo and Hi equal Value.
type Estimate struct{ Value, Lo, Hi float64 }

// HasInterval says whether the estimate is more than a single value.
func (e Estimate) HasInterval() bool { return e.Lo != e.Value || e.Hi != e.Value }

// check reports values no time can have.
func (s Sample) check() error {
	if len(s.Rounds) == 0 {
		return fmt.Errorf("sample %q: no rounds", s.Name)
	}
	for i, d := range s.Rounds {
		if d <= 0 {
			return fmt.Errorf("sample %q: round %d took %v; want more than 0", s.Name, i+1, d)
		}
	}
	return nil
}

// Median is the median in nanoseconds. Its interval is the narrowest pair of
// order statistics that covers the true median with 95 % at least, whatever
// the distribution (binomial; Conover, Practical Nonparametric Statistics,
// 3.2). The sample must not be empty.
func (s Sample) Median() Estimate {
	xs := sorted(s.Rounds)
	m := Estimate{Value: Quantile(xs, 0.5)}
	m.Lo, m.Hi = m.Value, m.Value
	if k := medianRank(len(xs)); k > 0 {
		m.Lo, m.Hi = xs[k-1], xs[len(xs)-k]
	}
	return m
}

func sorted(ds []time.Duration) []float64 {
	xs := make([]float64, len(ds))
	for i, d := range ds {
		xs[i] = float64(d)
	}
	slices.Sort(xs)
	return xs
}

// medianRank is the largest k for which the k-th smallest and the k-th largest
// of n values enclose the median with at least 95 %, 0 when there is none.
func medianRank(n int) int {
	below := 0.0 // P(Binomial(n, 1/2) < k)
	for k := 1; ; k++ {
		below += math.Exp(logChoose(n, k-1) - float64(n)*math.Ln2)
		if below > 0.025 {
			return k - 1
		}
	}
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// Quantile is the p-quantile (0 <= p <= 1) of values in ascending order, with
// linear interpolation between neighbours (type 7 of Hyndman and Fan). It is
// NaN when there are no values.
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

// Latency sums up the times of single operations.
type Latency struct {
	Count               int
	Mean, P50, P99, Max time.Duration
}

// Summarize sums up the times of single operations. With fewer than 100 of
// them P99 lies between the two largest.
func Summarize(times []time.Duration) Latency {
	if len(times) == 0 {
		return Latency{}
	}
	var sum time.Duration
	for _, d := range times {
		sum += d
	}
	xs := sorted(times)
	return Latency{
		Count: len(times),
		Mean:  sum / time.Duration(len(times)),
		P50:   time.Duration(Quantile(xs, 0.5)),
		P99:   time.Duration(Quantile(xs, 0.99)),
		Max:   slices.MaxFunc(times, cmp.Compare[time.Duration]),
	}
}
