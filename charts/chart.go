// Package charts draws what was measured.
//
// Every chart is a function that takes results and returns a Chart, or an
// error that names what is wrong with them: there are no empty boxes. A Chart
// is data only (an ECharts option, the table behind it, a text for those who
// do not see the picture, and the machine it was measured on); whoever shows
// it draws it, so a cell that makes charts stays light.
//
// The titles state the finding in numbers. They are computed, so that a chart
// never says what its data do not.
package charts

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/machine"
)

// MIME is the type under which a Spec travels in an output.
const MIME = "application/vnd.interleave.chart.v1+json"

// Spec is a chart as data. Everything but Option may be missing.
type Spec struct {
	// Option is an ECharts option in pure JSON. A function is given by name,
	// {"$fn": "duration"}, and a colour of the theme as "$blue".
	Option json.RawMessage `json:"option"`
	// Arranged asks for title, legend and panels to be put in their places;
	// an option that has its own layout leaves it false.
	Arranged bool    `json:"arranged,omitempty"`
	Panels   []Panel `json:"panels,omitempty"` // one for each grid, from top to bottom
	Left     int     `json:"left,omitempty"`   // room for labels and names left of the panels, at least
	Table    Table   `json:"table"`            // the numbers in the picture
	Alt      string  `json:"alt"`              // the picture in words
	Note     string  `json:"note"`             // the circumstances, shown under the picture
	Width    int     `json:"width"`            // of the static picture, in CSS pixels
	Height   int     `json:"height"`
}

// Text is the chart without its picture: the finding, the table and the
// circumstances.
func (s Spec) Text() string {
	parts := []string{s.title()}
	if len(s.Table.Columns) > 0 {
		parts = append(parts, strings.TrimSuffix(s.Table.String(), "\n"))
	}
	if s.Note != "" {
		parts = append(parts, s.Note)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

func (s Spec) title() string {
	title, _, _ := strings.Cut(s.Alt, "\n")
	return title
}

// Panel is one of several plots over the same x axis.
type Panel struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"` // its share of the height
}

// Chart is a chart that shows itself as the last expression of a cell.
type Chart struct{ spec Spec }

// Spec returns the chart as data.
func (c Chart) Spec() Spec { return c.spec }

// Title is the finding in one line.
func (c Chart) Title() string { return c.spec.title() }

// String is the title, the table and the circumstances as plain text.
func (c Chart) String() string { return c.spec.Text() }

// Display implements display.Displayer.
func (c Chart) Display() display.Data {
	return display.Data{Bundle: map[string]any{MIME: c.spec, "text/plain": c.String()}}
}

// Noting returns the chart with more circumstances under it: what a reader must
// know to judge the numbers, such as "stand-in: miniredis".
func (c Chart) Noting(circumstances ...string) Chart {
	c.spec.Note = strings.Join(append([]string{c.spec.Note}, circumstances...), "; ")
	return c
}

// honesty is the line under a chart: the machine of the result, or that of
// this process where the result does not say, then what else matters.
func honesty(stamp machine.Stamp, more ...string) string {
	if stamp == (machine.Stamp{}) {
		stamp = machine.Read()
	}
	line := stamp.String()
	if stamp.Engine != "" {
		line += ", " + stamp.Engine
	}
	for _, m := range more {
		if m != "" {
			line += "; " + m
		}
	}
	return line
}

// maxHeight is that of the static picture; rows get narrower beyond.
const maxHeight = 3900

// build finishes a chart: the option becomes JSON, the stamp is added.
func build(o option, s Spec) (Chart, error) {
	if err := s.Table.check(); err != nil {
		return Chart{}, err
	}
	s.Table = s.Table.timed()
	raw, err := json.Marshal(o)
	if err != nil {
		return Chart{}, fmt.Errorf("encode the option: %w", err)
	}
	s.Option, s.Arranged = raw, true
	s.Alt = o.Title.Title + "\n" + o.Title.Subtitle
	if s.Note == "" {
		s.Note = honesty(machine.Stamp{})
	}
	if s.Width == 0 {
		s.Width = 760
	}
	s.Height = min(s.Height, maxHeight)
	return Chart{s}, nil
}

// round keeps four significant digits: more are never measured here.
func round(x float64) float64 { return significant(x, 4) }

// place keeps seven, for positions that an eye can tell apart when zoomed in.
func place(x float64) float64 { return significant(x, 7) }

func significant(x float64, n int) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-float64(n-1))
	if unit < 1 { // a power below one is not exact, its inverse is
		return math.Round(x*math.Round(1/unit)) / math.Round(1/unit)
	}
	return math.Round(x/unit) * unit
}
