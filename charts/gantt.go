package charts

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// Gantt shows who did what when: a row for each lane, a bar for each span, a
// colour for each kind. Several timelines stand below each other on one time
// axis, so that their lengths can be compared.
//
// It returns an error for timelines without spans and for spans that end
// before they begin. Of more than 120 lanes those with the longest spans in all
// are drawn, and the subtitle says so. Beyond 1000 spans, neighbours of one kind which no eye
// could tell apart are drawn as one.
func Gantt(timelines ...timeline.Timeline) (Chart, error) {
	if err := checkTimelines(timelines); err != nil {
		return Chart{}, fmt.Errorf("chart a timeline: %w", err)
	}
	o := frame(ganttTitle(timelines), ganttSubtitle(timelines))
	end := longest(timelines)
	timelines = slices.Clone(timelines)
	for i, t := range timelines {
		timelines[i] = busiest(t, maxLanes/len(timelines))
	}
	s := Spec{Table: ganttTable(timelines), Height: 130}
	kinds := allKinds(timelines)
	var lanes [][]string // of each series, for its tooltips
	for i, t := range timelines {
		s.Panels = append(s.Panels, panelOf(t, len(timelines)))
		s.Height += min(24, max(13, 1200/len(t.Lanes())))*len(t.Lanes()) + 34
		o.XAxis = append(o.XAxis, ganttTimeAxis(i, len(timelines), end))
		y := categoryAxis(t.Lanes())
		y.GridIndex = i
		o.YAxis = append(o.YAxis, y)
		for _, kind := range t.Kinds() {
			o.Series = append(o.Series, spanSeries(t, kind, slices.Index(kinds, kind), i))
			lanes = append(lanes, t.Lanes())
		}
	}
	o.Tooltip.Formatter = &function{"tipSpan", map[string]any{"lanes": lanes}}
	o.DataZoom = []opts.DataZoom{{Type: "inside", XAxisIndex: indices(len(timelines))}}
	return build(o, s)
}

// maxLanes is how many lanes are drawn.
const maxLanes = 120

// busiest keeps the n lanes whose spans are longest in all.
func busiest(t timeline.Timeline, n int) timeline.Timeline {
	lanes := t.Lanes()
	if len(lanes) <= n {
		return t
	}
	work := map[string]time.Duration{}
	for _, s := range t.Spans {
		if !strings.HasPrefix(s.Kind, "wait") {
			work[s.Lane] += s.Duration()
		}
	}
	slices.SortStableFunc(lanes, func(a, b string) int { return cmp.Compare(work[b], work[a]) })
	t.Spans = slices.DeleteFunc(slices.Clone(t.Spans), func(s timeline.Span) bool { return !slices.Contains(lanes[:n], s.Lane) })
	return t
}

func checkTimelines(ts []timeline.Timeline) error {
	if len(ts) == 0 {
		return errors.New("no timeline given")
	}
	for i, t := range ts {
		if len(t.Spans) == 0 {
			return fmt.Errorf("timeline %d (%q) has no spans", i+1, t.Name)
		}
		for j, s := range t.Spans {
			if s.From < 0 || s.To < s.From {
				return fmt.Errorf("timeline %d (%q): span %d of %q runs from %v to %v", i+1, t.Name, j+1, s.Lane, s.From, s.To)
			}
		}
	}
	return nil
}

func longest(ts []timeline.Timeline) time.Duration {
	var end time.Duration
	for _, t := range ts {
		end = max(end, t.Total())
	}
	return end
}

