package charts

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/scale"
	"github.com/interleave-lab/interleave/lib/stats"
)

// Scaling shows what more workers or cores buy: the measured speed-up with its
// 95 % intervals beside the ideal, the laws fitted to it with their bands and
// bounds, and below the efficiency of each worker. Rules mark the physical and
// logical cores of the machine and its quota. Both axes are logarithmic, so
// that the ideal is a straight line.
//
// A fit that was refused is not drawn; the subtitle says why. It returns an
// error for fewer than two points and for points without rounds.
func Scaling(c scale.Curve, fits ...scale.Fit) (Chart, error) {
	if err := checkScaling(c); err != nil {
		return Chart{}, fmt.Errorf("chart scaling of %s: %w", c.Work, err)
	}
	o := frame(scalingTitle(c), scalingSubtitle(fits))
	o.XAxis = []axis{workersAxis(c, 0), workersAxis(c, 1)}
	speed := Axis{Name: "speed-up", Unit: Ratio, Log: 2}.axis()
	speed.NameGap = 44
	share := Axis{Name: "efficiency", Unit: Share}.axis()
	share.GridIndex, share.NameGap = 1, 44
	o.YAxis = []axis{speed, share}
	o.Tooltip.Trigger = "axis"
	o.Tooltip.Formatter = &function{"tipAxis", map[string]any{"name": c.Over, "y": "times"}}
	o.Series = append(o.Series, ideal(c))
	for i, f := range fits {
		if f.Refused == "" {
			o.Series = append(o.Series, fitted(c, f, i+1)...)
		}
	}
	o.Series = append(o.Series, points(c, "measured", 0, func(p scale.Point) stats.Estimate { return p.Speedup })...)
	o.Series = append(o.Series, points(c, "efficiency", 1, func(p scale.Point) stats.Estimate { return p.Efficiency })...)
	if marks := cores(c); len(marks) > 0 {
		o.Series = append(o.Series, rules(marks))
	}
	return build(o, Spec{Table: scalingTable(c), Height: 520, Left: 62,
		Panels: []Panel{{Weight: 3}, {Weight: 1.1}},
		Note:   measured(c.Machine, c.Rounds(), c.Disturbed(), c.Parts, c.Partial)})
}

// measured is the honesty line of a measurement in rounds.
func measured(stamp machine.Stamp, rounds, disturbed int, parts []string, partial string) string {
	notes := []string{fmt.Sprintf("%d rounds, %d disturbed", rounds, disturbed)}
	if len(parts) > 0 {
		notes = append(notes, strings.Join(parts, ", "))
	}
	if partial != "" {
		notes = append(notes, "partial: "+partial)
	}
	return honesty(stamp, notes...)
}

func checkScaling(c scale.Curve) error {
	if len(c.Points) < 2 {
		return fmt.Errorf("%d points; want at least 2", len(c.Points))
	}
	for i, p := range c.Points {
		if p.Workers < 1 || i > 0 && p.Workers <= c.Points[i-1].Workers {
			return fmt.Errorf("point %d has %d workers; want ascending numbers from 1 on", i+1, p.Workers)
		}
		for _, e := range []stats.Estimate{p.Speedup, p.Efficiency} {
			if !(e.Lo > 0 && e.Value > 0) || math.IsInf(e.Hi, 0) || math.IsNaN(e.Hi) {
				return errors.New("a speed-up is not known; make curves with scale.Cores, scale.Workers or scale.Measured")
			}
		}
	}
	return nil
}

func scalingTitle(c scale.Curve) string {
	best := c.Points[0]
	for _, p := range c.Points {
		if p.Speedup.Value > best.Speedup.Value {
			best = p
		}
	}
	text := fmt.Sprintf("%s: %s×", c.Work, digits(best.Speedup.Value))
	if best.Speedup.HasInterval() {
		text += fmt.Sprintf(" [%s, %s]", digits(best.Speedup.Lo), digits(best.Speedup.Hi))
	}
	return fmt.Sprintf("%s %s, efficiency %.0f %%", text, level(c, best.Workers), 100*best.Efficiency.Value)
}

// level is "with 8 workers" or "at GOMAXPROCS 8".
func level(c scale.Curve, n int) string {
	if c.Over == "workers" {
		return fmt.Sprintf("with %d workers", n)
	}
	return fmt.Sprintf("at %s %d", c.Over, n)
}

