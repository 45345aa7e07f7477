package charts

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// Bar is one bar: a value with its 95 % interval where it has one.
type Bar struct {
	Value  float64
	Lo, Hi float64 // equal when there is no interval
}

// Group is a series of bars, one for each name of the plot.
type Group struct {
	Name string
	Bars []Bar
}

// Values makes bars without intervals.
func Values(xs ...float64) []Bar {
	bars := make([]Bar, len(xs))
	for i, x := range xs {
		bars[i] = Bar{Value: x}
	}
	return bars
}

// BarPlot is what Bars draws.
type BarPlot struct {
	Title    string // the finding; computed from the numbers when empty
	Subtitle string
	Names    []string // what the bars stand for
	Value    Axis     // what they show
	Groups   []Group
	Stacked  bool     // parts of a whole, on top of each other
	Notes    []string // circumstances besides the machine
}

// Bars draws numbers by name as horizontal bars: one group or several beside
// each other or stacked, on a linear or a logarithmic axis (a ladder of costs).
//
// It returns an error when there are no bars, when their number differs from
// that of the names, when a value has no place on its axis and for stacked bars
// on a logarithmic axis, whose lengths would mean nothing.
func Bars(p BarPlot) (Chart, error) {
	if err := p.check(); err != nil {
		return Chart{}, fmt.Errorf("chart bars: %w", err)
	}
	title := p.Title
	if title == "" {
		title = p.title()
	}
	o := frame(title, p.Subtitle)
	o.Legend.Show = opts.Bool(len(p.Groups) > 1)
	o.XAxis, o.YAxis = []axis{p.Value.axis()}, []axis{categoryAxis(p.Names)}
	switch low := p.lowest(); {
	case p.Value.Log != 0:
		o.XAxis[0].Start = place(math.Pow(p.Value.Log, math.Floor(math.Log(low)/math.Log(p.Value.Log)-0.01)))
		o.XAxis[0].Min = o.XAxis[0].Start
	case low < 0:
		o.XAxis[0].Min = nil
	}
	o.Tooltip.Trigger = "axis"
	o.Tooltip.AxisPointer = &opts.AxisPointer{Type: "shadow"}
	o.Tooltip.Formatter = &function{"tipAxis", map[string]any{"y": p.Value.Unit.name()}}
	for i := range p.Groups {
		o.Series = append(o.Series, p.series(i)...)
	}
	rows := len(p.Names)
	if !p.Stacked {
		rows *= len(p.Groups)
	}
	return build(o, Spec{Table: p.table(), Height: 150 + 24*rows + 6*len(p.Names), Note: honestly(p.Notes)})
}

func (p BarPlot) check() error {
	switch {
	case len(p.Groups) == 0 || len(p.Names) == 0:
		return errors.New("no bars given")
	case p.Stacked && p.Value.Log != 0:
		return errors.New("stacked bars on a logarithmic axis have lengths that mean nothing; use a linear axis, or bars side by side")
	}
	for _, g := range p.Groups {
		if len(g.Bars) != len(p.Names) {
			return fmt.Errorf("%q has %d bars for %d names", g.Name, len(g.Bars), len(p.Names))
		}
		for i, b := range g.Bars {
			if err := p.Value.check(b.Value); err != nil {
				return fmt.Errorf("%q: %s: %w", g.Name, p.Names[i], err)
			}
			if b.Lo != b.Hi && (math.IsNaN(b.Lo) || math.IsNaN(b.Hi) || b.Lo > b.Value || b.Hi < b.Value) {
				return fmt.Errorf("%q: %s: the interval from %v to %v does not hold %v", g.Name, p.Names[i], b.Lo, b.Hi, b.Value)
			}
		}
	}
	return nil
}

func (p BarPlot) lowest() float64 {
	low := math.Inf(1)
	for _, g := range p.Groups {
		for _, b := range g.Bars {
			low = min(low, b.Value)
		}
	}
	return low
}

// title names the ends of one group, or the sums of several.
func (p BarPlot) title() string {
	if len(p.Groups) == 1 {
		bars, least, most := p.Groups[0].Bars, 0, 0
		for i, b := range bars {
			if b.Value < bars[least].Value {
				least = i
			}
			if b.Value > bars[most].Value {
				most = i
			}
		}
		return fmt.Sprintf("%s: %s for %s up to %s for %s", p.Value.name(), p.Value.Unit.text(bars[least].Value), p.Names[least], p.Value.Unit.text(bars[most].Value), p.Names[most])
	}
	var parts []string
	for _, g := range p.Groups {
		sum := 0.0
		for _, b := range g.Bars {
			sum += b.Value
		}
		parts = append(parts, fmt.Sprintf("%s %s", g.Name, p.Value.Unit.text(sum)))
	}
	return fmt.Sprintf("%s in all: %s", p.Value.name(), strings.Join(parts, ", "))
}

func (p BarPlot) series(i int) []series {
	g := p.Groups[i]
	var values []float64
	var whiskers [][]float64
	for row, b := range g.Bars {
		values = append(values, round(b.Value))
		if b.Lo != b.Hi {
			whiskers = append(whiskers, []float64{float64(row), round(b.Value), round(b.Lo), round(b.Hi)})
		}
	}
	s := series{Type: "bar", Name: g.Name, Data: values, BarGap: "8%", BarCategoryGap: "30%", ItemStyle: &opts.ItemStyle{Color: color(i)}}
	if p.Stacked {
		s.Stack = "all"
	} else if len(whiskers) == 0 {
		s.Label = &label{Show: true, Position: "right", Color: "$text", Formatter: p.Value.Unit.formatter()}
	}
	all := []series{s}
	if len(whiskers) > 0 && !p.Stacked {
		w := drawn("errorBarBeside", g.Name, map[string]any{"groups": len(p.Groups), "index": i, "span": 0.72, "color": "$text"},
			whiskers, map[string]any{"x": []int{2, 3}, "y": 0})
		w.ItemStyle, w.Z = &opts.ItemStyle{Color: color(i)}, 5
		all = append(all, w)
	}
	return all
}

func (p BarPlot) table() Table {
	t := Table{Columns: []Column{{"name", ""}}}
	for _, g := range p.Groups {
		name := g.Name
		if name == "" {
			name = p.Value.name()
		}
		t.Columns = append(t.Columns, p.Value.Unit.head(name))
	}
	for i, name := range p.Names {
		row := []any{name}
		for _, g := range p.Groups {
			row = append(row, p.Value.Unit.value(g.Bars[i].Value))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
