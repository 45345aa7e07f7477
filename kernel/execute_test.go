package kernel_test

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// start serves the toy engine.
func start(t *testing.T) *kerneltest.Front {
	t.Helper()
	return kerneltest.Start(t, kernel.Config{Engine: echo.New()})
}

func TestExecute(t *testing.T) {
	front := start(t)
	reply := front.Execute("hello").Busy().Input("hello", 1).Stdout("hello\n").Idle().OK()
	if reply.ExecutionCount != 1 || reply.Payload == nil {
		t.Errorf("reply is %+v, want count 1 and an empty payload", reply)
	}
	front.Execute("result 7").Busy().Input("result 7", 2).Result("7").Idle().OK()
}

func TestOutputKeepsItsOrder(t *testing.T) {
	const code = "print a\neprint b\nwrite c\nshow text/html <b>d</b>\nprint e\nclearwait\nresult f"
	start(t).Execute(code).Busy().Input(code, 1).
		Stdout("a\n").Stderr("b\n").Stdout("c").Display("text/html", "<b>d</b>").
		Stdout("e\n").Clear(true).Result("f").Idle().OK()
}

func TestUpdate(t *testing.T) {
	const code = "named x 1\nupdate x 2"
	r := start(t).Execute(code).Busy().Input(code, 1)
	first := kerneltest.Published[jupyter.DisplayData](r)
	second := kerneltest.Published[jupyter.UpdateDisplayData](r)
	if first.Transient.DisplayID != "x" || second.Transient != first.Transient {
		t.Errorf("display ids are %v and %v, want x", first.Transient, second.Transient)
	}
	if got := kerneltest.Text(second.Data, "text/plain"); got != "2" {
		t.Errorf("update shows %q, want 2", got)
	}
	r.Idle().OK()
}

func TestError(t *testing.T) {
	front := start(t)
	reply := front.Execute("print before\nfail no").Busy().Input("print before\nfail no", 1).
		Stdout("before\n").Error("CellError", "no").Idle().Failed()
	if reply.EName != "CellError" || reply.EValue != "no" || reply.Traceback[0] != "cell[1]:2" {
		t.Errorf("reply is %+v", reply.Fault)
	}
	front.Execute("x").Busy().Input("x", 2).Stdout("x\n").Idle().OK()
}

func TestPanicOfTheEngine(t *testing.T) {
	front := start(t)
	front.Execute("panic help").Busy().Input("panic help", 1).
		Error("KernelError", "execute cell: panic: help").Idle().Failed()
	front.Execute("x").Busy().Input("x", 2).Stdout("x\n").Idle().OK()
}

func TestSilent(t *testing.T) {
	front := start(t)
	r := front.Send(jupyter.Shell, jupyter.ExecuteRequest{Code: "print x\nshow text/plain x\nresult x\nclear", Silent: true, StoreHistory: true})
	if reply := r.Busy().Idle().OK(); reply.ExecutionCount != 0 {
		t.Errorf("count is %d, want 0", reply.ExecutionCount)
	}
	front.Send(jupyter.Shell, jupyter.ExecuteRequest{Code: "fail no", Silent: true}).Busy().Idle().Failed()
	front.Execute("x").Busy().Input("x", 1).Stdout("x\n").Idle().OK()
}

func TestUnstoredCellUsesUpNoCount(t *testing.T) {
	front := start(t)
	front.Send(jupyter.Shell, jupyter.ExecuteRequest{Code: "x"}).Busy().Input("x", 1).Stdout("x\n").Idle().OK()
	front.Execute("y").Busy().Input("y", 1).Stdout("y\n").Idle().OK()
	h := history(t, front, jupyter.HistoryRequest{Access: "tail"})
	if len(h) != 1 || h[0].Input != "y" {
		t.Errorf("history is %v, want y alone", h)
	}
}

func TestUserExpressions(t *testing.T) {
	front := start(t)
	r := front.Send(jupyter.Shell, jupyter.ExecuteRequest{
		Code:            "x",
		UserExpressions: map[string]string{"good": "result 5", "bad": "fail no", "mute": ""},
	})
	values := r.Busy().Input("x", 1).Stdout("x\n").Idle().OK().UserExpressions
	if v := values["good"]; v.Status != jupyter.OK || kerneltest.Text(v.Data, "text/plain") != "5" {
		t.Errorf("good is %+v", v)
	}
	if v := values["bad"]; v.Status != jupyter.Failed || v.EName != "CellError" {
		t.Errorf("bad is %+v", v)
	}
	if v := values["mute"]; v.Status != jupyter.OK || v.Data == nil || len(v.Data) > 0 {
		t.Errorf("mute is %+v, want an empty bundle", v)
	}
}

func TestErrorAbortsWhatIsQueued(t *testing.T) {
	e := echo.New()
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	first := front.Execute("hold here\nfail no").Busy().Input("hold here\nfail no", 1)
	second, third := front.Execute("second"), front.Execute("third")
	// The kernel reads shell in order: it has both when it answers this.
	info(t, front, jupyter.Shell)
	first.Busy() // again, after the idle of kernel_info
	e.Release("here")
	first.Error("CellError", "no").Idle().Failed()
	second.Aborted()
	third.Aborted()
	front.Execute("x").Busy().Input("x", 2).Stdout("x\n").Idle().OK()
}

func TestErrorWithoutStopOnErrorAbortsNothing(t *testing.T) {
	front := start(t)
	first := front.Send(jupyter.Shell, jupyter.ExecuteRequest{Code: "fail no", StoreHistory: true})
	second := front.Execute("x")
	first.Busy().Input("fail no", 1).Error("CellError", "no").Idle().Failed()
	second.Busy().Input("x", 2).Stdout("x\n").Idle().OK()
}

