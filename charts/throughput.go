package charts

import (
	"fmt"
	"math"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/load"
)

// ThroughputLatency shows what a service does under rising load: above, how
// much of it is answered, beside the line where all of it is; below, what users
// wait (median and 99th percentile with 95 % intervals). The knee, above which
// more load costs more waiting than it gains, is marked.
//
// It returns an error for fewer than two loads, and for one at which nothing
// was answered.
func ThroughputLatency(c load.Curve) (Chart, error) {
	if err := checkLoads(c); err != nil {
		return Chart{}, fmt.Errorf("chart throughput and latency of %s: %w", c.Name, err)
	}
	o := frame(kneeTitle(c), kneeSubtitle(c))
	o.XAxis = []axis{loadAxis(c, 0), loadAxis(c, 1)}
	rate := Axis{Name: "answered", Unit: PerSecond}.axis()
	rate.NameGap = 48
	wait := latencyOfLoads(c).axis()
	wait.GridIndex, wait.NameGap = 1, 48
	o.YAxis = []axis{rate, wait}
	o.Series = append(o.Series, offered(c)...)
	o.Series = append(o.Series, loadSeries(c, "answered", 0, 0, func(r load.Result) Point { return Point{Y: r.Throughput()} })...)
	for i, q := range []float64{0.5, 0.99} {
		o.Series = append(o.Series, loadSeries(c, fmt.Sprintf("p%g", 100*q), 1, i+1, func(r load.Result) Point {
			e := r.Quantile(q)
			return Point{Y: max(1, e.Value), Lo: max(1, e.Lo), Hi: max(1, e.Hi)}
		})...)
	}
	if k := c.Knee(); k.Found {
		for panel := range 2 {
			mark := rules([]Rule{{k.Level, []string{"knee", ""}[panel]}})
			mark.XAxisIndex, mark.YAxisIndex = panel, panel
			o.Series = append(o.Series, mark)
		}
	}
	o.Tooltip.Formatter = &function{"tipTexts", map[string]any{"texts": loadTips(c, o.Series)}}
	return build(o, Spec{Table: loadTable(c), Height: 520, Left: 66,
		Panels: []Panel{{Weight: 1}, {Weight: 1.2}}, Note: loadNote(c)})
}

func checkLoads(c load.Curve) error {
	if len(c.Points) < 2 {
		return fmt.Errorf("%d loads; want at least 2", len(c.Points))
	}
	for i, p := range c.Points {
		if !(p.Level > 0) || math.IsInf(p.Level, 0) || i > 0 && p.Level <= c.Points[i-1].Level {
			return fmt.Errorf("load %d is %v; want ascending numbers above 0", i+1, p.Level)
		}
		if p.Result.Latency().Count() == 0 {
			return fmt.Errorf("load %s: nothing was answered", metric(p.Level))
		}
	}
	return nil
}

// levelUnit is that of the x axis.
func levelUnit(c load.Curve) Unit {
	if c.By == "offered" {
		return PerSecond
	}
	return Count
}

func kneeTitle(c load.Curve) string {
	k := c.Knee()
	if !k.Found {
		last := c.Points[len(c.Points)-1]
		return fmt.Sprintf("%s: no knee up to %s; p99 %s there", c.Name, levelText(c, last.Level), Nanoseconds.text(float64(last.Result.Latency().Quantile(0.99))))
	}
	at, last := c.Points[k.Index].Result, c.Points[len(c.Points)-1]
	return fmt.Sprintf("%s: knee at %s, p99 %s; at %s it is %s", c.Name, levelText(c, k.Level), Nanoseconds.text(float64(at.Latency().Quantile(0.99))),
		levelText(c, last.Level), Nanoseconds.text(float64(last.Result.Latency().Quantile(0.99))))
}

func levelText(c load.Curve, level float64) string {
	if c.By == "offered" {
		return PerSecond.text(level)
	}
	return metric(level) + " " + c.By
}

func kneeSubtitle(c load.Curve) string {
	k := c.Knee()
	if !k.Found {
		return "no knee: " + k.Reason
	}
	text := "knee: " + k.Method
	if k.Saturated >= 0 {
		text += fmt.Sprintf("; from %s on less than 95 %% is answered", levelText(c, c.Points[k.Saturated].Level))
	}
	return text
}

// loadAxis is the same for both panels; only the lower one has labels.
func loadAxis(c load.Curve, panel int) axis {
	a := Axis{Name: c.By, Unit: levelUnit(c)}.axis()
	a.Max, a.Interval = steps(c.Points[len(c.Points)-1].Level)
	a.GridIndex = panel
	if panel == 0 {
		a.Name, a.AxisLabel.Show = "", opts.Bool(false)
	}
	return a
}

func latencyOfLoads(c load.Curve) Axis {
	low, high := math.Inf(1), 0.0
	for _, p := range c.Points {
		l := p.Result.Latency()
		low, high = min(low, float64(l.Quantile(0.5))), max(high, float64(l.Quantile(0.99)))
	}
	return Axis{Name: "latency", Unit: Nanoseconds}.decades(low, high)
}

// offered is the line where everything is answered; users offer nothing.
func offered(c load.Curve) []series {
	if c.By != "offered" {
		return nil
	}
	last := c.Points[len(c.Points)-1].Level
	return []series{{Type: "line", Name: "all answered", Data: [][]float64{{0, 0}, {place(last), place(last)}}, Symbol: "none", Tooltip: &hidden{}, Z: 1,
		ItemStyle: &opts.ItemStyle{Color: "$grey"}, LineStyle: &opts.LineStyle{Width: 1.5, Color: "$grey", Type: "dashed"}}}
}

func loadSeries(c load.Curve, name string, panel, i int, of func(load.Result) Point) []series {
	l := Line{Name: name}
	for _, p := range c.Points {
		q := of(p.Result)
		q.X = p.Level
		l.Points = append(l.Points, q)
	}
	all := l.series(i)
	for j := range all {
		all[j].XAxisIndex, all[j].YAxisIndex = panel, panel
	}
	return all
}

// loadTips are the same for the points of one load in all series.
func loadTips(c load.Curve, all []series) (texts [][]string) {
	var rows []string
	for _, p := range c.Points {
		l := p.Result.Latency()
		rows = append(rows, fmt.Sprintf("%s\nanswered %s\np50 %s\np99 %s", levelText(c, p.Level), PerSecond.text(p.Result.Throughput()),
			human(l.Quantile(0.5)), human(l.Quantile(0.99))))
	}
	for _, s := range all {
		if s.Type == "line" && s.Tooltip == nil {
			texts = append(texts, rows)
		} else {
			texts = append(texts, nil)
		}
	}
	return texts
}

func loadTable(c load.Curve) Table {
	t := Table{Columns: []Column{levelUnit(c).head(c.By), {"answered", "1/s"}, {"p50", "s"}, {"p90", "s"}, {"p99", "s"}, {"p99.9", "s"}, {"errors", "%"}}}
	for _, p := range c.Points {
		row := []any{round(p.Level), round(p.Result.Throughput())}
		l := p.Result.Latency()
		for _, q := range []float64{0.5, 0.9, 0.99, 0.999} {
			row = append(row, seconds(l.Quantile(q)))
		}
		t.Rows = append(t.Rows, append(row, round(100*p.Result.ErrorShare())))
	}
	return t
}

func loadNote(c load.Curve) string {
	r := c.Points[0].Result
	notes := []string{r.Kind + " load", strings.Join(r.Parts, ", ")}
	if c.Partial != "" {
		notes = append(notes, "partial: "+c.Partial)
	}
	return honesty(c.Machine(), notes...)
}
