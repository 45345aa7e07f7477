package charts

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/machine"
)

// Point is one point of a line, with its 95 % interval where it has one.
type Point struct {
	X, Y   float64
	Lo, Hi float64 // equal when there is no interval
}

// Line is one series of points.
type Line struct {
	Name   string
	Points []Point
	Step   bool // a value holds until the next point
	Dashed bool // for what was not measured: theory, an ideal
	Dots   bool // points only
}

// Rule is a line across a plot at a value of x.
type Rule struct {
	X    float64
	Name string
}

// Plot is what Lines draws.
type Plot struct {
	Title    string // the finding; computed from the numbers when empty
	Subtitle string
	X, Y     Axis
	Lines    []Line
	Rules    []Rule
	Notes    []string // circumstances besides the machine
}

// Lines draws numbers over numbers, for whatever has no chart of its own: on
// linear or logarithmic axes, as lines, steps or points, with intervals.
//
// It returns an error when there are no points, when a number has no place on
// its axis and when an interval does not hold its point. Beyond 2000 points of
// a line, the first, smallest, largest and last of neighbours stand for all of
// them (M4: Jugel et al., VLDB 2014), so that no peak is lost.
func Lines(p Plot) (Chart, error) {
	if err := p.check(); err != nil {
		return Chart{}, fmt.Errorf("chart lines: %w", err)
	}
	title := p.Title
	if title == "" {
		title = p.title()
	}
	o := frame(title, p.Subtitle)
	o.Legend.Show = opts.Bool(len(p.Lines) > 1)
	o.XAxis, o.YAxis = []axis{p.X.axis()}, []axis{p.Y.axis()}
	o.YAxis[0].NameGap = 50
	o.free(p)
	o.Tooltip.Trigger = "axis"
	o.Tooltip.Formatter = &function{"tipAxis", map[string]any{"name": p.X.Name, "x": p.X.Unit.name(), "y": p.Y.Unit.name()}}
	o.DataZoom = []opts.DataZoom{{Type: "inside"}}
	for i, l := range p.Lines {
		o.Series = append(o.Series, l.series(i)...)
	}
	if len(p.Rules) > 0 {
		o.Series = append(o.Series, rules(p.Rules))
	}
	return build(o, Spec{Table: p.table(), Height: 400, Note: honestly(p.Notes)})
}

// honestly is the line under a chart of plain numbers.
func honestly(notes []string) string {
	if len(notes) == 0 {
		return ""
	}
	return honesty(machine.Stamp{}, notes...)
}

func (p Plot) check() error {
	if len(p.Lines) == 0 {
		return errors.New("no line given")
	}
	for _, l := range p.Lines {
		if len(l.Points) == 0 {
			return fmt.Errorf("%q has no points", l.Name)
		}
		for i, q := range l.Points {
			if err := errors.Join(p.X.check(q.X), p.Y.check(q.Y)); err != nil {
				return fmt.Errorf("%q: point %d: %w", l.Name, i+1, err)
			}
			if q.Lo != q.Hi && (math.IsNaN(q.Lo) || math.IsNaN(q.Hi) || q.Lo > q.Y || q.Hi < q.Y) {
				return fmt.Errorf("%q: point %d: the interval from %v to %v does not hold %v", l.Name, i+1, q.Lo, q.Hi, q.Y)
			}
		}
	}
	return nil
}

// free lets linear axes begin below 0 or far above where the numbers do.
func (o *option) free(p Plot) {
	lowX, highX := math.Inf(1), math.Inf(-1)
	lowY := math.Inf(1)
	for _, l := range p.Lines {
		for _, q := range l.Points {
			lowX, highX, lowY = min(lowX, q.X), max(highX, q.X), min(lowY, q.Y)
		}
	}
	if lowX < 0 || lowX > (highX-lowX) && p.X.Log == 0 {
		o.XAxis[0].Min = nil
		o.XAxis[0].Scale = opts.Bool(true)
	}
	if lowY < 0 {
		o.YAxis[0].Min = nil
	}
}

