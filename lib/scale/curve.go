package scale

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/stats"
)

// Curve is the throughput of the same work by the number of workers. As the
// last expression of a cell it shows a table, and its raw times stay in the
// notebook.
type Curve struct {
	Work      string        `json:"work"`
	Over      string        `json:"over"`   // "GOMAXPROCS" or "workers"
	Points    []Point       `json:"points"` // by ascending number of workers
	Seed      uint64        `json:"seed"`
	Machine   machine.Stamp `json:"machine"` // at the beginning
	LoadAfter float64       `json:"load_after,omitempty"`
	Took      time.Duration `json:"took"`
	Wanted    int           `json:"wanted"` // rounds
	// Partial says why the measurement ended early; empty when it did not.
	Partial  string   `json:"partial,omitempty"`
	Parts    []string `json:"parts,omitempty"` // what took the place of a real component
	Warnings []string `json:"warnings,omitempty"`
}

// Point is one level of a Curve. All but the raw values is worked out from
// them.
type Point struct {
	Workers int             `json:"workers"`
	Rounds  []time.Duration `json:"rounds"` // wall time of each
	Ops     []int64         `json:"ops"`    // operations in each
	Calls   int             `json:"calls,omitempty"`
	Spent   []machine.Spent `json:"spent,omitempty"`
	Marks   []string        `json:"marks,omitempty"` // what disturbed a round, "" when nothing did

	// Throughput in operations per second.
	Throughput stats.Estimate `json:"-"`
	// Speedup over the first point: the throughput, as a multiple.
	Speedup stats.Estimate `json:"-"`
	// Efficiency is the speed-up for each worker more than the first point has.
	Efficiency stats.Estimate `json:"-"`
	// CPU is the processor time of one operation in nanoseconds, and Inflation
	// how many times that of the first point it is. Both are zero for times
	// measured elsewhere.
	CPU       stats.Estimate `json:"-"`
	Inflation stats.Estimate `json:"-"`
	// Verdict says whether the point is faster than the first one, adjusted
	// for the number of points (Holm).
	Verdict stats.Verdict `json:"-"`
}

// Each is the time of one operation in each round, in nanoseconds.
func (p Point) Each() []float64 {
	times := make([]float64, len(p.Rounds))
	for i, d := range p.Rounds {
		times[i] = float64(d) / float64(p.Ops[i])
	}
	return times
}

// processor is the processor time of one operation in each round.
func (p Point) processor() []float64 {
	times := make([]float64, len(p.Spent))
	for i, s := range p.Spent {
		times[i] = float64(s.CPU) / float64(p.Ops[i])
	}
	return times
}

// derive works out what follows from the raw values.
func (c *Curve) derive() error {
	if len(c.Points) == 0 {
		return fmt.Errorf("scale %s: %w", c.Work, errPoints)
	}
	for i, p := range c.Points {
		if err := p.check(i > 0 && p.Workers <= c.Points[i-1].Workers); err != nil {
			return fmt.Errorf("scale %s: point %d: %w", c.Work, i+1, err)
		}
	}
	base := c.Points[0]
	var ps []float64
	var ratios []stats.Ratio
	for i := range c.Points {
		r := c.Points[i].derive(base)
		ratios, ps = append(ratios, r), append(ps, r.P)
	}
	ps = stats.Holm(ps[1:])
	c.Points[0].Verdict = ""
	for i, p := range ps {
		c.Points[i+1].Verdict = ratios[i+1].Verdict(p)
	}
	return nil
}

func (p Point) check(unordered bool) error {
	switch {
	case p.Workers < 1 || unordered:
		return fmt.Errorf("%d workers; want a number from 1 on, and more than at the point before", p.Workers)
	case len(p.Rounds) == 0 || len(p.Ops) != len(p.Rounds):
		return fmt.Errorf("%d rounds and %d counts of operations; want as many, at least one", len(p.Rounds), len(p.Ops))
	case slices.Min(p.Rounds) <= 0 || slices.Min(p.Ops) <= 0:
		return fmt.Errorf("a round took %v, one did %d operations; want more than 0", slices.Min(p.Rounds), slices.Min(p.Ops))
	case len(p.Spent) > 0 && len(p.Spent) != len(p.Rounds):
		return fmt.Errorf("%d rounds and %d processor times; want as many", len(p.Rounds), len(p.Spent))
	}
	return nil
}

func (p *Point) derive(base Point) stats.Ratio {
	p.Throughput = stats.Median(p.Each()).Map(func(ns float64) float64 { return 1e9 / ns })
	ratio := compare(base.Each(), p.Each())
	if p.Workers == base.Workers {
		ratio.Estimate = stats.Exactly(1)
	}
	p.Speedup = ratio.Estimate
	share := float64(base.Workers) / float64(p.Workers)
	p.Efficiency = ratio.Map(func(x float64) float64 { return x * share })
	p.CPU, p.Inflation = stats.Estimate{}, stats.Estimate{}
	if cpu, first := p.processor(), base.processor(); len(cpu) > 0 && len(first) > 0 && slices.Min(cpu) > 0 && slices.Min(first) > 0 {
		p.CPU = stats.Median(cpu)
		p.Inflation = compare(cpu, first).Estimate
	}
	return ratio
}

