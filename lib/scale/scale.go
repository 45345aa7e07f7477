// Package scale answers: what do more cores, or more workers, buy?
//
// Cores measures the same work with 1, 2, ... cores, Workers with any numbers
// of workers, in paired and shuffled rounds as package bench does. The Curve
// holds throughput, speed-up and efficiency with their intervals, and the
// processor time beside the wall time: work that costs more processor time on
// more cores is fighting over something. FitAmdahl, FitGustafson and FitUSL
// explain a curve by a law, or refuse and say why.
package scale

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/internal/rounds"
	"github.com/interleave-lab/interleave/lib/machine"
)

// Work does some work with that many workers and says how many operations it
// did. The number may be the same for all (then the curve is about doing the
// same sooner) or grow with the workers (about doing more in the same time).
type Work func(ctx context.Context, workers int) (ops int64, err error)

// Plan says how to measure. The zero value is a good plan.
type Plan struct {
	Work   string        // what is done, for titles; "work" unless given
	Levels []int         // numbers of workers, ascending; see Cores and Workers
	Rounds int           // at every level; 10 unless given
	Budget time.Duration // for everything together; a minute unless given
	Least  time.Duration // that a round takes, by repeating short work; 20 ms unless given
	Seed   uint64        // shuffles the order within rounds
	// Result is the outcome of the work just done; all levels must agree on it
	// (bench.Agree), before anything is timed. It may be nil.
	Result func() any
	// Shared says that other processes are part of the work, such as a
	// database: their processor time is then no disturbance.
	Shared bool
	Parts  []string // labels of what takes the place of a real component
}

// Cores measures with the zero Plan; see Plan.Cores.
func Cores(ctx context.Context, work Work) (Curve, error) { return Plan{}.Cores(ctx, work) }

// Workers measures with the zero Plan; see Plan.Workers.
func Workers(ctx context.Context, work Work, levels ...int) (Curve, error) {
	return Plan{Levels: levels}.Workers(ctx, work)
}

// Cores measures the work with as many workers as cores, for each level: it
// sets GOMAXPROCS to the level and asks for that many workers. Levels are 1, 2
// and so on up to the logical cores unless given, in steps that grow on large
// machines.
//
// When ctx ends or the cell is interrupted, the complete rounds are returned
// without an error, and Partial says why. (Work that does not heed its context
// is stopped with its cell; these rounds are then shown instead.)
func (p Plan) Cores(ctx context.Context, work Work) (Curve, error) {
	if len(p.Levels) == 0 {
		p.Levels = upTo(runtime.NumCPU())
	}
	return p.measure(ctx, work, "GOMAXPROCS")
}

// Workers measures the work with numbers of workers, and leaves the cores to
// the Go scheduler. Levels are 1, 2, 4 and so on up to 64 unless given. It ends
// early as Cores does.
func (p Plan) Workers(ctx context.Context, work Work) (Curve, error) {
	if len(p.Levels) == 0 {
		p.Levels = []int{1, 2, 4, 8, 16, 32, 64}
	}
	return p.measure(ctx, work, "workers")
}

// upTo is 1 to n, all up to 8 and then in steps of about a quarter.
func upTo(n int) (levels []int) {
	for i := 1; i < n; i += max(1, i/4) {
		levels = append(levels, i)
	}
	return append(levels, n)
}

