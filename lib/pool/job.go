package pool

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
)

// Job is one call of a function, as an Executor gets it. It ends once: later
// ends are ignored.
type Job struct {
	id   uint64
	ctx  context.Context
	name string // of the function
	item string

	input  func(Codec) ([]byte, error)
	call   func(ctx context.Context) error // keeps the value
	decode func(Codec, []byte) error       // keeps the value
	finish func(err error)                 // ends the future

	attempts int    // by worker processes
	entry    *entry // in the log, nil when there is none
	state    atomic.Int32
	release  atomic.Pointer[func() bool] // lets go of the context
}

var jobs atomic.Uint64

func newJob[In, Out any](ctx context.Context, f func(context.Context, In) (Out, error), in In, future *Future[Out]) *Job {
	var out Out
	return &Job{
		id: jobs.Add(1), ctx: ctx, name: functionName(f), item: item(in),
		input: func(c Codec) ([]byte, error) { return encode(c, &in) },
		call: func(ctx context.Context) (err error) {
			out, err = guarded(func() (Out, error) { return f(ctx, in) })
			return err
		},
		decode: func(c Codec, b []byte) error { return decode(c, b, &out) },
		finish: func(err error) { future.end(out, err) },
	}
}

// The states of a job.
const (
	waiting = iota // or with an executor elsewhere
	calling        // here
	over
)

// watch ends the job when its context ends before anybody has called it here.
// It comes after the job has been submitted.
func (j *Job) watch() {
	if j.ctx.Done() == nil {
		return
	}
	release := context.AfterFunc(j.ctx, func() {
		if j.state.CompareAndSwap(waiting, over) {
			j.finally(func() error { return context.Cause(j.ctx) })
		}
	})
	j.release.Store(&release)
	if j.Ended() {
		release()
	}
}

// functionName is the name of a function with its package, as in "main.sum".
func functionName(f any) string {
	if fn := runtime.FuncForPC(reflect.ValueOf(f).Pointer()); fn != nil {
		return fn.Name()
	}
	return "unknown"
}

// item is a short text for the argument of a call.
func item(in any) string {
	switch v := reflect.ValueOf(in); v.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		text := []rune(fmt.Sprint(in))
		const most = 40
		if len(text) > most {
			return string(text[:most-1]) + "…"
		}
		return string(text)
	}
	return ""
}

// ID is unique among the jobs of this process.
func (j *Job) ID() uint64 { return j.id }

// Context is that of the call.
func (j *Job) Context() context.Context { return j.ctx }

// Name is the name of the function with its package, as in "main.sum".
func (j *Job) Name() string { return j.name }

// Input is the encoded argument.
func (j *Job) Input(c Codec) ([]byte, error) {
	b, err := j.input(c)
	if err != nil {
		return nil, fmt.Errorf("encode the argument of %s: %w", j.name, err)
	}
	return b, nil
}

// Call makes the call here and ends the job. It does not start when the
// context has ended, and once it has started the context is the function's
// affair.
func (j *Job) Call() {
	if j.ctx.Err() != nil {
		j.Fail(context.Cause(j.ctx))
		return
	}
	if !j.state.CompareAndSwap(waiting, calling) {
		return
	}
	err := errGoexit // unless the function returns
	defer func() { j.Fail(err) }()
	err = j.call(j.ctx)
}

// Ended reports whether the job has ended, as it does when its context ends
// before anybody has called it here.
func (j *Job) Ended() bool { return j.state.Load() == over }

// Complete ends the job with an encoded result.
func (j *Job) Complete(c Codec, output []byte) {
	j.end(func() error {
		if err := j.decode(c, output); err != nil {
			return fmt.Errorf("decode the result of %s: %w", j.name, err)
		}
		return nil
	})
}

// Fail ends the job with an error.
func (j *Job) Fail(err error) { j.end(func() error { return err }) }

func (j *Job) end(f func() error) {
	if j.state.Swap(over) != over {
		j.finally(f)
	}
}

func (j *Job) finally(f func() error) {
	err := f()
	if release := j.release.Load(); release != nil {
		(*release)()
	}
	if j.entry != nil {
		j.entry.end(err)
	}
	j.finish(err)
}

var errGoexit = errors.New("the function ended its goroutine by runtime.Goexit")

// PanicError is the error of a call that panicked.
type PanicError struct {
	Value string // what was given to panic, as text
	Stack string // of the goroutine that panicked
}

func (e *PanicError) Error() string { return "panic: " + e.Value }

// guarded calls f and turns a panic into a *PanicError.
func guarded[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{Value: fmt.Sprint(p), Stack: string(debug.Stack())}
		}
	}()
	return f()
}

// short is the name of a function without the path of its package.
func short(name string) string { return name[strings.LastIndex(name, "/")+1:] }
