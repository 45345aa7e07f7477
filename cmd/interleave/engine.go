package main

import (
	"context"
	"errors"

	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/yaegi"
	"github.com/interleave-lab/interleave/lib/display"
)

// engineVariable is the environment variable that chooses the engine: native
// or interpreter. Without it cells are compiled where there is a Go toolchain.
const engineVariable = "INTERLEAVE_ENGINE"

// newInterpreter returns the engine of a session without a toolchain.
func newInterpreter(dir, reason string) engine.Engine {
	return interpreting{yaegi.New(yaegi.Config{Dir: dir, Reason: reason})}
}

// interpreting draws the charts that interpreted cells display.
type interpreting struct{ *yaegi.Engine }

// Execute runs the cell with an output that draws.
func (i interpreting) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	return i.Engine.Execute(ctx, c, drawn{out})
}

// drawn is an output whose charts are drawn on the way.
type drawn struct{ engine.Output }

func (o drawn) Display(d display.Data) { o.Output.Display(render.Expand(d)) }
func (o drawn) Update(d display.Data)  { o.Output.Update(render.Expand(d)) }
func (o drawn) Result(d display.Data)  { o.Output.Result(render.Expand(d)) }

// Comm passes a message over a comm on.
func (o drawn) Comm(m engine.CommMessage) error {
	c, ok := o.Output.(engine.CommOutput)
	if !ok {
		return errors.New("there is no front end that has comms")
	}
	return c.Comm(m)
}
