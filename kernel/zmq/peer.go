package zmq

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

type state int

const (
	greeting state = iota // shaking hands
	joined                // may be sent to
	gone                  // nothing reaches it any more
)

// peer is one connection. Its reader runs in serve, its writer in write.
type peer struct {
	s    *Socket
	conn net.Conn
	r    *bufio.Reader
	mech mechanism
	ttl  time.Duration // longest silence allowed, 0 for any; the reader's own

	// Guarded by s.mu.
	state state
	id    string // set by join
	outgoing
	subscriptions

	// Guarded by s.in.mu.
	intake

	ended sync.Once
	cause error // why the connection was ended; set in ended
}

func newPeer(s *Socket, conn net.Conn) *peer {
	p := &peer{s: s, conn: conn, mech: s.mechanism()}
	p.r = bufio.NewReaderSize((*timedReader)(p), 16<<10)
	p.wake.L = &s.mu
	return p
}

// timedReader reads from a peer's connection for at most its TTL at a time.
type timedReader peer

func (t *timedReader) Read(b []byte) (int, error) {
	if t.ttl > 0 {
		t.conn.SetReadDeadline(time.Now().Add(t.ttl))
	}
	return t.conn.Read(b)
}

// serve runs the peer from handshake to end.
func (p *peer) serve() {
	p.end(p.run())
	p.s.remove(p)
	p.report()
}

// report tells of a peer that has ended but did not leave by itself.
func (p *peer) report() {
	notify := p.s.opt.Disconnected
	if notify != nil && !left(p.cause) && !errors.Is(p.cause, ErrClosed) {
		notify(p.conn.RemoteAddr(), p.cause)
	}
}

func (p *peer) run() error {
	if err := p.handshake(); err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	var writer sync.WaitGroup
	writer.Go(p.write)
	err := p.read()
	p.end(err)
	p.s.remove(p) // ends the writer, too
	writer.Wait()
	return err
}

// end closes the connection. The first cause stays.
func (p *peer) end(cause error) {
	p.ended.Do(func() {
		p.cause = cause
		p.conn.Close()
	})
}

// abort is end, and what the system holds for the peer is thrown away as well.
func (p *peer) abort(cause error) {
	if c, ok := p.conn.(*net.TCPConn); ok {
		c.SetLinger(0)
	}
	p.end(cause)
}

// read takes messages from the peer until it leaves, misbehaves or the socket
// is closed. After that it reads on without looking: were something unread
// when the connection is closed, the system would reset it, and the peer could
// lose what it was sent last.
func (p *peer) read() error {
	for {
		m, err := p.readMessage()
		if err == nil {
			err = p.s.pattern.arrived(p, m)
		}
		if errors.Is(err, ErrClosed) {
			io.Copy(io.Discard, p.r)
			return err
		}
		if err != nil {
			return err
		}
	}
}

// readMessage reads the frames of one message, and obeys commands before it.
func (p *peer) readMessage() ([][]byte, error) {
	var frames [][]byte
	for size := 0; ; {
		flags, body, err := p.readFrame(p.s.limit - size)
		if err != nil {
			return nil, err
		}
		if flags&flagCommand != 0 {
			if flags&flagMore != 0 || frames != nil {
				return nil, errors.New("command within a message")
			}
			if err := p.command(body); err != nil {
				return nil, err
			}
			continue
		}
		if frames, size = append(frames, body), size+len(body); len(frames) > p.s.opt.MaxFrames {
			return nil, fmt.Errorf("message of more than %d frames", p.s.opt.MaxFrames)
		}
		if flags&flagMore == 0 {
			return frames, nil
		}
	}
}

func (p *peer) readFrame(limit int) (byte, []byte, error) {
	flags, body, err := readFrame(p.r, limit, p.grow)
	if err != nil {
		return 0, nil, err
	}
	return p.mech.open(flags, body)
}

func (p *peer) grow(n int) error { return p.s.in.grow(p, n) }
