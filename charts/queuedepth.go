package charts

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// QueueDepth shows a count over time as steps: how many items a queue holds, how
// many goroutines are at work.
//
// It returns an error for a track without points, for points out of order and
// for values that are not finite. Beyond 2000 points, extremes of neighbouring
// points stand for all of them.
func QueueDepth(tracks ...timeline.Track) (Chart, error) {
	if err := checkTracks(tracks); err != nil {
		return Chart{}, fmt.Errorf("chart a depth over time: %w", err)
	}
	o := frame(depthTitle(tracks), "steps: a value holds until the next point; averages are over time")
	o.Legend.Show = opts.Bool(len(tracks) > 1)
	o.XAxis = []axis{durationAxis("time since the start")}
	y := valueAxis("items")
	y.MinInterval = 1
	y.NameGap = 36
	o.YAxis = []axis{y}
	o.Tooltip.Trigger = "axis"
	o.Tooltip.Formatter = &function{Name: "tipStep"}
	o.DataZoom = []opts.DataZoom{{Type: "inside"}}
	t := Table{Columns: []Column{{"track", ""}, {"points", ""}, {"average", ""}, {"largest", ""}, {"empty", "%"}}}
	for i, k := range tracks {
		o.Series = append(o.Series, depthLine(k, i))
		average, empty := overTime(k)
		t.Rows = append(t.Rows, []any{k.Name, float64(len(k.Points)), round(average), k.Max(), math.Round(100 * empty)})
	}
	return build(o, Spec{Table: t, Height: 320})
}

func checkTracks(tracks []timeline.Track) error {
	if len(tracks) == 0 {
		return errors.New("no track given")
	}
	for _, k := range tracks {
		if len(k.Points) == 0 {
			return fmt.Errorf("track %q has no points", k.Name)
		}
		last := time.Duration(math.MinInt64)
		for i, p := range k.Points {
			if math.IsNaN(p.Value) || math.IsInf(p.Value, 0) {
				return fmt.Errorf("track %q: point %d is %v; want a finite number", k.Name, i+1, p.Value)
			}
			if p.At < last {
				return fmt.Errorf("track %q: point %d at %v comes after one at %v", k.Name, i+1, p.At, last)
			}
			last = p.At
		}
	}
	return nil
}

// depthTitle says all of one track, and the largest value of each of several.
func depthTitle(tracks []timeline.Track) string {
	if k := tracks[0]; len(tracks) == 1 {
		average, empty := overTime(k)
		return fmt.Sprintf("%s: at most %s, %s on average, empty %.0f %% of the time", k.Name, digits(k.Max()), digits(average), 100*empty)
	}
	var parts []string
	for _, k := range tracks {
		parts = append(parts, fmt.Sprintf("%s (%s)", digits(k.Max()), k.Name))
	}
	return "At most " + strings.Join(parts, ", ")
}

// overTime is the average over time and the share of time at 0. A track that
// lasts no time counts as its last value.
func overTime(k timeline.Track) (average, empty float64) {
	first, last := k.Points[0], k.Points[len(k.Points)-1]
	whole := float64(last.At - first.At)
	if whole == 0 {
		if last.Value == 0 {
			empty = 1
		}
		return last.Value, empty
	}
	for i, p := range k.Points[:len(k.Points)-1] {
		share := float64(k.Points[i+1].At-p.At) / whole
		average += share * p.Value
		if p.Value == 0 {
			empty += share
		}
	}
	return average, empty
}

func depthLine(k timeline.Track, i int) series {
	var points [][]float64
	for _, p := range k.Points {
		points = append(points, []float64{float64(p.At), p.Value})
	}
	return series{Type: "line", Name: k.Name, Data: thin(points, 2000), Step: "end", Symbol: "none",
		ItemStyle: &opts.ItemStyle{Color: color(i)}, LineStyle: &opts.LineStyle{Width: 1.5, Color: color(i)},
		AreaStyle: &opts.AreaStyle{Color: color(i), Opacity: opts.Float(0.15)}}
}
