package kernel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// stdin asks the person at a front end, one question at a time.
type stdin struct {
	*router
	turn chan struct{} // has an element while a question is open

	mu   sync.Mutex // guards open
	open *question  // nil: none
}

// question is a request for a line that has no answer yet.
type question struct {
	to     [][]byte
	id     string // msg_id of the request
	answer chan string
}

func newStdin(r *router) *stdin {
	return &stdin{router: r, turn: make(chan struct{}, 1)}
}

// ask sends a question to the client that sent r and waits for the answer. The
// error is engine.ErrNoStdin where that client cannot be reached.
func (s *stdin) ask(ctx context.Context, r *request, c jupyter.InputRequest) (string, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", fmt.Errorf("read input: %w", ctx.Err())
	}
	m, err := s.session.New(r.Header, c)
	if err != nil {
		return "", errors.Join(engine.ErrNoStdin, err)
	}
	m.Identities = r.Identities
	q := &question{to: r.Identities, id: m.Header.ID, answer: make(chan string, 1)}
	s.expect(q)
	defer s.expect(nil)
	if err := s.send(m); err != nil {
		return "", errors.Join(engine.ErrNoStdin, err)
	}
	select {
	case line := <-q.answer:
		return line, nil
	case <-ctx.Done():
		return "", fmt.Errorf("read input: %w", ctx.Err())
	}
}

func (s *stdin) expect(q *question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = q
}

// deliver passes an answer on, unless it answers another question: one of
// another client, or an earlier one that was interrupted. jupyter_client sends
// no parent header with an answer, so that a parent can only exclude.
func (s *stdin) deliver(m jupyter.Message, line string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.open
	if q == nil || !slices.EqualFunc(q.to, m.Identities, bytes.Equal) {
		return false
	}
	ours := strings.HasPrefix(m.Parent.ID, s.session.ID())
	if ours && m.Parent.ID != q.id {
		return false
	}
	select {
	case q.answer <- strings.TrimSuffix(line, "\n"):
		return true
	default:
		return false
	}
}

// readStdin passes answers on and returns when the socket is closed.
func (k *Kernel) readStdin(context.Context) error {
	return k.stdin.receive(func(m jupyter.Message) {
		c, err := jupyter.Read[jupyter.InputReply](m)
		if err == nil && m.Header.Type != c.Type() {
			err = fmt.Errorf("want %s", c.Type())
		}
		if err == nil && !k.stdin.deliver(m, c.Value) {
			err = errors.New("nobody waits for it")
		}
		if err != nil {
			k.log.Warn("message dropped", "channel", jupyter.Stdin, "type", m.Header.Type, "reason", err)
		}
	})
}
