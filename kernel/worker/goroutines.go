package worker

import (
	"context"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// What a worker tells of goroutines.
type (
	Goroutine = wire.Goroutine
	Note      = wire.Note
	NoteKind  = wire.NoteKind
)

// The kinds of a Note.
const (
	Leaked = wire.Leaked
	Left   = wire.Left
	Stuck  = wire.Stuck
)

// Goroutines describes the goroutines of a cell, of all cells if it is 0.
// Count is how many there are, which may be more. It may be called while a
// cell runs. It costs a garbage collection, which finds those that wait for
// good.
func (w *Worker) Goroutines(ctx context.Context, cell int) (gs []Goroutine, count int, err error) {
	d, err := w.ask(ctx, func(id uint64) []byte {
		return wire.AppendJSON(nil, wire.TLook, wire.Look{ID: id, Cell: cell})
	})
	return d.Goroutines, d.Count, err
}

// StopCells stops the goroutines of cells, those of all cells when none is
// named, and what their timers would start. It returns those that were there,
// and how many. Like interrupted ones, goroutines that wait stay parked and end
// at their next step.
func (w *Worker) StopCells(ctx context.Context, cells ...int) (gs []Goroutine, count int, err error) {
	d, err := w.ask(ctx, func(id uint64) []byte {
		return wire.AppendJSON(nil, wire.TStopCells, wire.StopCells{ID: id, Cells: cells, All: len(cells) == 0})
	})
	return d.Goroutines, d.Count, err
}

// ask sends a request and waits for its answer.
func (w *Worker) ask(ctx context.Context, frame func(id uint64) []byte) (wire.Done, error) {
	id, done, err := w.request()
	if err != nil {
		return wire.Done{}, err
	}
	w.out.send(frame(id))
	select {
	case d := <-done:
		return d, failure(d)
	case <-w.ended:
		return wire.Done{}, w.Err()
	case <-ctx.Done():
		w.forget(id)
		return wire.Done{}, ctx.Err()
	}
}
