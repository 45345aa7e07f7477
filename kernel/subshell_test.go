package kernel_test

import (
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// subshell opens one.
func subshell(t *testing.T, front *kerneltest.Front) string {
	t.Helper()
	r := front.Send(jupyter.Control, jupyter.CreateSubshellRequest{}).Busy().Idle()
	reply := kerneltest.Reply[jupyter.CreateSubshellReply](r)
	if reply.Status != jupyter.OK || reply.SubshellID == "" {
		t.Fatalf("reply is %+v", reply)
	}
	return reply.SubshellID
}

// in sends a cell to a subshell.
func in(front *kerneltest.Front, id, code string) *kerneltest.Request {
	m := front.Message(jupyter.ExecuteRequest{Code: code, StoreHistory: true, StopOnError: true, AllowStdin: true})
	m.Header.Subshell = id
	return front.SendMessage(jupyter.Shell, m)
}

func TestSubshellRunsBesideACell(t *testing.T) {
	e, front := held(t)
	if info := ask[jupyter.KernelInfoReply](t, front, jupyter.KernelInfoRequest{}); len(info.SupportedFeatures) != 1 || info.SupportedFeatures[0] != "kernel subshells" {
		t.Errorf("features are %v", info.SupportedFeatures)
	}
	id := subshell(t, front)
	main := front.Execute("hold main").Busy().Input("hold main", 1)
	in(front, id, "result 7").Busy().Input("result 7", 2).Result("7").Idle().OK()
	in(front, id, "fail no").Busy().Input("fail no", 3).Error("CellError", "no").Idle().Failed()
	in(front, id, "ask Name:").Busy().Input("ask Name:", 4).Asked("Name:", false).Answer("Ada").Stdout("Ada\n").Idle().OK()
	e.Release("main")
	for m := main.Next(); ; m = main.Next() { // busy once more, after each of the others
		c, err := jupyter.Read[jupyter.KernelStatus](m)
		if err != nil || m.Header.Type != c.Type() {
			t.Fatalf("got %s, %v", m.Header.Type, err)
		}
		if c.ExecutionState == jupyter.Idle {
			break
		}
	}
	main.OK()
}

func TestSubshellsAreListedAndDeleted(t *testing.T) {
	front := start(t)
	list := func() []string {
		return kerneltest.Reply[jupyter.ListSubshellReply](front.Send(jupyter.Control, jupyter.ListSubshellRequest{}).Busy().Idle()).SubshellID
	}
	if got := list(); len(got) != 0 {
		t.Errorf("at first there are %q", got)
	}
	a, b := subshell(t, front), subshell(t, front)
	if got := list(); len(got) != 2 || a == b {
		t.Errorf("there are %q, want %q and %q", got, a, b)
	}
	running := in(front, a, "hold never").Busy().Input("hold never", 1)
	waiting := in(front, a, "next")
	ask[jupyter.KernelInfoReply](t, front, jupyter.KernelInfoRequest{}) // "next" has been read by now
	r := front.Send(jupyter.Control, jupyter.DeleteSubshellRequest{SubshellID: a}).Busy().Idle()
	if reply := kerneltest.Reply[jupyter.DeleteSubshellReply](r); reply.Status != jupyter.OK {
		t.Errorf("reply is %+v", reply)
	}
	running.Error("Interrupted", "context canceled").Idle().Failed()
	waiting.Aborted()
	if got := list(); len(got) != 1 || got[0] != b {
		t.Errorf("there are %q, want %q", got, b)
	}
	again := front.Send(jupyter.Control, jupyter.DeleteSubshellRequest{SubshellID: a}).Busy().Idle()
	if reply := kerneltest.Reply[jupyter.DeleteSubshellReply](again); reply.Status != jupyter.Failed {
		t.Errorf("reply is %+v", reply)
	}
	lost := in(front, a, "x").Busy().Idle()
	if reply := kerneltest.Reply[jupyter.ExecuteReply](lost); reply.Status != jupyter.Failed || reply.EName != "SubshellError" {
		t.Errorf("reply is %+v", reply)
	}
}

func TestInterruptReachesSubshells(t *testing.T) {
	front := start(t)
	id := subshell(t, front)
	cell := in(front, id, "hold never").Busy().Input("hold never", 1)
	cell.Interrupt().Error("Interrupted", "context canceled").Idle().Failed()
}

// alone is an engine that runs one cell at a time.
type alone struct{ engine.Engine }

func TestEngineWithoutSubshells(t *testing.T) {
	front := kerneltest.Start(t, kernel.Config{Engine: alone{echo.New()}})
	if info := ask[jupyter.KernelInfoReply](t, front, jupyter.KernelInfoRequest{}); len(info.SupportedFeatures) != 0 {
		t.Errorf("features are %v", info.SupportedFeatures)
	}
	r := front.Send(jupyter.Control, jupyter.CreateSubshellRequest{}).Busy().Idle()
	if reply := kerneltest.Reply[jupyter.CreateSubshellReply](r); reply.Status != jupyter.Failed {
		t.Errorf("reply is %+v", reply)
	}
}
