package zmq

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	maxPongs   = 64 // PINGs of one peer not answered yet
	maxContext = 16 // bytes a PING may have echoed
)

var errCommand = errors.New("malformed command")

// parseCommand splits a command into name and argument (RFC 37, "Commands").
func parseCommand(body []byte) (name string, arg []byte, err error) {
	if len(body) == 0 || len(body) < 1+int(body[0]) || body[0] == 0 {
		return "", nil, errCommand
	}
	n := 1 + int(body[0])
	return string(body[1:n]), body[n:], nil
}

func appendCommand(b []byte, name string, arg []byte) []byte {
	return append(append(append(b, byte(len(name))), name...), arg...)
}

// command does what a command after the handshake asks for. Commands it does
// not know are of later versions and are let pass.
func (p *peer) command(body []byte) error {
	name, arg, err := parseCommand(body)
	if err != nil {
		return err
	}
	switch name {
	case "PING":
		return p.ping(arg)
	case "ERROR":
		return errorCommand(arg)
	case "SUBSCRIBE", "CANCEL":
		return p.s.pattern.subscribe(p, string(arg), name == "SUBSCRIBE")
	}
	return nil
}

// ping answers a PING, and from now on expects the peer to send something in
// every TTL (tenths of a second, 0 for no end) that it names.
func (p *peer) ping(arg []byte) error {
	if len(arg) < 2 || len(arg) > 2+maxContext {
		return fmt.Errorf("%w: PING of %d bytes", errCommand, len(arg))
	}
	p.ttl = time.Duration(binary.BigEndian.Uint16(arg)) * 100 * time.Millisecond
	if p.ttl == 0 {
		p.conn.SetReadDeadline(time.Time{})
	}
	return p.pong(appendCommand(nil, "PONG", arg[2:]))
}

// pong queues an answer; it goes out before the messages that wait.
func (p *peer) pong(command []byte) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if len(p.pongs) >= maxPongs {
		return errors.New("sends PING and does not read the answers")
	}
	p.pongs = append(p.pongs, command)
	p.wake.Signal()
	return nil
}

func errorCommand(arg []byte) error {
	reason := ""
	if len(arg) > 0 && int(arg[0]) == len(arg)-1 {
		reason = strings.ToValidUTF8(string(arg[1:]), "?")
	}
	return fmt.Errorf("peer reports an error: %q", reason)
}