// A client that runs all cells sends them in one go, but the first may fail
// before the second has arrived. Here the second arrives after the failure and
// was sent before it by the clock of the client, which is not ours.
func TestErrorAbortsWhatIsOnItsWay(t *testing.T) {
	e := echo.New()
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	send := func(code, date string) *kerneltest.Request {
		m := front.Message(jupyter.ExecuteRequest{Code: code, StoreHistory: true, StopOnError: true})
		m.Header.Date = date
		return front.SendMessage(jupyter.Shell, m)
	}
	const code = "hold here\nfail no"
	first := send(code, "1999-12-31T23:59:59.000000Z").Busy().Input(code, 1)
	e.Release("here")
	first.Error("CellError", "no").Idle().Failed()
	send("overtaken", "1999-12-31T23:59:59.000001Z").Aborted()
	for i, date := range []string{"1999-12-31T23:59:59.000000Z", "1999-12-31T23:59:58Z", "2000-01-01T01:00:00+01:00", "now", ""} {
		code := "date " + date
		send(code, date).Busy().Input(code, i+2).Stdout(code + "\n").Idle().OK()
	}
}

func TestRequestsAreAnsweredWhileACellRuns(t *testing.T) {
	e := echo.New()
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	cell := front.Execute("hold here").Busy().Input("hold here", 1)
	waiting := front.Execute("x")
	for ch, contents := range map[jupyter.Channel][]jupyter.Content{
		jupyter.Shell: {
			jupyter.KernelInfoRequest{}, jupyter.CompleteRequest{Code: "pr", CursorPos: 2},
			jupyter.InspectRequest{Code: "print"}, jupyter.IsCompleteRequest{Code: "x"},
			jupyter.HistoryRequest{Access: "tail"}, jupyter.CommInfoRequest{}, jupyter.ConnectRequest{},
		},
		jupyter.Control: {
			jupyter.KernelInfoRequest{}, jupyter.UsageRequest{}, jupyter.DebugRequest{},
		},
	} {
		for _, c := range contents {
			r := front.Send(ch, c)
			if got, want := r.AnyReply().Header.Type, jupyter.ReplyTo(c.Type()); got != want {
				t.Errorf("%s: reply is %s", c.Type(), got)
			}
			r.Busy().Idle()
			cell.Busy() // front ends would show an idle kernel otherwise
		}
	}
	e.Release("here")
	cell.Idle().OK()
	waiting.Busy().Input("x", 2).Stdout("x\n").Idle().OK()
}

func TestInterrupt(t *testing.T) {
	front := start(t)
	cell := front.Execute("print x\nhold never").Busy().Input("print x\nhold never", 1).Stdout("x\n")
	cell.Interrupt().Error("Interrupted", "context canceled").Idle().Failed()
	front.Execute("x").Busy().Input("x", 2).Stdout("x\n").Idle().OK()
}

// An interrupt comes on a channel of its own and may overtake cells that were
// sent before it. The client's clock is not ours.
func TestInterruptAbortsWhatIsOnItsWay(t *testing.T) {
	front := start(t)
	cell := func(code, date string) *kerneltest.Request {
		m := front.Message(jupyter.ExecuteRequest{Code: code, StoreHistory: true, StopOnError: true})
		m.Header.Date = date
		return front.SendMessage(jupyter.Shell, m)
	}
	held := cell("hold never", "1999-12-31T01:00:00Z").Busy().Input("hold never", 1)
	held.InterruptAt("1999-12-31T02:00:00Z").Error("Interrupted", "context canceled").Idle().Failed()
	cell("before", "1999-12-31T01:59:59Z").Aborted()
	cell("after", "1999-12-31T02:00:01Z").Busy().Input("after", 2).Stdout("after\n").Idle().OK()
}

func TestInterruptOfAnIdleKernel(t *testing.T) {
	front := start(t)
	r := front.Send(jupyter.Control, jupyter.InterruptRequest{}).Busy().Idle()
	if c := kerneltest.Reply[jupyter.InterruptReply](r); c.Status != jupyter.OK {
		t.Errorf("interrupt_reply is %+v", c)
	}
	front.Execute("x").Busy().Input("x", 1).Stdout("x\n").Idle().OK()
}

func TestLateOutputBelongsToItsCell(t *testing.T) {
	e := echo.New()
	front := kerneltest.Start(t, kernel.Config{Engine: e})
	first := front.Execute("go await a print late").Busy().Input("go await a print late", 1).Idle()
	first.OK()
	second := front.Execute("hold b").Busy().Input("hold b", 2)
	e.Release("a")
	first.Stdout("late\n")
	e.Release("b")
	second.Idle().OK()
}

func TestManyCellsInARow(t *testing.T) {
	front := start(t)
	var cells []*kerneltest.Request
	for range 200 {
		cells = append(cells, front.Execute("x"))
	}
	for i, r := range cells {
		r.Busy().Input("x", i+1).Stdout("x\n").Idle().OK()
	}
}

func TestQueueIsBounded(t *testing.T) {
	e := echo.New()
	front := kerneltest.Start(t, kernel.Config{Engine: e, Limits: kernel.Limits{Queue: 1}})
	first := front.Execute("hold here").Busy().Input("hold here", 1)
	second, third := front.Execute("second"), front.Execute("third")
	third.Busy().Idle()
	if reply := third.Failed(); !strings.Contains(reply.EValue, "too many cells") {
		t.Errorf("reply is %+v", reply.Fault)
	}
	first.Busy()
	e.Release("here")
	first.Idle().OK()
	second.Busy().Input("second", 2).Stdout("second\n").Idle().OK()
}
