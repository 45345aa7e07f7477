package charts

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// maxRows is how many requests have a row each.
const maxRows = 60

// Waterfall shows every span of a timeline on a row of its own, in order of
// their beginning, and below how many were open at each moment: requests in
// flight.
//
// Its errors are those of Gantt. More than 60 spans share rows: each stands in
// the first row that is free, so the rows in use at a moment are the requests
// in flight, and neighbours of one kind which no eye could tell apart are drawn
// as one.
func Waterfall(t timeline.Timeline) (Chart, error) {
	if err := checkTimelines([]timeline.Timeline{t}); err != nil {
		return Chart{}, fmt.Errorf("chart a waterfall: %w", err)
	}
	t.Spans = slices.Clone(t.Spans)
	slices.SortStableFunc(t.Spans, func(a, b timeline.Span) int { return cmp.Compare(a.From, b.From) })
	packed := len(t.Spans) > maxRows
	rows, names := ownRows(t)
	if packed {
		rows, names = packedRows(t)
	}
	o := frame(waterfallTitle(t), waterfallSubtitle(packed))
	for i := range 2 {
		o.XAxis = append(o.XAxis, ganttTimeAxis(i, 2, t.Total()))
	}
	lanes := categoryAxis(names)
	lanes.AxisLabel.Show = opts.Bool(!packed)
	count := valueAxis("in flight")
	count.GridIndex, count.MinInterval, count.NameGap = 1, 1, 34
	o.YAxis = []axis{lanes, count}
	var tips [][]string
	for i, kind := range rows.Kinds() {
		s := spanSeries(rows, kind, i, 0)
		o.Series, tips = append(o.Series, s), append(tips, names)
	}
	o.Tooltip.Formatter = &function{"tipSpan", map[string]any{"lanes": tips}}
	o.DataZoom = []opts.DataZoom{{Type: "inside", XAxisIndex: []int{0, 1}}}
	line := depthLine(inFlight(t), 3)
	line.XAxisIndex, line.YAxisIndex, line.Tooltip = 1, 1, &hidden{}
	o.Series = append(o.Series, line)
	height := max(60, min(22, 400/len(names))*len(names))
	return build(o, Spec{Table: waterfallTable(t), Height: 260 + height, Left: 52,
		Panels: []Panel{{Weight: float64(height)}, {Weight: 90}}})
}

// ownRows makes a lane of every span. Who did it is the label.
func ownRows(t timeline.Timeline) (rows timeline.Timeline, names []string) {
	for i, s := range t.Spans {
		name := named(s.Item, fmt.Sprint(i+1))
		s.Item, s.Lane = s.Lane, fmt.Sprint(i)
		rows.Spans, names = append(rows.Spans, s), append(names, name)
	}
	return rows, names
}

// packedRows puts every span into the first lane that is free.
func packedRows(t timeline.Timeline) (rows timeline.Timeline, names []string) {
	var free []time.Duration
	for _, s := range t.Spans {
		lane := slices.IndexFunc(free, func(at time.Duration) bool { return at <= s.From })
		if lane < 0 {
			lane, free = len(free), append(free, 0)
			names = append(names, fmt.Sprintf("%d in flight", lane+1))
		}
		free[lane] = s.To
		s.Lane = fmt.Sprint(lane)
		rows.Spans = append(rows.Spans, s)
	}
	return rows, names
}

func waterfallTitle(t timeline.Timeline) string {
	var longest time.Duration
	for _, s := range t.Spans {
		longest = max(longest, s.Duration())
	}
	return fmt.Sprintf("%s: %d in %s, at most %d in flight, the longest took %s", named(t.Name, "requests"), len(t.Spans), human(t.Total()), t.Peak(), human(longest))
}

func waterfallSubtitle(packed bool) string {
	if packed {
		return "each request stands in the first row that is free; below: how many were open"
	}
	return "in order of their beginning; below: how many were open"
}

func named(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// inFlight counts the open spans over time.
func inFlight(t timeline.Timeline) timeline.Track {
	type edge struct {
		at   time.Duration
		step int
	}
	var edges []edge
	for _, s := range t.Spans {
		edges = append(edges, edge{s.From, 1}, edge{s.To, -1})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	k := timeline.Track{Name: "in flight", Points: []timeline.Point{{}}}
	open := 0
	for i, e := range edges {
		open += e.step
		if i+1 == len(edges) || edges[i+1].at != e.at {
			k.Points = append(k.Points, timeline.Point{At: e.at, Value: float64(open)})
		}
	}
	return k
}

func waterfallTable(t timeline.Timeline) Table {
	table := Table{Columns: []Column{{"item", ""}, {"lane", ""}, {"kind", ""}, {"from", "s"}, {"to", "s"}, {"time", "s"}}}
	for _, s := range chosen(t.Spans, 100) {
		table.Rows = append(table.Rows, []any{s.Item, s.Lane, s.Kind, seconds(s.From), seconds(s.To), seconds(s.Duration())})
	}
	return table
}
