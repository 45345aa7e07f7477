// Package timeline records who did what when.
//
// A lane is who (a producer, a consumer, a connection); a span is one thing
// it did, from when to when; a track is a measure over time, such as the
// depth of a queue. A Recorder collects them from any number of goroutines,
// and a Timeline is what it has collected, ready to be measured and drawn.
package timeline

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Span is one thing a lane did. Times count from the start of the timeline.
type Span struct {
	Lane string        `json:"lane"` // who
	Kind string        `json:"kind"` // what it did: "produce", "consume", "wait"
	Item string        `json:"item"` // to what, may be empty
	From time.Duration `json:"from"`
	To   time.Duration `json:"to"`
}

// Duration is how long the span took.
func (s Span) Duration() time.Duration { return s.To - s.From }

// Point is the value a track had from a moment on.
type Point struct {
	At    time.Duration `json:"at"`
	Value float64       `json:"value"`
}

// Track is a measure that keeps its value until the next point.
type Track struct {
	Name   string  `json:"name"`
	Points []Point `json:"points"` // in order of time
}

// Timeline is all that was recorded in one run.
type Timeline struct {
	Name   string  `json:"name"`
	Spans  []Span  `json:"spans"`  // in order of their beginning
	Tracks []Track `json:"tracks"` // in order of their first point
}

// Total is the moment the last span ended.
func (t Timeline) Total() time.Duration {
	var end time.Duration
	for _, s := range t.Spans {
		end = max(end, s.To)
	}
	return end
}

// Lanes are the names of the lanes, families of them ("consumer 1", "consumer
// 2") in order of their first span and each family by its numbers.
func (t Timeline) Lanes() []string {
	lanes := distinct(t.Spans, func(s Span) string { return s.Lane })
	var families []string
	for _, lane := range lanes {
		if family, _ := numbered(lane); !slices.Contains(families, family) {
			families = append(families, family)
		}
	}
	slices.SortStableFunc(lanes, func(a, b string) int {
		fa, na := numbered(a)
		fb, nb := numbered(b)
		return cmp.Or(cmp.Compare(slices.Index(families, fa), slices.Index(families, fb)), cmp.Compare(na, nb))
	})
	return lanes
}

// numbered splits a name from the number at its end, 0 when there is none.
func numbered(name string) (family string, number int) {
	family = strings.TrimRight(name, "0123456789")
	number, _ = strconv.Atoi(name[len(family):])
	return family, number
}

// Kinds are the kinds of spans in order of their first appearance.
func (t Timeline) Kinds() []string { return distinct(t.Spans, func(s Span) string { return s.Kind }) }

func distinct(spans []Span, of func(Span) string) []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range spans {
		if name := of(s); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// Only keeps the spans of the given kinds, and all tracks.
func (t Timeline) Only(kinds ...string) Timeline {
	t.Spans = slices.DeleteFunc(slices.Clone(t.Spans), func(s Span) bool { return !slices.Contains(kinds, s.Kind) })
	return t
}

// Peak is the largest number of spans that were open at one moment. A span
// that begins at the very moment another one ends does not overlap it.
func (t Timeline) Peak() int {
	type edge struct {
		at   time.Duration
		step int
	}
	var edges []edge
	for _, s := range t.Spans {
		if s.To > s.From {
			edges = append(edges, edge{s.From, 1}, edge{s.To, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.step, b.step)) })
	open, peak := 0, 0
	for _, e := range edges {
		open += e.step
		peak = max(peak, open)
	}
	return peak
}

// Work is the time of all spans together, however many ran at once.
func (t Timeline) Work() time.Duration {
	var sum time.Duration
	for _, s := range t.Spans {
		sum += s.Duration()
	}
	return sum
}

// Track returns the track of that name, empty when there is none.
func (t Timeline) Track(name string) Track {
	for _, k := range t.Tracks {
		if k.Name == name {
			return k
		}
	}
	return Track{Name: name}
}

// Max is the largest value of the track, 0 when it has no points.
func (k Track) Max() float64 {
	if len(k.Points) == 0 {
		return 0
	}
	return slices.MaxFunc(k.Points, func(a, b Point) int { return cmp.Compare(a.Value, b.Value) }).Value
}

// Recorder collects spans and points. Its methods may be called from several
// goroutines at once; each takes well under a microsecond.
type Recorder struct {
	name  string
	start time.Time

	mu     sync.Mutex // guards what follows
	spans  []Span
	tracks []Track
}

// Start begins a timeline now.
func Start(name string) *Recorder { return &Recorder{name: name, start: time.Now()} }

// Since is the time since the start.
func (r *Recorder) Since() time.Duration { return time.Since(r.start) }

// Span begins a span of a lane; the function it returns ends it. A span that
// is never ended is not recorded.
//
//	defer r.Span("consumer 1", "consume", "item 3")()
func (r *Recorder) Span(lane, kind, item string) (end func()) {
	from := r.Since()
	return func() {
		s := Span{lane, kind, item, from, r.Since()}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.spans = append(r.spans, s)
	}
}

// Point records the value a track has from now on. Until its first point a
// track has the value 0.
func (r *Recorder) Point(track string, value float64) {
	r.record(track, func(float64) float64 { return value })
}

// Add changes the value of a track by delta.
func (r *Recorder) Add(track string, delta float64) {
	r.record(track, func(last float64) float64 { return last + delta })
}

func (r *Recorder) record(track string, next func(last float64) float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.Since() // read under the lock, so that points come in order
	for i := range r.tracks {
		if k := &r.tracks[i]; k.Name == track {
			k.Points = append(k.Points, Point{at, next(k.Points[len(k.Points)-1].Value)})
			return
		}
	}
	r.tracks = append(r.tracks, Track{track, []Point{{}, {at, next(0)}}})
}

// Timeline returns a copy of what has been recorded so far, in order of time.
func (r *Recorder) Timeline() Timeline {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := Timeline{Name: r.name, Spans: slices.Clone(r.spans)}
	slices.SortStableFunc(t.Spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Lane, b.Lane))
	})
	for _, k := range r.tracks {
		t.Tracks = append(t.Tracks, Track{k.Name, slices.Clone(k.Points)})
	}
	return t
}
