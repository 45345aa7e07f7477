package worker

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// comm passes a message of a cell on.
func (l *loop) comm(c wire.Call) wire.Reply {
	h, ok := l.w.handler.(Commer)
	if !ok {
		return wire.Reply{ID: c.ID, Outcome: wire.Failed, Text: "nobody takes messages over comms here"}
	}
	var m Comm
	err := json.Unmarshal([]byte(c.Text), &m)
	if err == nil {
		err = h.Comm(c.Cell, m)
	}
	if err != nil {
		return wire.Reply{ID: c.ID, Outcome: wire.Failed, Text: err.Error()}
	}
	return wire.Reply{ID: c.ID}
}

// Comm hands a message of the front end to the process, in order with the calls
// before. It does not wait; the function that it returns does, until the message
// was handled there.
func (w *Worker) Comm(m Comm) (wait func(context.Context) error, err error) {
	id, done, err := w.request()
	if err != nil {
		return nil, err
	}
	m.ID = id
	w.out.send(wire.AppendJSON(nil, wire.TComm, m))
	return func(ctx context.Context) error {
		select {
		case d := <-done:
			if d.Error != "" {
				return errors.New(d.Error)
			}
			return nil
		case <-w.ended:
			return w.Err()
		case <-ctx.Done():
			w.forget(id)
			return ctx.Err()
		}
	}, nil
}
