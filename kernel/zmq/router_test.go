package zmq_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

func TestRouterRoutesToTheRightPeer(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	var clients []*raw
	for i := range 3 {
		clients = append(clients, connect(t, s, "DEALER", fmt.Sprint("client", i)))
	}
	for i, c := range clients {
		c.send("<IDS|MSG>", "", fmt.Sprint("question", i))
		expect(t, s, fmt.Sprint("client", i), "<IDS|MSG>", "", fmt.Sprint("question", i))
	}
	for i := range clients {
		send(t, s, fmt.Sprint("client", i), "<IDS|MSG>", "", fmt.Sprint("answer", i))
	}
	for i, c := range clients {
		c.expect("<IDS|MSG>", "", fmt.Sprint("answer", i))
	}
}

func TestRouterNamesPeersWithoutIdentity(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	a, b := connect(t, s, "DEALER", ""), connect(t, s, "REQ", "")
	a.send("a")
	ma := recv(t, s)
	b.send("", "b")
	mb := recv(t, s)
	if ma[0] == mb[0] || ma[0][0] != 0 {
		t.Fatalf("identities %q and %q", ma[0], mb[0])
	}
	send(t, s, ma[0], "to a")
	send(t, s, mb[0], "", "to b")
	a.expect("to a")
	b.expect("", "to b")
}

func TestRouterUnknownIdentity(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	if err := s.Send(byteses("nobody", "x")); !errors.Is(err, zmq.ErrNoPeer) {
		t.Fatalf("got %v", err)
	}
	c := connect(t, s, "DEALER", "me")
	c.send("x")
	recv(t, s)
	c.Close()
	other := connect(t, s, "DEALER", "other")
	for { // until the socket has seen the end of the first
		if err := s.Send(byteses("me", "x")); errors.Is(err, zmq.ErrNoPeer) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	send(t, s, "other", "still here")
	other.expect("still here")
}

func TestRouterRefusesDuplicateIdentity(t *testing.T) {
	told := make(reports, 1)
	s := listen(t, zmq.Router, zmq.Options{Disconnected: told.add})
	first := connect(t, s, "DEALER", "me")
	second := dial(t, s)
	second.hello("DEALER", "me")
	if err := second.tryWelcome(); err == nil {
		t.Error("second peer was welcomed")
	}
	if err := told.next(t); !strings.Contains(err.Error(), `identity "me" is taken`) {
		t.Error(err)
	}
	send(t, s, "me", "for the first")
	first.expect("for the first")
}

func TestSendCopies(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	c := connect(t, s, "DEALER", "me")
	frames := byteses("me", strings.Repeat("x", 100_000), "y")
	for range 20 {
		if err := s.Send(frames); err != nil {
			t.Fatal(err)
		}
		frames[1][0], frames[2][0] = '!', '!'
		frames[1][0], frames[2][0] = 'x', 'y'
	}
	clear(frames[1])
	clear(frames[2])
	for range 20 {
		c.expect(strings.Repeat("x", 100_000), "y")
	}
}

func TestLargeMultipart(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	c := connect(t, s, "DEALER", "me")
	m := []string{"", "a", strings.Repeat("b", 255), strings.Repeat("c", 256),
		strings.Repeat("d", 65_537), strings.Repeat("0123456789", 2_000_000), ""}
	go func() { c.send(m...) }()
	expect(t, s, append([]string{"me"}, m...)...)
	send(t, s, append([]string{"me"}, m...)...)
	c.expect(m...)
}

func TestRouterSendsFromManyGoroutines(t *testing.T) {
	const senders, each = 8, 500
	s := listen(t, zmq.Router, zmq.Options{SendQueue: 10_000})
	c := connect(t, s, "DEALER", "me")
	var wg sync.WaitGroup
	defer wg.Wait()
	for g := range senders {
		wg.Go(func() {
			for i := range each {
				if err := s.Send(byteses("me", fmt.Sprint(g), fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	next := map[string]int{}
	for range senders * each {
		m, err := c.recv()
		if err != nil {
			t.Fatal(err)
		}
		if m[1] != fmt.Sprint(next[m[0]]) {
			t.Fatalf("sender %s: got %s, want %d", m[0], m[1], next[m[0]])
		}
		next[m[0]]++
	}
}

func TestRouterWantsABody(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{})
	connect(t, s, "DEALER", "me")
	for _, m := range [][][]byte{nil, byteses("me")} {
		if err := s.Send(m); err == nil || errors.Is(err, zmq.ErrNoPeer) {
			t.Errorf("send %q: %v", m, err)
		}
	}
}
