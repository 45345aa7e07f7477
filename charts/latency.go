package charts

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/hdr"
	"github.com/interleave-lab/interleave/lib/load"
	"github.com/interleave-lab/interleave/lib/machine"
)

// Waits is what the latency charts take: times of single operations, in
// whatever form they were measured. Of a load it is the latency from the moment
// at which each request was to be sent.
type Waits interface {
	Latencies | load.Result | *hdr.Histogram
}

// Latency shows percentiles on an axis of nines, on which every step to the
// right is ten times as rare: 90 %, 99 %, 99.9 % (an HDR plot). The tail that
// averages hide is as wide as the middle.
//
// It returns an error when there are no times or one of them is negative. A
// percentile which fewer than one operation stands for is not drawn.
func Latency[W Waits](runs ...W) (Chart, error) {
	ds, err := distributions(runs)
	if err != nil {
		return Chart{}, fmt.Errorf("chart latencies: %w", err)
	}
	o := frame(percentileTitle(ds), "each step to the right is ten times as rare; a line ends where its slowest operation stands")
	x := Axis{Name: "percentile", Log: 10}.axis()
	x.Min, x.AxisLabel.Formatter = 1, &function{Name: "nines"}
	o.XAxis = []axis{x}
	o.YAxis = []axis{latencyAxis(ds).axis()}
	o.YAxis[0].NameGap = 50
	o.Tooltip.Trigger = "axis"
	o.Tooltip.Formatter = &function{"tipAxis", map[string]any{"x": "nines", "y": "duration"}}
	o.DataZoom = []opts.DataZoom{{Type: "inside"}}
	for i, d := range ds {
		o.Series = append(o.Series, curve(d.name, d.nines(), i))
	}
	return build(o, Spec{Table: percentileTable(ds), Height: 400, Note: noted(ds)})
}

// LatencyECDF shows which share of operations took no longer than a time (the
// empirical distribution function).
//
// Its errors are those of Latency.
func LatencyECDF[W Waits](runs ...W) (Chart, error) {
	ds, err := distributions(runs)
	if err != nil {
		return Chart{}, fmt.Errorf("chart the distribution of latencies: %w", err)
	}
	o := frame(percentileTitle(ds), "the share of operations that took no longer")
	o.XAxis = []axis{latencyAxis(ds).axis()}
	y := Axis{Name: "share of operations", Unit: Share}.axis()
	y.Max, y.NameGap = 1, 50
	o.YAxis = []axis{y}
	o.Tooltip.Trigger = "axis"
	o.Tooltip.Formatter = &function{"tipAxis", map[string]any{"x": "duration", "y": "percent"}}
	o.DataZoom = []opts.DataZoom{{Type: "inside"}}
	for i, d := range ds {
		s := curve(d.name, d.ecdf(), i)
		s.Step = "end"
		o.Series = append(o.Series, s)
	}
	return build(o, Spec{Table: percentileTable(ds), Height: 380, Note: noted(ds)})
}

// LatencyHistogram shows how often each latency occurred, in bins of equal
// width on the axis that is drawn.
//
// Its errors are those of Latency.
func LatencyHistogram[W Waits](runs ...W) (Chart, error) {
	ds, err := distributions(runs)
	if err != nil {
		return Chart{}, fmt.Errorf("chart a histogram of latencies: %w", err)
	}
	x := latencyAxis(ds)
	edges := bins(ds, x.Log > 1)
	o := frame(percentileTitle(ds), fmt.Sprintf("share of operations in each of %d bins of equal width on this axis", len(edges)-1))
	o.XAxis = []axis{x.axis()}
	y := Axis{Name: "share of operations", Unit: Share}.axis()
	y.NameGap = 50
	o.YAxis = []axis{y}
	o.Tooltip.Trigger = "axis"
	o.Tooltip.Formatter = &function{"tipAxis", map[string]any{"name": "from", "x": "duration", "y": "percent"}}
	for i, d := range ds {
		s := curve(d.name, d.histogram(edges), i)
		s.Step, s.AreaStyle = "end", &opts.AreaStyle{Color: color(i), Opacity: opts.Float(0.18)}
		o.Series = append(o.Series, s)
	}
	return build(o, Spec{Table: percentileTable(ds), Height: 380, Note: noted(ds)})
}

