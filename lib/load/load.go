// Package load answers: what does a user wait, and how much load is too much?
//
// Open sends requests when users would, whether or not earlier ones have been
// answered, and measures each from the moment at which it was to be sent. So a
// server that stalls makes all who come meanwhile wait, as it does in life.
// Closed has a fixed number of users who wait for an answer before they ask
// again; such a load slows down with the server and does not see what a stall
// costs (coordinated omission; Tene, How NOT to Measure Latency). Partly is in
// between: sessions come by themselves, and each sends one request after the
// other (Schroeder, Wierman and Harchol-Balter, Open Versus Closed: A
// Cautionary Tale, 2006). Sweep raises the load until the server is saturated
// and marks the knee.
//
// A Target is anything that can be asked. Retries, hedging and breakers are
// Targets around another one.
package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/interrupt"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/progress"
)

// Target is what the load is put on. Do sends one request and returns when it
// has been answered. It is called by many goroutines at once.
type Target interface {
	Do(ctx context.Context) error
}

// Func is a function as a Target.
type Func func(ctx context.Context) error

// Do calls the function.
func (f Func) Do(ctx context.Context) error { return f(ctx) }

// Plan says how to put load on a target. The zero value is a good plan.
type Plan struct {
	Name string // of the target, for titles; "load" unless given
	Seed uint64 // of random arrivals and sessions
	// Timeout ends a request that takes longer, from when it was sent; none
	// unless given.
	Timeout time.Duration
	// Goal is the latency within which an answer is still good to have, for
	// Result.Goodput. Any answer is unless given.
	Goal time.Duration
	// Think is how long a user waits between an answer and the next request,
	// in Closed and Partly.
	Think time.Duration
	// Most is the number of requests that may be under way at once in Open and
	// Partly; what would be more is not sent but counted as refused. 10,000
	// unless given.
	Most int
	// Drain is how long to wait, after the last request was sent, for what is
	// still under way; what then remains counts as timed out. 30 s unless
	// given, or Timeout where that is less.
	Drain time.Duration
	Quiet bool     // shows no progress, for one of many short loads
	Parts []string // labels of what takes the place of a real component

	// bar is that of a sweep, which this load takes from step on; nil for a
	// load of its own, and for a quiet one.
	bar  *progress.Bar
	step int
}

// steps of a progress bar for one load.
const steps = 100

func (p Plan) filled() Plan {
	if p.Name == "" {
		p.Name = "load"
	}
	if p.Most <= 0 {
		p.Most = 10_000
	}
	if p.Drain <= 0 {
		p.Drain = 30 * time.Second
		if p.Timeout > 0 {
			p.Drain = min(p.Drain, p.Timeout)
		}
	}
	return p
}

// Open puts load on a target with the zero Plan; see Plan.Open.
func Open(ctx context.Context, t Target, a Arrivals, length time.Duration) (Result, error) {
	return Plan{}.Open(ctx, t, a, length)
}

// Closed puts load on a target with the zero Plan; see Plan.Closed.
func Closed(ctx context.Context, t Target, users int, length time.Duration) (Result, error) {
	return Plan{}.Closed(ctx, t, users, length)
}

// Partly puts load on a target with the zero Plan; see Plan.Partly.
func Partly(ctx context.Context, t Target, sessions Arrivals, stay float64, length time.Duration) (Result, error) {
	return Plan{}.Partly(ctx, t, sessions, stay, length)
}

// Open sends requests at the arrivals' times for so long, each in a goroutine
// of its own. Latency is from the intended start.
//
// Errors of the target are counted, not returned. When ctx ends or the cell is
// interrupted, what was measured so far is returned, and Partial says why. It
// returns an error for a plan that makes no sense and when no request ended.
func (p Plan) Open(ctx context.Context, t Target, a Arrivals, length time.Duration) (Result, error) {
	return p.arriving(ctx, t, "open", a, length, 0)
}

// Partly starts sessions at the arrivals' times for so long. Each sends
// requests one after the other, with Plan.Think between them, and goes on
// after each with the chance stay: 0.8 makes 5 requests on average. The
// latency of its first request is from the intended start. It ends early as
// Open does.
func (p Plan) Partly(ctx context.Context, t Target, sessions Arrivals, stay float64, length time.Duration) (Result, error) {
	if stay < 0 || stay >= 1 {
		return Result{}, fmt.Errorf("load %s: sessions stay with the chance %v; want 0 or more and less than 1", p.filled().Name, stay)
	}
	return p.arriving(ctx, t, "partly open", sessions, length, stay)
}

// arriving is the open loop; a session of Open has one request.
func (p Plan) arriving(ctx context.Context, t Target, kind string, a Arrivals, length time.Duration, stay float64) (Result, error) {
	p = p.filled()
	if err := p.check(length, a); err != nil {
		return Result{}, fmt.Errorf("load %s: %w", p.Name, err)
	}
	return p.run(ctx, t, kind, a.String(), length, func(r *run) {
		dice := rand.New(rand.NewPCG(p.Seed, 1))
		for at := range a.Schedule(p.Seed, length) {
			if !r.sleepUntil(at) {
				return
			}
			requests := 1
			for stay > 0 && dice.Float64() < stay {
				requests++
			}
			if !r.admit() {
				r.refuse(at)
				continue
			}
			r.going.Go(func() { r.session(at, requests) })
		}
		r.sleepUntil(length)
	})
}

func (p Plan) check(length time.Duration, a Arrivals) error {
	if length <= 0 {
		return fmt.Errorf("it is to last %v; want more than 0", length)
	}
	return a.check()
}

