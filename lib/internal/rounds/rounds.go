// Package rounds measures several subjects in turn: the procedure that all
// comparisons of this module share.
//
// Each subject is warmed up until it is stable. Then every round runs every
// subject once, in an order shuffled by a seed, so that a noisy moment hits
// all of them alike. What disturbed a round is noted beside its time.
package rounds

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/interleave-lab/interleave/lib/interrupt"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/progress"
)

// Subject is one thing to measure.
type Subject struct {
	Name   string
	Before func(ctx context.Context) error                         // of each round, not timed; may be nil
	Run    func(ctx context.Context, calls int) (v any, err error) // the work, that many times
	After  func() error                                            // of each round, not timed; may be nil
	Single bool                                                    // one call in each round, however short
	Keep   bool                                                    // the values of all rounds
	Ops    int                                                     // in one call, for those who tell the times; 0 stands for 1
	// Accept judges the value of a run, before anything is timed and after
	// each round; it may be nil.
	Accept func(v any) error
}

// Plan says how to measure. Its zero value is not usable; all fields are
// needed but Shared and Stopped.
type Plan struct {
	Work   string
	Rounds int
	Budget time.Duration // for everything together
	Least  time.Duration // that a round is to take; short work is repeated
	Seed   uint64
	Shared bool // other processes are part of the work and do not disturb it
	// Stopped takes what was measured when the work did not heed its context
	// after an interrupt: the goroutine was stopped and Measure does not
	// return, or nobody is left to take what it returns. It may be nil.
	Stopped func(Outcome)
}

// Round is one measurement of one subject.
type Round struct {
	machine.Spent
	Value any    // of a subject that is to keep them
	Mark  string // what disturbed it; empty when nothing did
}

// Outcome is all that was measured: Rounds[subject][round].
type Outcome struct {
	Rounds   [][]Round
	Calls    []int // in each round of a subject
	Took     time.Duration
	Partial  string   // why it ended early; empty when it did not
	Warnings []string // to be shown with the numbers
}

// Count is the number of rounds that were completed.
func (o Outcome) Count() int {
	if len(o.Rounds) == 0 {
		return 0
	}
	return len(o.Rounds[0])
}

// Measure measures the subjects. When ctx ends or the cell is interrupted it
// returns the complete rounds so far and says so in Partial. It returns an
// error when a subject does, when a value is not accepted, and when not one
// round could be completed.
func Measure(ctx context.Context, p Plan, subjects []Subject) (Outcome, error) {
	ctx, stop := interrupt.Context(ctx)
	defer stop()
	m := &measurement{Plan: p, begin: time.Now(), subjects: subjects}
	m.bar = progress.Start(p.Work, p.Rounds*len(subjects))
	defer m.bar.Done()
	var ended atomic.Pointer[time.Time] // when ctx did
	defer context.AfterFunc(ctx, func() { now := time.Now(); ended.Store(&now) })()
	returned := false
	defer func() {
		late := ended.Load() != nil && time.Since(*ended.Load()) > handOver
		if !returned || late {
			m.stopped(ctx)
		}
	}()
	err := m.all(ctx)
	returned = true
	m.Took = time.Since(m.begin)
	if err != nil && ctx.Err() == nil {
		return m.Outcome, err
	}
	m.end(ctx)
	if m.Count() == 0 {
		return m.Outcome, fmt.Errorf("%v before a round was complete", context.Cause(ctx))
	}
	return m.Outcome, nil
}

// handOver is how long after an interrupt a cell still takes a result; see
// HACKING.md of kernel/worker.
const handOver = 600 * time.Millisecond

// end notes why there are fewer rounds than planned, and marks them.
func (m *measurement) end(ctx context.Context) {
	if ctx.Err() != nil && m.Count() < m.Plan.Rounds {
		m.Partial = fmt.Sprintf("%v after %d of %d rounds", context.Cause(ctx), m.Count(), m.Plan.Rounds)
	}
	m.mark()
}

