package native

import (
	"context"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// showValue shows a cell which only names a variable, or a part of one,
// without compiling it: the worker finds the value by its address and type.
// Everything else is as with a compiled cell. It reports false when the cell
// has to be compiled after all.
func (e *Engine) showValue(ctx context.Context, s *session, code string, t *timer) (done bool, err error) {
	e.build.Lock()
	v, ok := s.value(code)
	e.build.Unlock()
	t.checked()
	if !ok {
		return false, nil
	}
	r, err := s.worker.Run(ctx, worker.Run{Cell: e.serial, Value: v})
	t.ran()
	if err == nil && r.Kind == worker.NoValue {
		return false, nil
	}
	return true, e.ended(r, err)
}

// value finds what a cell shows in the memory of the worker.
func (s *session) value(code string) (*worker.Value, bool) {
	s.known.mu.Lock()
	x, ok := s.known.scope.Value(code)
	s.known.mu.Unlock()
	if !ok {
		return nil, false
	}
	v := &worker.Value{}
	if v.Addr, v.Type, ok = s.link.Variable(x.Symbol); !ok {
		return nil, false // not loaded into this worker
	}
	for _, step := range x.Steps {
		v.Steps = append(v.Steps, worker.Step{Kind: steps[step.Kind], Index: step.Index, Key: step.Key})
	}
	return v, true
}

var steps = map[cell.StepKind]worker.StepKind{
	cell.Field: worker.Field, cell.Pointed: worker.Pointed, cell.Element: worker.Element, cell.Entry: worker.Entry,
}