// title says where the lines end, or what one line does.
func (p Plot) title() string {
	if l := p.Lines[0]; len(p.Lines) == 1 {
		first, last, top := l.Points[0], l.Points[len(l.Points)-1], l.Points[0]
		for _, q := range l.Points {
			if q.Y > top.Y {
				top = q
			}
		}
		return fmt.Sprintf("%s: %s to %s, at most %s at %s", p.Y.name(), p.Y.Unit.text(first.Y), p.Y.Unit.text(last.Y), p.Y.Unit.text(top.Y), p.X.at(top.X))
	}
	var parts []string
	for _, l := range p.Lines {
		last := l.Points[len(l.Points)-1]
		parts = append(parts, fmt.Sprintf("%s %s", l.Name, p.Y.Unit.text(last.Y)))
	}
	end := p.Lines[0].Points[len(p.Lines[0].Points)-1]
	return fmt.Sprintf("%s at %s: %s", p.Y.name(), p.X.at(end.X), strings.Join(parts, ", "))
}

// symbols tell series apart beside their colours.
var symbols = []string{"circle", "rect", "triangle", "diamond"}

// series are the line and its whiskers.
func (l Line) series(i int) []series {
	var points, whiskers [][]float64
	for _, q := range l.Points {
		points = append(points, []float64{place(q.X), place(q.Y)})
		if q.Lo != q.Hi {
			whiskers = append(whiskers, []float64{place(q.X), place(q.Lo), place(q.Hi)})
		}
	}
	s := series{Type: "line", Name: l.Name, Data: thin(points, 2000), Symbol: symbols[i%len(symbols)], SymbolSize: 7, Z: 3, Clip: true,
		ItemStyle: &opts.ItemStyle{Color: color(i)}, LineStyle: &opts.LineStyle{Width: 2, Color: color(i)}}
	switch {
	case l.Dots:
		s.Type, s.LineStyle, s.Clip = "scatter", nil, false
	case l.Dashed:
		s.Symbol, s.LineStyle.Type, s.LineStyle.Width = "none", "dashed", 1.5
	case len(l.Points) > 100:
		s.Symbol = "none"
	}
	if l.Step {
		s.Step = "end"
	}
	all := []series{s}
	if len(whiskers) > 0 {
		w := drawn("errorBar", l.Name, map[string]any{"color": color(i)}, whiskers, map[string]any{"x": 0, "y": []int{1, 2}})
		w.ItemStyle, w.Z = &opts.ItemStyle{Color: color(i)}, 4
		all = append(all, w)
	}
	return all
}

// rules are lines across, their names in rows below each other.
func rules(rs []Rule) series {
	var at [][]float64
	var names []string
	var rows []int
	for i, r := range rs {
		at, names, rows = append(at, []float64{place(r.X)}), append(names, r.Name), append(rows, i%4)
	}
	s := drawn("ruleX", "", map[string]any{"texts": names, "rows": rows, "color": "$grey", "ink": "$muted"}, at, map[string]any{"x": 0, "y": -1})
	s.Z = 1
	return s
}

// table has every point; of long lines an even choice of them.
func (p Plot) table() Table {
	t := Table{Columns: []Column{{"line", ""}, p.X.Unit.head(p.X.name()), p.Y.Unit.head(p.Y.name())}}
	intervals := false
	for _, l := range p.Lines {
		for _, q := range l.Points {
			intervals = intervals || q.Lo != q.Hi
		}
	}
	if intervals {
		t.Columns = append(t.Columns, p.Y.Unit.head("from"), p.Y.Unit.head("to"))
	}
	for _, l := range p.Lines {
		for _, q := range chosen(l.Points, 100) {
			row := []any{l.Name, p.X.Unit.value(q.X), p.Y.Unit.value(q.Y)}
			if intervals {
				if q.Lo == q.Hi {
					q.Lo, q.Hi = q.Y, q.Y
				}
				row = append(row, p.Y.Unit.value(q.Lo), p.Y.Unit.value(q.Hi))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// chosen is at most n of the elements, evenly spread, the first and the last
// among them.
func chosen[T any](all []T, n int) []T {
	if len(all) <= n {
		return all
	}
	some := make([]T, n)
	for i := range some {
		some[i] = all[i*(len(all)-1)/(n-1)]
	}
	return some
}