// stopped hands over what was measured when the work did not return, or too
// late, since its cell was interrupted.
func (m *measurement) stopped(ctx context.Context) {
	if m.Plan.Stopped == nil || !errors.Is(context.Cause(ctx), interrupt.ErrInterrupted) || m.Count() == 0 {
		return
	}
	m.Took = time.Since(m.begin)
	m.end(ctx)
	m.Plan.Stopped(m.Outcome)
}

type measurement struct {
	Plan
	Outcome
	subjects []Subject
	begin    time.Time
	bar      *progress.Bar
	sweep    time.Duration // the last collection before a round
}

func (m *measurement) all(ctx context.Context) error {
	m.Outcome.Rounds = make([][]Round, len(m.subjects))
	m.Calls = make([]int, len(m.subjects))
	first := make([]time.Duration, len(m.subjects))
	for i := range m.subjects { // all results are checked before anything is timed
		m.bar.Note("checking " + m.subjects[i].Name)
		m.Calls[i] = 1
		r, err := m.once(ctx, i)
		if err != nil {
			return err
		}
		first[i] = r.Wall
	}
	for i := range m.subjects {
		m.bar.Note("warming up " + m.subjects[i].Name)
		if err := m.warm(ctx, i, first[i]); err != nil {
			return err
		}
	}
	return m.rounds(ctx)
}

// once is one round of one subject.
func (m *measurement) once(ctx context.Context, i int) (Round, error) {
	s := m.subjects[i]
	if err := ctx.Err(); err != nil {
		return Round{}, err
	}
	if s.Before != nil {
		if err := s.Before(ctx); err != nil {
			return Round{}, fmt.Errorf("%s: setup: %w", s.Name, err)
		}
	}
	m.collect()
	r, err := s.measure(ctx, m.Calls[i])
	if err != nil {
		return Round{}, err
	}
	if s.Accept != nil {
		if err := s.Accept(r.Value); err != nil {
			return Round{}, err
		}
	}
	if !s.Keep {
		r.Value = nil
	}
	return r, ctx.Err()
}

// measure times the work and calls After, also when the work panics or its
// goroutine is stopped.
func (s Subject) measure(ctx context.Context, calls int) (r Round, err error) {
	returned := false
	defer func() {
		if s.After == nil {
			return
		}
		if after := s.After(); after != nil && returned && err == nil {
			err = fmt.Errorf("%s: teardown: %w", s.Name, after)
		}
	}()
	meter := machine.Begin()
	v, err := s.Run(ctx, calls)
	r = Round{Spent: meter.End(), Value: v}
	returned = true
	if err != nil {
		return r, fmt.Errorf("%s: run: %w", s.Name, err)
	}
	return r, nil
}

// collect takes away the garbage of the subject before, so that no subject
// pays for another, as long as that is cheap.
func (m *measurement) collect() {
	if m.sweep > m.Least/4 {
		return
	}
	begin := time.Now()
	runtime.GC()
	m.sweep = time.Since(begin)
}

func (m *measurement) rounds(ctx context.Context) error {
	r := rand.New(rand.NewPCG(m.Seed, 0))
	start := time.Now()
	for round := range m.Plan.Rounds {
		if round > 0 {
			each := time.Since(start) / time.Duration(round)
			if time.Since(m.begin)+each > m.Budget {
				m.Warnings = append(m.Warnings, fmt.Sprintf("the time budget of %v was enough for %d of %d rounds", m.Budget, round, m.Plan.Rounds))
				return nil
			}
		}
		row := make([]Round, len(m.subjects))
		for _, i := range r.Perm(len(m.subjects)) {
			m.bar.Note(fmt.Sprintf("round %d of %d", round+1, m.Plan.Rounds))
			one, err := m.once(ctx, i)
			if err != nil {
				return err
			}
			row[i] = one
			m.bar.Add(1)
		}
		for i := range row {
			m.Outcome.Rounds[i] = append(m.Outcome.Rounds[i], row[i])
		}
	}
	return nil
}