func allKinds(ts []timeline.Timeline) []string {
	var kinds []string
	for _, t := range ts {
		for _, k := range t.Kinds() {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	return kinds
}

// ganttTitle compares the ends, and how many spans were open at once.
func ganttTitle(ts []timeline.Timeline) string {
	var parts []string
	for _, t := range ts {
		peak := fmt.Sprintf("%d at once", t.Peak())
		if slices.Contains(t.Kinds(), "running") { // states of goroutines: the others do nothing
			peak = fmt.Sprintf("%d running at once", t.Only("running").Peak())
		}
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %s with %s", t.Name, human(t.Total()), peak)))
	}
	return strings.Join(parts, "; ")
}

func ganttSubtitle(ts []timeline.Timeline) string {
	spans, lanes := 0, 0
	for _, t := range ts {
		spans += len(t.Spans)
		lanes += len(t.Lanes())
	}
	text := fmt.Sprintf("%d spans on %d lanes; \"at once\" is the largest number of spans open at one moment", spans, lanes)
	if most := maxLanes / len(ts) * len(ts); lanes > most {
		text += fmt.Sprintf("; the %d busiest lanes are drawn", most)
	}
	return text
}

func panelOf(t timeline.Timeline, of int) Panel {
	p := Panel{Weight: float64(len(t.Lanes()))}
	if of > 1 {
		p.Name = t.Name
	}
	return p
}

// ganttTimeAxis is the same for all panels; only the lowest has labels.
func ganttTimeAxis(i, of int, end time.Duration) axis {
	a := durationAxis("time since the start")
	if end > 0 {
		a.Max, a.Interval = steps(float64(end))
	}
	a.GridIndex = i
	if i < of-1 {
		a.Name = ""
		a.AxisLabel.Show = opts.Bool(false)
	}
	return a
}

// spanSeries is one kind of spans of one timeline. Waiting is always grey.
func spanSeries(t timeline.Timeline, kind string, number, panel int) series {
	row := map[string]int{}
	for i, lane := range t.Lanes() {
		row[lane] = i
	}
	fill := kindColor(kind, number)
	data, labels := [][]any{}, []string{}
	for _, s := range visible(t, kind) {
		data = append(data, []any{row[s.Lane], int64(s.From), int64(s.To), s.Item})
		labels = append(labels, s.Item)
	}
	return series{Type: "custom", Name: kind, XAxisIndex: panel, YAxisIndex: panel, Data: data,
		Encode:     map[string]any{"x": []int{1, 2}, "y": 0},
		RenderItem: &function{"span", map[string]any{"color": fill, "ink": "$paper", "labels": labels}},
		ItemStyle:  &opts.ItemStyle{Color: fill}}
}

// kindColor is the colour of a kind: known ones always have the same, the
// others the next of the palette.
func kindColor(kind string, number int) string {
	if strings.HasPrefix(kind, "wait") || strings.HasPrefix(kind, "block") {
		return "$grey"
	}
	if c, ok := kindColors[kind]; ok {
		return c
	}
	return color(number)
}

// kindColors are those of the states of goroutines and of the outcomes of
// scopes.
var kindColors = map[string]string{
	"running": "$green", "run": "$green", "runnable": "$amber", "syscall": "$purple", "queued": "$amber", "lost": "$vermillion",
	"ok": "$green", "error": "$vermillion", "panic": "$purple", "cancelled": "$amber", "cut": "$sky", "left behind": "$blue",
}

// visible returns the spans of a kind; when there are too many to be seen,
// those of one lane with gaps below a 1000th of the whole become one.
func visible(t timeline.Timeline, kind string) []timeline.Span {
	spans := t.Only(kind).Spans
	if len(t.Spans) <= 1000 {
		return spans
	}
	gap := t.Total() / 1000
	last := map[string]int{} // lane to index in merged
	var merged []timeline.Span
	for _, s := range spans {
		if i, ok := last[s.Lane]; ok && s.From-merged[i].To < gap {
			merged[i].To = max(merged[i].To, s.To)
			merged[i].Item = ""
			continue
		}
		last[s.Lane] = len(merged)
		merged = append(merged, s)
	}
	return merged
}

// ganttTable sums up lanes rather than repeat every span.
func ganttTable(ts []timeline.Timeline) Table {
	t := Table{Columns: []Column{{"run", ""}, {"lane", ""}, {"kind", ""}, {"spans", ""}, {"busy", "s"}, {"first", "s"}, {"last", "s"}}}
	for _, tl := range ts {
		for _, lane := range tl.Lanes() {
			for _, kind := range tl.Kinds() {
				spans := slices.DeleteFunc(tl.Only(kind).Spans, func(s timeline.Span) bool { return s.Lane != lane })
				if len(spans) == 0 {
					continue
				}
				sum := timeline.Timeline{Spans: spans}
				t.Rows = append(t.Rows, []any{tl.Name, lane, kind, float64(len(spans)), seconds(sum.Work()), seconds(spans[0].From), seconds(sum.Total())})
			}
		}
	}
	return t
}

func indices(n int) []int {
	var all []int
	for i := range n {
		all = append(all, i)
	}
	return all
}
