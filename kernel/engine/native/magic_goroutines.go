package native

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// listGoroutines is %goroutines.
func listGoroutines(e *Engine, ctx context.Context, m call) error {
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	gs, count, err := s.worker.Goroutines(ctx, 0)
	if err != nil {
		return interruptedOr(ctx, err)
	}
	m.out.Stream(engine.Stdout, e.goroutineList(gs, count))
	return nil
}

func (e *Engine) goroutineList(gs []worker.Goroutine, count int) string {
	if count == 0 {
		return "No goroutine of a cell lives.\n"
	}
	var b strings.Builder
	cells := byCell(gs)
	for _, serial := range slices.Sorted(maps.Keys(cells)) {
		of := cells[serial]
		fmt.Fprintf(&b, "%s: %s\n%s\n", e.outputs.title(serial), plural(len(of), "goroutine"),
			strings.Join(goroutineLines(of, 0, &e.sources), "\n"))
	}
	if count > len(gs) {
		fmt.Fprintf(&b, "%d more are not described.\n", count-len(gs))
	}
	return b.String()
}

// stopCell is %stop.
func stopCell(e *Engine, ctx context.Context, m call) error {
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	var cells []int
	if m.arg != "all" {
		n, err := strconv.Atoi(strings.Trim(m.arg, "[]"))
		if err != nil || n < 1 {
			return fault("%stop wants the number of a cell, as in %stop 3, or all; %goroutines lists what lives")
		}
		if cells = e.outputs.serials(n); len(cells) == 0 {
			return fault(fmt.Sprintf("%%stop %d: no cell with that number has run", n))
		}
	}
	gs, count, err := s.worker.StopCells(ctx, cells...)
	if err != nil {
		return interruptedOr(ctx, err)
	}
	m.out.Stream(engine.Stdout, e.stoppedText(gs, count))
	return nil
}

// stoppedText names the cells whose goroutines were stopped.
func (e *Engine) stoppedText(gs []worker.Goroutine, count int) string {
	if count == 0 {
		return "Nothing to stop: no goroutine lives there. Pending timers, if any, will not start one.\n"
	}
	var of []string
	cells := byCell(gs)
	for _, serial := range slices.Sorted(maps.Keys(cells)) {
		of = append(of, e.outputs.title(serial))
	}
	text := fmt.Sprintf("Stopped: %s of %s.", plural(count, "goroutine"), strings.Join(of, ", "))
	if n := waiting(gs); n > 0 {
		text += fmt.Sprintf(" %d of them waited for something; parked, they end at their next step.", n)
	}
	return text + "\n"
}

func waiting(gs []worker.Goroutine) (n int) {
	for _, g := range gs {
		if g.Waits() {
			n++
		}
	}
	return n
}

// StopAll stops the goroutines that the cells so far have left running, and
// says so under the newest cell.
func (e *Engine) StopAll(ctx context.Context) error {
	s := e.live()
	if s == nil {
		return nil
	}
	gs, count, err := s.worker.StopCells(ctx)
	if err != nil {
		return err
	}
	if out := e.outputs.of(-1); out != nil && count > 0 {
		out.Stream(engine.Stderr, "Interrupted twice. "+e.stoppedText(gs, count))
	}
	return nil
}
