package scope

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// MoveOnAfter calls f with a context that ends after d, and returns when f has
// returned: cut tells that the deadline passed first. The error is that of f,
// except that a function which returns because of the deadline has not failed.
// How soon after the deadline it returns is up to f; one that waits on its
// context overshoots by what the scheduler needs.
func MoveOnAfter(ctx context.Context, d time.Duration, f func(ctx context.Context) error) (cut bool, err error) {
	n := attach(ctx, options{name: fmt.Sprintf("move on after %v", d)})
	expired := &expiredError{d}
	inner, cancel := context.WithTimeoutCause(withNode(ctx, n), d, expired)
	defer cancel()
	defer n.end(Panicked, "panic in the function of MoveOnAfter") // unless it has ended below
	err = f(inner)
	cut = context.Cause(inner) == error(expired)
	if cut && consequence(inner, err) {
		err = nil
	}
	switch {
	case err != nil && consequence(ctx, err):
		n.end(Cancelled, err.Error())
	case err != nil:
		n.end(Failed, err.Error())
	case cut:
		n.end(Cut, "")
	default:
		n.end(OK, "")
	}
	return cut, err
}

// expiredError is the cause of the end of one MoveOnAfter's context.
type expiredError struct{ after time.Duration }

func (e *expiredError) Error() string { return fmt.Sprintf("moved on after %v", e.after) }

// Unwrap makes it a deadline error for those who ask.
func (e *expiredError) Unwrap() error { return context.DeadlineExceeded }

// Race starts all contenders and returns the first result without an error;
// the others are cancelled and waited for. When all fail, their errors come
// back joined. It is an error to start none.
func Race[T any](ctx context.Context, contenders ...func(ctx context.Context) (T, error)) (T, error) {
	var zero T
	if len(contenders) == 0 {
		return zero, errors.New("race: no contenders")
	}
	won := make(chan T, len(contenders))
	failed := make([]error, len(contenders))
	err := Run(ctx, func(s *Scope) error {
		for i, f := range contenders {
			s.Go(fmt.Sprintf("contender %d", i+1), func(ctx context.Context) error {
				v, err := f(ctx)
				if err != nil { // no reason to cancel the others
					failed[i] = &ChildError{Child: fmt.Sprintf("contender %d", i+1), Err: err}
					return nil
				}
				won <- v
				s.Cancel()
				return nil
			})
		}
		return nil
	}, Name("race"))
	select {
	case v := <-won:
		return v, nil
	default:
		return zero, errors.Join(append(failed, err)...)
	}
}

// Map calls f for every value of in, at most limit calls at a time, and
// returns the results in the order of the values. The first error cancels the
// rest; the results that were complete before come back with it. It panics when limit is not
// positive.
func Map[T, R any](ctx context.Context, limit int, in iter.Seq[T], f func(ctx context.Context, v T) (R, error)) ([]R, error) {
	var results []R
	for r, err := range Stream(ctx, limit, in, f) {
		if err != nil {
			return results, err
		}
		results = append(results, r)
	}
	return results, nil
}

// Stream is Map for results that are wanted one by one, as soon as all before
// them are there. Work starts when the iteration does, runs at most 2·limit
// values ahead of the reader, and has ended when the iteration has: a break
// cancels what runs and waits for it. An error is the last pair.
func Stream[T, R any](ctx context.Context, limit int, in iter.Seq[T], f func(ctx context.Context, v T) (R, error)) iter.Seq2[R, error] {
	if limit < 1 {
		panic(fmt.Sprintf("scope: a limit of %d", limit))
	}
	return func(yield func(R, error) bool) {
		stopped := false
		err := Run(ctx, func(s *Scope) error {
			ordered := make(chan chan R, limit)
			s.Go("input", func(ctx context.Context) error { return feed(ctx, s, ordered, limit, in, f) })
			for slot := range ordered {
				r, ok := <-slot
				if !ok { // failed, or cancelled: the scope's error says why
					return nil
				}
				if stopped = !yield(r, nil); stopped {
					s.Cancel()
					return nil
				}
			}
			return nil
		}, Name("map"))
		if err != nil && !stopped {
			var zero R
			yield(zero, err)
		}
	}
}

// feed starts a child for every value and queues the places of their results.
func feed[T, R any](ctx context.Context, s *Scope, ordered chan<- chan R, limit int, in iter.Seq[T], f func(context.Context, T) (R, error)) error {
	defer close(ordered)
	turns := make(chan struct{}, limit)
	i := 0
	for v := range in {
		i++
		slot := make(chan R, 1)
		select {
		case turns <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case ordered <- slot:
		case <-ctx.Done():
			return ctx.Err()
		}
		s.Go(fmt.Sprintf("item %d", i), func(ctx context.Context) error {
			defer func() { <-turns }()
			defer close(slot)
			r, err := f(ctx, v)
			if err == nil {
				slot <- r
			}
			return err
		})
	}
	return nil
}