func compare(base, other []float64) stats.Ratio {
	if len(base) == len(other) {
		return stats.PairedRatio(base, other)
	}
	return stats.UnpairedRatio(base, other)
}

// Rounds is how many rounds were completed.
func (c Curve) Rounds() int {
	if len(c.Points) == 0 {
		return 0
	}
	return len(c.Points[0].Rounds)
}

// Disturbed counts the rounds in which anything disturbed any point.
func (c Curve) Disturbed() (n int) {
	for i := range c.Rounds() {
		if slices.ContainsFunc(c.Points, func(p Point) bool { return i < len(p.Marks) && p.Marks[i] != "" }) {
			n++
		}
	}
	return n
}

const kind = "scale.Curve"

// File is the curve as it is saved and compared.
func (c Curve) File() (result.File, error) {
	f, err := result.New(kind, c.Work, c.Machine, c)
	if err != nil {
		return f, err
	}
	f.LoadAfter, f.Seed, f.Partial, f.Parts = c.LoadAfter, c.Seed, c.Partial, c.Parts
	f.Rounds, f.Disturbed = c.Rounds(), c.Disturbed()
	for _, p := range c.Points {
		values := make([]float64, len(p.Rounds))
		for i, ns := range p.Each() {
			values[i] = 1e9 / ns
		}
		f.Series = append(f.Series, result.Series{Name: fmt.Sprintf("%s %d", c.Over, p.Workers), Unit: "1/s", Better: result.More, Values: values})
	}
	return f, nil
}

// Save writes the curve to a file, for Load and for interleave compare.
func (c Curve) Save(path string) error { return result.Save(c, path) }

// Load reads a curve that Save wrote.
func Load(path string) (Curve, error) { return result.LoadAs(path, kind, (*Curve).derive) }

// best is the point of the highest throughput.
func (c Curve) best() Point {
	return slices.MaxFunc(c.Points, func(a, b Point) int {
		switch {
		case a.Throughput.Value < b.Throughput.Value:
			return -1
		case a.Throughput.Value > b.Throughput.Value:
			return 1
		}
		return 0
	})
}

// Table is what the curve shows.
func (c Curve) Table() result.Table {
	best := c.best()
	t := result.Table{
		Title: fmt.Sprintf("%s: %s× with %s %d, efficiency %s", c.Work, result.Number(best.Speedup.Value), c.Over, best.Workers, result.Percent(best.Efficiency.Value)),
		Head:  []string{c.Over, "throughput", "speed-up", "95 %", "efficiency", "CPU time of one", "CPU inflation", "verdict"},
	}
	for i, p := range c.Points {
		row := []string{fmt.Sprint(p.Workers), result.Quantity(p.Throughput.Value, "1/s"), result.Number(p.Speedup.Value) + "×",
			result.Interval(p.Speedup, ""), result.Percent(p.Efficiency.Value), result.None, result.None, string(p.Verdict)}
		if p.CPU.Value > 0 {
			row[5], row[6] = result.Nanoseconds(p.CPU.Value), result.Number(p.Inflation.Value)+"×"
		}
		if i == 0 {
			row[7] = "baseline"
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = c.notes()
	return t
}

func (c Curve) notes() []string {
	how := fmt.Sprintf("medians of %d rounds in turn, order shuffled by seed %d", c.Rounds(), c.Seed)
	if n := c.Disturbed(); n > 0 {
		how += fmt.Sprintf("; %d of %d rounds disturbed", n, c.Rounds())
	}
	notes := []string{how, c.Machine.String()}
	if d := c.Machine.Details(); d != "" {
		notes = append(notes, d+fmt.Sprintf(", load after %.2f", c.LoadAfter))
	}
	if len(c.Parts) > 0 {
		notes = append(notes, "parts: "+strings.Join(c.Parts, ", "))
	}
	notes = append(notes, c.limits()...)
	if c.Partial != "" {
		notes = append(notes, "! partial: "+c.Partial)
	}
	for _, w := range c.Warnings {
		notes = append(notes, "! "+w)
	}
	if want := stats.RoundsFor(len(c.Points) - 1); c.Rounds() < want {
		notes = append(notes, fmt.Sprintf("! %d rounds; want at least %d for verdicts on so many points", c.Rounds(), want))
	}
	return notes
}

// limits says from which level on the machine cannot give more, however good
// the program.
func (c Curve) limits() (lines []string) {
	if c.Over != "GOMAXPROCS" {
		return nil
	}
	most, m := c.Points[len(c.Points)-1].Workers, c.Machine
	if m.Physical > 0 && most > m.Physical {
		lines = append(lines, fmt.Sprintf("above %d the workers share physical cores", m.Physical))
	}
	if m.Quota > 0 && float64(most) > m.Quota {
		lines = append(lines, fmt.Sprintf("the quota grants %s cores: no more speed-up can be had", result.Number(m.Quota)))
	}
	if most > m.Cores {
		lines = append(lines, fmt.Sprintf("above %d the workers share logical cores", m.Cores))
	}
	return lines
}

// String is the table as plain text.
func (c Curve) String() string { return c.Table().String() }

// Display implements display.Displayer.
func (c Curve) Display() display.Data {
	f, err := c.File()
	return result.Show(c.Table(), f, err)
}
