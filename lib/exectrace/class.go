package exectrace

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// Totals is how long goroutines were in which state, all together.
type Totals struct {
	Running  time.Duration            `json:"running"`
	Runnable time.Duration            `json:"runnable"`
	Waiting  time.Duration            `json:"waiting"`
	Syscall  time.Duration            `json:"syscall"`
	Reasons  map[string]time.Duration `json:"reasons"` // of Waiting
}

// All is the sum of the four states: the time that goroutines have lived.
func (t Totals) All() time.Duration { return t.Running + t.Runnable + t.Waiting + t.Syscall }

// Blocked is the share of their lives that goroutines waited or were in a
// system call, between 0 and 1.
func (t Totals) Blocked() float64 {
	if t.All() == 0 {
		return 0
	}
	return float64(t.Waiting+t.Syscall) / float64(t.All())
}

func (t *Totals) add(s timeline.Span, d time.Duration) {
	switch s.Kind {
	case Running:
		t.Running += d
	case Runnable:
		t.Runnable += d
	case Syscall:
		t.Syscall += d
	case Waiting:
		t.Waiting += d
		if t.Reasons == nil {
			t.Reasons = map[string]time.Duration{}
		}
		t.Reasons[s.Item] += d
	}
}

// Totals of all goroutines, or only of those with the given lanes.
func (r *Recording) Totals(lanes ...string) Totals {
	var t Totals
	for _, s := range r.Goroutines.Spans {
		if len(lanes) == 0 || slices.Contains(lanes, s.Lane) {
			t.add(s, s.Duration())
		}
	}
	return t
}

// Inside is the totals of what goroutines did inside regions of a type.
func (r *Recording) Inside(region string) Totals {
	lanes := map[string][]timeline.Span{}
	for _, s := range r.Goroutines.Spans {
		lanes[s.Lane] = append(lanes[s.Lane], s)
	}
	var t Totals
	for _, w := range r.Regions.Spans {
		if w.Kind != region {
			continue
		}
		spans := lanes[w.Lane] // in order, and none overlaps another
		first, _ := slices.BinarySearchFunc(spans, w.From, func(s timeline.Span, at time.Duration) int { return cmp.Compare(s.To, at) })
		for _, s := range spans[first:] {
			if s.From >= w.To {
				break
			}
			t.add(s, max(min(s.To, w.To)-max(s.From, w.From), 0))
		}
	}
	return t
}

// Bound is what limits a program.
type Bound string

// The bounds.
const (
	IO    Bound = "I/O-bound" // waits for the world: network, files, timers
	CPU   Bound = "CPU-bound" // computes
	Mixed Bound = "mixed"
)

// Class is what limits a program, with the numbers that say so.
type Class struct {
	Bound   Bound
	Busy    float64  // share of the time in which at least one goroutine ran or was ready to
	Cores   float64  // goroutines that ran, on average
	Reasons []string // sentences
}

func (c Class) String() string { return string(c.Bound) + ": " + strings.Join(c.Reasons, "; ") }

// The limits of Class.
const (
	busyCPU = 0.7 // from here on there is nearly always something to compute
	busyIO  = 0.5 // below, the processors are idle for most of the time
)

// Class says what limits the recorded program. While any goroutine runs, or is
// ready to, the program computes. While none is, all of them wait, and whoever
// ends that is outside of the program: the network, a file, a timer (or a
// goroutine that is not in the recording; see Others). From 70 % of the time on
// the first makes a program CPU-bound, below 50 % the second makes it
// I/O-bound.
func (r *Recording) Class() Class {
	total := r.Totals()
	c := Class{Bound: Mixed, Busy: share(r.busy(), r.Wall), Cores: share(total.Running, r.Wall)}
	switch {
	case c.Busy >= busyCPU:
		c.Bound = CPU
	case c.Busy < busyIO:
		c.Bound = IO
	}
	c.Reasons = append(c.Reasons,
		fmt.Sprintf("something ran or was ready to in %.0f %% of the time", 100*c.Busy),
		fmt.Sprintf("%.2f of %d processors were used", c.Cores, r.Procs))
	if total.Waiting+total.Syscall > 0 {
		c.Reasons = append(c.Reasons, "goroutines waited for "+total.waits())
	}
	if inner := total.Reasons["sync"] + total.Reasons["chan receive"] + total.Reasons["chan send"] + total.Reasons["select"]; c.Bound == CPU && r.Procs > 1 && c.Cores < 1.2 && inner > r.Wall {
		c.Reasons = append(c.Reasons, "one goroutine runs at a time while others wait for it")
	}
	if ready := share(total.Runnable, total.Running+total.Runnable); ready > 0.5 {
		c.Reasons = append(c.Reasons, fmt.Sprintf("%.0f %% of the time goroutines wanted to run they waited for a processor", 100*ready))
	}
	if r.Partial != "" {
		c.Reasons = append(c.Reasons, "partial: "+r.Partial)
	}
	return c
}

func share(part, all time.Duration) float64 {
	if all <= 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// waits names what was waited for longest.
func (t Totals) waits() string {
	reasons := maps.Clone(t.Reasons)
	if reasons == nil {
		reasons = map[string]time.Duration{}
	}
	if t.Syscall > 0 {
		reasons["system call"] = t.Syscall
	}
	names := slices.Collect(maps.Keys(reasons))
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(reasons[b], reasons[a]), cmp.Compare(a, b))
	})
	for i, n := range names {
		names[i] = fmt.Sprintf("%s (%.0f %%)", n, 100*share(reasons[n], t.Waiting+t.Syscall))
	}
	return strings.Join(names[:min(3, len(names))], ", ")
}

// busy is how long at least one goroutine ran or was ready to.
func (r *Recording) busy() time.Duration {
	var sum, until time.Duration
	for _, s := range r.Goroutines.Spans { // in order of their begin
		if s.Kind != Running && s.Kind != Runnable {
			continue
		}
		if from := max(s.From, until); s.To > from {
			sum += s.To - from
			until = s.To
		}
	}
	return sum
}

// String is the verdict and the totals.
func (r *Recording) String() string {
	t := r.Totals()
	return fmt.Sprintf("%s: %v, %d goroutines\nrunning %v, runnable %v, waiting %v, in system calls %v\n%v",
		r.Name, r.Wall.Round(time.Microsecond), len(r.Goroutines.Lanes()),
		t.Running.Round(time.Microsecond), t.Runnable.Round(time.Microsecond), t.Waiting.Round(time.Microsecond), t.Syscall.Round(time.Microsecond), r.Class())
}
