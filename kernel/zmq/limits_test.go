package zmq_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

// until waits for ok; only a failing test waits long.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: never", what)
		}
	}
}

func TestMalformedFrames(t *testing.T) {
	long := func(flags byte, size string) []byte { return append([]byte{flags}, size...) }
	opt := zmq.Options{MaxMessage: 1000, MaxFrames: 10}
	for _, test := range []struct {
		name, report string
		words        []byte
	}{
		{"reserved flags", "reserved flags", []byte{8, 0}},
		{"2^64-1 bytes", "frame too long", long(2, "\xff\xff\xff\xff\xff\xff\xff\xff")},
		{"2^63 bytes", "frame too long", long(2, "\x80\x00\x00\x00\x00\x00\x00\x00")},
		{"2^40 bytes", "frame too long", long(2, "\x00\x00\x01\x00\x00\x00\x00\x00")},
		{"one byte too many", "frame too long", long(2, "\x00\x00\x00\x00\x00\x00\x03\xe9")},
		{"too much in two frames", "frame too long", append(frame(1, make([]byte, 600)), frame(0, make([]byte, 401))...)},
		{"too many frames", "more than 10 frames", []byte(strings.Repeat("\x01\x00", 11))},
		{"long command", "frame too long", long(6, "\x00\x00\x00\x00\x00\x01\x00\x01")},
		{"command in a message", "command within a message", append(frame(1, nil), command("\x04PING\x00\x00")...)},
		{"command with more", "command within a message", frame(5, []byte("\x04PING\x00\x00"))},
		{"empty command", "malformed command", command()},
		{"cut command", "malformed command", command("\xffPING")},
		{"short PING", "malformed command", command("\x04PING\x00")},
		{"long PING", "malformed command", command("\x04PING\x00\x00", strings.Repeat("x", 17))},
		{"ERROR", `reports an error: "why"`, command("\x05ERROR\x03why")},
		{"cut ERROR", `reports an error: ""`, command("\x05ERROR\x09why")},
	} {
		t.Run(test.name, func(t *testing.T) {
			told := make(reports, 1)
			opt.Disconnected = told.add
			s := listen(t, zmq.Router, opt)
			old := connect(t, s, "DEALER", "")
			c := connect(t, s, "DEALER", "")
			c.write(test.words)
			c.expectEnd()
			if err := told.next(t); !strings.Contains(err.Error(), test.report) {
				t.Errorf("reported %v", err)
			}
			echoes(t, s, old)
			echoes(t, s, connect(t, s, "DEALER", ""))
			if n := s.Held(); n != 0 {
				t.Errorf("%d bytes held", n)
			}
		})
	}
}

func TestLargestMessage(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{MaxMessage: 1000, MaxFrames: 3})
	c := connect(t, s, "DEALER", "me")
	c.send(strings.Repeat("x", 500), "", strings.Repeat("y", 500))
	expect(t, s, "me", strings.Repeat("x", 500), "", strings.Repeat("y", 500))
}

func TestUnknownCommandsPass(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	c := connect(t, s, "DEALER", "")
	c.command([]byte("\x04JOINgroup"))
	c.subscribe("topic")
	echoes(t, s, c)
}

// A frame's length costs nothing until the bytes arrive.
func TestAnnouncedFramesCostNoMemory(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{MaxMessage: 1 << 40})
	head := append([]byte{2}, "\x00\x00\x00\xff\x00\x00\x00\x00"...)
	for range 10 {
		connect(t, s, "DEALER", "").write(append(head, "some"...))
		connect(t, s, "DEALER", "").write(append(head, block[:70_000]...))
	}
	until(t, "frames begun", func() bool { return s.Held() >= 10*(64+128)<<10 })
	if n := s.Held(); n > 11*(64+128)<<10 {
		t.Errorf("%d bytes held", n)
	}
	echoes(t, s, connect(t, s, "DEALER", ""))
}

func TestConnectionsAreBounded(t *testing.T) {
	told := make(reports, 1)
	s := listen(t, zmq.Router, zmq.Options{MaxConnections: 2, Disconnected: told.add})
	first, second := connect(t, s, "DEALER", ""), dial(t, s)
	until(t, "two connections", func() bool { return s.Connections() == 2 })
	third := dial(t, s)
	third.expectEnd()
	if err := told.next(t); !strings.Contains(err.Error(), "more than 2 connections") {
		t.Errorf("reported %v", err)
	}
	echoes(t, s, first)
	second.Close()
	until(t, "one connection", func() bool { return s.Connections() == 1 })
	echoes(t, s, connect(t, s, "DEALER", ""))
}

// A peer that floods is not read until its messages are taken; nothing is lost.
func TestFloodWaitsForRecv(t *testing.T) {
	const n = 5 * zmq.InboxDepth
	s := listen(t, zmq.Router, zmq.Options{})
	c := connect(t, s, "DEALER", "flood")
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for i := range n {
			c.send(fmt.Sprint(i))
		}
	}()
	other := connect(t, s, "DEALER", "other")
	other.send("me, too")
	others := 0
	for i := 0; i < n; {
		if m := recv(t, s); m[0] == "other" {
			others++
		} else if i++; m[1] != fmt.Sprint(i-1) {
			t.Fatalf("got %q, want %d", m, i-1)
		}
	}
	<-sent
	if others != 1 {
		t.Errorf("%d messages of the other peer", others)
	}
	if n := s.Held(); n != 0 {
		t.Errorf("%d bytes held", n)
	}
}

