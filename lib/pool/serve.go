package pool

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sync"
)

// ServeConn makes the calls that arrive on in, one at a time, and writes their
// results to out, until in ends. The functions are those of Register. Serve
// does this in worker processes; a back end of another kind may use it too.
//
// The end of in means that the pool has gone: the process should end then,
// whatever its function is doing, and Serve sees to that.
func ServeConn(in io.Reader, out io.Writer) error {
	s := &server{enc: gob.NewEncoder(out), cancels: map[uint64]context.CancelFunc{}, calls: make(chan call, 1)}
	registry.mu.Lock()
	names := slices.Sorted(maps.Keys(registry.funcs))
	registry.mu.Unlock()
	if err := s.enc.Encode(hello{PID: os.Getpid(), Funcs: names}); err != nil {
		return fmt.Errorf("greet the pool: %w", err)
	}
	go s.work()
	defer close(s.calls)
	for d := gob.NewDecoder(in); ; {
		var r request
		switch err := d.Decode(&r); {
		case errors.Is(err, io.EOF), errors.Is(err, os.ErrClosed):
			return nil
		case err != nil:
			return fmt.Errorf("read a call: %w", err)
		}
		s.take(r)
	}
}

type server struct {
	enc   *gob.Encoder // used by work alone, after the greeting
	calls chan call

	mu      sync.Mutex // guards cancels
	cancels map[uint64]context.CancelFunc
}

type call struct {
	request
	ctx context.Context
}

// take starts a call or cancels one.
func (s *server) take(r request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Cancel {
		if cancel := s.cancels[r.ID]; cancel != nil {
			cancel()
		}
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancels[r.ID] = cancel
	s.calls <- call{r, ctx}
}

func (s *server) work() {
	for c := range s.calls {
		r := response{ID: c.ID}
		out, err := c.make()
		if err != nil {
			r.Fault = faultOf(err)
		}
		r.Output = out
		s.mu.Lock()
		s.cancels[c.ID]()
		delete(s.cancels, c.ID)
		s.mu.Unlock()
		if s.enc.Encode(r) != nil {
			return // the pool has gone, which the reader sees as well
		}
	}
}

// make makes the call, in a goroutine of its own for the case that the
// function ends it.
func (c call) make() (out []byte, err error) {
	f, ok := registered(c.Func)
	if !ok {
		return nil, errUnknown
	}
	codec := Gob
	if c.JSON {
		codec = JSON
	}
	done := make(chan struct{})
	err = errGoexit
	go func() {
		defer close(done)
		out, err = f(c.ctx, codec, c.Input)
	}()
	<-done
	return out, err
}

var errUnknown = errors.New("the function is not known")

func faultOf(err error) *fault {
	f := &fault{Text: err.Error()}
	switch {
	case errors.As(err, &f.Panic):
	case errors.Is(err, errUnknown):
		f.Kind = unknown
	case errors.Is(err, context.Canceled):
		f.Kind = cancelled
	case errors.Is(err, context.DeadlineExceeded):
		f.Kind = expired
	}
	return f
}

func (f *fault) error() error {
	if f.Panic != nil {
		return f.Panic
	}
	e := &RemoteError{Text: f.Text}
	switch f.Kind {
	case cancelled:
		e.is = context.Canceled
	case expired:
		e.is = context.DeadlineExceeded
	}
	return e
}
