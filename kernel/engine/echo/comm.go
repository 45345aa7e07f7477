package echo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// lines are the comms that cells have opened, and where they lead.
type lines struct {
	mu   sync.Mutex
	open map[string]engine.CommOutput
}

func (ls *lines) set(id string, out engine.CommOutput) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.open == nil {
		ls.open = map[string]engine.CommOutput{}
	}
	if ls.open[id] = out; out == nil {
		delete(ls.open, id)
	}
}

func (ls *lines) get(id string) engine.CommOutput {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return ls.open[id]
}

// open opens a comm: "open ID TARGET".
func (c *cell) open(_ context.Context, arg string) error {
	id, target, _ := strings.Cut(arg, " ")
	return c.talk(engine.CommMessage{
		Kind: engine.CommOpen, ID: id, Target: target, Data: json.RawMessage(`{"from": "cell"}`),
		Metadata: map[string]any{"version": "2.1.0"}, Buffers: [][]byte{[]byte("raw")},
	})
}

// tell sends JSON over a comm: "tell ID JSON".
func (c *cell) tell(_ context.Context, arg string) error {
	id, data, _ := strings.Cut(arg, " ")
	return c.talk(engine.CommMessage{Kind: engine.CommMsg, ID: id, Data: json.RawMessage(data)})
}

// hang closes a comm: "hang ID".
func (c *cell) hang(_ context.Context, id string) error {
	return c.talk(engine.CommMessage{Kind: engine.CommClose, ID: id})
}

func (c *cell) talk(m engine.CommMessage) error {
	out, ok := c.Output.(engine.CommOutput)
	if !ok {
		return errors.New("this output has no comms")
	}
	switch m.Kind {
	case engine.CommOpen:
		c.lines.set(m.ID, out)
	case engine.CommClose:
		c.lines.set(m.ID, nil)
	}
	return out.Comm(m)
}

// Comm answers a message over a comm that a cell has opened with the same. A
// message {"hold": NAME} is handled when that is released.
func (e *Engine) Comm(m engine.CommMessage) (handled func(context.Context) error, err error) {
	out := e.lines.get(m.ID)
	if out == nil {
		return nil, fmt.Errorf("there is no comm %s", m.ID)
	}
	if m.Kind == engine.CommClose {
		e.lines.set(m.ID, nil)
		return func(context.Context) error { return nil }, nil
	}
	var held struct{ Hold string }
	if err := json.Unmarshal(m.Data, &held); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		if held.Hold != "" {
			select {
			case <-e.gate(held.Hold):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return out.Comm(m)
	}, nil
}
