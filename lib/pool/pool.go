package pool

import (
	"context"
	"errors"
	"iter"
)

// Executor is a place where calls run. Goroutines, Bounded and Processes make
// the ones of this package; others can be written with the exported methods of
// Job and Log.
type Executor interface {
	// Submit takes a job and returns at once. The executor must end it, by
	// Call, Complete or Fail, also when it is closed.
	Submit(j *Job)
	// Records are the calls so far, in order of their submission.
	Records() []Record
	// Close waits for the jobs that were submitted and frees what the executor
	// holds. Jobs submitted later fail with ErrClosed.
	Close() error
}

// ErrClosed is the error of a call that was submitted after Close.
var ErrClosed = errors.New("the pool is closed")

// Submit has f called with in by the executor, and returns at once. When ctx
// ends, a call that has not started fails, and one that runs is told by its
// own context.
func Submit[In, Out any](ctx context.Context, e Executor, f func(ctx context.Context, in In) (Out, error), in In) *Future[Out] {
	future := newFuture[Out]()
	j := newJob(ctx, f, in, future)
	e.Submit(j)
	j.watch()
	return future
}

// Map has f called with every value and returns the results in the order of
// the values. The first error, in that order, ends the context of all calls;
// Map returns when all have ended.
func Map[In, Out any](ctx context.Context, e Executor, f func(ctx context.Context, in In) (Out, error), in []In) ([]Out, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	futures := make([]*Future[Out], len(in))
	for i, v := range in {
		futures[i] = Submit(ctx, e, f, v)
	}
	results := make([]Out, len(in))
	var first error
	for i, future := range futures {
		v, err := future.Result()
		if err != nil && first == nil {
			first = err
			cancel()
		}
		results[i] = v
	}
	if first != nil {
		return nil, first
	}
	return results, nil
}

// Completed yields the futures with their index as they come to their end.
func Completed[T any](futures ...*Future[T]) iter.Seq2[int, *Future[T]] {
	return func(yield func(int, *Future[T]) bool) {
		next := make(chan int, len(futures))
		for i, f := range futures {
			f.onDone(func() { next <- i })
		}
		for range futures {
			if i := <-next; !yield(i, futures[i]) {
				return
			}
		}
	}
}
