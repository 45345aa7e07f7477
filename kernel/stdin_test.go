package kernel_test

import (
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

func TestInput(t *testing.T) {
	front := start(t)
	const code = "write before\nask Name: \nsecret Password: "
	front.Execute(code).Busy().Input(code, 1).Stdout("before").
		Asked("Name: ", false).Answer("Ada").Stdout("Ada\n").
		Asked("Password: ", true).Answer("1815").Stdout("4\n").
		Idle().OK()
}

func TestInputWhereNobodyAnswers(t *testing.T) {
	front := start(t)
	front.Send(jupyter.Shell, jupyter.ExecuteRequest{Code: "ask Name:", StoreHistory: true}).
		Busy().Input("ask Name:", 1).Error("CellError", engine.ErrNoStdin.Error()).Idle().Failed()
}

func TestInputIsAskedOfTheClientThatSentTheCell(t *testing.T) {
	front := start(t)
	other := front.Connect()
	cell := other.Execute("ask Name:").Busy().Input("ask Name:", 1).Asked("Name:", false)
	// An answer of another client is dropped.
	front.SendFrames(jupyter.Stdin, front.Encode(front.Message(jupyter.InputReply{Value: "Eve"})))
	cell.Answer("Ada").Stdout("Ada\n").Idle().OK()
}

func TestInterruptEndsAQuestion(t *testing.T) {
	front := start(t)
	cell := front.Execute("ask Name:").Busy().Input("ask Name:", 1).Asked("Name:", false)
	cell.Interrupt().Error("Interrupted", "read input: context canceled").Idle().Failed()
	// The answer comes too late, and is not taken for that to the next question.
	late := front.Message(jupyter.InputReply{Value: "late"})
	late.Parent = cell.Question
	next := front.Execute("ask Again:").Busy().Input("ask Again:", 2).Asked("Again:", false)
	front.SendFrames(jupyter.Stdin, front.Encode(late))
	next.Answer("now").Stdout("now\n").Idle().OK()
}

func TestInputOfAnEndedCell(t *testing.T) {
	e, front := held(t)
	const code = "go await end ask Name:"
	cell := front.Execute(code).Busy().Input(code, 1).Idle()
	cell.OK()
	e.Release("end")
	cell.Stderr("the cell that asks has ended: " + engine.ErrNoStdin.Error() + "\n")
}

// A question to a client that has left fails, or can be interrupted by another
// client if it was sent just before.
func TestInputOfAClientThatHasLeft(t *testing.T) {
	e, front := held(t)
	other := front.Connect()
	const code = "hold here\nask Name:"
	cell := jupyter.ExecuteRequest{Code: code, StoreHistory: true, AllowStdin: true} // does not stop others
	other.Send(jupyter.Shell, cell).Busy().Input(code, 1).Drop()
	other.Leave()
	e.Release("here")
	r := front.Send(jupyter.Control, jupyter.InterruptRequest{}).Busy().Idle()
	kerneltest.Reply[jupyter.InterruptReply](r)
	front.Execute("x").Busy().Input("x", 2).Stdout("x\n").Idle().OK()
}