// LatencyBox compares distributions row by row: a box from quartile to
// quartile with the median, whiskers to the 1st and 99th percentile, and
// around it the shape of the distribution (a violin).
//
// Its errors are those of Latency.
func LatencyBox[W Waits](runs ...W) (Chart, error) {
	ds, err := distributions(runs)
	if err != nil {
		return Chart{}, fmt.Errorf("chart boxes of latencies: %w", err)
	}
	o := frame(percentileTitle(ds), "box: quartiles and median; whiskers: p1 to p99; shape: how often")
	o.Legend.Show = opts.Bool(false)
	o.XAxis = []axis{latencyAxis(ds).axis()}
	o.XAxis[0].Scale = opts.Bool(true)
	var names, fills []string
	var rows, boxes [][]float64
	var profiles [][][]float64
	for i, d := range ds {
		names, fills = append(names, d.name), append(fills, color(i))
		rows = append(rows, []float64{float64(i), d.at(0.005), d.at(0.995)})
		profiles = append(profiles, d.profile())
		boxes = append(boxes, []float64{float64(i), d.at(0.01), d.at(0.25), d.at(0.5), d.at(0.75), d.at(0.99)})
	}
	o.YAxis = []axis{categoryAxis(names)}
	shape := drawn("violin", "", map[string]any{"profiles": profiles, "colors": fills}, rows, map[string]any{"x": []int{1, 2}, "y": 0})
	box := drawn("box", "", map[string]any{"color": "$text", "fill": "$paper"}, boxes, map[string]any{"x": []int{1, 2, 3, 4, 5}, "y": 0})
	box.Silent, box.Tooltip, box.Z = false, nil, 4
	o.Tooltip.Formatter = &function{"tipTexts", map[string]any{"texts": [][]string{{}, boxTexts(ds)}}}
	o.Series = []series{shape, box}
	return build(o, Spec{Table: percentileTable(ds), Height: 150 + 72*len(ds), Note: noted(ds)})
}

// distribution is what all forms of latencies have in common.
type distribution struct {
	name     string
	count    int
	quantile func(p float64) float64 // nanoseconds
	most     float64
	stamp    machine.Stamp
	notes    []string
}

func distributions[W Waits](runs []W) ([]distribution, error) {
	if len(runs) == 0 {
		return nil, errors.New("no run given")
	}
	var ds []distribution
	for _, r := range runs {
		d, err := distributionOf(r)
		if err != nil {
			return nil, err
		}
		ds = append(ds, d)
	}
	return ds, nil
}

func distributionOf(run any) (distribution, error) {
	switch r := run.(type) {
	case Latencies:
		return r.distribution()
	case load.Result:
		return loadDistribution(r)
	case *hdr.Histogram:
		return histogramDistribution("", r)
	default:
		return distribution{}, fmt.Errorf("%T holds no latencies", run)
	}
}

func (l Latencies) distribution() (distribution, error) {
	if err := checkLatencies([]Latencies{l}); err != nil {
		return distribution{}, err
	}
	xs := make([]float64, len(l.Times))
	for i, d := range l.Times {
		xs[i] = float64(d)
	}
	slices.Sort(xs)
	return distribution{name: l.Name, count: len(xs), most: xs[len(xs)-1],
		quantile: func(p float64) float64 { return bench.Quantile(xs, p) }}, nil
}

func histogramDistribution(name string, h *hdr.Histogram) (distribution, error) {
	if h == nil || h.Count() == 0 {
		return distribution{}, fmt.Errorf("%q has no times", name)
	}
	return distribution{name: name, count: int(h.Count()), most: float64(h.Max()),
		quantile: func(p float64) float64 { return float64(h.Quantile(p)) }}, nil
}

func loadDistribution(r load.Result) (distribution, error) {
	d, err := histogramDistribution(r.Name, r.Latency())
	d.stamp = r.Machine
	d.notes = append(d.notes, r.Kind+" load")
	d.notes = append(d.notes, r.Parts...)
	if r.Partial != "" {
		d.notes = append(d.notes, "partial: "+r.Partial)
	}
	return d, err
}

// at is a quantile for a picture: at least a nanosecond, so that it has a
// place on a logarithmic axis.
func (d distribution) at(p float64) float64 { return round(max(1, d.quantile(p))) }

// latencyAxis spans all runs.
func latencyAxis(ds []distribution) Axis {
	low, high := math.Inf(1), 0.0
	for _, d := range ds {
		low, high = min(low, d.at(0.01)), max(high, d.most)
	}
	return Axis{Name: "latency", Unit: Nanoseconds}.decades(low, high)
}

// nines are the percentiles up to the slowest operation; x is how many
// operations there are for each one that is slower.
func (d distribution) nines() (points [][]float64) {
	last := max(1, float64(d.count))
	for x := 1.0; x < last; x *= 1.08 {
		points = append(points, []float64{round(x), d.at(1 - 1/x)})
	}
	return append(points, []float64{round(last), round(max(1, d.most))})
}

// ecdf has every time of a short run and 400 quantiles of a long one.
func (d distribution) ecdf() (points [][]float64) {
	n := min(d.count, 400)
	for i := range n {
		p := float64(i) / float64(max(1, n-1))
		points = append(points, []float64{d.at(p), round(float64(i+1) / float64(n))})
	}
	return points
}

