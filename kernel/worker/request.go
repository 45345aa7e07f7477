package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// Run is what to run.
type Run struct {
	Cell    int    // the cell's number, positive
	Entry   uint64 // address of its function
	Program bool   // it is a whole program and finds a fresh process
	// Value, instead of Entry, is shown as the cell's result. The report is
	// NoValue, and nothing was shown, when reading it would panic.
	Value *Value
	// Beside runs the cell beside those that take turns. A deadlock of its own
	// is not found.
	Beside bool
}

// ErrTaken is returned by Load for a module that was linked for addresses where
// the process has put something of its own. Nothing was loaded.
var ErrTaken = errors.New("the addresses are in use")

// ErrInit is returned by Load for an image that was loaded, and of which a
// package initialiser did not come to its end. The image stays.
var ErrInit = errors.New("initialise packages")

// Load maps a module into the process and adds it to the running program. An
// image of packages is also initialised. When there are conflicts nothing was
// loaded: the module has to be linked again.
//
// What has been sent is loaded, so the end of ctx does not cut Load short: the
// caller has to know that the module's addresses are taken. Initialisers that
// do not return then end with the process, after Patience and Grace.
func (w *Worker) Load(ctx context.Context, m Module) ([]Conflict, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	id, done, err := w.request()
	if err != nil {
		return nil, err
	}
	w.out.send(wire.AppendJSON(nil, wire.TLoad, wire.Load{ID: id, Cell: w.newest(), Module: m}))
	select {
	case d := <-done:
		return loaded(d)
	case <-w.ended:
		return nil, w.Err()
	case <-ctx.Done():
	}
	grace := time.AfterFunc(w.patience+w.grace, func() {
		w.kill(fmt.Sprintf("initialisers of packages did not return within %v of the interrupt", w.patience+w.grace))
	})
	defer grace.Stop()
	select {
	case d := <-done:
		return loaded(d)
	case <-w.ended:
		return nil, w.Err()
	}
}

func loaded(d wire.Done) ([]Conflict, error) {
	if d.Report.Kind != wire.Fine {
		return nil, fmt.Errorf("%w: %s: %s", ErrInit, d.Report.Kind, d.Report.Value)
	}
	if d.Taken {
		return nil, fmt.Errorf("%s: %w", d.Error, ErrTaken)
	}
	return d.Conflicts, failure(d)
}

// Run runs a cell and returns after everything which it has written and shown
// has been taken by the Handler. Runs take turns, but for those beside. The error is a *Death when
// the process has ended, otherwise the Report says how the cell ended.
//
// When ctx ends the goroutines of the cell are stopped: those that wait for
// something are left parked and end at their next step. If nothing helps the
// process is killed.
func (w *Worker) Run(ctx context.Context, r Run) (Report, error) {
	if r.Entry == 0 && r.Value == nil {
		return Report{}, fmt.Errorf("run cell[%d]: %w", r.Cell, errNoEntry)
	}
	if !r.Beside {
		select {
		case <-w.turn:
		case <-w.ended:
			return Report{}, w.Err()
		case <-ctx.Done():
			return interrupted, nil
		}
		defer func() { w.turn <- struct{}{} }()
	}
	if ctx.Err() != nil {
		return interrupted, nil
	}
	id, done, err := w.request()
	if err != nil {
		return Report{}, err
	}
	inputs, cancel := context.WithCancel(ctx)
	defer cancel()
	defer w.begin(r, inputs)()
	w.out.send(wire.AppendJSON(nil, wire.TRun, wire.Run{ID: id, Cell: r.Cell, Entry: r.Entry, Program: r.Program, Value: r.Value, Beside: r.Beside}))
	select {
	case d := <-done:
		return d.Report, failure(d)
	case <-w.ended:
		return Report{}, w.Err()
	case <-ctx.Done():
		return w.interrupt(id, done)
	}
}

var interrupted = Report{Kind: wire.Interrupted, Value: "interrupted before it began"}

// interrupt stops the run: kindly, then by force, at last with its process.
func (w *Worker) interrupt(id uint64, done <-chan wire.Done) (Report, error) {
	select {
	case d := <-done: // it has ended meanwhile
		return d.Report, failure(d)
	default:
	}
	w.out.send(wire.AppendStop(nil, wire.Stop{Run: id}))
	patience := time.NewTimer(w.patience)
	defer patience.Stop()
	grace := time.NewTimer(w.patience + w.grace)
	defer grace.Stop()
	for {
		select {
		case d := <-done:
			return d.Report, failure(d)
		case <-w.ended:
			return Report{}, w.Err()
		case <-patience.C:
			w.out.send(wire.AppendStop(nil, wire.Stop{Run: id, Force: true}))
		case <-grace.C:
			w.kill(fmt.Sprintf("the interrupted cell could not be stopped within %v", w.patience+w.grace))
		}
	}
}

func failure(d wire.Done) error {
	if d.Error == "" {
		return nil
	}
	return errors.New(d.Error)
}

// request makes the number of a request and the place where it is answered.
func (w *Worker) request() (id uint64, done <-chan wire.Done, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return 0, nil, w.err
	}
	w.nextID++
	c := make(chan wire.Done, 1)
	w.waiting[w.nextID] = c
	return w.nextID, c, nil
}

func (w *Worker) forget(id uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.waiting, id)
}

// answered passes an answer to the request that waits for it.
func (w *Worker) answered(d wire.Done) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := w.waiting[d.ID]; ok {
		delete(w.waiting, d.ID)
		c <- d
	}
}

// begin notes the context in which the run's cell may ask for input, until the
// function that it returns is called.
func (w *Worker) begin(r Run, ctx context.Context) (end func()) {
	if !r.Beside {
		w.activate(r.Cell, ctx)
		return func() { w.activate(r.Cell, nil) }
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.beside == nil {
		w.beside = map[int]context.Context{}
	}
	w.beside[r.Cell] = ctx
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.beside, r.Cell)
	}
}

func (w *Worker) activate(cell int, ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.active = active{cell, ctx}
}

// newest is the number of the newest cell.
func (w *Worker) newest() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.active.cell
}
