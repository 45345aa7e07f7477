package zmq

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Socket is one bound socket with its peers. Its methods may be called from any
// goroutine at the same time.
type Socket struct {
	kind      Kind
	endpoint  string
	opt       Options
	limit     int // bytes in a message received
	listener  net.Listener
	mechanism func() mechanism
	pattern   pattern
	in        inbox

	wg   sync.WaitGroup // accept, and a serve for each peer
	done chan struct{}  // closed by Close

	mu      sync.Mutex
	peers   map[*peer]struct{} // all connections
	byID    map[string]*peer   // those that may be sent to
	queued  int                // bytes in all outgoing queues, shared messages once
	room    sync.Cond          // Sends wait for room in queues
	waiting int                // how many wait
	closing bool
	unsent  int // peers given up with messages queued

	closed   sync.Once
	closeErr error
}

// pattern is what one Kind does differently from the others.
type pattern interface {
	// accepts tells whether a peer of a socket type may connect.
	accepts(socketType string) bool

	// arrived takes over a message. ErrClosed means that nobody will read it.
	arrived(p *peer, m [][]byte) error

	// subscribe does what a SUBSCRIBE, or CANCEL if not on, of p asks for.
	subscribe(p *peer, topic string, on bool) error

	// left forgets p. Caller holds Socket.mu.
	left(p *peer)

	recv() ([][]byte, error)
	send(frames [][]byte) error

	// close makes recv return ErrClosed.
	close()
}

// topicless is part of the patterns that know no subscriptions.
type topicless struct{}

func (topicless) subscribe(*peer, string, bool) error { return nil }
func (topicless) left(*peer)                          {}

// Listen binds a socket to an endpoint: "tcp://127.0.0.1:0" (port 0 for any
// free one, "*" for every interface) or "ipc:///path". An ipc file is made with
// mode 0600; one that is left over from a dead process is replaced.
func Listen(kind Kind, endpoint string, opt Options) (*Socket, error) {
	s, err := newSocket(kind, endpoint, opt)
	if err == nil {
		if s.listener = opt.Listener; s.listener == nil {
			s.listener, err = listen(endpoint)
		}
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err // the endpoint need not be said twice
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", endpoint, err)
	}
	s.wg.Go(s.accept)
	return s, nil
}

// newSocket makes a socket without its listener.
func newSocket(kind Kind, endpoint string, opt Options) (*Socket, error) {
	opt = opt.withDefaults()
	s := &Socket{
		kind: kind, endpoint: endpoint, opt: opt, limit: opt.MaxMessage,
		mechanism: func() mechanism { return null{} },
		done:      make(chan struct{}),
		peers:     map[*peer]struct{}{},
		byID:      map[string]*peer{},
	}
	s.room.L = &s.mu
	s.in.init(opt.MaxReceive)
	switch kind {
	case Router:
		s.pattern = &router{s: s}
	case Rep:
		s.pattern = &rep{s: s}
	case XPub:
		s.pattern, s.limit = newXPub(s), min(maxCommand, opt.MaxMessage)
	default:
		return nil, fmt.Errorf("unknown kind of socket %q", kind)
	}
	return s, nil
}

// Addr is the address the socket is bound to; with its port, if any was asked
// for.
func (s *Socket) Addr() net.Addr { return s.listener.Addr() }

// Recv waits for the next message; the caller owns its frames. A Router's
// begins with the identity of the peer, a Rep's has the frames after the
// delimiter, an XPub's is one frame: 1 and a topic for every subscription, 0
// and a topic when its last one has ended. The error is ErrClosed.
func (s *Socket) Recv() ([][]byte, error) { return s.pattern.recv() }

// Send queues a message, of which it makes a copy, and returns. A Router sends
// to the peer whose identity is the first frame, an XPub to all who subscribe
// to a prefix of the first frame, a Rep to the peer whose request was received
// last.
//
// It waits only for peers whose queue is full, and not longer than SendTimeout;
// then they are disconnected. The errors are ErrClosed, ErrNoPeer, ErrSlowPeer
// and ErrNoRequest; only the first is final. Messages from one goroutine reach
// each peer in order.
func (s *Socket) Send(frames [][]byte) error { return s.pattern.send(frames) }

// accept takes connections until the listener is closed.
func (s *Socket) accept() {
	const shortest, longest = 5 * time.Millisecond, time.Second
	pause := shortest
	for {
		conn, err := s.listener.Accept()
		if err == nil {
			pause = shortest
			s.meet(conn)
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
		select { // out of files, most likely
		case <-s.done:
			return
		case <-time.After(pause):
			pause = min(2*pause, longest)
		}
	}
}

// meet starts a peer for a connection, or closes it.
func (s *Socket) meet(conn net.Conn) {
	p := newPeer(s, conn)
	if err := s.add(p); err != nil {
		p.end(err)
		p.report()
		return
	}
	s.wg.Go(p.serve)
}

func (s *Socket) add(p *peer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return ErrClosed
	}
	if len(s.peers) >= s.opt.MaxConnections {
		return fmt.Errorf("more than %d connections", s.opt.MaxConnections)
	}
	s.peers[p] = struct{}{}
	return nil
}

// join makes a peer known by its identity, or by a new one if that is empty.
// Only a Router's peers have a say in theirs.
func (s *Socket) join(p *peer, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" || s.kind != Router {
		id = "\x00" + rand.Text()
	}
	switch {
	case s.closing || p.state != greeting:
		return ErrClosed
	case s.byID[id] != nil:
		return fmt.Errorf("identity %q is taken", id)
	}
	p.state, p.id = joined, id
	s.byID[id] = p
	return nil
}

// remove forgets a connection that has ended.
func (s *Socket) remove(p *peer) {
	s.in.drop(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.part(p)
	delete(s.peers, p)
}

// disconnect ends a peer for cause. Caller holds s.mu.
func (s *Socket) disconnect(p *peer, cause error) {
	s.part(p)
	p.abort(cause)
}

// part takes a peer out of everything that sends. Caller holds s.mu.
func (s *Socket) part(p *peer) {
	if p.state == joined {
		delete(s.byID, p.id)
		s.release(p, p.queue.len())
		s.pattern.left(p)
	}
	p.state = gone
	p.wake.Signal()
	s.room.Broadcast()
}

// Close stops receiving, and waits up to Linger until the peers have taken what
// was sent. It returns after all of the socket's goroutines; an error says that
// peers did not take everything. A second call waits for the first and returns
// the same.
func (s *Socket) Close() error {
	s.closed.Do(func() { s.closeErr = s.close() })
	return s.closeErr
}

func (s *Socket) close() error {
	s.drain()
	close(s.done)
	s.pattern.close()
	err := s.listener.Close()
	end := time.AfterFunc(s.opt.Linger, s.giveUp)
	s.wg.Wait()
	end.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unsent > 0 {
		err = errors.Join(err, fmt.Errorf("%d peers did not take all that was sent", s.unsent))
	}
	if err != nil {
		return fmt.Errorf("close %s: %w", s.endpoint, err)
	}
	return nil
}

// drain lets writers end when they have written everything.
func (s *Socket) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	for p := range s.peers {
		if p.state == greeting {
			p.end(ErrClosed)
		}
		p.wake.Signal()
	}
	s.room.Broadcast()
}

// giveUp ends the peers that are still there after the linger.
func (s *Socket) giveUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range s.peers {
		if p.queue.len() > 0 {
			s.unsent++
			p.abort(ErrClosed)
		}
		p.end(ErrClosed)
	}
}
