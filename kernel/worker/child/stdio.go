package child

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// streams are the pipes behind descriptors 1 and 2. Text which cells write to
// os.Stdout and os.Stderr does not go through them but through the channel,
// with the number of its cell; what is left for them is the output of println,
// of raw system calls and of other programs.
type streams struct {
	out, err int // duplicates that no cell can close
	poll     int // an epoll descriptor for the other ends
}

// open takes over the descriptors 1 and 2, and looks at their other ends. It
// keeps no descriptor of these: they belong to the kernel's side, and when
// that has gone a writer must get to know.
func (s *streams) open() (err error) {
	s.out, s.err = duplicate(1), duplicate(2)
	if s.poll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("watch the pipes: %w", err)
	}
	for _, fd := range []int{wire.FDOut, wire.FDErr} {
		event := syscall.EpollEvent{Events: syscall.EPOLLIN}
		if err := syscall.EpollCtl(s.poll, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
			return fmt.Errorf("watch the pipe at descriptor %d: %w", fd, err)
		}
		syscall.Close(fd)
	}
	return nil
}

func duplicate(fd int) int {
	const lowest = 10 // leave the low numbers to the author's programs
	n, _, e := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_DUPFD_CLOEXEC, lowest)
	if e != 0 {
		return fd
	}
	return int(n)
}

// pending reports whether text is in the pipes which the kernel's side has not
// read yet. It costs one system call, which looks at an empty list.
func (s *streams) pending() bool {
	var events [2]syscall.EpollEvent
	n, _, _ := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(s.poll), uintptr(unsafe.Pointer(&events)), uintptr(len(events)), 0, 0, 0)
	return int(n) > 0
}

// restore makes os.Stdout and os.Stderr usable again if an earlier cell has
// closed them.
func (s *streams) restore() {
	os.Stdout = reopened(os.Stdout, s.out, 1, "/dev/stdout")
	os.Stderr = reopened(os.Stderr, s.err, 2, "/dev/stderr")
}

func reopened(f *os.File, saved, fd int, name string) *os.File {
	if f != nil {
		if _, err := f.Stat(); !errors.Is(err, os.ErrClosed) {
			return f
		}
	}
	if open(fd) { // something else has the number now
		fd = duplicate(saved)
	} else if err := syscall.Dup3(saved, fd, 0); err != nil {
		return f
	}
	return os.NewFile(uintptr(fd), name)
}

func open(fd int) bool {
	var st syscall.Stat_t
	return syscall.Fstat(fd, &st) == nil
}

// write is os.Stdout.Write and os.Stderr.Write. If text is on its way through
// the pipes the kernel's side has to read that first, so it is waited for; see
// HACKING.md of kernel/worker.
func (p *process) write(fd int, b []byte) (int, error) {
	if len(b) == 0 || p.silenced() {
		return len(b), nil
	}
	cell := p.cell()
	p.drainHeirs(int64(cell))
	p.say(wire.Text{Cell: cell, Stream: byte(fd), Text: b})
	return len(b), nil
}

// say sends text, after that which is in the pipes.
func (p *process) say(t wire.Text) {
	if !p.streams.pending() {
		p.channel.text(t)
		return
	}
	w := p.channel.take()
	t.Sync = w.id
	p.channel.text(t)
	p.channel.wait(w)
}

// stdin is standard input: lines which the reader of the notebook is asked
// for when a cell wants to read and there is nothing left.
type stdin struct {
	ask func(prompt string, password bool) (string, error)

	asked atomic.Uint64 // counts runs: a new cell does not read an old line's rest

	mu   sync.Mutex // held while asking: others who read wait for their turn
	run  uint64     // the value of asked when rest was read
	rest []byte
}

// forget drops what earlier cells have left of their lines.
func (s *stdin) forget() { s.asked.Add(1) }

// read is os.Stdin.Read.
func (s *stdin) read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.asked.Load(); n != s.run {
		s.run, s.rest = n, nil
	}
	if len(s.rest) == 0 {
		line, err := s.ask("", false)
		if err != nil {
			return 0, err
		}
		s.rest = append([]byte(line), '\n')
	}
	n := copy(b, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// input asks the reader of the notebook for a line.
func (p *process) input(prompt string, password bool) (string, error) {
	r := p.channel.call(wire.Call{Cell: p.cell(), Op: wire.OpInput, Flag: password, Text: prompt})
	switch r.Outcome {
	case wire.OK:
		return r.Text, nil
	case wire.EOF:
		if r.Text == "" {
			return "", io.EOF
		}
		return "", end(r.Text)
	default:
		return "", errors.New(r.Text)
	}
}

// end is io.EOF with a reason.
type end string

func (e end) Error() string { return string(e) }

func (e end) Unwrap() error { return io.EOF }
