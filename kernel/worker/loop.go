package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// loop is the one goroutine that reads what the process says, by the channel
// and by the pipes behind its descriptors 1 and 2, and brings it in order.
// HACKING.md tells why this order is right.
type loop struct {
	w    *Worker
	up   int
	raw  [2]int // pipes of stdout and stderr
	wake int
	oom  int64 // processes ended for want of memory, before this one

	drained bool // since poll has looked at the pipes

	buf  []byte // frames that are not complete yet
	text text
	many int  // texts by the channel since something else came
	tail tail // of what came by the pipe of stderr
	ctx  context.Context
}

// chunk is how much is read at once.
const chunk = 256 << 10

// run reads until the process has ended, then buries it.
func (l *loop) run() {
	ctx, cancel := context.WithCancel(context.Background())
	l.ctx = ctx
	l.text.stream = l.w.handler.Stream
	err := l.read()
	cancel()
	l.bury(err)
}

// read returns nil when the channel has ended.
func (l *loop) read() error {
	for {
		polled, err := l.poll()
		if err != nil {
			return err
		}
		if polled[3].Revents != 0 {
			l.drainWake()
		}
		l.drained = false
		empty, err := l.readChannel()
		if err != nil {
			l.text.flush()
			return ignoreEOF(err)
		}
		for i, fd := range l.raw {
			// Only now, the channel being empty: what was written there
			// before the text that poll saw has been read. If a frame has had
			// the pipes drained, what is in them now is newer than that.
			if empty && !l.drained && polled[1+i].Revents != 0 {
				l.readRaw(i, fd)
			}
		}
		l.text.flush()
		if l.many > flood {
			time.Sleep(linger)
		}
	}
}

// A cell that writes a flood of lines is read in larger pieces: it goes on
// faster when it is not woken, and watched, for every line.
const (
	flood  = 200 // texts
	linger = 300 * time.Microsecond
)

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// poll waits until there is something to do. The order of its result is
// channel, stdout, stderr, wake.
func (l *loop) poll() (fds [5]unix.PollFd, err error) {
	fds = [5]unix.PollFd{
		{Fd: int32(l.up), Events: unix.POLLIN},
		{Fd: int32(l.raw[0]), Events: unix.POLLIN},
		{Fd: int32(l.raw[1]), Events: unix.POLLIN},
		{Fd: int32(l.wake), Events: unix.POLLIN},
		{Fd: -1, Events: unix.POLLOUT},
	}
	if l.w.out.flush() {
		fds[4].Fd = int32(l.w.out.fd)
	}
	for {
		_, err = unix.Poll(fds[:], -1)
		if err != unix.EINTR {
			return fds, err
		}
	}
}

func (l *loop) drainWake() {
	var b [64]byte
	unix.Read(l.wake, b[:])
}

// readChannel handles the frames that have arrived. It reports whether it has
// seen the channel empty, which a cell that prints much may prevent for long.
func (l *loop) readChannel() (empty bool, err error) {
	const most = 16
	for range most {
		n, err := l.fill()
		if n < 0 {
			return true, nil
		}
		if err != nil {
			return true, err
		}
		if err := l.frames(); err != nil {
			return true, err
		}
	}
	return false, nil
}

// fill reads more of the channel; n is negative when nothing is there.
func (l *loop) fill() (n int, err error) {
	have := len(l.buf)
	if cap(l.buf)-have < chunk {
		bigger := make([]byte, have, 2*cap(l.buf)+2*chunk)
		copy(bigger, l.buf)
		l.buf = bigger
	}
	for {
		n, err = unix.Read(l.up, l.buf[have:have+chunk])
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return -1, nil
		case err != nil:
			return 0, fmt.Errorf("read channel: %w", err)
		case n == 0:
			return 0, io.EOF
		}
		l.buf = l.buf[:have+n]
		return n, nil
	}
}

// frames handles the complete frames in buf.
func (l *loop) frames() error {
	rest := l.buf
	for {
		t, body, next, ok, err := wire.Cut(rest)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if err := l.frame(t, body); err != nil {
			return fmt.Errorf("frame %q: %w", t, err)
		}
		rest = next
	}
	switch {
	case len(rest) == 0 && cap(l.buf) > 8*chunk:
		l.buf = nil // a large picture came by
	case len(rest) < len(l.buf): // the rest of a large one stays where it is
		l.buf = l.buf[:copy(l.buf, rest)]
	}
	return nil
}

