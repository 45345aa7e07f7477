package bench

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/stats"
)

// MinRounds is the smallest number of rounds that gives a 95 % interval for
// a median: with fewer, even the range from the smallest to the largest value
// holds the true median less often than that.
const MinRounds = stats.MinCount

// Estimate is a value with its 95 % interval. Without an interval (too few
// rounds) Lo and Hi equal Value.
type Estimate = stats.Estimate

// Sample is what was measured of one way to do the work.
type Sample struct {
	Name   string          `json:"name"`            // "sequential"
	Rounds []time.Duration `json:"rounds"`          // one measurement each, in the order they were made
	Calls  int             `json:"calls,omitempty"` // or operations in each round; 0 stands for 1
	// Spent is what went by in each round, and Marks what disturbed it, ""
	// when nothing did. Both are empty for times measured elsewhere.
	Spent []machine.Spent `json:"spent,omitempty"`
	Marks []string        `json:"marks,omitempty"`
}

// Times are the nanoseconds of one call in each round.
func (s Sample) Times() []float64 {
	times := make([]float64, len(s.Rounds))
	for i, d := range s.Rounds {
		times[i] = float64(d) / float64(max(s.Calls, 1))
	}
	return times
}

// CPU is the processor time of one call in each round, in nanoseconds, by all
// threads of the process together. It is empty for times measured elsewhere.
func (s Sample) CPU() []float64 {
	times := make([]float64, len(s.Spent))
	for i, spent := range s.Spent {
		times[i] = float64(spent.CPU) / float64(max(s.Calls, 1))
	}
	return times
}

// Median is the median of Times with its interval. The sample must not be
// empty.
func (s Sample) Median() Estimate { return stats.Median(s.Times()) }

// Disturbed counts the rounds that something disturbed.
func (s Sample) Disturbed() int {
	n := 0
	for _, m := range s.Marks {
		if m != "" {
			n++
		}
	}
	return n
}

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

// Quantile is the p-quantile (0 <= p <= 1) of values in ascending order; see
// stats.Quantile.
func Quantile(ascending []float64, p float64) float64 { return stats.Quantile(ascending, p) }

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
	xs := make([]float64, len(times))
	for i, d := range times {
		sum += d
		xs[i] = float64(d)
	}
	slices.Sort(xs)
	return Latency{
		Count: len(times),
		Mean:  sum / time.Duration(len(times)),
		P50:   time.Duration(Quantile(xs, 0.5)),
		P99:   time.Duration(Quantile(xs, 0.99)),
		Max:   slices.MaxFunc(times, cmp.Compare[time.Duration]),
	}
}