// scalingSubtitle has the parameters of each fit, or why it was refused.
func scalingSubtitle(fits []scale.Fit) string {
	var lines []string
	for _, f := range fits {
		if f.Refused != "" {
			lines = append(lines, fmt.Sprintf("%s refused: %s", f.Model, f.Refused))
			continue
		}
		text := f.Model + ":"
		for _, p := range f.Parameters {
			text += fmt.Sprintf(" %s = %s [%s, %s]", p.Name, digits(p.Value), digits(p.Lo), digits(p.Hi))
		}
		if !math.IsInf(f.Bound.Value, 0) {
			text += fmt.Sprintf(", at most %s×", digits(f.Bound.Value))
		}
		if !math.IsInf(f.Peak.Value, 0) {
			text += fmt.Sprintf(" with %s workers", digits(f.Peak.Value))
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// workersAxis is the same for both panels; only the lower one has labels.
func workersAxis(c scale.Curve, panel int) axis {
	a := Axis{Name: c.Over, Log: 2}.axis()
	a.Min, a.Max = c.Points[0].Workers, c.Points[len(c.Points)-1].Workers
	a.GridIndex = panel
	if panel == 0 {
		a.Name, a.AxisLabel.Show = "", opts.Bool(false)
	}
	return a
}

func ideal(c scale.Curve) series {
	first := float64(c.Points[0].Workers)
	last := float64(c.Points[len(c.Points)-1].Workers)
	return series{Type: "line", Name: "ideal", Data: [][]float64{{first, 1}, {last, place(last / first)}}, Symbol: "none", Tooltip: &hidden{}, Z: 1,
		ItemStyle: &opts.ItemStyle{Color: "$grey"}, LineStyle: &opts.LineStyle{Width: 1.5, Color: "$grey", Type: "dashed"}}
}

// fitted is the curve of a law with its band, and its bound where that is in
// sight.
func fitted(c scale.Curve, f scale.Fit, i int) []series {
	first, last := float64(c.Points[0].Workers), float64(c.Points[len(c.Points)-1].Workers)
	var line, band [][]float64
	for k := range 41 {
		n := first * math.Pow(last/first, float64(k)/40)
		e := f.At(n)
		if !(e.Value > 0) || math.IsInf(e.Value, 0) {
			continue
		}
		line = append(line, []float64{place(n), round(e.Value)})
		if e.Lo > 0 && !math.IsInf(e.Hi, 0) {
			band = append(band, []float64{place(n), round(e.Lo), round(e.Hi)})
		}
	}
	s := curve(f.Model, line, i)
	s.LineStyle.Type, s.Tooltip, s.Z = "solid", &hidden{}, 2
	all := []series{s}
	if len(band) > 1 {
		b := drawn("band", f.Model, map[string]any{"data": band, "color": color(i)}, [][]float64{{first}}, fixed)
		b.ItemStyle, b.Z = &opts.ItemStyle{Color: color(i)}, 1
		all = append(all, b)
	}
	if f.Bound.Value < last/first*1.5 {
		text := fmt.Sprintf("%s: at most %s×", f.Model, digits(f.Bound.Value))
		r := drawn("ruleY", f.Model, map[string]any{"texts": []string{text}, "color": color(i)}, [][]float64{{round(f.Bound.Value)}}, map[string]any{"x": -1, "y": 0})
		r.ItemStyle, r.Z = &opts.ItemStyle{Color: color(i)}, 1
		all = append(all, r)
	}
	return all
}

// points are measured values with their whiskers.
func points(c scale.Curve, name string, panel int, of func(scale.Point) stats.Estimate) []series {
	l := Line{Name: name, Dots: panel == 0} // lines above are laws
	for _, p := range c.Points {
		e := of(p)
		l.Points = append(l.Points, Point{X: float64(p.Workers), Y: e.Value, Lo: e.Lo, Hi: e.Hi})
	}
	all := l.series(panel * 3) // efficiency has a colour and a shape of its own
	for i := range all {
		all[i].XAxisIndex, all[i].YAxisIndex = panel, panel
	}
	all[0].Z, all[0].Clip = 6, false
	return all
}

// cores are the limits of the machine which lie within the curve.
func cores(c scale.Curve) (marks []Rule) {
	m := c.Machine
	first, last := float64(c.Points[0].Workers), float64(c.Points[len(c.Points)-1].Workers)
	add := func(at float64, name string) {
		if at <= first || at > last {
			return
		}
		for i := range marks {
			if marks[i].X == at {
				marks[i].Name += ", " + name
				return
			}
		}
		marks = append(marks, Rule{at, name})
	}
	add(float64(m.Physical), fmt.Sprintf("%d physical", m.Physical))
	add(float64(m.Cores), fmt.Sprintf("%d logical", m.Cores))
	add(m.Quota, fmt.Sprintf("quota %s", digits(m.Quota)))
	return marks
}

func scalingTable(c scale.Curve) Table {
	t := Table{Columns: []Column{{c.Over, ""}, {"throughput", "1/s"}, {"speed-up", "×"}, {"from", "×"}, {"to", "×"}, {"efficiency", "%"}, {"verdict", ""}}}
	for _, p := range c.Points {
		t.Rows = append(t.Rows, []any{float64(p.Workers), round(p.Throughput.Value), round(p.Speedup.Value), round(p.Speedup.Lo), round(p.Speedup.Hi),
			round(100 * p.Efficiency.Value), string(p.Verdict)})
	}
	return t
}
