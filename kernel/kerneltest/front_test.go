package kerneltest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is a test that fails without consequences.
type recorder struct {
	testing.TB
	failed   bool
	text     string
	cleanups []func()
}

func (r *recorder) Helper()          {}
func (r *recorder) Failed() bool     { return r.failed }
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

func (r *recorder) Errorf(format string, args ...any) {
	r.failed = true
	r.text += fmt.Sprintf(format, args...) + "\n"
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// record runs f as a test and returns what it complained of.
func record(t *testing.T, f func(front *kerneltest.Front)) string {
	t.Helper()
	r := &recorder{TB: t}
	run := func(f func()) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f()
		}()
		<-done
	}
	run(func() { f(kerneltest.Start(r, kernel.Config{Engine: echo.New()})) })
	for _, f := range r.cleanups {
		run(f)
	}
	return r.text
}

func TestGoodTestsPass(t *testing.T) {
	text := record(t, func(front *kerneltest.Front) {
		front.Execute("x").Busy().Input("x", 1).Stdout("x\n").Idle().OK()
	})
	if text != "" {
		t.Error(text)
	}
}

func TestWhatNobodyExpectedFails(t *testing.T) {
	for name, test := range map[string]struct {
		f    func(front *kerneltest.Front)
		want string
	}{
		"unread": {
			func(front *kerneltest.Front) { front.Execute("x").Busy().Input("x", 1) },
			`nobody expected stream {"name":"stdout","text":"x\n"}`,
		},
		"another message": {
			func(front *kerneltest.Front) { front.Execute("x").Busy().Input("x", 1).Result("x") },
			"got stream",
		},
		"another text": {
			func(front *kerneltest.Front) { front.Execute("x").Busy().Input("x", 1).Stdout("y\n") },
			`got "x\n" on stdout, want "y\n" on stdout`,
		},
		"another stream": {
			func(front *kerneltest.Front) { front.Execute("x").Busy().Input("x", 1).Stderr("x\n") },
			`got "x\n" on stdout, want "x\n" on stderr`,
		},
		"another state": {
			func(front *kerneltest.Front) { front.Execute("x").Idle() },
			"status is busy, want idle",
		},
		"another outcome": {
			func(front *kerneltest.Front) { front.Execute("x").Failed() },
			"want status error",
		},
		"another reply": {
			func(front *kerneltest.Front) {
				kerneltest.Reply[jupyter.CompleteReply](front.Send(jupyter.Shell, jupyter.KernelInfoRequest{}))
			},
			"want complete_reply",
		},
		"another count": {
			func(front *kerneltest.Front) { front.Execute("x").Busy().Input("x", 2) },
			"with count 2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := record(t, test.f); !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %s", got, test.want)
			}
		})
	}
}
