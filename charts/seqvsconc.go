package charts

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/bench"
)

// SeqVsConc sets two ways to do the same work side by side, sequential against
// concurrent: a bar for each median, every round as a point, a whisker for the
// 95 % interval where there are rounds enough, and the ratio as a label.
//
// It takes results of bench.Compare, whose circumstances it then prints, or
// single comparisons. It returns an error when there is nothing to compare or
// the comparisons do not name the same two ways; see Forest for more ways.
func SeqVsConc[C Compared](results ...C) (Chart, error) {
	comparisons, note := compared(results)
	if err := checkComparisons(comparisons); err != nil {
		return Chart{}, fmt.Errorf("chart sequential against concurrent: %w", err)
	}
	o := frame(speedupTitle(comparisons), roundsText(comparisons))
	o.XAxis = []axis{timingAxis(comparisons)}
	o.YAxis = []axis{categoryAxis(works(comparisons))}
	o.Tooltip.Formatter = &function{"tipTiming", map[string]any{"texts": timingTexts(comparisons)}}
	o.Series = []series{
		timingBars(comparisons, 0), timingBars(comparisons, 1),
		timingPoints(comparisons, 0), timingPoints(comparisons, 1),
		timingWhiskers(comparisons, 0), timingWhiskers(comparisons, 1),
		timingLabels(comparisons, 0), timingLabels(comparisons, 1),
	}
	height := 150 + 92*len(comparisons)
	return build(o, Spec{Table: timingTable(comparisons), Height: height, Note: note})
}

// Compared is what holds comparisons.
type Compared interface {
	bench.Comparison | bench.Result
}

// compared are all comparisons of the results, and the honesty line where the
// results tell it.
func compared[C Compared](results []C) (all []bench.Comparison, note string) {
	rounds, disturbed := 0, 0
	var last bench.Result
	for _, r := range results {
		switch r := any(r).(type) {
		case bench.Comparison:
			all = append(all, r)
		case bench.Result:
			all = append(all, r.Comparisons...)
			rounds, disturbed, last = rounds+r.Rounds(), disturbed+r.Disturbed(), r
		}
	}
	if rounds == 0 {
		return all, ""
	}
	return all, measured(last.Machine, rounds, disturbed, last.Parts, last.Partial)
}

func checkComparisons(cs []bench.Comparison) error {
	if len(cs) == 0 {
		return errors.New("no comparison given")
	}
	for _, c := range cs {
		if len(c.Base.Rounds) == 0 || len(c.Other.Rounds) == 0 {
			return fmt.Errorf("%s: no rounds; make comparisons with bench.Between", c.Work)
		}
		if c.Base.Name != cs[0].Base.Name || c.Other.Name != cs[0].Other.Name {
			return fmt.Errorf("%s compares %q with %q and %s compares %q with %q; want the same two everywhere",
				cs[0].Work, cs[0].Base.Name, cs[0].Other.Name, c.Work, c.Base.Name, c.Other.Name)
		}
	}
	return nil
}

func works(cs []bench.Comparison) []string {
	var names []string
	for _, c := range cs {
		names = append(names, c.Work)
	}
	return names
}

// side is the sample on one side of a comparison, 0 for the base.
func side(c bench.Comparison, i int) bench.Sample {
	if i == 0 {
		return c.Base
	}
	return c.Other
}

// ratioText is the outcome as a label: "2.84× faster [2.7, 2.9]".
func ratioText(c bench.Comparison) string {
	ratio, lo, hi := c.Speedup.Value, c.Speedup.Lo, c.Speedup.Hi
	if c.Verdict == bench.NoDifference {
		return string(c.Verdict)
	}
	if c.Verdict == bench.Slower {
		ratio, lo, hi = 1/ratio, 1/hi, 1/lo
	}
	text := fmt.Sprintf("%s× %s", digits(ratio), c.Verdict)
	if c.Speedup.HasInterval() {
		text += fmt.Sprintf(" [%s, %s]", digits(lo), digits(hi))
	}
	return text
}

func speedupTitle(cs []bench.Comparison) string {
	c := cs[0]
	if len(cs) > 1 {
		return severalTitle(cs)
	}
	base, other := median(c.Base), median(c.Other)
	if c.Verdict == bench.NoDifference {
		return fmt.Sprintf("%s: no difference shown between %s (%s) and %s (%s)", c.Work, c.Base.Name, human(base), c.Other.Name, human(other))
	}
	return fmt.Sprintf("%s: %s is %s than %s, %s instead of %s", c.Work, c.Other.Name, ratioText(c), c.Base.Name, human(other), human(base))
}

// severalTitle counts the verdicts and names the span of the ratios.
func severalTitle(cs []bench.Comparison) string {
	count := map[bench.Verdict]int{}
	least, most := cs[0].Speedup.Value, cs[0].Speedup.Value
	for _, c := range cs {
		count[c.Verdict]++
		least, most = min(least, c.Speedup.Value), max(most, c.Speedup.Value)
	}
	var parts []string
	for _, v := range []bench.Verdict{bench.Faster, bench.Slower, bench.NoDifference} {
		if count[v] > 0 {
			parts = append(parts, fmt.Sprintf("%s in %d of %d", v, count[v], len(cs)))
		}
	}
	return fmt.Sprintf("%s against %s: %s; speed-up %s× to %s×", cs[0].Other.Name, cs[0].Base.Name, strings.Join(parts, ", "), digits(least), digits(most))
}

