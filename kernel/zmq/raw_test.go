package zmq_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

// patience is how long a test waits for what must come; only a failing test
// waits that long.
const patience = 30 * time.Second

// raw is a client that writes ZMTP byte by byte.
type raw struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

// listen makes a socket that is closed at the end of the test.
func listen(t testing.TB, kind zmq.Kind, opt zmq.Options) *zmq.Socket {
	t.Helper()
	s, err := zmq.Listen(kind, "tcp://127.0.0.1:0", opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// dial connects without a word.
func dial(t testing.TB, s *zmq.Socket) *raw {
	t.Helper()
	conn, err := net.Dial(s.Addr().Network(), s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return &raw{t, conn, bufio.NewReader(conn)}
}

// connect connects and shakes hands.
func connect(t testing.TB, s *zmq.Socket, socketType, identity string) *raw {
	t.Helper()
	c := dial(t, s)
	c.hello(socketType, identity)
	c.welcome()
	return c
}

func greeting(mechanism string) []byte {
	g := make([]byte, 64)
	g[0], g[9], g[10], g[11] = 0xff, 0x7f, 3, 1
	copy(g[12:32], mechanism)
	return g
}

func ready(socketType, identity string) []byte {
	b := []byte("\x05READY")
	b = append(b, "\x0bSocket-Type"...)
	b = append(binary.BigEndian.AppendUint32(b, uint32(len(socketType))), socketType...)
	b = append(b, "\x08Identity"...)
	return append(binary.BigEndian.AppendUint32(b, uint32(len(identity))), identity...)
}

// hello sends a greeting and READY.
func (c *raw) hello(socketType, identity string) {
	c.t.Helper()
	c.write(greeting("NULL"))
	c.command(ready(socketType, identity))
}

// welcome reads the server's greeting and READY.
func (c *raw) welcome() {
	c.t.Helper()
	if err := c.tryWelcome(); err != nil {
		c.t.Fatalf("handshake: %v", err)
	}
}

func (c *raw) tryWelcome() error {
	if _, err := io.ReadFull(c.r, make([]byte, 64)); err != nil {
		return err
	}
	flags, body, err := c.frame()
	if err == nil && (flags != 4 || !bytes.HasPrefix(body, []byte("\x05READY"))) {
		return fmt.Errorf("got %d %q where READY belongs", flags, body)
	}
	return err
}

func (c *raw) write(b []byte) {
	c.t.Helper()
	if _, err := c.Write(b); err != nil {
		c.t.Error(err) // also from other goroutines
	}
}

func frame(flags byte, body []byte) []byte {
	if len(body) > 255 {
		h := binary.BigEndian.AppendUint64([]byte{flags | 2}, uint64(len(body)))
		return append(h, body...)
	}
	return append([]byte{flags, byte(len(body))}, body...)
}

func (c *raw) command(body []byte) { c.t.Helper(); c.write(frame(4, body)) }

func (c *raw) subscribe(topic string) {
	c.t.Helper()
	c.command([]byte("\x09SUBSCRIBE" + topic))
}

func (c *raw) cancel(topic string) { c.t.Helper(); c.command([]byte("\x06CANCEL" + topic)) }

func (c *raw) send(frames ...string) {
	c.t.Helper()
	var b []byte
	for i, f := range frames {
		flags := byte(1)
		if i == len(frames)-1 {
			flags = 0
		}
		b = append(b, frame(flags, []byte(f))...)
	}
	c.write(b)
}

func (c *raw) frame() (flags byte, body []byte, err error) {
	if flags, err = c.r.ReadByte(); err != nil {
		return 0, nil, err
	}
	size := make([]byte, 8)
	short := size[7:]
	if flags&2 != 0 {
		short = size
	}
	if _, err := io.ReadFull(c.r, short); err != nil {
		return 0, nil, err
	}
	body = make([]byte, binary.BigEndian.Uint64(size))
	_, err = io.ReadFull(c.r, body)
	return flags, body, err
}

func (c *raw) recv() ([]string, error) {
	var m []string
	for {
		flags, body, err := c.frame()
		if err != nil {
			return m, err
		}
		m = append(m, string(body))
		if flags&1 == 0 {
			return m, nil
		}
	}
}

func (c *raw) expect(frames ...string) {
	c.t.Helper()
	m, err := c.recv()
	if err != nil {
		c.t.Fatalf("receive %.40q: %v", frames, err)
	}
	if !slices.Equal(m, frames) {
		c.t.Fatalf("got %.80q, want %.80q", m, frames)
	}
}

// expectEnd waits until the server closes the connection.
func (c *raw) expectEnd() {
	c.t.Helper()
	_, err := io.Copy(io.Discard, c.r)
	if e, ok := err.(net.Error); ok && e.Timeout() {
		c.t.Fatal("the connection is still open")
	}
}

// recv receives from s, which must have a message.
func recv(t testing.TB, s *zmq.Socket) []string {
	t.Helper()
	type result struct {
		m   [][]byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		m, err := s.Recv()
		done <- result{m, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			t.Fatal(r.err)
		}
		return strs(r.m)
	case <-time.After(patience):
		t.Fatal("no message")
		return nil
	}
}

func expect(t testing.TB, s *zmq.Socket, frames ...string) {
	t.Helper()
	if m := recv(t, s); !slices.Equal(m, frames) {
		t.Fatalf("got %.80q, want %.80q", m, frames)
	}
}

func send(t testing.TB, s *zmq.Socket, frames ...string) {
	t.Helper()
	if err := s.Send(byteses(frames...)); err != nil {
		t.Fatal(err)
	}
}

func strs(m [][]byte) (s []string) {
	for _, f := range m {
		s = append(s, string(f))
	}
	return s
}

func byteses(s ...string) (m [][]byte) {
	for _, f := range s {
		m = append(m, []byte(f))
	}
	return m
}

// reports collects what Options.Disconnected is told.
type reports chan error

func (r reports) add(_ net.Addr, err error) { r <- err }

func (r reports) next(t testing.TB) error {
	t.Helper()
	select {
	case err := <-r:
		return err
	case <-time.After(patience):
		t.Fatal("no report of a disconnected peer")
		return nil
	}
}

var transports = []string{"tcp", "ipc"}

// listenOn is listen for a transport.
func listenOn(t testing.TB, kind zmq.Kind, transport string, opt zmq.Options) *zmq.Socket {
	t.Helper()
	if transport == "tcp" {
		return listen(t, kind, opt)
	}
	s, err := zmq.Listen(kind, "ipc://"+t.TempDir()+"/s", opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
