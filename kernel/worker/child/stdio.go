package child

import (
	"errors"
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
}

func (s *streams) open() {
	s.out, s.err = duplicate(1), duplicate(2)
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
// read yet. It costs two system calls, a third of a microsecond.
func (s *streams) pending() bool { return unread(s.out) > 0 || unread(s.err) > 0 }

func unread(fd int) int {
	const fionread = 0x541b
	var n int32
	syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(fd), fionread, uintptr(unsafe.Pointer(&n)))
	return int(n)
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
	if len(b) == 0 {
		return 0, nil
	}
	t := wire.Text{Cell: p.cell(), Stream: byte(fd), Text: b}
	if !p.streams.pending() {
		p.channel.text(t)
		return len(b), nil
	}
	w := p.channel.take()
	t.Sync = w.id
	p.channel.text(t)
	p.channel.wait(w)
	return len(b), nil
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
