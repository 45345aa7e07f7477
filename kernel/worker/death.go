package worker

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// ErrDied is what a *Death is: the process has ended, its values are gone.
var ErrDied = errors.New("the worker process ended")

// Death tells how a process ended. It is ErrDied.
type Death struct {
	// Reason is a piece of a sentence: "exit status 2", "it was killed by
	// signal 9, probably because memory ran out".
	Reason string
	// Killed says that this side ended the process, by Close or because a
	// cell could not be stopped.
	Killed bool
	// OutOfMemory says that the process has ended because it used more memory
	// than its limit, or that the system has probably ended it because memory
	// ran out.
	OutOfMemory bool
	// Tail is the end of what the process wrote to descriptor 2, and after a
	// crash of the runtime what it said first: 4 KB of each.
	Tail string
}

// Error says that the process ended and why.
func (d *Death) Error() string { return ErrDied.Error() + ": " + d.Reason }

// Unwrap returns ErrDied.
func (d *Death) Unwrap() error { return ErrDied }

// bury ends what is left of the process, hands on its last words, and says how
// it died. The reason why it is not listened to any more may be nil.
func (l *loop) bury(reason error) {
	w := l.w
	if reason != nil {
		w.kill(fmt.Sprintf("it sent nonsense: %v", reason))
	}
	w.mu.Lock()
	w.gone = true
	unix.Kill(-w.cmd.Process.Pid, unix.SIGKILL) // the processes it started; changes nothing for one that is ending
	w.mu.Unlock()
	w.cmd.Wait()
	l.drain()
	l.text.flushAll()
	w.out.close()
	for _, fd := range []int{l.up, l.raw[0], l.raw[1], l.wake} {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
	w.mu.Lock()
	w.err = l.death()
	w.mu.Unlock()
	close(w.ended)
}

// death says how the process ended; w.mu is held.
func (l *loop) death() *Death {
	d := &Death{Tail: l.tail.text(), Reason: l.w.killed, Killed: l.w.killed != "", OutOfMemory: l.w.memory}
	if d.Killed {
		return d
	}
	state := l.w.cmd.ProcessState
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		d.Reason = state.String()
		if l.tail.cause != "" && state.ExitCode() == 2 { // as the runtime exits
			d.Reason += ": " + l.tail.cause
			d.OutOfMemory = strings.Contains(l.tail.cause, "out of memory") || strings.Contains(l.tail.cause, "cannot allocate memory")
		}
		return d
	}
	d.Reason = fmt.Sprintf("it was killed by signal %d (%v)", int(status.Signal()), status.Signal())
	if status.Signal() == syscall.SIGKILL {
		d.OutOfMemory = oomKills() > l.oom
		if d.OutOfMemory {
			d.Reason += " because memory ran out"
		} else {
			d.Reason += ", perhaps because memory ran out"
		}
	}
	return d
}

// oomKills counts the processes which the system has ended for want of memory
// in this process's control group; 0 where that is not known.
func oomKills() int64 {
	group, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(group)) {
		path, ok := strings.CutPrefix(strings.TrimSpace(line), "0::")
		if !ok {
			continue
		}
		events, err := os.ReadFile("/sys/fs/cgroup" + path + "/memory.events")
		if err != nil {
			return 0
		}
		for line := range strings.Lines(string(events)) {
			if n, ok := strings.CutPrefix(strings.TrimSpace(line), "oom_kill "); ok {
				v, _ := strconv.ParseInt(n, 10, 64)
				return v
			}
		}
	}
	return 0
}