// roundsText says what a bar is made of.
func roundsText(cs []bench.Comparison) string {
	rounds := len(cs[0].Base.Rounds)
	for _, c := range cs {
		rounds = min(rounds, len(c.Base.Rounds), len(c.Other.Rounds))
	}
	switch {
	case rounds >= bench.MinRounds:
		return fmt.Sprintf("medians of %d rounds or more; whiskers are 95 %% intervals, points are rounds", rounds)
	case rounds == 1:
		return "one round each, so no interval"
	default:
		return fmt.Sprintf("medians of %d rounds, too few for an interval; points are rounds", rounds)
	}
}

func median(s bench.Sample) time.Duration { return time.Duration(s.Median().Value) }

func timingBars(cs []bench.Comparison, i int) series {
	var bars []float64
	for _, c := range cs {
		bars = append(bars, round(side(c, i).Median().Value))
	}
	return series{Type: "bar", Name: side(cs[0], i).Name, Data: bars, BarGap: "8%", BarCategoryGap: "30%",
		ItemStyle: &opts.ItemStyle{Color: color(i)}}
}

// timingLabels stand behind everything drawn on their bars, at the inner end of
// what was measured fastest where a narrow page leaves no room behind.
func timingLabels(cs []bench.Comparison, i int) series {
	var labels [][]float64
	var texts []string
	for row, c := range cs {
		s := side(c, i)
		texts = append(texts, timingLabel(c, i))
		times := s.Times()
		labels = append(labels, []float64{float64(row), round(slices.Max(times)), round(slices.Min(times))})
	}
	args := beside(i, "$text")
	args["ink"], args["texts"] = "$paper", texts
	return series{Type: "custom", Name: side(cs[0], i).Name, Data: labels, Encode: map[string]any{"x": 1, "y": 0},
		RenderItem: &function{"textBeside", args}, Silent: true, Z: 6, ItemStyle: &opts.ItemStyle{Color: color(i)}}
}

// timingLabel is the median and, for the second side, the outcome.
func timingLabel(c bench.Comparison, i int) string {
	text := human(median(side(c, i)))
	if i == 1 {
		text += ", " + ratioText(c)
	}
	return text
}

// timingAxis ends where every label has room behind what is drawn on its bar,
// so that none lies over points far from the others.
func timingAxis(cs []bench.Comparison) axis {
	const plot, letter = 600, 7.2 // about, in pixels
	end := 0.0
	for _, c := range cs {
		for i := range 2 {
			room := 20 + letter*float64(utf8.RuneCountInString(timingLabel(c, i)))
			end = max(end, slices.Max(side(c, i).Times())*plot/max(plot-room, plot/2))
		}
	}
	a := durationAxis("time for the work, less is better")
	a.Max, a.Interval = steps(end)
	return a
}

// beside puts a mark on the bar of one side; see offset in the runtime.
func beside(i int, fill string) map[string]any {
	return map[string]any{"groups": 2, "index": i, "span": 0.72, "color": fill}
}

func timingPoints(cs []bench.Comparison, i int) series {
	points := [][]float64{}
	for row, c := range cs {
		times := side(c, i).Times()
		for _, t := range times {
			if len(times) > 1 {
				points = append(points, []float64{float64(row), round(t)})
			}
		}
	}
	return series{Type: "custom", Name: side(cs[0], i).Name, Data: points, Encode: map[string]any{"x": 1, "y": 0},
		RenderItem: &function{"pointBeside", beside(i, "$text")}, Silent: true, Z: 4, ItemStyle: &opts.ItemStyle{Color: color(i)}}
}

func timingWhiskers(cs []bench.Comparison, i int) series {
	whiskers := [][]float64{}
	for row, c := range cs {
		if m := side(c, i).Median(); m.HasInterval() {
			whiskers = append(whiskers, []float64{float64(row), round(m.Value), round(m.Lo), round(m.Hi)})
		}
	}
	return series{Type: "custom", Name: side(cs[0], i).Name, Data: whiskers, Encode: map[string]any{"x": []int{2, 3}, "y": 0},
		RenderItem: &function{"errorBarBeside", beside(i, "$text")}, Silent: true, Z: 5, ItemStyle: &opts.ItemStyle{Color: color(i)}}
}

// timingTexts are the tooltips of the bars, by series and row.
func timingTexts(cs []bench.Comparison) [][]string {
	texts := make([][]string, 2)
	for i := range texts {
		for _, c := range cs {
			s, m := side(c, i), side(c, i).Median()
			text := fmt.Sprintf("%s, %s: %s", c.Work, s.Name, human(median(s)))
			if m.HasInterval() {
				text += fmt.Sprintf("\n95 %% interval %s – %s", human(time.Duration(m.Lo)), human(time.Duration(m.Hi)))
			}
			if i == 1 {
				text += "\n" + ratioText(c)
			}
			texts[i] = append(texts[i], text)
		}
	}
	return texts
}

func timingTable(cs []bench.Comparison) Table {
	t := Table{Columns: []Column{{"work", ""}, {cs[0].Base.Name, "s"}, {cs[0].Other.Name, "s"}, {"speed-up", "×"}, {"from", "×"}, {"to", "×"}, {"verdict", ""}}}
	for _, c := range cs {
		t.Rows = append(t.Rows, []any{c.Work, seconds(median(c.Base)), seconds(median(c.Other)),
			round(c.Speedup.Value), round(c.Speedup.Lo), round(c.Speedup.Hi), string(c.Verdict)})
	}
	return t
}
