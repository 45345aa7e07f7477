package zmq

import (
	"errors"
	"sync"
)

// inboxDepth is how many messages of one peer wait for Recv before the peer is
// not read any more; also, an eighth of MaxReceive.
const inboxDepth = 1000

var errMemory = errors.New("too much memory held by an unfinished message")

// inbox holds what has arrived and bounds it in bytes, for all peers together.
// When it is full, peers wait for Recv; when it is full of unfinished messages,
// for which nobody can do anything, the peer which holds most is disconnected.
type inbox struct {
	max int

	mu      sync.Mutex
	changed sync.Cond
	queue   fifo[received]
	held    int                // bytes in queue and in unfinished messages
	filling map[*peer]struct{} // peers with an unfinished message
	closed  bool
}

type received struct {
	from   *peer
	frames [][]byte
	size   int
}

// intake is a peer's part of the inbox.
type intake struct {
	unfinished int // bytes of the message that is arriving
	waiting    int // messages in the queue
	waitBytes  int // bytes in the queue
	evicted    bool
}

func (in *inbox) init(max int) {
	in.max = max
	in.changed.L = &in.mu
	in.filling = map[*peer]struct{}{}
}

// grow accounts n more bytes to the message that arrives from p, before they
// are allocated.
func (in *inbox) grow(p *peer, n int) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	for in.held+n > in.max && !in.closed && !p.evicted {
		if in.queue.len() == 0 && !in.evict(p, n) {
			return errMemory
		}
		in.changed.Wait()
	}
	switch {
	case in.closed:
		return ErrClosed
	case p.evicted:
		return errMemory
	}
	in.held += n
	p.unfinished += n
	in.filling[p] = struct{}{}
	return nil
}

// evict disconnects the peer with the largest unfinished message, unless it is
// p with n bytes more, or one is about to leave already.
func (in *inbox) evict(p *peer, n int) bool {
	largest, size := p, p.unfinished+n
	for q := range in.filling {
		if q.evicted {
			return true
		}
		if q.unfinished > size {
			largest, size = q, q.unfinished
		}
	}
	if largest == p {
		return false
	}
	largest.evicted = true
	largest.end(errMemory)
	in.changed.Broadcast()
	return true
}

// put queues the message that has arrived from p, and returns when p may send
// another.
func (in *inbox) put(p *peer, frames [][]byte) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return ErrClosed
	}
	size := p.unfinished
	p.unfinished = 0
	delete(in.filling, p)
	p.waiting++
	p.waitBytes += size
	in.queue.push(received{p, frames, size})
	in.changed.Broadcast()
	for (p.waiting >= inboxDepth || p.waitBytes >= in.max/8) && !in.closed {
		in.changed.Wait()
	}
	return nil
}

// drop forgets the message that has arrived, or not quite, from p.
func (in *inbox) drop(p *peer) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.held -= p.unfinished
	p.unfinished = 0
	delete(in.filling, p)
	in.changed.Broadcast()
}

// get waits for a message. What it returns is accounted for no more.
func (in *inbox) get() (received, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for in.queue.len() == 0 && !in.closed {
		in.changed.Wait()
	}
	if in.closed {
		return received{}, ErrClosed
	}
	m := in.queue.pop()
	in.held -= m.size
	m.from.waiting--
	m.from.waitBytes -= m.size
	in.changed.Broadcast()
	return m, nil
}

func (in *inbox) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
	in.queue = fifo[received]{}
	in.changed.Broadcast()
}
