package kerneltest

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
)

// peer is the client's side of one ZMTP 3.1 connection, security mechanism
// NULL (RFC 37). It believes what the server says: the server is ours.
type peer struct {
	conn net.Conn
	r    *bufio.Reader
	mu   sync.Mutex // keeps the frames of a message together
}

// Flags of a frame.
const (
	more    = 1
	long    = 2
	command = 4
)

// dial connects a socket of a type, such as DEALER, to a server.
func dial(addr net.Addr, socketType, identity string) (*peer, error) {
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		return nil, err
	}
	p := &peer{conn: conn, r: bufio.NewReader(conn)}
	if err := p.shakeHands(socketType, identity); err != nil {
		conn.Close()
		return nil, fmt.Errorf("shake hands with %s: %w", addr, err)
	}
	return p, nil
}

func (p *peer) shakeHands(socketType, identity string) error {
	greeting := make([]byte, 64)
	copy(greeting, "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x01NULL")
	if _, err := p.conn.Write(greeting); err != nil {
		return err
	}
	if _, err := io.ReadFull(p.r, greeting); err != nil {
		return err
	}
	ready := property([]byte("\x05READY"), "Socket-Type", socketType)
	if err := p.frame(command, property(ready, "Identity", identity)); err != nil {
		return err
	}
	flags, _, err := p.readFrame()
	if err == nil && flags&command == 0 {
		err = fmt.Errorf("got no command")
	}
	return err
}

func property(b []byte, name, value string) []byte {
	b = append(append(b, byte(len(name))), name...)
	return append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...)
}

// subscribe subscribes a SUB socket to a topic.
func (p *peer) subscribe(topic string) error { return p.send([][]byte{append([]byte{1}, topic...)}) }

func (p *peer) send(frames [][]byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, f := range frames {
		flags := byte(more)
		if i == len(frames)-1 {
			flags = 0
		}
		if err := p.frame(flags, f); err != nil {
			return err
		}
	}
	return nil
}

func (p *peer) frame(flags byte, body []byte) error {
	head := binary.BigEndian.AppendUint64([]byte{flags | long}, uint64(len(body)))
	_, err := p.conn.Write(append(head, body...))
	return err
}

// recv returns the frames of the next message.
func (p *peer) recv() ([][]byte, error) {
	var frames [][]byte
	for {
		flags, body, err := p.readFrame()
		if err != nil {
			return nil, err
		}
		if flags&command != 0 {
			continue
		}
		frames = append(frames, body)
		if flags&more == 0 {
			return frames, nil
		}
	}
}

func (p *peer) readFrame() (flags byte, body []byte, err error) {
	if flags, err = p.r.ReadByte(); err != nil {
		return 0, nil, err
	}
	var size uint64
	if flags&long != 0 {
		err = binary.Read(p.r, binary.BigEndian, &size)
	} else {
		var b byte
		b, err = p.r.ReadByte()
		size = uint64(b)
	}
	if err != nil {
		return 0, nil, err
	}
	body = make([]byte, size)
	_, err = io.ReadFull(p.r, body)
	return flags, body, err
}
