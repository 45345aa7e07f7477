package zmq

import "errors"

// router is the pattern of a ROUTER (RFC 28).
type router struct {
	topicless
	s *Socket
}

func (*router) accepts(socketType string) bool {
	return socketType == "REQ" || socketType == "DEALER" || socketType == "ROUTER"
}

func (r *router) arrived(p *peer, m [][]byte) error { return r.s.in.put(p, m) }

func (r *router) recv() ([][]byte, error) {
	m, err := r.s.in.get()
	if err != nil {
		return nil, err
	}
	return append([][]byte{[]byte(m.from.id)}, m.frames...), nil
}

func (r *router) send(frames [][]byte) error {
	if len(frames) < 2 {
		return errors.New("message needs an identity and a frame")
	}
	return r.s.sendTo(string(frames[0]), newMessage(frames[1:]...))
}

func (r *router) close() { r.s.in.close() }

// sendTo posts m to the peer with an identity.
func (s *Socket) sendTo(id string, m *message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return ErrClosed
	}
	if s.byID[id] == nil {
		return ErrNoPeer
	}
	taken, err := s.post(m, func() []*peer {
		if p := s.byID[id]; p != nil {
			return []*peer{p}
		}
		return nil
	})
	if err == nil && taken == 0 {
		return ErrNoPeer
	}
	return err
}
