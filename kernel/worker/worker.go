// Package worker starts and supervises the process in which cells run, and
// speaks for it: what it writes, shows and asks arrives at a Handler, in
// order. HACKING.md tells how the order is kept and how cells are stopped.
package worker

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/display"
)

// What both sides of a worker speak of.
type (
	Module    = wire.Module
	Segment   = wire.Segment
	Prot      = wire.Prot
	Conflict  = wire.Conflict
	Report    = wire.Report
	Kind      = wire.Kind
	Frame     = wire.Frame
	FrameKind = wire.FrameKind
	Value     = wire.Value
	Step      = wire.Step
	StepKind  = wire.StepKind
	Comm      = wire.Comm
)

// The protections of a Segment.
const (
	Read      = wire.Read
	ReadExec  = wire.ReadExec
	ReadWrite = wire.ReadWrite
)

// The kinds of a Report.
const (
	Fine        = wire.Fine
	Panic       = wire.Panic
	Fatal       = wire.Fatal
	Exit        = wire.Exit
	Overflow    = wire.Overflow
	Goexit      = wire.Goexit
	CellError   = wire.CellError
	Interrupted = wire.Interrupted
	NoValue     = wire.NoValue
)

// The kinds of a Step.
const (
	Field   = wire.Field
	Pointed = wire.Pointed
	Element = wire.Element
	Entry   = wire.Entry
)

// The kinds of a Frame.
const (
	Author   = wire.Author
	Library  = wire.Library
	Internal = wire.Internal
)

// DisplayKind says how data is to be shown.
type DisplayKind uint8

// The ways of showing data.
const (
	Show   DisplayKind = iota // display_data
	Update                    // update_display_data
	Result                    // execute_result
)

// Handler takes what cells do. All methods but Input are called one after
// another, in the order in which the cells did these things; the worker's
// output waits meanwhile. Cell 0 stands for output that was there before the
// first cell. Calls may come at any time until Done is closed.
type Handler interface {
	// Stream takes text for "stdout" or "stderr". The bytes belong to the
	// caller; a character is never split between two calls unless the
	// author's program wrote half of it.
	Stream(cell int, stream string, text []byte)
	// Display takes data. The goroutine that shows it goes on when Display
	// returns.
	Display(cell int, kind DisplayKind, d display.Data)
	// Clear removes the output of the cell, with wait when the next comes.
	Clear(cell int, wait bool)
	// Input asks for a line. It is called on a goroutine of its own; ctx ends
	// with the run of the cell. An error that wraps io.EOF is the end of
	// standard input.
	Input(ctx context.Context, cell int, prompt string, password bool) (string, error)
	// Ended tells of a goroutine, other than that of Run, which ended by a
	// panic, fatal error, os.Exit or stack overflow.
	Ended(cell int, r Report)
}

// A Noter is a Handler that is told of goroutines which are at no fault but
// wait for good, in order with everything else.
type Noter interface {
	Noted(cell int, n Note)
}

// A Commer is a Handler that takes messages over comms, in order with
// everything else.
type Commer interface {
	Comm(cell int, m Comm) error
}

// A Programmer is a Handler that makes programs for processes which the
// worker starts beside itself.
type Programmer interface {
	// Program links a program in which the functions, named as in "main.sum",
	// are registered with package pool, and returns a file that holds its
	// modules as JSON, in order.
	Program(ctx context.Context, functions []string) (file string, err error)
}

// Options says what to start.
type Options struct {
	Path    string   // of the worker's executable
	BuildID string   // which it must have
	Dir     string   // working directory; empty means the current one
	Env     []string // environment; nil means that of this process
	Handler Handler

	// Patience is how long an interrupted cell may go on before it is stopped
	// by all means, at the cost of deferred calls; 0.8 s if zero. After another
	// Grace (3 s if zero) the process is killed.
	Patience, Grace time.Duration
}

// Worker is a live process.
type Worker struct {
	handler         Handler
	patience, grace time.Duration
	cmd             *exec.Cmd
	out             outbox
	hello           chan wire.Hello
	turn            chan struct{} // holds a token while nothing runs
	limit           atomic.Int64  // of memory, in bytes; 0: none

	mu      sync.Mutex // guards what follows
	nextID  uint64
	waiting map[uint64]chan wire.Done
	active  active
	beside  map[int]context.Context // of runs beside, by cell
	killed  string                  // why this side killed the process
	memory  bool                    // it was killed because it used too much memory
	gone    bool                    // its number may belong to another process by now
	err     error

	ended chan struct{}
	asks  sync.WaitGroup // goroutines that wait for input
}

// active is the newest run.
type active struct {
	cell int
	ctx  context.Context // nil when it has ended
}

// Start starts a worker process and returns when it is ready.
func Start(ctx context.Context, opt Options) (*Worker, error) {
	w := &Worker{
		handler: opt.Handler, patience: opt.Patience, grace: opt.Grace,
		hello: make(chan wire.Hello, 1), turn: make(chan struct{}, 1),
		waiting: map[uint64]chan wire.Done{}, ended: make(chan struct{}),
	}
	if w.patience == 0 {
		w.patience = 800 * time.Millisecond
	}
	if w.grace == 0 {
		w.grace = 3 * time.Second
	}
	if err := w.spawn(opt); err != nil {
		return nil, fmt.Errorf("start %s: %w", opt.Path, err)
	}
	select {
	case h := <-w.hello:
		if h.BuildID != opt.BuildID {
			w.Close()
			return nil, fmt.Errorf("start %s: it is worker %s, not %s", opt.Path, h.BuildID, opt.BuildID)
		}
	case <-w.ended:
		return nil, fmt.Errorf("start %s: %w", opt.Path, w.Err())
	case <-ctx.Done():
		w.Close()
		return nil, fmt.Errorf("start %s: %w", opt.Path, ctx.Err())
	}
	w.turn <- struct{}{}
	return w, nil
}

// PID is the number of the process.
func (w *Worker) PID() int { return w.cmd.Process.Pid }

// Done is closed when the process has ended and everything that it had written
// has been handed to the Handler.
func (w *Worker) Done() <-chan struct{} { return w.ended }

// Err says why the process has ended: a *Death, nil while it lives.
func (w *Worker) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Close ends the process, and the processes which it has started, and returns
// when all calls of the Handler have returned.
func (w *Worker) Close() error {
	w.kill("the session was closed")
	<-w.ended
	w.asks.Wait()
	return nil
}

var errNoEntry = errors.New("a cell's function has an address")
