// Package headless runs notebooks without a front end: it gives the code cells
// to an engine one by one and puts what they show into the notebook, as a
// Jupyter client would.
package headless

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// Config says how a notebook is run. Engine is needed, the rest is optional.
type Config struct {
	Engine engine.Engine
	// AllowErrors goes on after a cell that fails.
	AllowErrors bool
	// Timeout bounds the time of each cell; 0 for no bound.
	Timeout time.Duration
	// Watch is told before and after each cell that runs.
	Watch func(Event)
	// TextLimit bounds the stream output that is kept of each cell, in bytes;
	// 0 for 16 MB. A note says how much was left out.
	TextLimit int
}

// Event is the beginning or the end of a cell.
type Event struct {
	Number int // of the code cells that run, from 1
	Total  int
	Cell   *notebook.Cell
	Done   bool
	Took   time.Duration // when done
	Err    *engine.Error // when done, nil for a cell that did not fail
	// Allowed says that the error does not stop the run: errors are allowed,
	// or the cell is tagged raises-exception.
	Allowed bool
}

// TimeoutError is the name of the error of a cell that ran longer than
// Config.Timeout.
const TimeoutError = "TimeoutError"

// EngineError is the name of the error in the outputs of a cell that the
// engine could not run for a reason of its own.
const EngineError = "EngineError"

// A CellError is returned when a cell fails and errors are not allowed. The
// notebook holds the outputs up to it.
type CellError struct {
	Number int // of the cell among all cells of the notebook, from 1
	Count  int // execution count of the cell
	Err    *engine.Error
}

// Error returns the place and the error in one line.
func (e *CellError) Error() string {
	return fmt.Sprintf("cell %d, In [%d]: %v", e.Number, e.Count, e.Err)
}

// Unwrap returns the *engine.Error.
func (e *CellError) Unwrap() error { return e.Err }

// Tags of cells that are treated otherwise, as nbclient has them.
const (
	tagSkip   = "skip-execution"
	tagRaises = "raises-exception"
)

// Run runs the code cells of the notebook from the first to the last and
// replaces their outputs, execution counts and times. Empty cells and cells
// tagged skip-execution are left out; the failure of a cell tagged
// raises-exception does not stop the run.
//
// When a cell fails Run returns a *CellError, when ctx ends the running cell
// is interrupted and Run returns the cause. In every case the notebook holds
// what was shown so far and belongs to the caller again: output of goroutines
// that still run is dropped from then on.
func Run(ctx context.Context, n *notebook.Notebook, cfg Config) error {
	r := &recorder{cfg: cfg, shown: map[string][]*notebook.Output{}}
	defer r.close()
	reset(n)
	total, count := 0, 0
	for _, c := range n.Cells {
		if runs(c) {
			total++
		}
	}
	for i, c := range n.Cells {
		if !runs(c) {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		count++
		err := r.run(ctx, c, Event{Number: count, Total: total, Cell: c})
		if err == nil {
			continue
		}
		if fault, ok := errors.AsType[*engine.Error](err); ok {
			err = &CellError{Number: i + 1, Count: count, Err: fault}
		} else {
			err = fmt.Errorf("cell %d, In [%d]: %w", i+1, count, err)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
	return nil
}

// reset removes what an earlier run left, so that no old result stands beside
// a new one.
func reset(n *notebook.Notebook) {
	for _, c := range n.Cells {
		if c.Type != notebook.Code {
			continue
		}
		if c.Metadata == nil {
			c.Metadata = map[string]any{}
		}
		c.Count, c.Outputs = 0, nil
		delete(c.Metadata, "execution")
	}
}

func runs(c *notebook.Cell) bool {
	return c.Type == notebook.Code && strings.TrimSpace(c.Source) != "" && !c.Tagged(tagSkip)
}

// run runs one cell and returns the error that ends the run.
func (r *recorder) run(ctx context.Context, c *notebook.Cell, e Event) error {
	r.watch(e)
	out := r.cell(c, e.Number)
	start := time.Now()
	err := r.execute(ctx, c, e.Number, out)
	end := time.Now()
	fault := out.end(start, end, err)
	e.Done, e.Took, e.Err = true, end.Sub(start), fault
	e.Allowed = ctx.Err() == nil && isFault(err) && (r.cfg.AllowErrors || c.Tagged(tagRaises))
	r.watch(e)
	if e.Allowed {
		return nil
	}
	return err
}

func (r *recorder) watch(e Event) {
	if r.cfg.Watch != nil {
		r.cfg.Watch(e)
	}
}

func (r *recorder) execute(ctx context.Context, c *notebook.Cell, count int, out engine.Output) error {
	if r.cfg.Timeout <= 0 {
		return r.cfg.Engine.Execute(ctx, engine.Cell{Code: c.Source, Count: count}, out)
	}
	limited, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	err := r.cfg.Engine.Execute(limited, engine.Cell{Code: c.Source, Count: count}, out)
	if limited.Err() == nil || ctx.Err() != nil || !isFault(err) {
		return err
	}
	return late(err, r.cfg.Timeout)
}

// late turns the error of a cell that was interrupted at its time limit into
// one that says so. A cell that cannot be interrupted takes the session along.
func late(err error, limit time.Duration) error {
	fault, _ := errors.AsType[*engine.Error](err)
	if fault.Name != engine.Interrupted && fault.Name != engine.SessionLost {
		return err
	}
	value := fmt.Sprintf("the cell ran longer than %v", limit)
	e := *fault
	e.Name, e.Value = TimeoutError, value
	e.Traceback = append([]string{TimeoutError + ": " + value}, fault.Traceback...)
	return &e
}

func isFault(err error) bool {
	_, ok := errors.AsType[*engine.Error](err)
	return ok
}
