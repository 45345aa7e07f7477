package rounds

import (
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/machine"
)

// outcome is that of one subject, with so many collections in each round.
func outcome(collections ...int) *measurement {
	m := &measurement{}
	var all []Round
	for _, n := range collections {
		all = append(all, Round{Spent: machine.Spent{Wall: time.Second, Cores: 2, GC: n}})
	}
	m.Outcome.Rounds = [][]Round{all}
	return m
}

// A collection disturbs a round where there are none as a rule; where they
// belong to the work it does not.
func TestCollectionsThatDisturb(t *testing.T) {
	rare, usual := outcome(0, 0, 1, 0), outcome(2, 3, 0, 2)
	rare.mark()
	usual.mark()
	for i, want := range []string{"", "", "garbage collection", ""} {
		if got := rare.Outcome.Rounds[0][i].Mark; got != want {
			t.Errorf("rare, round %d: %q, want %q", i+1, got, want)
		}
		if got := usual.Outcome.Rounds[0][i].Mark; got != "" {
			t.Errorf("usual, round %d: %q, want nothing", i+1, got)
		}
	}
}

// Other processes do not disturb work of which they are part; all else does.
func TestSharedWork(t *testing.T) {
	for shared, want := range map[bool]string{
		false: "steal 5 %, other processes 50 %, garbage collection",
		true:  "steal 5 %, garbage collection",
	} {
		m := outcome(0, 0, 1)
		m.Shared = shared
		r := &m.Outcome.Rounds[0][2]
		r.Other, r.Steal = time.Second, 100*time.Millisecond
		m.mark()
		if r.Mark != want {
			t.Errorf("shared %v: %q, want %q", shared, r.Mark, want)
		}
	}
}

func TestMoreCalls(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		calls       int
		took, least time.Duration
		want        int
	}{
		{1, 10 * ms, 20 * ms, 3},     // 2.4, and a whole number
		{1, 0, 20 * ms, 100},         // too short to be seen
		{1, 1, 20 * ms, 100},         // the first call may be slow: not too many at once
		{100, 19 * ms, 20 * ms, 127}, // always more than before
		{1 << 30, 1, 20 * ms, 1 << 30},
	} {
		if got := more(c.calls, c.took, c.least); got != c.want {
			t.Errorf("%d calls took %v: %d next, want %d", c.calls, c.took, got, c.want)
		}
	}
}

func TestStable(t *testing.T) {
	for _, c := range []struct {
		times []float64
		want  bool
	}{
		{[]float64{100, 100, 100, 100, 100}, false}, // too few
		{[]float64{500, 300, 100, 100, 101, 100, 99, 101, 100}, true},
		{[]float64{500, 110, 105, 102, 101, 100}, false},
		{[]float64{100, 900, 100, 100, 100, 700}, true}, // medians, not means
	} {
		if got := stable(c.times); got != c.want {
			t.Errorf("%v: %v, want %v", c.times, got, c.want)
		}
	}
}
