package zmq

import (
	"errors"
	"slices"
	"sync"
)

// rep is the pattern of a REP (RFC 28).
type rep struct {
	topicless
	s *Socket

	mu       sync.Mutex
	from     string   // identity of the peer whose request was received last
	envelope [][]byte // its frames up to the delimiter; nil once answered
}

func (*rep) accepts(socketType string) bool {
	return socketType == "REQ" || socketType == "DEALER"
}

// arrived lets requests without a delimiter pass, as RFC 28 says.
func (r *rep) arrived(p *peer, m [][]byte) error {
	if delimiter(m) < 0 {
		r.s.in.drop(p)
		return nil
	}
	return r.s.in.put(p, m)
}

// delimiter is the index of the empty frame before the body, or -1.
func delimiter(m [][]byte) int {
	return slices.IndexFunc(m[:len(m)-1], func(f []byte) bool { return len(f) == 0 })
}

func (r *rep) recv() ([][]byte, error) {
	m, err := r.s.in.get()
	if err != nil {
		return nil, err
	}
	n := delimiter(m.frames) + 1
	r.mu.Lock()
	defer r.mu.Unlock()
	r.from, r.envelope = m.from.id, m.frames[:n:n]
	return m.frames[n:], nil
}

func (r *rep) send(frames [][]byte) error {
	if len(frames) == 0 {
		return errors.New("message needs a frame")
	}
	r.mu.Lock()
	id, envelope := r.from, r.envelope
	r.envelope = nil
	r.mu.Unlock()
	if envelope == nil {
		return ErrNoRequest
	}
	return r.s.sendTo(id, newMessage(append(envelope, frames...)...))
}

func (r *rep) close() { r.s.in.close() }
