package native

import (
	"context"
	"errors"
	"slices"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// Comm implements worker.Commer: a cell sends a message to the front end.
func (o *outputs) Comm(cell int, m worker.Comm) error {
	out, ok := o.of(cell).(engine.CommOutput)
	if !ok {
		return errors.New("this front end has no comms")
	}
	switch kind := engine.CommKind(m.Kind); kind {
	case engine.CommOpen:
		o.keep(m.Comm, out)
	case engine.CommClose:
		defer o.keep(m.Comm, nil)
	}
	return out.Comm(engine.CommMessage{
		Kind: engine.CommKind(m.Kind), ID: m.Comm, Target: m.Target, Data: m.Data, Metadata: m.Metadata, Buffers: m.Buffers,
	})
}

// keep notes where a comm was opened, nil when it is closed.
func (o *outputs) keep(comm string, out engine.CommOutput) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.comms == nil {
		o.comms = map[string]engine.CommOutput{}
	}
	if out == nil {
		delete(o.comms, comm)
		return
	}
	o.comms[comm] = out
}

// hangUp closes all comms for the front end: the worker that they led to has
// ended.
func (o *outputs) hangUp() {
	o.mu.Lock()
	open := o.comms
	o.comms = nil
	o.mu.Unlock()
	for id, out := range open {
		out.Comm(engine.CommMessage{Kind: engine.CommClose, ID: id, Data: []byte("{}")}) // whether it listens or not
	}
}

// Comm hands a message of the front end to the worker.
func (e *Engine) Comm(m engine.CommMessage) (handled func(context.Context) error, err error) {
	s := e.live()
	if s == nil {
		return nil, ErrClosed
	}
	if m.Kind == engine.CommClose {
		e.outputs.keep(m.ID, nil)
	}
	return s.worker.Comm(worker.Comm{
		Kind: string(m.Kind), Comm: m.ID, Target: m.Target, Data: slices.Clone(m.Data), Metadata: m.Metadata, Buffers: m.Buffers,
	})
}
