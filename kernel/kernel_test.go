package kernel_test

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

func TestShutdownEndsTheCellAndAbortsTheQueue(t *testing.T) {
	_, front := held(t)
	cell := front.Execute("hold never").Busy().Input("hold never", 1)
	waiting := front.Execute("x")
	info(t, front, jupyter.Shell)
	cell.Busy()
	r := front.Send(jupyter.Control, jupyter.ShutdownRequest{Restart: true}).Busy()
	if c := kerneltest.Published[jupyter.ShutdownReply](r); !c.Restart {
		t.Errorf("shutdown_reply on iopub is %+v, want restart", c)
	}
	r.Idle()
	cell.Busy().Error("Interrupted", "context canceled").Idle().Failed()
	waiting.Aborted()
	if c := kerneltest.Reply[jupyter.ShutdownReply](r); !c.Restart || c.Status != jupyter.OK {
		t.Errorf("shutdown_reply is %+v, want ok and restart", c)
	}
	if err := front.Ended(); err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestShutdownOnShell(t *testing.T) {
	front := start(t)
	r := front.Send(jupyter.Shell, jupyter.ShutdownRequest{}).Busy()
	kerneltest.Published[jupyter.ShutdownReply](r)
	r.Idle()
	kerneltest.Reply[jupyter.ShutdownReply](r)
	if err := front.Ended(); err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestEngineThatDoesNotGiveUpIsClosed(t *testing.T) {
	e := stubborn{echo.New(), make(chan struct{}), make(chan struct{})}
	front := kerneltest.Start(t, kernel.Config{Engine: e, Limits: kernel.Limits{Grace: time.Millisecond}})
	cell := front.Execute("x").Busy().Input("x", 1)
	<-e.running
	front.Send(jupyter.Control, jupyter.ShutdownRequest{}).Drop()
	cell.Drop()
	if err := front.Ended(); err != nil {
		t.Errorf("serve: %v", err)
	}
}

// A client that does not read cannot hold up the end of the kernel for longer
// than its socket waits.
func TestEndWhileIOPubIsStuck(t *testing.T) {
	var mu sync.Mutex
	e := echo.New()
	cfg := kernel.Config{Engine: e, Limits: kernel.Limits{Grace: time.Millisecond}}
	front := kerneltest.StartWith(t, cfg, func(s *kernel.Sockets) { s.IOPub = stuck{s.IOPub, &mu} })
	const code = "hold here\nmany 1000000"
	cell := front.Execute(code).Busy().Input(code, 1)
	mu.Lock()
	e.Release("here")
	r := front.Send(jupyter.Control, jupyter.ShutdownRequest{})
	kerneltest.Reply[jupyter.ShutdownReply](r)
	cell.Failed()
	mu.Unlock()
	r.Drop()
	cell.Drop()
	if err := front.Ended(); err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestEndOfTheContext(t *testing.T) {
	front := start(t)
	cell := front.Execute("hold never").Busy().Input("hold never", 1)
	front.Stop()
	cell.Error("Interrupted", "context canceled").Idle().Failed()
	if err := front.Ended(); err != nil {
		t.Errorf("serve: %v", err)
	}
}

func TestSocketThatFails(t *testing.T) {
	fail := make(chan struct{})
	front := kerneltest.StartWith(t, kernel.Config{Engine: echo.New()}, func(s *kernel.Sockets) {
		s.Heartbeat = broken{s.Heartbeat, fail}
	})
	close(fail)
	if err := front.Ended(); err == nil || err.Error() != "receive on hb: out of order" {
		t.Errorf("serve: %v", err)
	}
}

func TestHeartbeat(t *testing.T) {
	front := start(t)
	for _, frames := range [][][]byte{{[]byte("ping")}, {{}}, {[]byte("a"), {}, []byte("b")}} {
		if got := front.Heartbeat(slices.Clone(frames)...); !slices.EqualFunc(got, frames, bytes.Equal) {
			t.Errorf("heartbeat %q came back as %q", frames, got)
		}
	}
}

func TestUsage(t *testing.T) {
	front := start(t)
	for range 2 {
		r := front.Send(jupyter.Control, jupyter.UsageRequest{}).Busy().Idle()
		got := kerneltest.Reply[jupyter.UsageReply](r)
		if got.Status != jupyter.OK || got.PID == 0 || got.CPUCount == 0 {
			t.Errorf("usage_reply is %+v", got)
		}
		if m := got.HostMemory; m != nil && (m.Total == 0 || m.Available > m.Total || m.Percent < 0 || m.Percent > 100) {
			t.Errorf("memory is %+v", m)
		}
	}
}

func TestUsageCountsTheProcessesOfTheEngine(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what other processes use")
	}
	measure := func(e engine.Engine) uint64 {
		front := kerneltest.Start(t, kernel.Config{Engine: e})
		r := front.Send(jupyter.Control, jupyter.UsageRequest{}).Busy().Idle()
		return kerneltest.Reply[jupyter.UsageReply](r).KernelMemory
	}
	child := exec.Command("sleep", "1000")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	one := measure(processes{echo.New(), nil})
	if many := measure(processes{echo.New(), []int{child.Process.Pid, os.Getppid()}}); many <= one {
		t.Errorf("with two more processes the kernel uses %d bytes, %d without", many, one)
	}
}

func TestDebugIsRefused(t *testing.T) {
	r := start(t).Send(jupyter.Control, jupyter.DebugRequest{Seq: 3, Command: "attach"}).Busy().Idle()
	got := kerneltest.Reply[jupyter.DebugReply](r)
	if got.Success || got.RequestSeq != 3 || got.Kind != "response" || got.Command != "attach" || got.Status != jupyter.Failed {
		t.Errorf("debug_reply is %+v", got)
	}
}

func TestEngineWithoutAbilities(t *testing.T) {
	front := kerneltest.Start(t, kernel.Config{Engine: nothing{echo.New()}})
	if got := ask[jupyter.CompleteReply](t, front, jupyter.CompleteRequest{Code: "pr", CursorPos: 2}); got.Status != jupyter.OK {
		t.Errorf("complete_reply is %+v", got)
	}
	if got := ask[jupyter.InspectReply](t, front, jupyter.InspectRequest{Code: "print"}); got.Status != jupyter.OK || got.Found {
		t.Errorf("inspect_reply is %+v", got)
	}
	if got := ask[jupyter.IsCompleteReply](t, front, jupyter.IsCompleteRequest{Code: "x"}); got.Status != "unknown" {
		t.Errorf("is_complete_reply is %+v", got)
	}
}

func TestAbilitiesThatFail(t *testing.T) {
	front := kerneltest.Start(t, kernel.Config{Engine: failing{echo.New()}})
	if got := ask[jupyter.CompleteReply](t, front, jupyter.CompleteRequest{Code: "pr"}); got.Status != jupyter.Failed || got.EValue != "no" {
		t.Errorf("complete_reply is %+v", got)
	}
	got := ask[jupyter.InspectReply](t, front, jupyter.InspectRequest{Code: "print"})
	if got.Status != jupyter.Failed || got.EValue != "answer inspect_request: panic: help" {
		t.Errorf("inspect_reply is %+v", got)
	}
}

func TestTwoClientsSeeTheSameOutput(t *testing.T) {
	front := start(t)
	other := front.Connect()
	front.Execute("x").Busy().Input("x", 1).Stdout("x\n").Idle().OK()
	other.Execute("y").Busy().Input("y", 2).Stdout("y\n").Idle().OK()
	if seen := other.Seen(front); !slices.Equal(seen, []jupyter.Type{"status", "execute_input", "stream", "status"}) {
		t.Errorf("the other client saw %v", seen)
	}
}

// log is a log that a test reads.
type log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func unknown(front *kerneltest.Front) jupyter.Message {
	m := front.Message(jupyter.KernelInfoRequest{})
	m.Header.Type = "make_coffee_request"
	return m
}

func TestWhatIsNoMessageIsDroppedAndLogged(t *testing.T) {
	var l log
	front := kerneltest.Start(t, kernel.Config{Engine: echo.New(), Log: slog.New(slog.NewTextHandler(&l, nil))})
	good := front.Encode(front.Message(jupyter.ExecuteRequest{Code: "never"}))
	forged := slices.Clone(good)
	forged[1] = bytes.Repeat([]byte("0"), 64)
	unsigned := slices.Clone(good)
	unsigned[1] = nil
	changed := slices.Clone(good)
	changed[5] = []byte(`{"code": "evil"}`)
	for _, ch := range []jupyter.Channel{jupyter.Shell, jupyter.Control, jupyter.Stdin} {
		for _, frames := range [][][]byte{
			{{}}, {[]byte("x")}, {[]byte("<IDS|MSG>")}, good[:4], forged, unsigned, changed,
			front.Encode(unknown(front)),
		} {
			front.SendFrames(ch, frames)
		}
	}
	front.SendFrames(jupyter.IOPub, [][]byte{{7, 7}})
	for _, ch := range []jupyter.Channel{jupyter.Shell, jupyter.Control} {
		info(t, front, ch)
	}
	cell := front.Execute("ask x").Busy().Input("ask x", 1).Asked("x", false)
	cell.Answer("y").Stdout("y\n").Idle().OK()
	for _, reason := range []string{"no delimiter", "signature does not match", "frames after the delimiter", "unknown type"} {
		if !strings.Contains(l.String(), reason) {
			t.Errorf("the log says nothing of %q", reason)
		}
	}
}

func TestReplayIsDropped(t *testing.T) {
	front := start(t)
	m := front.Message(jupyter.ExecuteRequest{Code: "x", StoreHistory: true})
	cell := front.SendMessage(jupyter.Shell, m).Busy().Input("x", 1).Stdout("x\n").Idle()
	cell.OK()
	front.SendFrames(jupyter.Shell, front.Encode(m))
	front.Execute("y").Busy().Input("y", 2).Stdout("y\n").Idle().OK()
}

// A client that does not read may hold up iopub for a while. Control answers
// all the same, and the cell that floods iopub can be interrupted.
func TestControlDoesNotWaitForIOPub(t *testing.T) {
	var mu sync.Mutex
	e := echo.New()
	front := kerneltest.StartWith(t, kernel.Config{Engine: e}, func(s *kernel.Sockets) {
		s.IOPub = stuck{s.IOPub, &mu}
	})
	const code = "hold here\nmany 1000000"
	cell := front.Execute(code).Busy().Input(code, 1)
	mu.Lock()
	e.Release("here")
	requests := []*kerneltest.Request{
		front.Send(jupyter.Control, jupyter.KernelInfoRequest{}),
		front.Send(jupyter.Shell, jupyter.KernelInfoRequest{}),
		front.Send(jupyter.Control, jupyter.InterruptRequest{}),
	}
	for _, r := range requests {
		r.AnyReply()
	}
	mu.Unlock()
	for _, r := range requests {
		r.Busy().Idle()
	}
	for m := cell.Next(); m.Header.Type != "error"; m = cell.Next() {
		if m.Header.Type != "status" && m.Header.Type != "display_data" {
			t.Fatalf("got %s %s", m.Header.Type, m.Content)
		}
	}
	cell.Interrupt() // once more, which allows for what the first one published
	cell.Idle().Failed()
}
