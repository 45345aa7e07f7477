package exectrace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/exp/trace"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// finish closes what is open and writes the timelines.
func (t *reader) finish(r *Recording, o options) {
	r.Events = t.events
	switch {
	case t.begin == 0:
		r.Partial = cmp.Or(r.Partial, "the begin of the call is not in the trace")
		return
	case t.spans > maxSpans:
		r.Partial = fmt.Sprintf("more than %d spans: the rest is left out", maxSpans)
	}
	if lasted := t.now.Sub(t.begin); lasted < r.Wall {
		if o.last > 0 && r.Partial == "" {
			r.Partial = fmt.Sprintf("the last %v of %v", lasted, r.Wall)
		}
		r.Wall = lasted
	}
	t.closeAll()
	keep := t.chosen()
	name(keep, t.root)
	r.Goroutines, r.Regions = timeline.Timeline{Name: r.Name}, timeline.Timeline{Name: r.Name + ": regions"}
	for _, g := range keep {
		r.Goroutines.Spans = append(r.Goroutines.Spans, laned(g.spans, g.lane)...)
		r.Regions.Spans = append(r.Regions.Spans, laned(g.regions, g.lane)...)
	}
	r.Threads, r.Processors = t.hostLanes(r.Name)
	r.Tasks = timeline.Timeline{Name: r.Name + ": tasks", Spans: t.taskSpans()}
	r.GC = timeline.Timeline{Name: r.Name + ": garbage collection", Spans: t.gc}
	for _, tl := range []*timeline.Timeline{&r.Goroutines, &r.Regions, &r.Threads, &r.Processors, &r.Tasks, &r.GC} {
		slices.SortStableFunc(tl.Spans, func(a, b timeline.Span) int { return cmp.Compare(a.From, b.From) })
	}
}

func (t *reader) closeAll() {
	for _, g := range t.order {
		t.close(g)
		for len(g.open) > 0 {
			t.endRegion(g, g.open[len(g.open)-1].kind)
		}
	}
	for m, o := range t.threads {
		t.host(true, int64(m), o)
	}
	for p, o := range t.procs {
		t.host(false, int64(p), o)
	}
}

// chosen are the goroutines that the recording is about.
func (t *reader) chosen() []*goroutine {
	ours := map[trace.GoID]bool{t.root: true}
	var keep []*goroutine
	for _, g := range t.order { // parents come before their children
		if ours[g.parent] {
			ours[g.id] = true
		}
		if (ours[g.id] || t.others) && len(g.spans) > 0 && !system(g.function) {
			keep = append(keep, g)
		}
	}
	return keep
}

// system reports whether a goroutine is one of the runtime's, or of this
// package.
func system(function string) bool {
	return strings.HasPrefix(function, "runtime.") && function != "runtime.main" ||
		strings.HasPrefix(function, "runtime/trace.") || strings.HasPrefix(function, self)
}

const self = "github.com/interleave-lab/interleave/lib/exectrace.(*"

// name names the lanes: by function, with numbers in order of appearance.
func name(gs []*goroutine, root trace.GoID) {
	numbers := map[string]int{}
	for _, g := range gs {
		if g.id == root {
			g.lane = "caller"
			continue
		}
		short := cmp.Or(strings.TrimPrefix(g.function[strings.LastIndex(g.function, "/")+1:], "main."), "goroutine")
		numbers[short]++
		g.lane = fmt.Sprintf("%s %d", short, numbers[short])
	}
}

func laned(spans []timeline.Span, lane string) []timeline.Span {
	for i := range spans {
		spans[i].Lane = lane
	}
	return spans
}

// hostLanes names threads in order of their number; processors have theirs
// already. Goroutines that are not part of the recording are "other".
func (t *reader) hostLanes(name string) (threads, procs timeline.Timeline) {
	threads, procs = timeline.Timeline{Name: name + ": threads"}, timeline.Timeline{Name: name + ": processors"}
	slices.SortStableFunc(t.hosts, func(a, b hosted) int { return cmp.Compare(a.from, b.from) })
	for _, h := range t.hosts {
		s := timeline.Span{Kind: h.kind, Item: cmp.Or(h.g.lane, "other"), From: h.from, To: h.to}
		if h.thread {
			s.Lane = fmt.Sprintf("thread %d", h.number)
			threads.Spans = append(threads.Spans, s)
		} else {
			s.Lane = fmt.Sprintf("P %d", h.number)
			procs.Spans = append(procs.Spans, s)
		}
	}
	return threads, procs
}

func (t *reader) taskSpans() []timeline.Span {
	var spans []timeline.Span
	for id, k := range t.tasks {
		to := k.to
		if to == 0 {
			to = t.now
		}
		if to < t.begin {
			continue
		}
		spans = append(spans, timeline.Span{Lane: t.taskName(id), Kind: k.kind, Item: t.taskName(k.parent), From: t.since(k.from), To: t.since(to)})
	}
	slices.SortFunc(spans, func(a, b timeline.Span) int { return cmp.Compare(a.Lane, b.Lane) })
	return spans
}