func (p Plan) measure(ctx context.Context, work Work, over string) (Curve, error) {
	if p.Work == "" {
		p.Work = "work"
	}
	if err := p.check(); err != nil {
		return Curve{}, fmt.Errorf("scale %s: %w", p.Work, err)
	}
	plan := rounds.Plan{Work: p.Work, Rounds: p.Rounds, Budget: p.Budget, Least: p.Least, Seed: p.Seed, Shared: p.Shared}
	if plan.Rounds <= 0 {
		plan.Rounds = 10
	}
	if plan.Budget <= 0 {
		plan.Budget = time.Minute
	}
	if plan.Least <= 0 {
		plan.Least = 20 * time.Millisecond
	}
	c := Curve{Work: p.Work, Over: over, Seed: p.Seed, Wanted: plan.Rounds, Parts: p.Parts, Machine: machine.Read()}
	plan.Stopped = func(o rounds.Outcome) { // what a stopped cell cannot be given is shown
		if c.fill(p.Levels, o) == nil {
			display.Show(c)
		}
	}
	o, err := rounds.Measure(ctx, plan, p.subjects(work, over))
	if err != nil {
		return Curve{}, fmt.Errorf("scale %s: %w", p.Work, err)
	}
	return c, c.fill(p.Levels, o)
}

// fill takes over what was measured.
func (c *Curve) fill(levels []int, o rounds.Outcome) error {
	for i, n := range levels {
		c.Points = append(c.Points, point(n, o.Calls[i], o.Rounds[i]))
	}
	c.LoadAfter = machine.Read().Load
	c.Took, c.Partial, c.Warnings = o.Took, o.Partial, o.Warnings
	return c.derive()
}

func (p Plan) check() error {
	if p.Levels[0] < 1 || !slices.IsSorted(p.Levels) || len(slices.Compact(slices.Clone(p.Levels))) != len(p.Levels) {
		return fmt.Errorf("levels %v; want numbers from 1 on, ascending, each once", p.Levels)
	}
	return nil
}

// subjects are the levels as things to measure. The value of a round is the
// number of operations.
func (p Plan) subjects(work Work, over string) []rounds.Subject {
	agree := p.agreement()
	var all []rounds.Subject
	for _, n := range p.Levels {
		s := rounds.Subject{Name: fmt.Sprintf("%s %d", over, n), Keep: true}
		if over == "GOMAXPROCS" {
			before := runtime.GOMAXPROCS(0)
			s.Before = func(context.Context) error { before = runtime.GOMAXPROCS(n); return nil }
			s.After = func() error { runtime.GOMAXPROCS(before); return nil }
		}
		s.Run = func(ctx context.Context, calls int) (any, error) {
			var sum int64
			for range calls {
				ops, err := work(ctx, n)
				if err != nil {
					return nil, err
				}
				sum += ops
			}
			return sum, nil
		}
		s.Accept = func(ops any) error {
			if ops.(int64) <= 0 {
				return fmt.Errorf("%s: the work says that it did %d operations; want more than 0", s.Name, ops)
			}
			return agree(s.Name)
		}
		all = append(all, s)
	}
	return all
}

// agreement returns a check that the result of the work just done is that of
// the first time.
func (p Plan) agreement() func(name string) error {
	var first string
	var reference any
	return func(name string) error {
		if p.Result == nil {
			return nil
		}
		got := p.Result()
		if first == "" {
			first, reference = name, got
		}
		if err := bench.Agree(reference, got); err != nil {
			return fmt.Errorf("the results with %s and %s disagree, so their times must not be compared: %w", first, name, err)
		}
		return nil
	}
}

func point(workers, calls int, all []rounds.Round) Point {
	p := Point{Workers: workers, Calls: calls}
	for _, r := range all {
		p.Rounds = append(p.Rounds, r.Wall)
		p.Ops = append(p.Ops, r.Value.(int64))
		p.Spent = append(p.Spent, r.Spent)
		p.Marks = append(p.Marks, r.Mark)
	}
	return p
}

// Measured is a curve of times measured elsewhere, such as the throughput of
// a pool by its size. Each point needs Workers, Rounds and Ops.
func Measured(work, over string, points ...Point) (Curve, error) {
	c := Curve{Work: work, Over: over, Points: points, Machine: machine.Read()}
	if len(points) > 0 {
		c.Wanted = len(points[0].Rounds)
	}
	return c, c.derive()
}

// errPoints is what derive reports for a curve without any.
var errPoints = errors.New("no points")
