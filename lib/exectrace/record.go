package exectrace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/trace"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/timeline"
)

// Kinds of spans: the states of a goroutine, as in package runtime.
const (
	Running  = "running"
	Runnable = "runnable" // ready, waiting for a processor
	Waiting  = "waiting"  // the span's Item says for what, as in "chan receive"
	Syscall  = "syscall"
)

// Recording is what ran during one call of a function. Times count from its
// begin.
type Recording struct {
	Name  string        `json:"name"`
	Wall  time.Duration `json:"wall"`  // how long the recorded part of the call took
	Procs int           `json:"procs"` // GOMAXPROCS

	// Goroutines has a lane for each goroutine, named by its function and a
	// number; "caller" is the one that called Record. The kinds are the states.
	Goroutines timeline.Timeline `json:"goroutines"`
	// Threads and Processors have a lane for each thread of the operating
	// system (M) and each processor of the scheduler (P), with spans of the
	// goroutine that was on it (Item). GC has the phases of the collector.
	Threads    timeline.Timeline `json:"threads"`
	Processors timeline.Timeline `json:"processors"`
	GC         timeline.Timeline `json:"gc"`
	// Regions has the lanes of Goroutines; the kind of a span is the type of
	// the region, its item the task. Tasks has a lane for each task.
	Regions timeline.Timeline `json:"regions"`
	Tasks   timeline.Timeline `json:"tasks"`

	Events  int           `json:"events"`            // read from the trace
	Bytes   int           `json:"bytes"`             // of the trace
	Partial string        `json:"partial,omitempty"` // why something is missing, empty when nothing is
	Machine machine.Stamp `json:"machine"`
}

// Option changes what Record records.
type Option func(*options)

type options struct {
	name   string
	limit  int
	last   time.Duration
	others bool
}

// Name is the name of the recording; "trace" without it.
func Name(name string) Option { return func(o *options) { o.name = name } }

// Limit bounds the trace: recording stops when it has that many bytes, while
// the function goes on. It is 64 MB without it.
func Limit(bytes int) Option { return func(o *options) { o.limit = bytes } }

// Last keeps only what happened in the last d or a little more before the
// function returned, by the runtime's flight recorder: for functions that take
// long. Others is implied, since it is not known any more who started whom.
func Last(d time.Duration) Option { return func(o *options) { o.last, o.others = d, true } }

// Others includes goroutines that were not started by the function, directly
// or not: those of a server that runs already. The runtime's own stay out.
func Others() Option { return func(o *options) { o.others = true } }

// Record calls f under the execution tracer. The error is that of f, joined
// with what kept the recording from being made; the recording is there also
// when f fails. Only one trace can be recorded at a time in a process.
func Record(ctx context.Context, f func(ctx context.Context) error, all ...Option) (*Recording, error) {
	o := options{name: "trace", limit: 64 << 20}
	for _, set := range all {
		set(&o)
	}
	r := &Recording{Name: o.name, Procs: runtime.GOMAXPROCS(0), Machine: machine.Read()}
	var t tracer = &whole{out: limited{limit: o.limit}}
	if o.last > 0 {
		t = &flight{config: trace.FlightRecorderConfig{MinAge: o.last, MaxBytes: uint64(o.limit)}}
	}
	if err := t.start(); err != nil {
		return nil, fmt.Errorf("record a trace: %w", err)
	}
	data, err := record(ctx, t, r, f)
	r.Bytes = len(data)
	if fault := r.read(data, o); fault != nil {
		err = errors.Join(err, fmt.Errorf("read the trace: %w", fault))
	}
	return r, err
}

// record calls f between the marks that bound the recording, and stops the
// tracer however f ends.
func record(ctx context.Context, t tracer, r *Recording, f func(ctx context.Context) error) (data []byte, err error) {
	defer func() {
		var partial string
		data, partial = t.stop()
		r.Partial = partial
	}()
	start := time.Now()
	trace.Log(ctx, category, markBegin)
	defer func() {
		trace.Log(ctx, category, markEnd)
		r.Wall = time.Since(start)
	}()
	return nil, f(ctx)
}

// The marks in the trace.
const (
	category  = "interleave exectrace"
	markBegin = "begin"
	markEnd   = "end"
)

// tracer is a way to get a trace.
type tracer interface {
	start() error
	stop() (data []byte, partial string)
}

// whole keeps the trace from its start to the limit.
type whole struct{ out limited }

func (w *whole) start() error {
	w.out.begin, w.out.full = time.Now(), make(chan struct{})
	if err := trace.Start(&w.out); err != nil {
		return err
	}
	w.out.done.Add(1)
	go func() { // who writes the trace cannot stop it
		defer w.out.done.Done()
		<-w.out.full
		trace.Stop()
	}()
	return nil
}

func (w *whole) stop() (data []byte, partial string) {
	w.out.close()
	w.out.done.Wait()
	if w.out.over {
		partial = fmt.Sprintf("recording stopped after %v: the trace had reached the limit of %d bytes", w.out.after.Round(time.Millisecond), w.out.limit)
	}
	return w.out.data.Bytes(), partial
}

// limited is a buffer which says when it is full.
type limited struct {
	limit int
	begin time.Time
	data  bytes.Buffer
	over  bool
	after time.Duration
	once  sync.Once
	full  chan struct{}
	done  sync.WaitGroup
}

func (l *limited) close() { l.once.Do(func() { close(l.full) }) }

// Write keeps what comes after the limit too: it is the rest of a trace that is
// being stopped, and without it nothing could be read.
func (l *limited) Write(b []byte) (int, error) {
	if l.data.Len()+len(b) > l.limit && !l.over {
		select {
		case <-l.full: // being stopped anyway
		default:
			l.over, l.after = true, time.Since(l.begin)
			l.close()
		}
	}
	return l.data.Write(b)
}

// flight keeps the end of the trace.
type flight struct {
	config trace.FlightRecorderConfig
	rec    *trace.FlightRecorder
	begin  time.Time
}

func (f *flight) start() error {
	f.rec, f.begin = trace.NewFlightRecorder(f.config), time.Now()
	return f.rec.Start()
}

func (f *flight) stop() (data []byte, partial string) {
	defer f.rec.Stop()
	var b bytes.Buffer
	if _, err := f.rec.WriteTo(&b); err != nil {
		return nil, fmt.Sprintf("the flight recorder has nothing: %v", err)
	}
	return b.Bytes(), ""
}
