package pool

import (
	"context"
	"sync"
)

// Future is a value that will be there later, or the error instead.
type Future[T any] struct {
	done chan struct{} // closed when value and err are there

	mu    sync.Mutex // guards then
	then  []func()   // to call at the end
	ended bool

	value T
	err   error
}

func newFuture[T any]() *Future[T] { return &Future[T]{done: make(chan struct{})} }

// Result waits for the value.
func (f *Future[T]) Result() (T, error) {
	<-f.done
	return f.value, f.err
}

// Wait is Result with a limit to the waiting. The call itself goes on when ctx
// ends.
func (f *Future[T]) Wait(ctx context.Context) (T, error) {
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var zero T
		return zero, context.Cause(ctx)
	}
}

// Done is closed when the result is there.
func (f *Future[T]) Done() <-chan struct{} { return f.done }

// end makes the result known. It is called once.
func (f *Future[T]) end(v T, err error) {
	f.mu.Lock()
	f.value, f.err, f.ended = v, err, true
	then := f.then
	f.then = nil
	close(f.done)
	f.mu.Unlock()
	for _, g := range then {
		g()
	}
}

// onDone calls g when the result is there, which may be now.
func (f *Future[T]) onDone(g func()) {
	f.mu.Lock()
	if !f.ended {
		f.then = append(f.then, g)
		f.mu.Unlock()
		return
	}
	f.mu.Unlock()
	g()
}

// Then is the future of g called with the value of f, in a goroutine of its
// own. An error of f is that of the new future, and g is not called.
func Then[T, U any](f *Future[T], g func(T) (U, error)) *Future[U] {
	next := newFuture[U]()
	f.onDone(func() {
		if f.err != nil {
			var zero U
			next.end(zero, f.err)
			return
		}
		go func() {
			var v U
			err := errGoexit // unless g returns
			defer func() { next.end(v, err) }()
			v, err = guarded(func() (U, error) { return g(f.value) })
		}()
	})
	return next
}

// All is the future of all values, in the order of the futures. It ends when
// all have ended; its error is the first one in that order.
func All[T any](futures ...*Future[T]) *Future[[]T] {
	all := newFuture[[]T]()
	var mu sync.Mutex
	left := len(futures)
	if left == 0 {
		all.end(nil, nil)
	}
	for _, f := range futures {
		f.onDone(func() {
			mu.Lock()
			left--
			last := left == 0
			mu.Unlock()
			if last {
				all.end(gather(futures))
			}
		})
	}
	return all
}

func gather[T any](futures []*Future[T]) ([]T, error) {
	values := make([]T, len(futures))
	for i, f := range futures {
		if f.err != nil {
			return nil, f.err
		}
		values[i] = f.value
	}
	return values, nil
}
