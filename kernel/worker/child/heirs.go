package child

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// heirs are pipes which programs that cells have started were given as their
// standard output or error, so that what they write belongs to the cell.
type heirs struct {
	started chan *heir // to adopt, which gives each a goroutine outside of any bubble

	open   atomic.Int32 // how many there are
	mu     sync.Mutex   // guards byCell
	byCell map[int64][]*heir
}

// heir is the end to read of such a pipe.
type heir struct {
	cell int64
	fd   int // 1 or 2
	file *os.File

	mu sync.Mutex // held while reading, so that what was read is sent in order
}

// heir makes a pipe for a program that the calling goroutine starts.
func (p *process) heir(fd int) *os.File {
	cell := rt.Current().ID()
	if cell <= 0 {
		return nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil // it gets the stream itself
	}
	h := &heir{cell: cell, fd: fd, file: r}
	p.heirs.mu.Lock()
	if p.heirs.byCell == nil {
		p.heirs.byCell = map[int64][]*heir{}
	}
	p.heirs.byCell[cell] = append(p.heirs.byCell[cell], h)
	p.heirs.mu.Unlock()
	p.heirs.open.Add(1)
	p.heirs.started <- h
	return w
}

// adopt starts a reader for each pipe; it is a goroutine of the worker's own.
func (p *process) adopt() {
	for h := range p.heirs.started {
		go p.read(h)
	}
}

// read passes on what comes until all programs that hold the pipe have ended.
func (p *process) read(h *heir) {
	defer p.heirs.remove(h)
	c, err := h.file.SyscallConn()
	if err != nil {
		return
	}
	c.Read(func(fd uintptr) bool { return !p.drain(h, int(fd)) })
}

func (hs *heirs) remove(h *heir) {
	hs.open.Add(-1)
	hs.mu.Lock()
	defer hs.mu.Unlock()
	left := hs.byCell[h.cell][:0]
	for _, other := range hs.byCell[h.cell] {
		if other != h {
			left = append(left, other)
		}
	}
	if hs.byCell[h.cell] = left; len(left) == 0 {
		delete(hs.byCell, h.cell)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.file.Close()
}

// drain passes on what is in the pipe now, and reports whether more may come.
func (p *process) drain(h *heir, fd int) (open bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	buf := make([]byte, 16<<10)
	for {
		n, err := syscall.Read(fd, buf)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return true
		case n <= 0:
			return false
		}
		if !p.silent(h.cell) {
			p.say(wire.Text{Cell: int(h.cell), Stream: byte(h.fd), Text: buf[:n]})
		}
	}
}

// drainHeirs passes on what programs of the cell have written: whatever comes
// next on the calling goroutine, which may have waited for them, is later.
func (p *process) drainHeirs(cell int64) {
	if p.heirs.open.Load() == 0 {
		return
	}
	p.heirs.mu.Lock()
	mine := append([]*heir(nil), p.heirs.byCell[cell]...)
	p.heirs.mu.Unlock()
	for _, h := range mine {
		if c, err := h.file.SyscallConn(); err == nil {
			c.Control(func(fd uintptr) { p.drain(h, int(fd)) })
		}
	}
}
