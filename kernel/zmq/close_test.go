package zmq_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/zmq"
)

// What the peers send meanwhile must not make the system reset a connection.
func TestCloseDeliversWhatWasSent(t *testing.T) {
	const n = 100
	s := listen(t, zmq.Router, zmq.Options{Linger: patience})
	clients := []*raw{connect(t, s, "DEALER", "a"), connect(t, s, "DEALER", "b")}
	for i := range n {
		send(t, s, "a", fmt.Sprint(i), block[:300_000])
		send(t, s, "b", fmt.Sprint(i), block[:300_000])
	}
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	for _, c := range clients { // one after the other
		for i := range n {
			c.send("nobody reads", block[:1000])
			c.expect(fmt.Sprint(i), block[:300_000])
		}
		c.expectEnd()
		c.Close()
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestCloseGivesUpAfterLinger(t *testing.T) {
	for _, linger := range []time.Duration{-1, 100 * time.Millisecond} {
		s := listen(t, zmq.Router, zmq.Options{Linger: linger})
		stuck := connect(t, s, "DEALER", "stuck")
		connect(t, s, "DEALER", "never leaves")
		for range blocks {
			send(t, s, "stuck", block)
		}
		err := s.Close()
		if err == nil || !strings.Contains(err.Error(), "1 peers did not take all") {
			t.Errorf("linger %v: got %v", linger, err)
		}
		if again := s.Close(); !errors.Is(again, err) {
			t.Errorf("second close: %v, first: %v", again, err)
		}
		stuck.expectEnd()
	}
}

func TestCloseWakesEverybody(t *testing.T) {
	for _, kind := range []zmq.Kind{zmq.Router, zmq.XPub, zmq.Rep} {
		s := listen(t, kind, zmq.Options{Linger: -1})
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := s.Recv(); !errors.Is(err, zmq.ErrClosed) {
					t.Errorf("%s: %v", kind, err)
				}
			})
			wg.Go(func() { s.Close() })
		}
		wg.Wait()
		if err := s.Send(byteses("me", "x")); kind != zmq.Rep && !errors.Is(err, zmq.ErrClosed) {
			t.Errorf("%s: %v", kind, err)
		}
		if _, err := s.Recv(); !errors.Is(err, zmq.ErrClosed) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestCloseEndsWaitingSend(t *testing.T) {
	for _, opt := range []zmq.Options{{SendQueue: 1}, {MaxSend: 1}} {
		opt.Linger, opt.SendTimeout = -1, time.Hour
		s := listen(t, zmq.Router, opt)
		connect(t, s, "DEALER", "me")
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
		s.Close()
		if err := <-failed; !errors.Is(err, zmq.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
}

// Close does not wait for peers that have not shaken hands, nor for those whose
// messages nobody takes.
func TestCloseWithUnfinishedPeers(t *testing.T) {
	s := listen(t, zmq.Router, zmq.Options{Linger: time.Hour, MaxReceive: 1 << 20})
	silent, half := dial(t, s), dial(t, s)
	half.write(greeting("NULL")[:30])
	flood := connect(t, s, "DEALER", "flood")
	go func() {
		for {
			if _, err := flood.Write(frame(0, make([]byte, 1000))); err != nil {
				return
			}
		}
	}()
	until(t, "inbox full", func() bool { return s.Held() > 100_000 })
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	silent.expectEnd()
	half.expectEnd()
	flood.expectEnd()
	flood.Close()
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// Peers come, talk and leave while the socket is closed.
func TestCloseInTheMidstOfEverything(t *testing.T) {
	for range 20 {
		s := listen(t, zmq.Router, zmq.Options{Linger: -1})
		var wg sync.WaitGroup
		for i := range 8 {
			c := dial(t, s)
			wg.Go(func() {
				c.Write(greeting("NULL"))
				c.Write(frame(4, ready("DEALER", fmt.Sprint("peer", i))))
				c.Write(frame(0, []byte("hello")))
				c.r.WriteTo(discard{})
			})
		}
		wg.Go(func() {
			for {
				m, err := s.Recv()
				if err != nil {
					return
				}
				s.Send(m) // the peer may have left
			}
		})
		until(t, "a connection", func() bool { return s.Connections() > 0 })
		s.Close()
		wg.Wait()
	}
}
