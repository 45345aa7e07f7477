package zmq_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

// block is more than the system buffers for a connection that nobody reads.
var block = strings.Repeat("x", 1<<20)

const blocks = 32

func TestRouterDisconnectsPeerThatDoesNotRead(t *testing.T) {
	told := make(reports, 1)
	s := listen(t, zmq.Router, zmq.Options{SendQueue: 4 << 20, SendTimeout: 200 * time.Millisecond, Disconnected: told.add})
	stuck, other := connect(t, s, "DEALER", "stuck"), connect(t, s, "DEALER", "other")
	failed := make(chan error, 1)
	go func() {
		for {
			if err := s.Send(byteses("stuck", block)); err != nil {
				failed <- err
				return
			}
		}
	}()
	for served := false; !served; {
		select {
		case err := <-failed:
			if !errors.Is(err, zmq.ErrSlowPeer) {
				t.Error(err)
			}
			served = true
		default:
			echoes(t, s, other) // while the other Send waits
		}
	}
	if err := told.next(t); !errors.Is(err, zmq.ErrSlowPeer) {
		t.Errorf("reported %v", err)
	}
	stuck.expectEnd()
	if err := s.Send(byteses("stuck", "x")); !errors.Is(err, zmq.ErrNoPeer) {
		t.Errorf("got %v", err)
	}
	echoes(t, s, other)
	until(t, "queues empty", func() bool { return s.Queued() == 0 })
}

// A peer that reads slowly, but reads, gets everything.
func TestSlowReaderLosesNothing(t *testing.T) {
	for _, kind := range []zmq.Kind{zmq.Router, zmq.XPub} {
		s := listen(t, kind, zmq.Options{SendQueue: 100_000})
		c := connect(t, s, map[zmq.Kind]string{zmq.Router: "DEALER", zmq.XPub: "SUB"}[kind], "me")
		if kind == zmq.XPub {
			c.subscribe("me")
			expect(t, s, "\x01me")
		}
		const n = 2000
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range n {
				if err := s.Send(byteses("me", fmt.Sprint(i), block[:20_000])); err != nil {
					t.Error(err)
				}
			}
		})
		for i := range n {
			m, err := c.recv()
			if err != nil {
				t.Fatal(err)
			}
			if m[len(m)-2] != fmt.Sprint(i) {
				t.Fatalf("%s: got %q, want %d", kind, m[len(m)-2], i)
			}
		}
		wg.Wait()
	}
}

func TestXPubDisconnectsSubscriberThatDoesNotRead(t *testing.T) {
	told := make(reports, 2)
	s := listen(t, zmq.XPub, zmq.Options{SendQueue: 4 << 20, SendTimeout: time.Second, Disconnected: told.add})
	good := subscribed(t, s, "")
	stuck := []*raw{subscribed(t, s, ""), subscribed(t, s, "")}
	go func() {
		for i := range blocks {
			send(t, s, fmt.Sprint(i), block)
		}
	}()
	for i := range blocks {
		good.expect(fmt.Sprint(i), block)
	}
	for _, c := range stuck {
		if err := told.next(t); !errors.Is(err, zmq.ErrSlowPeer) {
			t.Errorf("reported %v", err)
		}
		c.expectEnd()
	}
	fresh := subscribed(t, s, "")
	send(t, s, "still here")
	good.expect("still here")
	fresh.expect("still here")
	until(t, "queues empty", func() bool { return s.Queued() == 0 })
}

// While Send waits for one subscriber, the others have the message already, and
// the socket does everything else.
func TestXPubSendsToOthersBeforeItWaits(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{SendQueue: 1 << 20, SendTimeout: time.Hour})
	good, stuck := subscribed(t, s, ""), subscribed(t, s, "")
	var sent, got atomic.Int32
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range blocks {
			sent.Add(1)
			send(t, s, fmt.Sprint(i), block)
		}
	})
	wg.Go(func() {
		for i := range blocks {
			good.expect(fmt.Sprint(i), block)
			got.Add(1)
		}
	})
	until(t, "Send waiting", func() bool { return s.Waiting() == 1 && got.Load() == sent.Load() })
	ping(t, subscribed(t, s, "other"))
	go stuck.r.WriteTo(discard{})
	wg.Wait()
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// When all queues together are too long, the longest goes.
func TestSentMemoryIsBounded(t *testing.T) {
	told := make(reports, 1)
	s := listen(t, zmq.Router, zmq.Options{
		MaxSend: 16 << 20, SendTimeout: 200 * time.Millisecond, Disconnected: told.add})
	long, short := connect(t, s, "DEALER", "long"), connect(t, s, "DEALER", "short")
	for range 3 {
		send(t, s, "short", block)
	}
	for {
		err := s.Send(byteses("long", block))
		if n := s.Queued(); n > 16<<20 {
			t.Fatalf("%d bytes queued", n)
		}
		if err != nil {
			if !errors.Is(err, zmq.ErrNoPeer) {
				t.Error(err)
			}
			break
		}
	}
	if err := told.next(t); !errors.Is(err, zmq.ErrSlowPeer) {
		t.Errorf("reported %v", err)
	}
	long.expectEnd()
	for range 3 {
		short.expect(block)
	}
	echoes(t, s, short)
}

// What many subscribers share is held, and counted, once.
func TestSharedMessagesCountOnce(t *testing.T) {
	s := listen(t, zmq.XPub, zmq.Options{MaxSend: 40 << 20, SendTimeout: time.Hour})
	var all []*raw
	for range 10 {
		all = append(all, subscribed(t, s, ""))
	}
	for range blocks {
		send(t, s, block) // would wait for ever
	}
	for _, c := range all {
		for range blocks {
			c.expect(block)
		}
	}
	until(t, "queues empty", func() bool { return s.Queued() == 0 })
}

func TestPeerThatLeavesWhileSendWaits(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{SendQueue: 1, SendTimeout: time.Hour})
	c := connect(t, s, "DEALER", "me")
	failed := make(chan error, 1)
	go func() {
		for {
			if err := s.Send(byteses("me", block)); err != nil {
				failed <- err
				return
			}
		}
	}()
	until(t, "message queued", func() bool { return s.Queued() > 0 })
	c.Close()
	if err := <-failed; !errors.Is(err, zmq.ErrNoPeer) {
		t.Errorf("got %v", err)
	}
}
