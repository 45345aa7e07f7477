package diag

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"strings"
	"time"
)

// LeakReport is the goroutines that a function has left behind.
type LeakReport struct {
	Goroutines []Goroutine
	// Certain says that the runtime was asked which goroutines can never go on
	// (the profile goroutineleak, from Go 1.27, or 1.26 with the experiment of
	// that name): these have Leaked set. Without it, a goroutine of the report
	// may be one that only takes long.
	Certain bool
}

// settle is how long goroutines that are about to end may take.
const settle = time.Second

// Leaks calls f and finds the goroutines which it, or one that it started, has
// started and that still exist when it has returned: those that do not end
// within a second. Goroutines that others start meanwhile do not count. The
// error is that of f.
func Leaks(ctx context.Context, f func(ctx context.Context) error) (LeakReport, error) {
	caller := current()
	before := map[uint64]bool{}
	for _, g := range snapshot() {
		before[g.ID] = true
	}
	err := f(ctx)
	var left []Goroutine
	for pause, start := time.Millisecond, time.Now(); ; pause *= 2 {
		if left = since(before, caller); len(left) == 0 || time.Since(start) > settle {
			break
		}
		time.Sleep(min(pause, settle/10))
	}
	report := LeakReport{Goroutines: left}
	if len(left) > 0 {
		report.certain()
	}
	return report, err
}

// since are the goroutines that were started after before was taken, by the
// caller or by one that is also new.
func since(before map[uint64]bool, caller uint64) (left []Goroutine) {
	for _, g := range snapshot() {
		if !before[g.ID] && (g.Parent == caller || !before[g.Parent]) && !g.foreign() {
			left = append(left, g)
		}
	}
	return left
}

// certain asks the runtime, where it can tell.
func (r *LeakReport) certain() {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		return
	}
	var b bytes.Buffer
	if profile.WriteTo(&b, 2) != nil {
		return
	}
	r.Certain = true
	leaked := map[uint64]bool{}
	for _, g := range append(parseDump(b.String()), snapshot()...) {
		leaked[g.ID] = leaked[g.ID] || g.Leaked
	}
	for i := range r.Goroutines {
		g := &r.Goroutines[i]
		g.Leaked = leaked[g.ID]
	}
}

// String lists the goroutines, those of one place together.
func (r LeakReport) String() string {
	if len(r.Goroutines) == 0 {
		return "no goroutine was left behind"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d left behind", len(r.Goroutines))
	for _, c := range clusters(r.Goroutines) {
		fmt.Fprintf(&b, "\n%d × %s in %s (%s), started at %s", len(c), c[0].State, c[0].Func, c[0].Where, c[0].CreatedAt)
		if c[0].Leaked {
			b.WriteString(", can never go on")
		}
	}
	return b.String()
}

// clusters puts goroutines together that do the same in the same place, in
// order of their first.
func clusters(all []Goroutine) [][]Goroutine {
	at := map[string]int{}
	var out [][]Goroutine
	for _, g := range all {
		key := fmt.Sprint(g.State, g.Leaked, g.CreatedAt, g.waits())
		for _, f := range g.frames {
			key += "\n" + f.place
		}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], g)
	}
	return out
}
