package charts

import (
	"errors"
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/bench"
)

// Forest shows many comparisons at once, a row for each: the speed-up as a
// point with its 95 % interval on a logarithmic axis, and the line where both
// would be equal. A row whose interval holds 1 shows no difference.
//
// It takes results of bench.Compare, whose circumstances it then prints, or
// single comparisons. It returns an error when there is no comparison or one
// has no rounds.
func Forest[C Compared](results ...C) (Chart, error) {
	comparisons, note := compared(results)
	if err := checkForest(comparisons); err != nil {
		return Chart{}, fmt.Errorf("chart comparisons: %w", err)
	}
	o := frame(forestTitle(comparisons), "speed-up with its 95 % interval; right of 1 is faster than the baseline")
	var names []string
	for _, c := range comparisons {
		names = append(names, forestName(c, comparisons))
	}
	x := Axis{Name: "speed-up over the baseline", Unit: Ratio, Log: 10}.axis()
	low, high := forestSpan(comparisons)
	if high/low < 500 {
		x.LogBase = 2
	}
	x.Min, x.Max = place(low), place(high)
	x.AxisLabel.ShowMinLabel, x.AxisLabel.ShowMaxLabel = opts.Bool(false), opts.Bool(false) // no round numbers
	o.XAxis, o.YAxis = []axis{x}, []axis{categoryAxis(names)}
	for i := range verdicts {
		o.Series = append(o.Series, forestPoints(comparisons, i)...)
	}
	o.Tooltip.Formatter = &function{"tipTexts", map[string]any{"texts": forestTips(comparisons, o.Series)}}
	one := drawn("ruleX", "", map[string]any{"texts": []string{""}, "color": "$grey"}, [][]float64{{1}}, fixed)
	o.Series = append(o.Series, one, forestLabels(comparisons))
	return build(o, Spec{Table: forestTable(comparisons, names), Height: 160 + 28*len(comparisons), Note: note})
}

// verdicts have a colour and a shape each.
var verdicts = []struct {
	verdict       bench.Verdict
	color, symbol string
}{{bench.Faster, "$green", "circle"}, {bench.Slower, "$vermillion", "diamond"}, {bench.NoDifference, "$grey", "rect"}}

func checkForest(cs []bench.Comparison) error {
	if len(cs) == 0 {
		return errors.New("no comparison given")
	}
	for _, c := range cs {
		if len(c.Base.Rounds) == 0 || len(c.Other.Rounds) == 0 {
			return fmt.Errorf("%s: no rounds; make comparisons with bench.Compare or bench.Between", c.Work)
		}
		if s := c.Speedup; !(s.Lo > 0 && s.Hi >= s.Lo) || math.IsInf(s.Hi, 0) {
			return fmt.Errorf("%s: the speed-up is %v, from %v to %v; want positive numbers", c.Work, s.Value, s.Lo, s.Hi)
		}
	}
	return nil
}

// forestName is the work where it differs, the way where that differs.
func forestName(c bench.Comparison, all []bench.Comparison) string {
	works, ways := false, false
	for _, a := range all {
		works = works || a.Work != all[0].Work
		ways = ways || a.Other.Name != all[0].Other.Name
	}
	switch {
	case works && ways:
		return c.Work + ", " + c.Other.Name
	case ways:
		return c.Other.Name
	default:
		return c.Work
	}
}

// forestSpan holds all intervals and 1, with room on both sides and for the
// labels.
func forestSpan(cs []bench.Comparison) (low, high float64) {
	low, high = 1, 1
	for _, c := range cs {
		low, high = min(low, c.Speedup.Lo), max(high, c.Speedup.Hi)
	}
	room := math.Pow(high/low, 0.06) * 1.02
	return low / room, high * room * math.Pow(high/low, 0.25)
}

// forestTitle counts the verdicts.
func forestTitle(cs []bench.Comparison) string {
	best := cs[0]
	count := map[bench.Verdict]int{}
	for _, c := range cs {
		count[c.Verdict]++
		if c.Speedup.Value > best.Speedup.Value {
			best = c
		}
	}
	text := ""
	for _, v := range verdicts {
		if n := count[v.verdict]; n > 0 {
			if text != "" {
				text += ", "
			}
			text += fmt.Sprintf("%s in %d of %d", v.verdict, n, len(cs))
		}
	}
	if best.Verdict != bench.Faster {
		return text
	}
	return fmt.Sprintf("%s; most: %s, %s", text, forestName(best, cs), ratioText(best))
}

// forestPoints are the rows of one verdict.
func forestPoints(cs []bench.Comparison, i int) []series {
	v := verdicts[i]
	var points [][]float64
	whiskers := [][]float64{}
	for row, c := range cs {
		if c.Verdict != v.verdict {
			continue
		}
		points = append(points, []float64{place(c.Speedup.Value), float64(row)})
		if c.Speedup.HasInterval() {
			whiskers = append(whiskers, []float64{float64(row), place(c.Speedup.Value), place(c.Speedup.Lo), place(c.Speedup.Hi)})
		}
	}
	if len(points) == 0 {
		return nil
	}
	dots := series{Type: "scatter", Name: string(v.verdict), Data: points, Symbol: v.symbol, SymbolSize: 10, Z: 5, ItemStyle: &opts.ItemStyle{Color: v.color}}
	bars := drawn("errorBarBeside", string(v.verdict), map[string]any{"groups": 1, "index": 0, "span": 1, "color": v.color}, whiskers, map[string]any{"x": []int{2, 3}, "y": 0})
	bars.ItemStyle, bars.Z = &opts.ItemStyle{Color: v.color}, 4
	return []series{dots, bars}
}

// forestTips are the texts of the points; whiskers have none.
func forestTips(cs []bench.Comparison, all []series) (texts [][]string) {
	for _, s := range all {
		var rows []string
		for _, c := range cs {
			if s.Type == "scatter" && string(c.Verdict) == s.Name {
				rows = append(rows, fmt.Sprintf("%s: %s\n%s %s, %s %s", forestName(c, cs), ratioText(c),
					c.Base.Name, human(median(c.Base)), c.Other.Name, human(median(c.Other))))
			}
		}
		texts = append(texts, rows)
	}
	return texts
}

// forestLabels are the numbers beside the rows.
func forestLabels(cs []bench.Comparison) series {
	var ends [][]float64
	var texts []string
	for row, c := range cs {
		ends = append(ends, []float64{float64(row), place(c.Speedup.Hi), place(c.Speedup.Lo)})
		text := Ratio.text(c.Speedup.Value)
		if c.Speedup.HasInterval() {
			text += fmt.Sprintf(" [%s, %s]", digits(c.Speedup.Lo), digits(c.Speedup.Hi))
		}
		texts = append(texts, text)
	}
	s := drawn("textBeside", "", map[string]any{"groups": 1, "index": 0, "span": 1, "texts": texts, "color": "$text", "ink": "$text"}, ends, map[string]any{"x": 1, "y": 0})
	s.Z = 6
	return s
}

func forestTable(cs []bench.Comparison, names []string) Table {
	t := Table{Columns: []Column{{"comparison", ""}, {"speed-up", "×"}, {"from", "×"}, {"to", "×"}, {"verdict", ""}}}
	for i, c := range cs {
		t.Rows = append(t.Rows, []any{names[i], round(c.Speedup.Value), round(c.Speedup.Lo), round(c.Speedup.Hi), string(c.Verdict)})
	}
	return t
}
