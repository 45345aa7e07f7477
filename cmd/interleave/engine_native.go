//go:build linux && amd64

package main

import (
	"context"
	"os"
	"os/exec"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

// newEngine returns the engine people get, for cells whose working directory
// is dir, or the current one when dir is empty: the native one, or the
// interpreter where there is no Go.
func newEngine(dir string) engine.Engine {
	if reason := whyInterpreted(); reason != "" {
		return newInterpreter(dir, reason)
	}
	return drawing{native.New(native.Config{Source: interleave.Source, Dir: dir})}
}

// whyInterpreted says why cells are not compiled; empty when they are.
func whyInterpreted() string {
	switch os.Getenv(engineVariable) {
	case "interpreter":
		return engineVariable + " asks for the interpreter."
	case "native":
		return ""
	}
	if _, err := exec.LookPath("go"); err != nil {
		return "There is no go command on PATH."
	}
	return ""
}

// drawing draws the charts that cells display. It keeps the other abilities of
// the engine.
type drawing struct{ *native.Engine }

// Execute runs the cell with an output that draws.
func (d drawing) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	return d.Engine.Execute(ctx, c, drawn{out})
}

// ExecuteBeside does the same for a cell beside another.
func (d drawing) ExecuteBeside(ctx context.Context, c engine.Cell, out engine.Output) error {
	return d.Engine.ExecuteBeside(ctx, c, drawn{out})
}
