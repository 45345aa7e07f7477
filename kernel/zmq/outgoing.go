package zmq

import (
	"sync"
	"time"
)

// message is on its way out. One message may be in the queues of many peers.
type message struct {
	frames [][]byte
	size   int // bytes it costs
	queues int // how many hold it; guarded by Socket.mu
}

// newMessage copies frames, so that the caller may use them again.
func newMessage(frames ...[]byte) *message {
	m := &message{frames: make([][]byte, len(frames))}
	for _, f := range frames {
		m.size += len(f)
	}
	all := make([]byte, 0, m.size)
	for i, f := range frames {
		n := len(all)
		all = append(all, f...)
		m.frames[i] = all[n:]
	}
	m.size += len(frames) * frameCost
	return m
}

// outgoing is what waits to be written to one peer.
type outgoing struct {
	wake  sync.Cond // the writer waits for something to do
	pongs [][]byte
	queue fifo[*message]
	bytes int  // in queue
	full  bool // room was asked for in vain, and half is not written yet
}

// room tells whether m may be queued now. An empty queue takes any message.
func (o *outgoing) room(m *message, limit int) bool {
	o.full = o.full || o.bytes > 0 && o.bytes+m.size > limit
	return !o.full
}

// post queues a message for the peers that to names and waits, no longer than
// SendTimeout, for those without room; then it disconnects them and returns
// ErrSlowPeer. It returns how many peers took the message. Caller holds s.mu.
func (s *Socket) post(m *message, to func() []*peer) (taken int, err error) {
	p := patience{s: s}
	defer p.end()
	if err := s.makeRoom(m, &p); err != nil {
		return 0, err
	}
	slow := to()
	for {
		n := 0
		n, slow = s.offer(m, slow)
		taken += n
		if len(slow) == 0 {
			return taken, nil
		}
		if !p.wait() {
			break
		}
		if s.closing {
			return taken, ErrClosed
		}
	}
	for _, p := range slow {
		s.disconnect(p, ErrSlowPeer)
	}
	return taken, ErrSlowPeer
}

// offer queues m for the peers that have room and returns the others.
func (s *Socket) offer(m *message, peers []*peer) (taken int, slow []*peer) {
	for _, p := range peers {
		switch {
		case p.state != joined:
		case !p.room(m, s.opt.SendQueue):
			slow = append(slow, p)
		default:
			if m.queues++; m.queues == 1 {
				s.queued += m.size
			}
			p.bytes += m.size
			p.queue.push(m)
			p.wake.Signal()
			taken++
		}
	}
	return taken, slow
}

// makeRoom waits until the queues of all peers together have room for m. When
// patience ends it disconnects those with the longest.
func (s *Socket) makeRoom(m *message, p *patience) error {
	for {
		switch {
		case s.closing:
			return ErrClosed
		case s.queued == 0 || s.queued+m.size <= s.opt.MaxSend:
			return nil
		case !p.wait():
			s.disconnect(s.slowest(), ErrSlowPeer)
		}
	}
}

// slowest is the peer with the longest queue; there must be one.
func (s *Socket) slowest() (slowest *peer) {
	for p := range s.peers {
		if slowest == nil || p.bytes > slowest.bytes {
			slowest = p
		}
	}
	return slowest
}

// release takes the first n messages, which have been written, off p's queue.
func (s *Socket) release(p *peer, n int) {
	for range n {
		m := p.queue.pop()
		p.bytes -= m.size
		if m.queues--; m.queues == 0 {
			s.queued -= m.size
		}
	}
	p.full = p.full && p.bytes > s.opt.SendQueue/2
	if s.waiting > 0 {
		s.room.Broadcast()
	}
}

// patience is how much longer one Send may wait.
type patience struct {
	s     *Socket
	until time.Time
	timer *time.Timer
}

// wait returns true when something has changed, false at the end of patience.
func (p *patience) wait() bool {
	if p.timer == nil {
		p.until = time.Now().Add(p.s.opt.SendTimeout)
		p.timer = time.AfterFunc(p.s.opt.SendTimeout, p.s.wakeSenders)
	}
	if !time.Now().Before(p.until) {
		return false
	}
	p.s.waiting++
	p.s.room.Wait()
	p.s.waiting--
	return true
}

func (p *patience) end() {
	if p.timer != nil {
		p.timer.Stop()
	}
}

func (s *Socket) wakeSenders() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room.Broadcast()
}
