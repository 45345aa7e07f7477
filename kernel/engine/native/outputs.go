package native

import (
	"context"
	"fmt"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/worker"
	"github.com/interleave-lab/interleave/lib/display"
)

// outputs leads what a cell's goroutines show to the output of that cell,
// also after the cell has ended. It implements worker.Handler.
type outputs struct {
	sources *sources
	engine  *Engine // for Program

	mu     sync.Mutex // guards what follows
	cells  map[int]engine.Output
	counts map[int]int                  // by cell: the number that people see
	last   engine.Output                // for text whose cell is unknown
	comms  map[string]engine.CommOutput // those that are open, by id
}

// add makes out the output of a cell from now on.
func (o *outputs) add(cell int, out engine.Output) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.cells == nil {
		o.cells = map[int]engine.Output{}
	}
	o.cells[cell] = out
}

// number notes the number which people see beside a cell.
func (o *outputs) number(cell, count int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.counts == nil {
		o.counts = map[int]int{}
	}
	o.counts[cell] = count
}

// serials are the cells that people see with a number: each run of it.
func (o *outputs) serials(count int) (cells []int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for cell, n := range o.counts {
		if n == count {
			cells = append(cells, cell)
		}
	}
	return cells
}

// title names a cell for people.
func (o *outputs) title(cell int) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := o.counts[cell]; n > 0 {
		return fmt.Sprintf("cell[%d]", n)
	}
	return "no cell"
}

// newest makes out the place for text whose cell nobody knows.
func (o *outputs) newest(out engine.Output) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = out
}

// remove forgets a cell which left nothing behind.
func (o *outputs) remove(cell int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.cells, cell)
}

// of is the output of a cell; that of the newest cell when nobody knows who
// wrote; nil before the first cell.
func (o *outputs) of(cell int) engine.Output {
	o.mu.Lock()
	defer o.mu.Unlock()
	if out, ok := o.cells[cell]; ok {
		return out
	}
	return o.last
}

func (o *outputs) Stream(cell int, stream string, text []byte) {
	if out := o.of(cell); out != nil {
		out.Stream(engine.Stream(stream), string(text))
	}
}

func (o *outputs) Display(cell int, kind worker.DisplayKind, d display.Data) {
	out := o.of(cell)
	if out == nil {
		return
	}
	switch kind {
	case worker.Show:
		out.Display(d)
	case worker.Update:
		out.Update(d)
	case worker.Result:
		out.Result(d)
	}
}

func (o *outputs) Clear(cell int, wait bool) {
	if out := o.of(cell); out != nil {
		out.Clear(wait)
	}
}

func (o *outputs) Input(ctx context.Context, cell int, prompt string, password bool) (string, error) {
	out := o.of(cell)
	if out == nil {
		return "", engine.ErrNoStdin
	}
	return out.Input(ctx, prompt, password)
}

// Ended tells of a goroutine that ended by a fault while no cell waits for it.
func (o *outputs) Ended(cell int, r worker.Report) {
	if out := o.of(cell); out != nil {
		out.Stream(engine.Stderr, reportError(r, o.sources).Text()+"\n")
	}
}

// Noted tells of goroutines that wait for good.
func (o *outputs) Noted(cell int, n worker.Note) {
	if out := o.of(cell); out != nil {
		out.Stream(engine.Stderr, noteText(n, o.sources))
	}
}
