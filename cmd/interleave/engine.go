package main

import (
	"context"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
	"github.com/interleave-lab/interleave/lib/display"
)

// newNative returns the engine people get: cells compiled natively, whose
// working directory is dir, or the current one when dir is empty.
func newNative(dir string) engine.Engine {
	return drawing{native.New(native.Config{Source: interleave.Source, Dir: dir})}
}

// drawing draws the charts that cells display. It keeps the other abilities of
// the engine.
type drawing struct{ *native.Engine }

// Execute runs the cell with an output that draws.
func (d drawing) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	return d.Engine.Execute(ctx, c, drawn{out})
}

// drawn is an output whose charts are drawn on the way.
type drawn struct{ engine.Output }

func (o drawn) Display(d display.Data) { o.Output.Display(render.Expand(d)) }
func (o drawn) Update(d display.Data)  { o.Output.Update(render.Expand(d)) }
func (o drawn) Result(d display.Data)  { o.Output.Result(render.Expand(d)) }
