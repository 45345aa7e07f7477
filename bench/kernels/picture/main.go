// Command picture draws what bench/kernels/run.sh has measured: the time of
// each thing that a front end waits for, by kernel, on a logarithmic axis.
//
//	go run ./bench/kernels/picture -o docs/kernels.png .cache/bench/kernels.json
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/lib/stats"
)

// measured is the file that sidebyside.py writes.
type measured struct {
	Kernels []string // the first is what the others are compared with
	Names   map[string]string
	Machine struct {
		Date, CPU, Go, Python string
		Cores                 int
		Load                  []float64
	}
	Times  []string // rows that are times in milliseconds
	Values map[string]map[string][]any
	Faults map[string]map[string]string
}

func main() {
	out := flag.String("o", "kernels.png", "write the picture to this `file`")
	flag.Parse()
	if err := run(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	m, err := read(in)
	if err != nil {
		return err
	}
	chart, err := draw(m)
	if err != nil {
		return fmt.Errorf("draw %s: %w", in, err)
	}
	spec := chart.Spec()
	spec.Note = m.without() // the machine that draws is not the one that measured
	png, err := render.PNG(spec, false)
	if err != nil {
		return err
	}
	return os.WriteFile(out, png, 0o644)
}

func read(file string) (m measured, err error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, fmt.Errorf("read %s: %w", file, err)
	}
	return m, nil
}

// draw makes bars of the medians with their 95 % intervals. What a kernel
// fails at, or does not have, has no bar to compare: the row is left out and
// named under the chart.
func draw(m measured) (charts.Chart, error) {
	if len(m.Kernels) < 2 {
		return charts.Chart{}, errors.New("there is nothing to compare")
	}
	p := charts.BarPlot{Value: charts.Axis{Name: "median, ms", Log: 10}}
	for _, k := range m.Kernels {
		p.Groups = append(p.Groups, charts.Group{Name: m.Names[k]})
	}
	for _, row := range m.Times {
		if len(m.lack(row)) > 0 {
			continue
		}
		p.Names = append(p.Names, row)
		for i, k := range m.Kernels {
			e := stats.Median(m.numbers(k, row))
			p.Groups[i].Bars = append(p.Groups[i].Bars, charts.Bar{Value: e.Value, Lo: e.Lo, Hi: e.Hi})
		}
	}
	p.Title = finding(p)
	c := m.Machine
	p.Subtitle = fmt.Sprintf("%s, %d cores of %s, %s, Python %s, load %.1f before", c.Date, c.Cores, c.CPU, c.Go, c.Python, slices.Concat(c.Load, []float64{0})[0])
	return charts.Bars(p)
}

// without names the rows that are left out, and why.
func (m measured) without() string {
	var rows []string
	for _, row := range m.Times {
		if lack := m.lack(row); len(lack) > 0 {
			rows = append(rows, fmt.Sprintf("%q (%s)", row, strings.Join(lack, ", ")))
		}
	}
	if len(rows) == 0 {
		return ""
	}
	return "Without " + strings.Join(rows, ", ") + ": no answer, or a wrong one."
}

// lack names the kernels that have no time for a row.
func (m measured) lack(row string) (names []string) {
	for _, k := range m.Kernels {
		if len(m.numbers(k, row)) == 0 || m.Faults[k][row] != "" {
			names = append(names, m.Names[k])
		}
	}
	return names
}

func (m measured) numbers(kernel, row string) (xs []float64) {
	for _, v := range m.Values[kernel][row] {
		if x, ok := v.(float64); ok && x > 0 {
			xs = append(xs, x)
		}
	}
	return xs
}

// finding counts the rows at which the first kernel has the smallest median.
func finding(p charts.BarPlot) string {
	first := 0
	for i := range p.Names {
		if !slices.ContainsFunc(p.Groups, func(g charts.Group) bool { return g.Bars[i].Value < p.Groups[0].Bars[i].Value }) {
			first++
		}
	}
	return fmt.Sprintf("%s answers first in %d of %d measures", p.Groups[0].Name, first, len(p.Names))
}
