package load

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/progress"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/scale"
)

// Curve is throughput and latency by the load. As the last expression of a
// cell it shows a table, and its histograms stay in the notebook.
type Curve struct {
	Name   string  `json:"name"`
	By     string  `json:"by"`     // "offered" (requests a second) or "users"
	Points []Point `json:"points"` // by ascending load
	// Partial says why the sweep ended early; empty when it did not.
	Partial string `json:"partial,omitempty"`
}

// Point is one load.
type Point struct {
	Level  float64 `json:"level"` // requests a second, or users
	Result Result  `json:"result"`
}

// level is the load as text: "50".
func (p Point) level() string { return strconv.FormatFloat(p.Level, 'g', 4, 64) }

// Sweep raises the load with the zero Plan; see Plan.Sweep.
func Sweep(ctx context.Context, t Target, rates []float64, length time.Duration) (Curve, error) {
	return Plan{}.Sweep(ctx, t, rates, length)
}

// SweepUsers raises the number of users with the zero Plan; see
// Plan.SweepUsers.
func SweepUsers(ctx context.Context, t Target, users []int, length time.Duration) (Curve, error) {
	return Plan{}.SweepUsers(ctx, t, users, length)
}

// Sweep puts an open load of independent users (Poisson) on the target at each
// of the rates, for so long each, one after the other; between two the target
// is left to answer what is under way. When ctx ends or the cell is
// interrupted, the loads that were measured so far are returned, and Partial
// says why.
func (p Plan) Sweep(ctx context.Context, t Target, rates []float64, length time.Duration) (Curve, error) {
	return p.sweep(ctx, "offered", rates, func(p Plan, rate float64) (Result, error) {
		return p.Open(ctx, t, Poisson(rate), length)
	})
}

// SweepUsers puts a closed load of each number of users on the target, as
// Sweep does with rates.
func (p Plan) SweepUsers(ctx context.Context, t Target, users []int, length time.Duration) (Curve, error) {
	levels := make([]float64, len(users))
	for i, n := range users {
		levels[i] = float64(n)
	}
	return p.sweep(ctx, "users", levels, func(p Plan, n float64) (Result, error) {
		return p.Closed(ctx, t, int(n), length)
	})
}

func (p Plan) sweep(ctx context.Context, by string, levels []float64, load func(Plan, float64) (Result, error)) (Curve, error) {
	c := Curve{Name: p.filled().Name, By: by}
	if len(levels) == 0 {
		return c, fmt.Errorf("sweep %s: no loads given", c.Name)
	}
	for i, level := range levels {
		if i > 0 && level <= levels[i-1] {
			return c, fmt.Errorf("sweep %s: loads %v; want them ascending", c.Name, levels)
		}
	}
	if !p.Quiet {
		p.bar = progress.Start(c.Name, steps*len(levels))
		defer p.bar.Done()
	}
	for i, level := range levels {
		p.step = steps * i
		p.bar.Note(fmt.Sprintf("%s %v", by, level))
		r, err := load(p, level)
		if r.Partial != "" || ctx.Err() != nil {
			cause := r.Partial
			if cause == "" {
				cause = context.Cause(ctx).Error()
			}
			c.Partial = fmt.Sprintf("%d of %d loads; the next was %s", i, len(levels), cause)
			break
		}
		if err != nil {
			return c, fmt.Errorf("sweep: %w", err)
		}
		c.Points = append(c.Points, Point{level, r})
	}
	if len(c.Points) == 0 {
		return c, fmt.Errorf("sweep %s: not one load was measured: %s", c.Name, c.Partial)
	}
	return c, nil
}

// Knee is the load up to which more of it buys more throughput than it costs
// in latency.
type Knee struct {
	Found  bool
	Reason string // why there is none
	Index  int    // of the point
	Level  float64
	// Saturated is the index of the first point that answers less than 95 % of
	// what is offered, -1 when there is none or users are counted.
	Saturated int
	Method    string
}

// KneeMethod is how Curve.Knee finds the knee.
const KneeMethod = "largest power: throughput divided by mean latency (Kleinrock, Power and Deterministic Rules of Thumb, 1979)"

// Knee finds the knee of the curve: the point of the largest power. A curve
// whose power still rises at its last point, or falls from its first on, shows
// none.
func (c Curve) Knee() Knee {
	k := Knee{Method: KneeMethod, Saturated: -1}
	best := 0.0
	for i, p := range c.Points {
		mean := p.Result.Latency().Mean().Seconds()
		if power := p.Result.Throughput() / mean; mean > 0 && power > best {
			best, k.Index = power, i
		}
		if c.By == "offered" && k.Saturated < 0 && p.Result.Throughput() < 0.95*p.Result.Offered() {
			k.Saturated = i
		}
	}
	switch {
	case len(c.Points) < 3:
		k.Reason = fmt.Sprintf("%d loads; want at least 3", len(c.Points))
	case k.Index == 0:
		k.Reason = "the smallest load is the knee or above it already"
	case k.Index == len(c.Points)-1:
		k.Reason = "the largest load is still below the knee"
	default:
		k.Found, k.Level = true, c.Points[k.Index].Level
	}
	return k
}

