package kernel_test

import (
	"errors"
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

func TestFirstCellShowsThePreparation(t *testing.T) {
	e := newSlow()
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	info(t, front, jupyter.Shell) // is answered before the engine is ready
	e.say <- "Building the linker."
	info(t, front, jupyter.Shell)
	cell := front.Execute("x").Busy().Input("x", 1).Stderr("Building the linker.\n")
	e.say <- "Building the worker."
	cell.Stderr("Building the worker.\n")
	e.attempt <- nil
	cell.Stdout("x\n").Idle().OK()
	front.Execute("y").Busy().Input("y", 2).Stdout("y\n").Idle().OK()
}

func TestPreparationThatFailsIsTriedAgain(t *testing.T) {
	e := newSlow()
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	cell := front.Execute("x").Busy().Input("x", 1)
	e.attempt <- errors.New("no go command")
	cell.Error("KernelError", "no go command").Idle().Failed()
	cell = front.Execute("x").Busy().Input("x", 2)
	e.attempt <- nil
	cell.Stdout("x\n").Idle().OK()
}

func TestInterruptOfACellThatWaitsForThePreparation(t *testing.T) {
	e := newSlow()
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	cell := front.Execute("x").Busy().Input("x", 1)
	cell.Interrupt().Error("Interrupted", "the cell was interrupted before it began").Idle().Failed()
	e.attempt <- nil
	front.Execute("y").Busy().Input("y", 2).Stdout("y\n").Idle().OK()
}

func TestEndWhilePreparing(t *testing.T) {
	front := kerneltest.Start(t, kernel.Config{Engine: newSlow()})
	cell := front.Execute("x").Busy().Input("x", 1)
	front.Shutdown(false)
	cell.Busy().Error("Interrupted", "the cell was interrupted before it began").Idle().Failed()
}