// bins are the edges of a histogram of all runs.
func bins(ds []distribution, logarithmic bool) (edges []float64) {
	low, high, count := math.Inf(1), 0.0, 0
	for _, d := range ds {
		low, high, count = min(low, d.at(0)), max(high, d.most), max(count, d.count)
	}
	high = max(high, low+1)
	n := min(60, max(8, int(2*math.Cbrt(float64(count))))) // the Rice rule, within bounds
	for i := range n + 1 {
		share := float64(i) / float64(n)
		if logarithmic {
			edges = append(edges, low*math.Pow(high/low, share))
		} else {
			edges = append(edges, low+(high-low)*share)
		}
	}
	return edges
}

// histogram is the share of operations from each edge to the next.
func (d distribution) histogram(edges []float64) (points [][]float64) {
	below := 0.0
	for i := range edges[1:] {
		upTo := d.rank(edges[i+1])
		if i == len(edges)-2 {
			upTo = 1
		}
		points = append(points, []float64{round(edges[i]), round(upTo - below)})
		below = upTo
	}
	return append(points, []float64{round(edges[len(edges)-1]), 0})
}

// rank is the share of operations that took at most x: the inverse of
// quantile, by bisection.
func (d distribution) rank(x float64) float64 {
	low, high := 0.0, 1.0
	for range 30 {
		if mid := (low + high) / 2; d.quantile(mid) <= x {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// profile is the density on a logarithmic scale at 40 values, the largest 1:
// a Gaussian kernel over 400 quantiles.
func (d distribution) profile() (points [][]float64) {
	const values, kernels = 40, 400
	low, high := math.Log(d.at(0.005)), math.Log(d.at(0.995))
	if high-low < 1e-6 {
		high = low + 1e-6
	}
	var density [values]float64
	width, largest := (high-low)/14, 0.0
	for i := range density {
		at := low + (high-low)*float64(i)/(values-1)
		for k := range kernels {
			z := (math.Log(max(1, d.quantile((float64(k)+0.5)/kernels))) - at) / width
			density[i] += math.Exp(-z * z / 2)
		}
		largest = max(largest, density[i])
	}
	for i, x := range density {
		points = append(points, []float64{round(math.Exp(low + (high-low)*float64(i)/(values-1))), math.Round(1000*x/largest) / 1000})
	}
	return points
}

// curve is a plain line.
func curve(name string, points [][]float64, i int) series {
	return series{Type: "line", Name: name, Data: points, Symbol: "none", Clip: true,
		ItemStyle: &opts.ItemStyle{Color: color(i)}, LineStyle: &opts.LineStyle{Width: 2, Color: color(i), Type: dashes[i%len(dashes)]}}
}

// dashes tell lines without symbols apart beside their colours.
var dashes = []string{"solid", "dashed", "dotted"}

func percentileTitle(ds []distribution) string {
	part := func(p float64) string {
		var parts []string
		for _, d := range ds {
			parts = append(parts, strings.TrimSpace(d.name+" "+human(time.Duration(d.quantile(p)))))
		}
		return strings.Join(parts, ", ")
	}
	text := fmt.Sprintf("median %s; p99 %s", part(0.5), part(0.99))
	for _, d := range ds {
		if d.count < 100 {
			return text + " (fewer than 100 operations: p99 is near the slowest)"
		}
	}
	return text
}

func boxTexts(ds []distribution) (texts []string) {
	for _, d := range ds {
		text := d.name
		for _, p := range []float64{0.01, 0.25, 0.5, 0.75, 0.99} {
			text += fmt.Sprintf("\np%g %s", 100*p, human(time.Duration(d.quantile(p))))
		}
		texts = append(texts, text)
	}
	return texts
}

func percentileTable(ds []distribution) Table {
	t := Table{Columns: []Column{{"run", ""}, {"operations", ""}, {"p50", "s"}, {"p90", "s"}, {"p99", "s"}, {"p99.9", "s"}, {"largest", "s"}}}
	for _, d := range ds {
		row := []any{d.name, float64(d.count)}
		for _, p := range []float64{0.5, 0.9, 0.99, 0.999} {
			row = append(row, round(d.quantile(p)/1e9))
		}
		t.Rows = append(t.Rows, append(row, round(d.most/1e9)))
	}
	return t
}

// noted are the circumstances of the runs; those of the first where they have
// a machine.
func noted(ds []distribution) string {
	var notes []string
	for _, d := range ds {
		for _, n := range d.notes {
			if !slices.Contains(notes, n) {
				notes = append(notes, n)
			}
		}
	}
	return honesty(ds[0].stamp, notes...)
}
