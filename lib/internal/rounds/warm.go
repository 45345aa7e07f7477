package rounds

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/interleave-lab/interleave/lib/stats"
)

const (
	agreement  = 0.02 // of the last two medians ends the warm-up
	warmRounds = 20   // at most
	warmShare  = 0.2  // of the budget, for all subjects together
)

// warm repeats a subject until it takes the same time again and again, and
// finds out how many calls make a round.
func (m *measurement) warm(ctx context.Context, i int, first time.Duration) error {
	limit := time.Duration(warmShare * float64(m.Budget) / float64(len(m.subjects)))
	begin := time.Now()
	last := first
	var times []float64
	for len(times) < warmRounds && time.Since(begin)+last < limit {
		r, err := m.once(ctx, i)
		if err != nil {
			return err
		}
		last = r.Wall
		if !m.subjects[i].Single && r.Wall < m.Least*4/5 {
			if m.Calls[i] >= standing && r.Wall == 0 {
				return fmt.Errorf("%s: %d calls took no time at all: the clock stands still, as it does in virtual time unless something waits", m.subjects[i].Name, m.Calls[i])
			}
			m.Calls[i] = more(m.Calls[i], r.Wall, m.Least)
			continue
		}
		times = append(times, float64(r.Wall))
		if stable(times) {
			return nil
		}
	}
	if len(times) == warmRounds {
		m.Warnings = append(m.Warnings, fmt.Sprintf("%s: not stable after %d warm-up rounds", m.subjects[i].Name, warmRounds))
	}
	return nil
}

const (
	// standing calls take time by any clock that runs.
	standing = 10_000
	// mostCalls is more than fits into a round, even of an empty function.
	mostCalls = 1 << 30
)

// more is the number of calls that should take least, when some took that
// long: at most 100 times as many, since the first calls are slow.
func more(calls int, took, least time.Duration) int {
	want := 100 * float64(calls)
	if took > 0 {
		want = min(want, float64(calls)*1.2*float64(least)/float64(took))
	}
	return min(max(int(math.Ceil(want)), calls+1), mostCalls)
}

func stable(times []float64) bool {
	if len(times) < 6 {
		return false
	}
	n := len(times)
	now, before := stats.Median(times[n-3:]).Value, stats.Median(times[n-6:n-3]).Value
	return math.Abs(now/before-1) <= agreement
}
