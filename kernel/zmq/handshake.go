package zmq

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const (
	greetingSize = 64
	maxHandshake = 8 << 10 // bytes in a command of the handshake
	maxIdentity  = 255
)

// A mechanism authenticates one connection and carries its frames (RFC 37,
// "Security mechanisms"). CURVE would be a second one.
type mechanism interface {
	// name is what the greeting says; at most 20 bytes.
	name() string

	// asServer is the as-server field of the greeting.
	asServer() bool

	// handshake exchanges metadata. It calls admit with the peer's, before the
	// peer learns that it is welcome; an error of admit ends the handshake.
	handshake(r *bufio.Reader, w io.Writer, own []byte, admit func([]byte) error) error

	// seal makes what goes over the wire from a frame; one goroutine calls it.
	seal(flags byte, body []byte) (byte, []byte)

	// open is the reverse of seal; one goroutine calls it.
	open(flags byte, body []byte) (byte, []byte, error)
}

// null is the NULL mechanism: frames go as they are.
type null struct{}

func (null) name() string                                       { return "NULL" }
func (null) asServer() bool                                     { return false }
func (null) seal(flags byte, body []byte) (byte, []byte)        { return flags, body }
func (null) open(flags byte, body []byte) (byte, []byte, error) { return flags, body, nil }

// handshake reads the peer's READY before it writes ours. A libzmq client sends
// no message before it has ours, so what a refused client was about to send
// stays with it and goes out when it connects again.
func (null) handshake(r *bufio.Reader, w io.Writer, own []byte, admit func([]byte) error) error {
	name, meta, err := readHandshakeCommand(r)
	if err != nil {
		return err
	}
	if name != "READY" {
		return fmt.Errorf("command %q where READY belongs", name)
	}
	if err := admit(meta); err != nil {
		return err
	}
	_, err = w.Write(appendFrame(nil, flagCommand, appendCommand(nil, "READY", own)))
	return err
}

func readHandshakeCommand(r *bufio.Reader) (name string, arg []byte, err error) {
	flags, body, err := readFrame(r, maxHandshake, func(int) error { return nil })
	if err != nil {
		return "", nil, midFrame(err)
	}
	if flags&^flagLong != flagCommand {
		return "", nil, errors.New("message before READY")
	}
	return parseCommand(body)
}

// handshake exchanges greetings and metadata and makes the peer known to the
// socket. It ends, one way or the other, within HandshakeTimeout.
func (p *peer) handshake() error {
	p.conn.SetDeadline(time.Now().Add(p.s.opt.HandshakeTimeout))
	if err := greet(p.r, p.conn, p.mech); err != nil {
		return err
	}
	own := appendProperty(nil, "Socket-Type", string(p.s.kind))
	own = appendProperty(own, "Identity", "")
	if err := p.mech.handshake(p.r, p.conn, own, p.admit); err != nil {
		return err
	}
	return p.conn.SetDeadline(time.Time{})
}

// admit checks a peer's metadata and joins it to the socket.
func (p *peer) admit(meta []byte) error {
	m, err := parseMetadata(meta)
	if err != nil {
		return err
	}
	if !p.s.pattern.accepts(m.socketType) {
		return fmt.Errorf("a %s cannot talk to a %s", p.s.kind, strings.ToValidUTF8(m.socketType, "?"))
	}
	return p.s.join(p, m.identity)
}

// greet exchanges greetings. It reads the peer's piece by piece, so that who
// speaks another protocol is turned away at the first byte that differs.
func greet(r *bufio.Reader, w io.Writer, mech mechanism) error {
	var g [greetingSize]byte
	g[0], g[9], g[10], g[11] = 0xff, 0x7f, 3, 1
	copy(g[12:32], mech.name())
	if mech.asServer() {
		g[32] = 1
	}
	if _, err := w.Write(g[:]); err != nil {
		return err
	}
	return readGreeting(r, mech)
}

func readGreeting(r *bufio.Reader, mech mechanism) error {
	var g [greetingSize]byte
	if _, err := io.ReadFull(r, g[:1]); err != nil {
		return err
	}
	if g[0] != 0xff {
		return fmt.Errorf("first byte %#x is not ZMTP 3", g[0])
	}
	if _, err := io.ReadFull(r, g[1:11]); err != nil {
		return midFrame(err)
	}
	if g[9]&1 != 1 || g[10] < 3 {
		return errors.New("signature is not ZMTP 3")
	}
	if _, err := io.ReadFull(r, g[11:]); err != nil {
		return midFrame(err)
	}
	if name := string(bytes.TrimRight(g[12:32], "\x00")); name != mech.name() {
		return fmt.Errorf("mechanism %q, want %s", name, mech.name())
	}
	return nil
}

// metadata is what a peer says of itself (RFC 37, "The NULL mechanism").
type metadata struct {
	socketType string
	identity   string
}

var errMetadata = errors.New("malformed metadata")

func parseMetadata(b []byte) (metadata, error) {
	var m metadata
	for len(b) > 0 {
		name, value, rest, err := cutProperty(b)
		if err != nil {
			return metadata{}, err
		}
		switch strings.ToLower(name) {
		case "socket-type":
			m.socketType = value
		case "identity":
			m.identity = value
		}
		b = rest
	}
	if len(m.identity) > maxIdentity {
		return metadata{}, fmt.Errorf("identity of %d bytes", len(m.identity))
	}
	if strings.HasPrefix(m.identity, "\x00") {
		return metadata{}, errors.New("identity begins with a zero byte")
	}
	return m, nil
}

func cutProperty(b []byte) (name, value string, rest []byte, err error) {
	n := 1 + int(b[0])
	if len(b) < n+4 {
		return "", "", nil, errMetadata
	}
	size := uint64(binary.BigEndian.Uint32(b[n:]))
	rest = b[n+4:]
	if size > uint64(len(rest)) {
		return "", "", nil, errMetadata
	}
	return string(b[1:n]), string(rest[:size]), rest[size:], nil
}

func appendProperty(b []byte, name, value string) []byte {
	b = append(append(b, byte(len(name))), name...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

// left tells whether err only says that the peer has gone.
func left(err error) bool {
	var network *net.OpError
	timeout := errors.As(err, &network) && network.Timeout()
	cut := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	return cut || errors.As(err, &network) && !timeout
}
