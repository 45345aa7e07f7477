package zmq

import "testing"

// testQueue is a Router whose queues take 10 messages, m, and two peers.
func testQueue(t *testing.T) (s *Socket, m *message, p, q *peer) {
	t.Helper()
	m = newMessage(make([]byte, 100))
	s, err := newSocket(Router, "", Options{SendQueue: 10 * m.size})
	if err != nil {
		t.Fatal(err)
	}
	return s, m, &peer{s: s, state: joined}, &peer{s: s, state: joined}
}

// A queue that was full stays so until half of it has been written.
func TestFullQueue(t *testing.T) {
	s, m, p, _ := testQueue(t)
	for i := range 10 {
		if taken, _ := s.offer(m, []*peer{p}); taken != 1 {
			t.Fatalf("message %d: no room", i)
		}
	}
	for written := range 5 {
		if taken, slow := s.offer(m, []*peer{p}); taken != 0 || len(slow) != 1 {
			t.Fatalf("room after %d were written", written)
		}
		s.release(p, 1)
	}
	if taken, slow := s.offer(m, []*peer{p}); taken != 1 || len(slow) != 0 {
		t.Error("no room when half was written")
	}
}

// A queue that was never full has room for whatever fits.
func TestQueueNotFullYet(t *testing.T) {
	s, m, p, _ := testQueue(t)
	for range 100 {
		for range 9 {
			s.offer(m, []*peer{p})
		}
		s.release(p, 1)
		if taken, _ := s.offer(m, []*peer{p}); taken != 1 {
			t.Fatal("no room")
		}
		s.release(p, 9)
	}
}

func TestSharedMessageIsCountedOnce(t *testing.T) {
	s, m, p, q := testQueue(t)
	s.offer(m, []*peer{p, q})
	if s.queued != m.size || p.bytes != m.size || q.bytes != m.size {
		t.Errorf("%d bytes, %d and %d; message has %d", s.queued, p.bytes, q.bytes, m.size)
	}
	s.release(p, 1)
	if s.queued != m.size {
		t.Errorf("%d bytes when one has it still", s.queued)
	}
	s.release(q, 1)
	if s.queued != 0 {
		t.Errorf("%d bytes when all have it", s.queued)
	}
}

func TestEmptyQueueTakesAnyMessage(t *testing.T) {
	s, m, p, _ := testQueue(t)
	large := newMessage(make([]byte, 1_000_000))
	if taken, _ := s.offer(large, []*peer{p}); taken != 1 {
		t.Error("large message: no room")
	}
	if taken, _ := s.offer(m, []*peer{p}); taken != 0 {
		t.Error("room behind a large message")
	}
}

// A peer may be disconnected just when its writer has written something.
func TestWrittenAndDisconnected(t *testing.T) {
	s, m, p, _ := testQueue(t)
	s.offer(m, []*peer{p})
	s.part(p)
	if _, batch, ok := s.take(p, []*message{m}); ok || len(batch) > 0 {
		t.Errorf("%d messages for a peer that has gone", len(batch))
	}
	if s.queued != 0 {
		t.Errorf("%d bytes", s.queued)
	}
}

func TestFifo(t *testing.T) {
	var f fifo[int]
	next, most := 0, 0
	for i := range 10_000 {
		f.push(i)
		if i%4 == 3 || f.len() > 100 { // grows to 101 and stays there
			if got := f.pop(); got != next {
				t.Fatalf("got %d, want %d", got, next)
			}
			next++
		}
		most = max(most, cap(f.items))
	}
	if most > 1024 {
		t.Errorf("room for %d items", most)
	}
	for f.len() > 0 {
		if got := f.pop(); got != next || f.len() > 0 && f.at(0) != next+1 {
			t.Fatalf("got %d, want %d", got, next)
		}
		next++
	}
	if next != 10_000 || cap(f.items) > keptItems {
		t.Errorf("%d items, room for %d is kept", next, cap(f.items))
	}
}