// frame handles one frame. All but plain text come after what is in the pipes.
func (l *loop) frame(t wire.Type, body wire.Body) error {
	if t == wire.TText {
		l.many++
		return l.written(body)
	}
	l.many = 0
	l.drain()
	l.text.flush()
	switch t {
	case wire.THello:
		var h wire.Hello
		if err := body.JSON(&h); err != nil {
			return err
		}
		select {
		case l.w.hello <- h:
		default:
			return wire.ErrFrame
		}
	case wire.TCall:
		c, err := body.Call()
		if err != nil {
			return err
		}
		l.call(c)
	case wire.TDone:
		var d wire.Done
		if err := body.JSON(&d); err != nil {
			return err
		}
		l.w.answered(d)
	case wire.TEnded:
		var e wire.Ended
		if err := body.JSON(&e); err != nil {
			return err
		}
		l.w.handler.Ended(e.Cell, e.Report)
	case wire.TNote:
		var n wire.Note
		if err := body.JSON(&n); err != nil {
			return err
		}
		if h, ok := l.w.handler.(Noter); ok {
			h.Noted(n.Cell, n)
		}
	default:
		return wire.ErrFrame
	}
	return nil
}

// written handles text that came by the channel.
func (l *loop) written(body wire.Body) error {
	t, err := body.Text()
	if err != nil {
		return err
	}
	if t.Sync != 0 {
		l.drain()
	}
	l.text.add(t.Cell, streamName(t.Stream == 2), t.Text)
	if t.Sync != 0 {
		l.w.out.send(wire.AppendReply(nil, wire.Reply{ID: t.Sync}))
	}
	return nil
}

func streamName(err bool) string {
	if err {
		return "stderr"
	}
	return "stdout"
}

// call does what a goroutine of a cell asks for and waits for.
func (l *loop) call(c wire.Call) {
	h := l.w.handler
	switch c.Op {
	case wire.OpShow:
		h.Display(c.Cell, Show, c.Data)
	case wire.OpUpdate:
		h.Display(c.Cell, Update, c.Data)
	case wire.OpResult:
		h.Display(c.Cell, Result, c.Data)
	case wire.OpClear:
		h.Clear(c.Cell, c.Flag)
	case wire.OpInput:
		ctx, cancel := l.inputContext(c.Cell)
		l.w.asks.Go(func() {
			defer cancel()
			l.w.out.send(wire.AppendReply(nil, l.input(ctx, c)))
		})
		return
	case wire.OpComm:
		l.w.out.send(wire.AppendReply(nil, l.comm(c)))
		return
	case wire.OpProgram:
		l.w.asks.Go(func() { l.w.out.send(wire.AppendReply(nil, l.program(c))) })
		return
	}
	l.w.out.send(wire.AppendReply(nil, wire.Reply{ID: c.ID}))
}

// inputContext ends with the run of the cell, or with the process for cells
// that are not running.
func (l *loop) inputContext(cell int) (context.Context, context.CancelFunc) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	running := l.w.beside[cell]
	if a := l.w.active; a.cell == cell && a.ctx != nil {
		running = a.ctx
	}
	if running == nil {
		return context.WithCancel(l.ctx)
	}
	ctx, cancel := context.WithCancel(running)
	stop := context.AfterFunc(l.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

func (l *loop) input(ctx context.Context, c wire.Call) wire.Reply {
	line, err := l.w.handler.Input(ctx, c.Cell, c.Text, c.Flag)
	switch {
	case err == nil:
		return wire.Reply{ID: c.ID, Text: line}
	case err == io.EOF:
		return wire.Reply{ID: c.ID, Outcome: wire.EOF}
	case errors.Is(err, io.EOF):
		return wire.Reply{ID: c.ID, Outcome: wire.EOF, Text: err.Error()}
	default:
		return wire.Reply{ID: c.ID, Outcome: wire.Failed, Text: "read standard input: " + err.Error()}
	}
}

// drain reads what is in the pipes now, and no more: a flood must not keep
// what came after it waiting.
func (l *loop) drain() {
	l.drained = true
	for i, fd := range l.raw {
		n, err := unix.IoctlGetInt(fd, unix.TIOCINQ)
		for err == nil && n > 0 {
			got := l.readRaw(i, fd)
			if got <= 0 {
				break
			}
			n -= got
		}
	}
}

// readRaw reads once from a pipe. What comes there belongs to the newest cell.
func (l *loop) readRaw(i, fd int) int {
	var b [64 << 10]byte
	for {
		n, err := unix.Read(fd, b[:])
		if err == unix.EINTR {
			continue
		}
		if n == 0 && err == nil { // closed by all: nothing to poll any more
			l.raw[i] = -1
			unix.Close(fd)
			return 0
		}
		if n <= 0 {
			return 0
		}
		if i == 1 {
			l.tail.add(b[:n])
		}
		l.text.add(l.w.newest(), streamName(i == 1), b[:n])
		return n
	}
}
