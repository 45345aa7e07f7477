package worker

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// channelSize is the size of the pipe by which frames arrive. The larger it
// is, the less often a cell that prints much has to wait.
const channelSize = 1 << 20

// pipes lead to the process and back.
type pipes struct {
	up, down [2]int // the channel: ends to read and to write
	out, err [2]int // descriptors 1 and 2 of the process
	wake     [2]int // from the outbox to the loop
}

func (p *pipes) each() []*[2]int { return []*[2]int{&p.up, &p.down, &p.out, &p.err, &p.wake} }

// spawn starts the process and the loop that reads what it says.
func (w *Worker) spawn(opt Options) error {
	p, err := newPipes()
	if err != nil {
		return fmt.Errorf("make pipes: %w", err)
	}
	var their [wire.FDErr + 1]*os.File
	for i, fd := range [...]int{1: p.out[1], 2: p.err[1], wire.FDUp: p.up[1], wire.FDDown: p.down[0]} {
		if i > 0 {
			their[i] = os.NewFile(uintptr(fd), "pipe")
			defer their[i].Close()
		}
	}
	their[wire.FDOut], their[wire.FDErr] = duplicate(p.out[0]), duplicate(p.err[0])
	defer their[wire.FDOut].Close()
	defer their[wire.FDErr].Close()
	w.cmd = &exec.Cmd{
		Path: opt.Path, Args: []string{opt.Path}, Dir: opt.Dir, Env: opt.Env,
		Stdout: their[1], Stderr: their[2], ExtraFiles: their[3:],
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}
	if err := w.cmd.Start(); err != nil {
		for _, fd := range [5]int{p.up[0], p.down[1], p.out[0], p.err[0], p.wake[0]} {
			unix.Close(fd)
		}
		unix.Close(p.wake[1])
		return err
	}
	for _, fd := range [2]int{p.out[0], p.err[0]} {
		unix.SetNonblock(fd, true) // exec has made it block, through the duplicate
	}
	w.out.fd, w.out.wake = p.down[1], p.wake[1]
	l := &loop{w: w, up: p.up[0], raw: [2]int{p.out[0], p.err[0]}, wake: p.wake[0], oom: oomKills()}
	go l.run()
	return nil
}

// newPipes makes all pipes. The ends of this process do not block, those which
// the worker inherits do.
func newPipes() (p *pipes, err error) {
	p = &pipes{}
	for i, fd := range p.each() {
		if err := unix.Pipe2(fd[:], unix.O_CLOEXEC); err != nil {
			for _, fd := range p.each()[:i] {
				unix.Close(fd[0])
				unix.Close(fd[1])
			}
			return nil, err
		}
	}
	for _, fd := range []int{p.up[0], p.down[1], p.out[0], p.err[0], p.wake[0], p.wake[1]} {
		unix.SetNonblock(fd, true)
	}
	unix.FcntlInt(uintptr(p.up[0]), unix.F_SETPIPE_SZ, channelSize)
	return p, nil
}

// duplicate returns a second descriptor for the same end of a pipe.
func duplicate(fd int) *os.File {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil // the process will say that the descriptor is missing
	}
	return os.NewFile(uintptr(n), "pipe")
}

// kill ends the process and all that belong to its group. The first reason
// given is the one that counts.
func (w *Worker) kill(why string) { w.killFor(false, why) }

// killFor is kill that says whether memory was the reason.
func (w *Worker) killFor(memory bool, why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gone {
		return
	}
	if w.killed == "" {
		w.killed, w.memory = why, memory
	}
	unix.Kill(-w.cmd.Process.Pid, unix.SIGKILL)
}
