// Package bench answers one question: is it really faster?
//
// Compare runs several ways to do the same work and says of each whether it is
// faster or slower than the first, or that no difference was shown. It warms
// each up until it is stable, then measures all of them in turn, in an order
// shuffled by a seed, so that a noisy moment hits every one. The ratio of
// their times comes with a 95 % interval, and the verdict follows from it.
// Ways whose results differ are an error, not a comparison. What disturbed
// the machine meanwhile is told beside the numbers.
//
// Between compares times that were measured elsewhere. Sweep measures one way
// over one or two parameters.
package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/internal/rounds"
	"github.com/interleave-lab/interleave/lib/machine"
)

// Case is one way to do the work.
type Case struct {
	Name string
	// Setup prepares each round and is not timed; it may be nil.
	Setup func(ctx context.Context) error
	// Run does the work once and returns its result, or nil when there is
	// none to compare. Work shorter than Plan.Least is run many times in a
	// round, unless there is a Setup: then each run finds what that prepared.
	Run func(ctx context.Context) (any, error)
	// Ops is how many operations one Run does, when times are to be told for
	// one of them; 0 stands for 1.
	Ops int
	// Check judges a result; it may be nil. That all cases agree is checked in
	// any case: see Agree.
	Check func(result any) error
	// Teardown cleans up after each round and is not timed; it may be nil.
	Teardown func() error

	loop func(ctx context.Context, calls int) (any, error)
}

// Func is a case that calls f. It costs one indirect call, some 2 ns, where a
// case with Run costs 10 to 30 ns to put the result into an interface.
func Func[T any](name string, f func() T) Case {
	return Case{
		Name: name,
		Run:  func(context.Context) (any, error) { return f(), nil },
		loop: func(_ context.Context, calls int) (any, error) {
			var result T
			for range calls {
				result = f()
			}
			return result, nil
		},
	}
}

// times runs the case that many times and returns the last result.
func (c Case) times(ctx context.Context, calls int) (result any, err error) {
	if c.loop != nil {
		return c.loop(ctx, calls)
	}
	for range calls {
		if result, err = c.Run(ctx); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// Sink takes a value that is not needed, so that the compiler cannot leave out
// the work that made it. It costs about 1 ns.
//
//go:noinline
func Sink[T any](T) {}

// Plan says how to measure. The zero value is a good plan.
type Plan struct {
	Work   string        // what is done, for titles; "work" unless given
	Rounds int           // of every case; 10 unless given
	Budget time.Duration // for everything together; a minute unless given
	Least  time.Duration // that a round takes, by repeating short work; 20 ms unless given
	Seed   uint64        // shuffles the order within rounds
	// Shared says that other processes are part of the work, such as a
	// database: their processor time is then no disturbance.
	Shared bool
	// Parts labels what takes the place of a real component.
	Parts []string
}

func (p Plan) rounds() rounds.Plan {
	r := rounds.Plan{Work: p.work(), Rounds: p.Rounds, Budget: p.Budget, Least: p.Least, Seed: p.Seed, Shared: p.Shared}
	if r.Rounds <= 0 {
		r.Rounds = 10
	}
	if r.Budget <= 0 {
		r.Budget = time.Minute
	}
	if r.Least <= 0 {
		r.Least = 20 * time.Millisecond
	}
	return r
}

func (p Plan) work() string {
	if p.Work == "" {
		return "work"
	}
	return p.Work
}

// Compare compares the cases with the zero Plan; see Plan.Compare.
func Compare(ctx context.Context, cases ...Case) (Result, error) {
	return Plan{}.Compare(ctx, cases...)
}

// Compare measures the cases and compares each with the first, the baseline.
//
// When ctx ends or the cell is interrupted, the rounds that are complete are
// returned without an error, and Partial says why. (A case that does not heed
// its context is stopped with its cell; these rounds are then shown instead.)
// It returns an error when a
// case does, when results disagree or do not pass their check (nothing has
// been timed then), and when not one round was completed.
func (p Plan) Compare(ctx context.Context, cases ...Case) (Result, error) {
	if err := check(cases); err != nil {
		return Result{}, fmt.Errorf("compare %s: %w", p.work(), err)
	}
	r, err := p.measure(ctx, subjects(cases, true), func(r Result) {
		if r.compare() == nil {
			display.Show(r)
		}
	})
	if err != nil {
		return Result{}, fmt.Errorf("compare %s: %w", p.work(), err)
	}
	return r, r.compare()
}

func check(cases []Case) error {
	if len(cases) == 0 {
		return errors.New("no cases given")
	}
	seen := map[string]bool{}
	for i, c := range cases {
		switch {
		case c.Name == "":
			return fmt.Errorf("case %d has no name", i+1)
		case c.Run == nil:
			return fmt.Errorf("case %q has no Run", c.Name)
		case seen[c.Name]:
			return fmt.Errorf("two cases are named %q", c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

// subjects are the cases as things to measure. When they are to agree, the
// first result of all is what the others are held against.
func subjects(cases []Case, agree bool) []rounds.Subject {
	var first struct {
		name   string
		result any
	}
	var all []rounds.Subject
	for _, c := range cases {
		accept := func(result any) error {
			if c.Check != nil {
				if err := c.Check(result); err != nil {
					return fmt.Errorf("%s: check: %w", c.Name, err)
				}
			}
			if !agree {
				return nil
			}
			if first.name == "" {
				first.name, first.result = c.Name, result
			}
			if err := Agree(first.result, result); err != nil {
				return fmt.Errorf("the results of %s and %s disagree, so their times must not be compared: %w", first.name, c.Name, err)
			}
			return nil
		}
		all = append(all, rounds.Subject{Name: c.Name, Before: c.Setup, Run: c.times, After: c.Teardown, Single: c.Setup != nil, Ops: c.Ops, Accept: accept})
	}
	return all
}

// measure runs the rounds. What a stopped cell cannot be given is shown.
func (p Plan) measure(ctx context.Context, subjects []rounds.Subject, show func(Result)) (Result, error) {
	plan := p.rounds()
	r := Result{Work: plan.Work, Wanted: plan.Rounds, Seed: p.Seed, Parts: p.Parts, Machine: machine.Read()}
	plan.Stopped = func(o rounds.Outcome) {
		r.fill(subjects, o)
		show(r)
	}
	o, err := rounds.Measure(ctx, plan, subjects)
	if err != nil {
		return r, err
	}
	r.fill(subjects, o)
	return r, nil
}

// fill takes over what was measured.
func (r *Result) fill(subjects []rounds.Subject, o rounds.Outcome) {
	for i, s := range subjects {
		r.Cases = append(r.Cases, sample(s.Name, o.Calls[i]*max(s.Ops, 1), o.Rounds[i]))
	}
	r.LoadAfter = machine.Read().Load
	r.Took, r.Partial, r.Warnings = o.Took, o.Partial, o.Warnings
}

func sample(name string, calls int, all []rounds.Round) Sample {
	s := Sample{Name: name, Calls: calls}
	for _, r := range all {
		s.Rounds = append(s.Rounds, r.Wall)
		s.Spent = append(s.Spent, r.Spent)
		s.Marks = append(s.Marks, r.Mark)
	}
	return s
}
