package charts

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/bench"
)

// Latencies are the waits of single items, in the order the items were made.
type Latencies struct {
	Name  string
	Times []time.Duration
}

// ItemLatency shows how long each item waited for its result: whether waits
// stay level or grow with every item.
//
// It returns an error when there are no times or one of them is negative.
// Beyond 2000 items, extremes of neighbouring items stand for all of them.
func ItemLatency(runs ...Latencies) (Chart, error) {
	if err := checkLatencies(runs); err != nil {
		return Chart{}, fmt.Errorf("chart latencies of items: %w", err)
	}
	o := frame(latencyTitle(runs), latencySubtitle(runs))
	x := valueAxis("item, in order of making")
	x.MinInterval = 1
	o.XAxis = []axis{x}
	y := durationAxis("latency: from made to processed")
	y.NameGap = 48
	o.YAxis = []axis{y}
	o.Tooltip.Formatter = &function{"tipPoint", map[string]any{"x": "item"}}
	for i, r := range runs {
		o.Series = append(o.Series, latencyLine(r, i))
	}
	return build(o, Spec{Table: latencyTable(runs), Height: 400})
}

func checkLatencies(runs []Latencies) error {
	if len(runs) == 0 {
		return errors.New("no run given")
	}
	for _, r := range runs {
		if len(r.Times) == 0 {
			return fmt.Errorf("%q has no times", r.Name)
		}
		for i, d := range r.Times {
			if d < 0 {
				return fmt.Errorf("%q: item %d took %v; want 0 or more", r.Name, i+1, d)
			}
		}
	}
	return nil
}

func latencyTitle(runs []Latencies) string {
	var parts []string
	for _, r := range runs {
		parts = append(parts, fmt.Sprintf("%s %s", r.Name, human(bench.Summarize(r.Times).Mean)))
	}
	return "Average latency of an item: " + strings.Join(parts, ", ")
}

func latencySubtitle(runs []Latencies) string {
	var parts []string
	for _, r := range runs {
		l := bench.Summarize(r.Times)
		parts = append(parts, fmt.Sprintf("%s p50 %s, p99 %s", r.Name, human(l.P50), human(l.P99)))
	}
	return strings.Join(parts, "; ")
}

func latencyLine(r Latencies, i int) series {
	var points [][]float64
	for n, d := range r.Times {
		points = append(points, []float64{float64(n + 1), float64(d)})
	}
	s := series{Type: "line", Name: r.Name, Data: thin(points, 2000), SymbolSize: 7,
		ItemStyle: &opts.ItemStyle{Color: color(i)}, LineStyle: &opts.LineStyle{Width: 2, Color: color(i)}}
	s.Symbol = []string{"circle", "rect", "triangle", "diamond"}[i%4] // shape as well as colour
	if len(points) > 200 {
		s.Symbol = "none"
	}
	return s
}

func latencyTable(runs []Latencies) Table {
	t := Table{Columns: []Column{{"run", ""}, {"items", ""}, {"average", "s"}, {"p50", "s"}, {"p99", "s"}, {"largest", "s"}}}
	for _, r := range runs {
		l := bench.Summarize(r.Times)
		t.Rows = append(t.Rows, []any{r.Name, float64(l.Count), seconds(l.Mean), seconds(l.P50), seconds(l.P99), seconds(l.Max)})
	}
	return t
}

// thin keeps at most about n points: first, smallest, largest and last of each
// run of neighbours, so that no peak is lost.
func thin(points [][]float64, n int) [][]float64 {
	if len(points) <= n {
		return points
	}
	size := (4*len(points) + n - 1) / n
	var kept [][]float64
	for len(points) > 0 {
		run := points[:min(size, len(points))]
		points = points[len(run):]
		low, high := 0, 0
		for i, p := range run {
			if p[1] < run[low][1] {
				low = i
			}
			if p[1] > run[high][1] {
				high = i
			}
		}
		for i, p := range run {
			if i == 0 || i == low || i == high || i == len(run)-1 {
				kept = append(kept, p)
			}
		}
	}
	return kept
}