// One peer may have so many messages waiting; then it is not read.
func TestInboxDepth(t *testing.T) {
	const size = 3 + 64 // of a message, with what a frame costs
	s := listen(t, zmq.Router, zmq.Options{})
	c, other := connect(t, s, "DEALER", ""), connect(t, s, "DEALER", "")
	many := bytes.Repeat(frame(0, []byte("msg")), zmq.InboxDepth+10)
	c.write(append(many, command("\x04PING\x00\x00")...))
	until(t, "inbox full", func() bool { return s.Held() >= zmq.InboxDepth*size })
	for range 100 {
		ping(t, other)
	}
	if n := s.Held(); n != zmq.InboxDepth*size {
		t.Errorf("%d bytes held, want %d", n, zmq.InboxDepth*size)
	}
	for range zmq.InboxDepth + 10 {
		recv(t, s)
	}
	if flags, body, err := c.frame(); err != nil || flags != 4 {
		t.Errorf("got %d %q, %v", flags, body, err)
	}
}

func TestReceivedMemoryIsBounded(t *testing.T) {
	const limit, each = 8 << 20, 100_000
	s := listen(t, zmq.Router, zmq.Options{MaxReceive: limit})
	done := make(chan struct{})
	const peers, n = 20, 20
	for i := range peers {
		c := connect(t, s, "DEALER", fmt.Sprint("peer", i))
		go func() {
			defer func() { done <- struct{}{} }()
			for range n {
				c.send(strings.Repeat("x", each))
			}
		}()
	}
	until(t, "inbox full", func() bool { return s.Held() > limit-2*each })
	got := map[string]int{}
	for range peers * n {
		if h := s.Held(); h > limit {
			t.Fatalf("%d bytes held", h)
		}
		m := recv(t, s)
		got[m[0]] += len(m[1])
	}
	for range peers {
		<-done
		if len(got) != peers || got["peer7"] != n*each {
			t.Fatalf("got %v", got)
		}
	}
}

// Who fills the memory with a message that does not end goes first.
func TestLargestUnfinishedMessageIsEvicted(t *testing.T) {
	told := make(reports, 1)
	s := listen(t, zmq.Router, zmq.Options{MaxReceive: 1 << 20, Disconnected: told.add})
	hog, small := connect(t, s, "DEALER", "hog"), connect(t, s, "DEALER", "small")
	hog.write(frame(1, make([]byte, 900_000)))
	small.write(frame(1, make([]byte, 60_000)))
	until(t, "both begun", func() bool { return s.Held() > 960_000 })
	c := connect(t, s, "DEALER", "me")
	go func() { c.send(strings.Repeat("x", 500_000)) }()
	expect(t, s, "me", strings.Repeat("x", 500_000))
	if err := told.next(t); !strings.Contains(err.Error(), "unfinished message") {
		t.Errorf("reported %v", err)
	}
	hog.expectEnd()
	small.write(frame(0, []byte("end")))
	expect(t, s, "small", string(make([]byte, 60_000)), "end")
}

func TestMessageLargerThanTheMemory(t *testing.T) {
	told := make(reports, 1)
	s := listen(t, zmq.Router, zmq.Options{MaxReceive: 1 << 20, Disconnected: told.add})
	old := connect(t, s, "DEALER", "")
	c := connect(t, s, "DEALER", "")
	c.Write(frame(0, make([]byte, 2<<20))) // may be cut
	if err := told.next(t); !strings.Contains(err.Error(), "unfinished message") {
		t.Errorf("reported %v", err)
	}
	echoes(t, s, old)
}

func TestPing(t *testing.T) {
	for kind, socketType := range map[zmq.Kind]string{zmq.Router: "DEALER", zmq.XPub: "SUB", zmq.Rep: "REQ"} {
		s := listen(t, kind, zmq.Options{})
		c := connect(t, s, socketType, "")
		for _, context := range []string{"", "c", strings.Repeat("c", 16)} {
			c.command([]byte("\x04PING\x00\x00" + context))
			flags, body, err := c.frame()
			if err != nil || flags != 4 || string(body) != "\x04PONG"+context {
				t.Errorf("%s: got %d %q, %v", kind, flags, body, err)
			}
		}
	}
}

// A peer with a TTL may be silent for as long and no longer; one that took it
// back, for ever.
func TestPingTTL(t *testing.T) {
	told := make(reports, 2)
	s := listen(t, zmq.Router, zmq.Options{Disconnected: told.add})
	forgiven, silent := connect(t, s, "DEALER", ""), connect(t, s, "DEALER", "")
	for _, ttl := range []string{"\x0a", "\x00"} {
		forgiven.command([]byte("\x04PING\x00" + ttl))
		forgiven.frame()
	}
	silent.command([]byte("\x04PING\x00\x0b"))
	silent.frame()
	silent.expectEnd()
	if err := told.next(t); !strings.Contains(err.Error(), "timeout") {
		t.Errorf("reported %v", err)
	}
	echoes(t, s, forgiven)
}

func TestPingsNotReadAreBounded(t *testing.T) {
	told := make(reports, 1)
	s := listen(t, zmq.Router, zmq.Options{Disconnected: told.add})
	c := connect(t, s, "DEALER", "me")
	// The writer hangs in a message, so that it cannot take PONGs.
	send(t, s, "me", strings.Repeat("x", 32<<20))
	go func() {
		pings := []byte(strings.Repeat(string(command("\x04PING\x00\x00")), 2*zmq.Pongs))
		c.Write(pings) // may be cut
	}()
	if err := told.next(t); !strings.Contains(err.Error(), "PING") {
		t.Errorf("reported %v", err)
	}
}
