package worker

import (
	"errors"
	"strings"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// program has the engine link a program for processes beside the worker.
func (l *loop) program(c wire.Call) wire.Reply {
	err := errors.New("this engine has no worker processes")
	if h, ok := l.w.handler.(Programmer); ok {
		var file string
		if file, err = h.Program(l.ctx, strings.Split(c.Text, "\n")); err == nil {
			return wire.Reply{ID: c.ID, Text: file}
		}
	}
	return wire.Reply{ID: c.ID, Outcome: wire.Failed, Text: err.Error()}
}
