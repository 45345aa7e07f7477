package toolchain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
)

// tool is a compiler or linker, of which one process may be started ahead of
// time to wait for its arguments: that saves 2 to 4 ms of a cell.
type tool struct {
	path string
	// repair builds the tool and what it reads again if somebody has removed
	// them, and reports whether it had to.
	repair func(context.Context) (bool, error)

	mu     sync.Mutex // guards what follows
	ready  *waiting
	closed bool
}

// waiting is a process that reads its arguments from standard input and ends
// when that is closed, which it is at the latest when this process ends.
type waiting struct {
	cmd            *exec.Cmd
	stdin          io.WriteCloser
	stdout, stderr bytes.Buffer
}

func newTool(path string, repair func(context.Context) (bool, error)) *tool {
	return &tool{path: path, repair: repair}
}

// toolEnv lets a tool that runs for milliseconds do without garbage
// collection, and one that has much to do collect after all.
func toolEnv() []string {
	return []string{"GOGC=off", "GOMEMLIMIT=400MiB", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir()}
}

func toolCommand(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = toolEnv()
	return cmd
}

// run runs the tool and returns what it prints. The error is an
// *exec.ExitError when the tool says no. It is run again if it was killed, once,
// and if the cache has lost what it needs.
func (t *tool) run(ctx context.Context, args ...string) (stdout, stderr string, err error) {
	stdout, stderr, err = t.once(ctx, args)
	if killed(err) && ctx.Err() == nil {
		stdout, stderr, err = t.start(ctx, args)
	}
	if err == nil || ctx.Err() != nil {
		return stdout, stderr, err
	}
	switch repaired, fault := t.repair(ctx); {
	case fault != nil:
		return stdout, "", fault
	case repaired:
		return t.start(ctx, args)
	}
	return stdout, stderr, execError(t.path, err)
}

// once uses the process that was started ahead, if there is one.
func (t *tool) once(ctx context.Context, args []string) (stdout, stderr string, err error) {
	if w := t.take(); w != nil {
		return w.run(ctx, args)
	}
	return t.start(ctx, args)
}

func (t *tool) start(ctx context.Context, args []string) (stdout, stderr string, err error) {
	cmd := toolCommand(ctx, t.path, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return out.String(), errs.String(), err
}

// killed reports whether the process ended by a signal or was not there.
func killed(err error) bool {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrProcessDone) {
		return true
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	s, ok := exit.Sys().(syscall.WaitStatus)
	return ok && s.Signaled()
}

func (t *tool) take() *waiting {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.ready
	t.ready = nil
	return w
}

// warm starts a process ahead of time unless one is waiting.
func (t *tool) warm() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ready != nil || t.closed {
		return
	}
	w := &waiting{cmd: exec.Command(t.path, "-live-wait")}
	w.cmd.Env = toolEnv()
	w.cmd.Stdout, w.cmd.Stderr = &w.stdout, &w.stderr
	stdin, err := w.cmd.StdinPipe()
	if err != nil {
		return // the next run starts its process itself, and says what is wrong
	}
	w.stdin = stdin
	if w.cmd.Start() == nil {
		t.ready = w
	}
}

func (w *waiting) run(ctx context.Context, args []string) (stdout, stderr string, err error) {
	stop := context.AfterFunc(ctx, func() { w.cmd.Process.Kill() })
	defer stop()
	_, werr := io.WriteString(w.stdin, strings.Join(args, "\x00")+"\x00\x00")
	w.stdin.Close()
	err = w.cmd.Wait()
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case err == nil:
		err = werr
	}
	return w.stdout.String(), w.stderr.String(), err
}

func (t *tool) close() {
	t.mu.Lock()
	w := t.ready
	t.ready, t.closed = nil, true
	t.mu.Unlock()
	if w != nil {
		w.stdin.Close()
		w.cmd.Wait()
	}
}