// Scaling is throughput by the number of users as a curve of package scale, to
// fit a law to it: each window of a load is a round.
func (c Curve) Scaling() (scale.Curve, error) {
	var points []scale.Point
	for _, p := range c.Points {
		s := scale.Point{Workers: int(p.Level)}
		for _, w := range p.Result.Windows {
			if w.Answered > 0 {
				s.Rounds = append(s.Rounds, p.Result.Asked/time.Duration(len(p.Result.Windows)))
				s.Ops = append(s.Ops, w.Answered)
			}
		}
		points = append(points, s)
	}
	curve, err := scale.Measured(c.Name, c.By, points...)
	if len(c.Points) > 0 {
		curve.Machine, curve.Parts = c.Points[0].Result.Machine, c.Points[0].Result.Parts
	}
	return curve, err
}

// Machine is where the curve was measured.
func (c Curve) Machine() machine.Stamp {
	if len(c.Points) == 0 {
		return machine.Stamp{}
	}
	return c.Points[0].Result.Machine
}

const curveKind = "load.Curve"

// File is the curve as it is saved and compared.
func (c Curve) File() (result.File, error) {
	f, err := result.New(curveKind, c.Name+" by "+c.By, c.Machine(), c)
	if err != nil {
		return f, err
	}
	f.Partial = c.Partial
	for _, p := range c.Points {
		f.Seed, f.LoadAfter, f.Parts = p.Result.Seed, p.Result.LoadAfter, p.Result.Parts
		f.Rounds = len(p.Result.Windows)
		for _, s := range p.Result.series(fmt.Sprintf("%s %s: ", c.By, p.level())) {
			if strings.HasSuffix(s.Name, "throughput") || strings.HasSuffix(s.Name, "p99") {
				f.Series = append(f.Series, s)
			}
		}
	}
	return f, nil
}

// Save writes the curve to a file, for LoadCurve and for interleave compare.
func (c Curve) Save(path string) error { return result.Save(c, path) }

// LoadCurve reads a curve that Save wrote.
func LoadCurve(path string) (Curve, error) {
	return result.LoadAs(path, curveKind, func(c *Curve) error {
		for _, p := range c.Points {
			if err := p.Result.check(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Table is what the curve shows.
func (c Curve) Table() result.Table {
	k := c.Knee()
	t := result.Table{Head: []string{c.By, "throughput", "goodput", "p50", "p99", "errors", "L", "λW", ""}}
	for i, p := range c.Points {
		r, l, mark := p.Result, p.Result.Latency(), ""
		if k.Found && i == k.Index {
			mark = "knee"
		}
		if i == k.Saturated {
			mark = strings.TrimSpace(mark + " saturated")
		}
		t.Rows = append(t.Rows, []string{p.level(), result.Quantity(r.Throughput(), "1/s"), result.Quantity(r.Goodput(), "1/s"),
			result.Time(l.Quantile(0.5)), result.Time(l.Quantile(0.99)), result.Percent(r.ErrorShare()),
			result.Number(r.Little.L), result.Number(r.Little.Lambda * r.Little.W), mark})
	}
	t.Title = c.Name + ": no knee: " + k.Reason
	if k.Found {
		p := c.Points[k.Index]
		t.Title = fmt.Sprintf("%s: knee at %s %s, 99 %% of the requests within %s", c.Name, c.By, p.level(), result.Time(p.Result.Latency().Quantile(0.99)))
	}
	t.Notes = c.notes()
	return t
}

func (c Curve) notes() []string {
	notes := []string{"knee: " + KneeMethod, c.Machine().String()}
	if d := c.Machine().Details(); d != "" {
		notes = append(notes, d)
	}
	if c.Partial != "" {
		notes = append(notes, "! partial: "+c.Partial)
	}
	for _, p := range c.Points {
		if parts := p.Result.Parts; len(parts) > 0 {
			notes = append(notes, "parts: "+strings.Join(parts, ", "))
			break
		}
	}
	for _, p := range c.Points {
		for _, w := range p.Result.Warnings() {
			notes = append(notes, fmt.Sprintf("! %s %s: %s", c.By, p.level(), w))
		}
	}
	return notes
}

// String is the table as plain text.
func (c Curve) String() string { return c.Table().String() }

// Display implements display.Displayer.
func (c Curve) Display() display.Data {
	f, err := c.File()
	return result.Show(c.Table(), f, err)
}
