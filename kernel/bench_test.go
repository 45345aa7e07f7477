package kernel_test

import (
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// BenchmarkCell is what the kernel adds to a cell: from the request to the reply
// and idle, with a toy engine.
func BenchmarkCell(b *testing.B) {
	front := kerneltest.Start(b, kernel.Config{Engine: echo.New()})
	for b.Loop() {
		r := front.Execute("print x").Busy()
		kerneltest.Published[jupyter.ExecuteInput](r)
		r.Stdout("x\n").Idle().OK()
	}
}

// BenchmarkControl is the answer to a request on control while a cell runs.
func BenchmarkControl(b *testing.B) {
	e := echo.New()
	front := kerneltest.Start(b, kernel.Config{Engine: e})
	cell := front.Execute("hold here").Busy().Input("hold here", 1)
	for b.Loop() {
		r := front.Send(jupyter.Control, jupyter.KernelInfoRequest{}).Busy().Idle()
		kerneltest.Reply[jupyter.KernelInfoReply](r)
		cell.Busy()
	}
	e.Release("here")
	cell.Idle().OK()
}

// BenchmarkLines is 100,000 lines on stdout, each a call of the engine.
func BenchmarkLines(b *testing.B) {
	front := kerneltest.Start(b, kernel.Config{Engine: echo.New()})
	for b.Loop() {
		r := front.Execute("flood 100000").Busy()
		kerneltest.Published[jupyter.ExecuteInput](r)
		if text, _ := streams(r); len(text) != len(lines(100000)) {
			b.Fatalf("got %d bytes, want %d", len(text), len(lines(100000)))
		}
		r.OK()
	}
}
