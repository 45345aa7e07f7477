package zmq_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

// subscribed connects a subscriber and waits until s knows it.
func subscribed(t *testing.T, s *zmq.Socket, topic string) *raw {
	t.Helper()
	c := connect(t, s, "SUB", "")
	c.subscribe(topic)
	expect(t, s, "\x01"+topic)
	return c
}

func TestXPubSendsToMatchingPrefixes(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{})
	all, ab, b := subscribed(t, s, ""), subscribed(t, s, "ab"), subscribed(t, s, "b")
	for _, topic := range []string{"a", "ab", "abc", "b", ""} {
		send(t, s, topic, "body")
	}
	for _, topic := range []string{"a", "ab", "abc", "b", ""} {
		all.expect(topic, "body")
	}
	ab.expect("ab", "body")
	ab.expect("abc", "body")
	b.expect("b", "body")
}

func TestXPubEvents(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{})
	first, second := subscribed(t, s, "topic"), subscribed(t, s, "topic")
	first.subscribe("topic")
	expect(t, s, "\x01topic")
	first.cancel("topic")
	first.cancel("topic") // now it is off
	first.cancel("topic") // too often
	first.subscribe("mark")
	expect(t, s, "\x01mark")
	send(t, s, "topic")
	second.expect("topic")
	second.cancel("topic")
	expect(t, s, "\x00topic")
	first.Close()
	expect(t, s, "\x00mark")
}

// Subscriptions of ZMTP 3.0 are messages.
func TestXPubOldSubscriptions(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{})
	c := connect(t, s, "SUB", "")
	c.send("\x01topic")
	expect(t, s, "\x01topic")
	send(t, s, "topic", "x")
	c.expect("topic", "x")
	for _, m := range [][]string{{""}, {"\x02"}, {"\x01a", "b"}, {"", "", ""}} {
		c.send(m...) // no subscriptions
	}
	c.send("\x00topic")
	expect(t, s, "\x00topic")
}

func TestXPubBoundsSubscriptions(t *testing.T) {
	for name, flood := range map[string]func(*raw){
		"many": func(c *raw) {
			for i := range zmq.Topics + 1 {
				c.Write(command("\x09SUBSCRIBE", fmt.Sprint(i)))
			}
		},
		"long": func(c *raw) {
			for range 2 {
				c.Write(command("\x09SUBSCRIBE", strings.Repeat("x", 40_000)))
				c.Write(command("\x09SUBSCRIBE", strings.Repeat("y", 40_000)))
			}
		},
		"message": func(c *raw) { c.Write(frame(0, make([]byte, 70_000))) },
	} {
		t.Run(name, func(t *testing.T) {
			told := make(reports, 1)
			s := listen(t, zmq.XPub, zmq.Options{Disconnected: told.add})
			c := connect(t, s, "SUB", "")
			flood(c)
			err := told.next(t)
			if !strings.Contains(err.Error(), "too many subscriptions") && !strings.Contains(err.Error(), "frame too long") {
				t.Errorf("reported %v", err)
			}
			c.expectEnd()
		})
	}
}

// Nobody has to ask for events: subscribing goes on, and who asks later learns
// how things stand.
func TestXPubWithoutRecv(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{})
	c := connect(t, s, "SUB", "")
	for i := range 20_000 {
		c.subscribe("comes and goes")
		if i%2 == 0 {
			c.subscribe("comes and goes")
			c.cancel("comes and goes")
		}
		c.cancel("comes and goes")
	}
	c.subscribe("stays")
	c.subscribe("stays")
	ping(t, c)
	send(t, s, "comes and goes", "x")
	send(t, s, "stays", "x")
	c.expect("stays", "x")
	expect(t, s, "\x01stays")
	c.subscribe("last")
	expect(t, s, "\x01last")
	c.cancel("stays")
	c.subscribe("stays")
	c.cancel("last")
	ping(t, c)
	expect(t, s, "\x01stays")
	expect(t, s, "\x00last")
}

// ping waits until everything that c sent has been read.
func ping(t *testing.T, c *raw) {
	t.Helper()
	c.command([]byte("\x04PING\x00\x00"))
	if flags, body, err := c.frame(); err != nil || flags != 4 {
		t.Fatalf("got %d %q, %v", flags, body, err)
	}
}

func TestXPubWithoutSubscribers(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{SendQueue: 1})
	for range 1000 {
		send(t, s, "topic", strings.Repeat("x", 1000))
	}
	if n := s.Queued(); n != 0 {
		t.Errorf("%d bytes queued", n)
	}
	if err := s.Send(nil); err == nil {
		t.Error("message without frames was sent")
	}
}