// Closed lets so many users send requests for so long, each waiting for the
// answer, and for Plan.Think, before the next. Latency is from when a request
// was sent, so it leaves out those that a waiting user did not send:
// Result.Corrected puts them back. It ends early as Open does.
func (p Plan) Closed(ctx context.Context, t Target, users int, length time.Duration) (Result, error) {
	p = p.filled()
	if users < 1 || length <= 0 {
		return Result{}, fmt.Errorf("load %s: %d users for %v; want at least one, for longer than 0", p.Name, users, length)
	}
	return p.run(ctx, t, "closed", fmt.Sprintf("%d users", users), length, func(r *run) {
		for range users {
			r.going.Go(func() { r.user() })
		}
	})
}

// user sends one request after the other until the end, and at least one.
func (r *run) user() {
	for r.ctx.Err() == nil {
		r.request(r.now())
		if r.Think > 0 {
			r.sleepUntil(min(r.now()+r.Think, r.length))
		}
		if r.now() >= r.length {
			return
		}
	}
}

// run is one load under way.
type run struct {
	Plan
	target Target
	length time.Duration
	begin  time.Time
	going  sync.WaitGroup // sessions and users
	*recorder
	// ctx ends when nothing more is to be sent. Requests under way end with
	// their own context, which outlives it until they are drained.
	ctx, requests context.Context
}

// now is the time since the load began.
func (r *run) now() time.Duration { return time.Since(r.begin) }

// sleepUntil says whether the load goes on then.
func (r *run) sleepUntil(at time.Duration) bool {
	wait := at - r.now()
	if wait <= 0 {
		return r.ctx.Err() == nil
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return r.ctx.Err() == nil
	case <-r.ctx.Done():
		return false
	}
}

// errDrained is the cause of requests that are given up after the end.
var errDrained = errors.New("not answered in time after the end of the load")

// run sets everything up, lets send send, and waits for what is under way.
func (p Plan) run(ctx context.Context, t Target, kind, arrivals string, length time.Duration, send func(*run)) (Result, error) {
	ctx, stop := interrupt.Context(ctx)
	defer stop()
	stamp := machine.Read()
	requests, give := context.WithCancelCause(context.WithoutCancel(ctx))
	defer give(nil)
	if p.bar == nil && !p.Quiet {
		p.bar = progress.Start(p.Name, steps)
		defer p.bar.Done()
	}
	r := &run{Plan: p, target: t, length: length, ctx: ctx, requests: requests, begin: time.Now()}
	r.recorder = newRecorder(length, p.Goal)
	defer context.AfterFunc(ctx, func() { give(context.Cause(ctx)) })()
	meter := machine.Begin()
	drained := time.AfterFunc(length+p.Drain, func() { give(errDrained) })
	defer drained.Stop()
	send(r)
	r.wait()
	took := r.now()
	spent := meter.End()
	result := r.recorder.result(min(took, length), ctx.Err() != nil)
	result.Name, result.Kind, result.Arrivals, result.Seed, result.Parts = p.Name, kind, arrivals, p.Seed, p.Parts
	result.Asked, result.Took, result.Timeout, result.Goal = length, took, p.Timeout, p.Goal
	result.Machine, result.LoadAfter, result.Spent = stamp, machine.Read().Load, spent
	if ctx.Err() != nil && took < length {
		result.Partial = fmt.Sprintf("%v after %v of %v", context.Cause(ctx), took.Round(time.Millisecond), length)
	}
	if result.Answered()+result.Failed+result.Timeouts == 0 {
		return result, fmt.Errorf("load %s: no request ended in %v", p.Name, took.Round(time.Millisecond))
	}
	return result, nil
}

// patience is how long a target may take to end a request whose context has
// ended. One that ignores its context is left behind: an interrupted cell must
// hand over its result soon.
const patience = 300 * time.Millisecond

// wait returns when all sessions and users have ended, or have been given up.
func (r *run) wait() {
	ended := make(chan struct{})
	go func() {
		r.going.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return
	case <-r.requests.Done():
	}
	select {
	case <-ended:
	case <-time.After(patience):
	}
}

// admit says whether one more request may be under way.
func (r *run) admit() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.admitted >= r.Most {
		return false
	}
	r.admitted++
	return true
}

// session sends its requests one after the other; the first is due at that
// time.
func (r *run) session(at time.Duration, requests int) {
	defer func() {
		r.mu.Lock()
		r.admitted--
		r.mu.Unlock()
	}()
	for i := range requests {
		if i > 0 {
			if !r.sleepUntil(r.now()+r.Think) || r.now() >= r.length {
				return
			}
			at = r.now()
		}
		r.request(at)
	}
}

// request sends one request that is due at that time.
func (r *run) request(due time.Duration) {
	ctx := r.requests
	if r.Timeout > 0 {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, r.Timeout)
		defer cancel()
	}
	sent := r.now()
	r.enter(sent)
	o, err := cut, error(nil) // when Do does not return: its cell was stopped
	defer func() {
		ended := r.now()
		r.leave(due, sent, ended, o, err)
		r.bar.Set(r.step + int(steps*min(ended, r.length)/r.length))
	}()
	err = r.target.Do(ctx)
	o = r.outcome(ctx, err)
}

// outcome of a request with that context.
func (r *run) outcome(ctx context.Context, err error) outcome {
	switch {
	case err == nil:
		return answered
	case context.Cause(r.requests) != nil && !errors.Is(context.Cause(r.requests), errDrained):
		return cut
	case errors.Is(err, context.DeadlineExceeded), context.Cause(ctx) != nil:
		return timedOut
	default:
		return failed
	}
}
