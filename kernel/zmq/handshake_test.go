package zmq_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

// echoes fails unless s serves c.
func echoes(t *testing.T, s *zmq.Socket, c *raw) {
	t.Helper()
	c.send("question")
	m := recv(t, s)
	send(t, s, m[0], "answer")
	c.expect("answer")
}

func TestHandshakeDeadline(t *testing.T) {
	for name, words := range map[string][]byte{
		"silent":        nil,
		"half greeting": greeting("NULL")[:20],
		"no READY":      greeting("NULL"),
		"half READY":    append(greeting("NULL"), 4, 100, 5, 'R'),
		"huge READY":    append(greeting("NULL"), 6, 0, 0, 0, 0, 0, 0, 32, 0, 5, 'R'),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := make(reports, 1)
			s := listen(t, zmq.Router, zmq.Options{HandshakeTimeout: time.Second, Disconnected: told.add})
			old := connect(t, s, "DEALER", "")
			c := dial(t, s)
			c.write(words)
			c.expectEnd()
			if err := told.next(t); !strings.Contains(err.Error(), "handshake: ") || !strings.Contains(err.Error(), "timeout") {
				t.Errorf("reported %v", err)
			}
			echoes(t, s, old)
			echoes(t, s, connect(t, s, "DEALER", ""))
		})
	}
}

func TestSilentStrangersHoldNobodyUp(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	for range 100 {
		dial(t, s).write(greeting("NULL")[:11])
	}
	echoes(t, s, connect(t, s, "DEALER", ""))
}

func edit(b []byte, i int, c byte) []byte {
	b[i] = c
	return b
}

func command(parts ...string) []byte { return frame(4, []byte(strings.Join(parts, ""))) }

func TestRefusedHandshakes(t *testing.T) {
	const router = "\x0bSocket-Type\x00\x00\x00\x06DEALER"
	hello := func(b []byte) []byte { return append(greeting("NULL"), b...) }
	for _, test := range []struct {
		name, report string
		words        []byte
	}{
		{"another protocol", "first byte", []byte("GET / HTTP/1.1\r\n\r\n")},
		{"signature", "signature", edit(greeting("NULL"), 9, 0)},
		{"version 2", "signature", edit(greeting("NULL"), 10, 2)},
		{"mechanism", `mechanism "PLAIN"`, greeting("PLAIN")},
		{"longer mechanism", `mechanism "NULLX"`, greeting("NULLX")},
		{"no mechanism", `mechanism ""`, greeting("")},
		{"message first", "message before READY", hello(frame(0, []byte("x")))},
		{"more", "message before READY", hello(frame(5, []byte("\x05READY")))},
		{"reserved flags", "reserved flags", hello([]byte{0x44, 1, 0})},
		{"another command", `"HELLO"`, hello(command("\x05HELLO"))},
		{"empty command", "malformed command", hello(command())},
		{"nameless command", "malformed command", hello(command("\x00"))},
		{"cut name", "malformed command", hello(command("\x06READY"))},
		{"no socket type", "cannot talk", hello(command("\x05READY"))},
		{"SUB to a ROUTER", "cannot talk", hello(frame(4, ready("SUB", "")))},
		{"cut property name", "malformed metadata", hello(command("\x05READY\x0bSock"))},
		{"long property name", "malformed metadata", hello(command("\x05READY\xffa"))},
		{"cut property size", "malformed metadata", hello(command("\x05READY\x01a\x00\x00"))},
		{"property too long", "malformed metadata", hello(command("\x05READY\x01a\xff\xff\xff\xff"))},
		{"property cut", "malformed metadata", hello(command("\x05READY", router, "\x01a\x00\x00\x00\x02b"))},
		{"long identity", "identity of 256 bytes", hello(frame(4, ready("DEALER", strings.Repeat("i", 256))))},
		{"reserved identity", "zero byte", hello(frame(4, ready("DEALER", "\x00i")))},
		{"long command", "frame too long", hello(append([]byte{6}, "\x00\x00\x00\x00\x00\x00\x20\x01"...))},
		{"endless command", "frame too long", hello(append([]byte{6}, "\x7f\xff\xff\xff\xff\xff\xff\xff"...))},
		{"negative command", "frame too long", hello(append([]byte{6}, "\xff\xff\xff\xff\xff\xff\xff\xff"...))},
	} {
		t.Run(test.name, func(t *testing.T) {
			told := make(reports, 1)
			s := listen(t, zmq.Router, zmq.Options{Disconnected: told.add})
			old := connect(t, s, "DEALER", "")
			c := dial(t, s)
			c.write(test.words)
			c.expectEnd()
			if err := told.next(t); !strings.Contains(err.Error(), test.report) {
				t.Errorf("reported %v", err)
			}
			echoes(t, s, old)
			echoes(t, s, connect(t, s, "DEALER", ""))
		})
	}
}

func TestSocketTypesThatMayConnect(t *testing.T) {
	all := []string{"REQ", "REP", "DEALER", "ROUTER", "PUB", "SUB", "XPUB", "XSUB", "PUSH", "PULL", "PAIR"}
	for kind, may := range map[zmq.Kind]string{
		zmq.Router: "REQ DEALER ROUTER",
		zmq.XPub:   "SUB XSUB",
		zmq.Rep:    "REQ DEALER",
	} {
		s := listen(t, kind, zmq.Options{})
		for _, socketType := range all {
			c := dial(t, s)
			c.hello(socketType, "")
			welcome := c.tryWelcome() == nil
			want := strings.Contains(" "+may+" ", " "+socketType+" ")
			if welcome != want {
				t.Errorf("%s to a %s: welcome is %v", socketType, kind, welcome)
			}
		}
	}
}

// What a refused client sent with its handshake must stay with it: it may not
// be told READY before it has been checked.
func TestRefusedBeforeReady(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	connect(t, s, "DEALER", "me")
	c := dial(t, s)
	c.hello("DEALER", "me")
	got := new(bytes.Buffer)
	got.ReadFrom(c.r)
	if want := greeting("NULL"); !bytes.Equal(got.Bytes(), want) {
		t.Errorf("got %q, want a greeting only", got)
	}
}

func TestMetadataNamesInAnyCase(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	c := dial(t, s)
	c.write(greeting("NULL"))
	c.command([]byte("\x05READY\x01x\x00\x00\x00\x00\x08iDENTITY\x00\x00\x00\x02me\x0bSOCKET-type\x00\x00\x00\x06DEALER"))
	c.welcome()
	c.send("hello")
	expect(t, s, "me", "hello")
}

func TestIdentityOnlyCountsForARouter(t *testing.T) {
	s := listen(t, zmq.Rep, zmq.Options{})
	for range 2 {
		connect(t, s, "REQ", "me")
	}
}
