package timeline_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/timeline"
)

func ExampleRecorder() {
	r := timeline.Start("two at once")
	var group sync.WaitGroup
	for _, lane := range []string{"a", "b"} {
		group.Go(func() {
			defer r.Span(lane, "sleep", "")()
			time.Sleep(10 * time.Millisecond)
		})
	}
	group.Wait()
	t := r.Timeline()
	fmt.Println(len(t.Spans), "spans,", t.Peak(), "at once")
	// Output: 2 spans, 2 at once
}

func TestRecorderInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := timeline.Start("x")
		for i := range 3 {
			end := r.Span("only", "work", fmt.Sprint(i))
			r.Point("depth", float64(i))
			time.Sleep(2 * time.Second)
			end()
		}
		got := r.Timeline()
		if got.Total() != 6*time.Second || got.Work() != 6*time.Second || got.Peak() != 1 {
			t.Errorf("total %v, work %v, peak %d; want 6s, 6s, 1", got.Total(), got.Work(), got.Peak())
		}
		want := []timeline.Point{{At: 0, Value: 0}, {At: 0, Value: 0}, {At: 2 * time.Second, Value: 1}, {At: 4 * time.Second, Value: 2}}
		if points := got.Track("depth").Points; !slices.Equal(points, want) {
			t.Errorf("points %v, want %v", points, want)
		}
	})
}

func TestPeak(t *testing.T) {
	span := func(from, to int) timeline.Span {
		return timeline.Span{From: time.Duration(from), To: time.Duration(to)}
	}
	for name, c := range map[string]struct {
		spans []timeline.Span
		want  int
	}{
		"none":           {nil, 0},
		"in turn":        {[]timeline.Span{span(0, 5), span(5, 9)}, 1},
		"overlapping":    {[]timeline.Span{span(0, 5), span(4, 9), span(8, 10)}, 2},
		"nested":         {[]timeline.Span{span(0, 9), span(1, 8), span(2, 3)}, 3},
		"without length": {[]timeline.Span{span(3, 3), span(3, 3)}, 0},
	} {
		if got := (timeline.Timeline{Spans: c.spans}).Peak(); got != c.want {
			t.Errorf("%s: peak %d, want %d", name, got, c.want)
		}
	}
}

func TestOrderAndSelection(t *testing.T) {
	tl := timeline.Timeline{Spans: []timeline.Span{{Lane: "b", Kind: "wait"}, {Lane: "a", Kind: "run"}, {Lane: "b", Kind: "run"}}}
	if got := tl.Lanes(); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("lanes %v", got)
	}
	families := timeline.Timeline{Spans: []timeline.Span{{Lane: "p 1"}, {Lane: "c 10"}, {Lane: "c 2"}, {Lane: "p 0"}, {Lane: "main"}}}
	if got := families.Lanes(); !slices.Equal(got, []string{"p 0", "p 1", "c 2", "c 10", "main"}) {
		t.Errorf("lanes %v", got)
	}
	if got := tl.Only("run"); len(got.Spans) != 2 || len(tl.Spans) != 3 {
		t.Errorf("Only left %d of %d spans", len(got.Spans), len(tl.Spans))
	}
	if got := (timeline.Track{Points: []timeline.Point{{Value: -2}, {Value: -1}}}).Max(); got != -1 {
		t.Errorf("maximum %v, want -1", got)
	}
}

func TestPointsComeInOrder(t *testing.T) {
	r := timeline.Start("x")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				r.Add("n", 1)
			}
		})
	}
	group.Wait()
	track := r.Timeline().Track("n")
	if track.Max() != 800 {
		t.Errorf("800 times 1 is %v", track.Max())
	}
	points := track.Points
	if len(points) != 801 || !slices.IsSortedFunc(points, func(a, b timeline.Point) int { return int(a.At - b.At) }) {
		t.Errorf("%d points, want 801 in order", len(points))
	}
}
