package child

import (
	"fmt"
	"os"
	"sync"
	"syscall"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// waiters is how many calls may be under way at once; more wait for a turn.
const waiters = 256

// channel is the pair of pipes to the kernel's side.
//
// Its methods are called on the author's goroutines too, which may be in a
// bubble of testing/synctest: nothing that another goroutine touches may be
// made there, so all waiters exist from the start.
type channel struct {
	up, down *os.File

	mu  sync.Mutex // guards writes to up, and buf
	buf []byte

	free  chan *waiter
	slots [waiters]waiter
}

// waiter is the place where one call waits for its reply.
type waiter struct {
	mu    sync.Mutex
	id    uint64 // its index modulo waiters; another number for each call
	reply chan wire.Reply
}

func openChannel() (*channel, error) {
	for _, fd := range []int{wire.FDUp, wire.FDDown} {
		var st syscall.Stat_t
		if err := syscall.Fstat(fd, &st); err != nil || st.Mode&syscall.S_IFMT != syscall.S_IFIFO {
			return nil, fmt.Errorf("descriptor %d is no pipe", fd)
		}
		syscall.CloseOnExec(fd)
		if err := syscall.SetNonblock(fd, true); err != nil {
			return nil, fmt.Errorf("descriptor %d: %w", fd, err)
		}
	}
	c := &channel{up: os.NewFile(wire.FDUp, "up"), down: os.NewFile(wire.FDDown, "down"), free: make(chan *waiter, waiters)}
	for i := range c.slots {
		w := &c.slots[i]
		w.id, w.reply = uint64(i)+waiters, make(chan wire.Reply, 1)
		c.free <- w
	}
	return c, nil
}

// send writes the frames which the function appends. When the kernel's side
// has gone the process is about to end, and nobody is told.
func (c *channel) send(frames func(b []byte) []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.buf = frames(c.buf[:0])
	c.up.Write(c.buf)
	if cap(c.buf) > 1<<20 {
		c.buf = nil
	}
}

// text sends what was written to a stream, in frames of moderate size which
// nothing else comes between.
func (c *channel) text(t wire.Text) {
	const most = 32 << 10
	c.mu.Lock()
	defer c.mu.Unlock()
	for all := t.Text; len(all) > 0; t.Sync = 0 {
		t.Text = all[:min(len(all), most)]
		all = all[len(t.Text):]
		c.buf = wire.AppendText(c.buf[:0], t)
		c.up.Write(c.buf)
	}
}

// take reserves a place to wait for a reply to the waiter's id.
func (c *channel) take() *waiter { return <-c.free }

// wait returns the reply. A goroutine that is ended while it waits never comes
// back for its waiter, which is then lost.
func (c *channel) wait(w *waiter) wire.Reply {
	r := <-w.reply
	w.mu.Lock()
	w.id += waiters
	w.mu.Unlock()
	c.free <- w
	return r
}

// call asks the kernel's side for something and returns its reply.
func (c *channel) call(m wire.Call) wire.Reply {
	w := c.take()
	m.ID = w.id
	b := c.encode(w, m)
	c.mu.Lock()
	c.up.Write(b)
	c.mu.Unlock()
	return c.wait(w)
}

// encode makes the frame of a call. It may run methods of the author's, which
// may panic: then nobody waits.
func (c *channel) encode(w *waiter, m wire.Call) (b []byte) {
	defer func() {
		if b == nil {
			c.free <- w
		}
	}()
	if b = wire.AppendCall(nil, m); len(b) > wire.MaxFrame {
		m.Data.Bundle = map[string]any{"text/plain": fmt.Sprintf("%d MB of data are too large to show", len(b)>>20)}
		m.Data.Metadata = nil
		b = wire.AppendCall(nil, m)
	}
	return b
}

// reply wakes the call that waits for it.
func (c *channel) reply(r wire.Reply) {
	w := &c.slots[r.ID%waiters]
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.id != r.ID {
		return
	}
	select {
	case w.reply <- r:
	default: // answered twice
	}
}

// receive hands every frame that arrives to f, until the pipe ends or f fails.
func (c *channel) receive(f func(t wire.Type, body wire.Body) error) error {
	buf := make([]byte, 0, 64<<10)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := c.down.Read(buf[len(buf):cap(buf)])
		if err != nil {
			return err
		}
		if buf, err = c.frames(buf[:len(buf)+n], f); err != nil {
			return err
		}
	}
}

// frames handles the whole frames in b and returns b with only the rest.
func (c *channel) frames(b []byte, f func(t wire.Type, body wire.Body) error) ([]byte, error) {
	rest := b
	for {
		t, body, next, ok, err := wire.Cut(rest)
		if err != nil {
			return nil, err
		}
		if !ok && len(rest) == len(b) {
			return b, nil
		}
		if !ok {
			return b[:copy(b, rest)], nil
		}
		if err := f(t, body); err != nil {
			return nil, err
		}
		rest = next
	}
}
