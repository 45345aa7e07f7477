package native

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// firstBeside is where the serial numbers of cells begin that run beside others.
const firstBeside = 1 << 30

// ExecuteBeside runs Go beside the cell that runs, in the same session: a second
// console looks at variables while the notebook computes. It waits only while
// another cell is compiled. Magics are for the notebook's own cells, since most
// of them change the session.
func (e *Engine) ExecuteBeside(ctx context.Context, c engine.Cell, out engine.Output) error {
	s := e.live()
	if s == nil {
		return fmt.Errorf("run a cell beside another: %w", ErrClosed)
	}
	lines, code := cell.SplitMagics(c.Code)
	if len(lines) > 0 {
		return fault(fmt.Sprintf("%s: a subshell runs Go while the notebook is busy; magics run in the notebook itself", lines[0]))
	}
	serial := firstBeside + int(e.besides.Add(1))
	e.sources.add(c.Count, c.Code)
	e.outputs.add(serial, out)
	e.outputs.number(serial, c.Count)
	run, err := e.prepareBeside(ctx, s, code, c.Count, serial, out)
	if err != nil {
		return interruptedOr(ctx, err)
	}
	run.Beside = true
	r, err := s.worker.Run(ctx, run)
	if run.Value != nil && err == nil && r.Kind == worker.NoValue {
		if run, err = e.prepare(ctx, s, code, c.Count, serial, out, &timer{took: &Took{}, at: time.Now()}); err != nil {
			return interruptedOr(ctx, err)
		}
		run.Beside = true
		r, err = s.worker.Run(ctx, run)
	}
	if errors.Is(err, worker.ErrDied) {
		const text = "the session ended while this cell ran beside it; its next cell tells what was lost"
		return &engine.Error{Name: engine.SessionLost, Value: text, Traceback: []string{text}}
	}
	return e.ended(r, err)
}

// prepareBeside finds a bare value, or compiles the cell.
func (e *Engine) prepareBeside(ctx context.Context, s *session, code string, count, serial int, out engine.Output) (worker.Run, error) {
	e.build.Lock()
	v, ok := s.value(code)
	e.build.Unlock()
	if ok {
		return worker.Run{Cell: serial, Value: v}, nil
	}
	return e.prepare(ctx, s, code, count, serial, out, &timer{took: &Took{}, at: time.Now()})
}
