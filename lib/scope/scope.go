package scope

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Scope is a set of goroutines that end together. Run makes one. Its methods
// may be called from several goroutines.
type Scope struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	node   *node       // nil when nobody keeps a record
	watch  bool        // children note their goroutine, for Grace
	cut    atomic.Bool // a child returned because it was cancelled

	mu       sync.Mutex // guards what follows
	running  map[*child]struct{}
	ended    bool
	idle     chan struct{} // closed when the body and all children have ended
	busy     int           // the body and the children that run
	errs     []error
	panicked *Panic
}

// child is one goroutine of a scope.
type child struct {
	name string
	node *node
	id   uint64 // of its goroutine, 0 while unknown
}

// Run calls f with a new scope and returns when f and all children have
// returned. The error joins those of f and of the children; it is the cause
// of ctx when children returned because that ended, and nothing else failed. A panic of a child
// goes on here as a *Panic.
//
// A child costs about 1 µs more than a plain goroutine.
func Run(ctx context.Context, f func(s *Scope) error, options ...Option) error {
	o := apply(options)
	node := attach(ctx, o)
	s := newScope(ctx, node, o)
	defer s.cancel(nil)
	if o.keep != nil {
		defer func() { *o.keep = node.record() }()
	}
	body := false
	defer func() {
		if !body { // f panics or ends by Goexit, which goes on after the children's end
			s.cancel(errBody)
			s.leave()
			node.end(Panicked, "panic in the function of the scope")
			s.wait(o.grace)
		}
	}()
	err := f(s)
	body = true
	return s.finish(ctx, err, o)
}

var errBody = errors.New("the function of the scope has panicked")

func newScope(parent context.Context, n *node, o options) *Scope {
	ctx, cancel := context.WithCancelCause(withNode(parent, n))
	return &Scope{
		ctx: ctx, cancel: cancel, node: n, watch: o.grace > 0,
		running: map[*child]struct{}{}, idle: make(chan struct{}), busy: 1,
	}
}

// Context ends when a child or the function of the scope fails, when the
// context given to Run ends, and when the scope ends.
func (s *Scope) Context() context.Context { return s.ctx }

// Cancel ends the context of all children without an error. Those that return
// because of it are no failure.
func (s *Scope) Cancel() { s.cancel(errCancelled) }

var errCancelled = errors.New("the scope was cancelled")

// Go starts f as a child with a name, which errors, panics and the record
// carry. It may be called by the function of the scope and by children, and
// panics once the scope has ended.
func (s *Scope) Go(name string, f func(ctx context.Context) error) {
	c := &child{name: name}
	s.enter(c)
	c.node = s.node.child(name)
	ctx := withNode(s.ctx, c.node)
	go func() {
		defer s.exit(c)
		if s.watch {
			s.noteGoroutine(c)
		}
		s.run(ctx, c, f)
	}()
}

func (s *Scope) enter(c *child) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		panic("scope: Go(" + c.name + ") was called after the scope had ended")
	}
	s.busy++
	s.running[c] = struct{}{}
}

// run calls the function of a child and notes how it ends.
func (s *Scope) run(ctx context.Context, c *child, f func(ctx context.Context) error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if v := recover(); v != nil {
			s.panicOf(c, v)
		} else {
			s.fail(c, ErrGoexit)
		}
	}()
	err := f(ctx)
	returned = true
	switch {
	case err == nil:
		c.node.end(OK, "")
	case consequence(ctx, err):
		s.cut.Store(true)
		c.node.end(Cancelled, err.Error())
	default:
		s.fail(c, err)
	}
}

// ErrGoexit is the error of a child that ended by runtime.Goexit.
var ErrGoexit = errors.New("ended by runtime.Goexit")

// consequence reports whether err was returned because ctx has ended. Of
// errors that were joined all must have been.
func consequence(ctx context.Context, err error) bool {
	if ctx.Err() == nil {
		return false
	}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return !slices.ContainsFunc(joined.Unwrap(), func(err error) bool { return !consequence(ctx, err) })
	}
	return errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))
}

func (s *Scope) fail(c *child, err error) {
	err = &ChildError{Child: c.name, Err: err}
	s.mu.Lock()
	s.errs = append(s.errs, err)
	s.mu.Unlock()
	s.cancel(err)
	c.node.end(Failed, err.Error())
}

func (s *Scope) panicOf(c *child, v any) {
	p, ok := v.(*Panic)
	if ok { // of a scope inside this child: keep the stack of the origin
		p = &Panic{Child: c.name + "/" + p.Child, Value: p.Value, Stack: p.Stack}
	} else {
		p = &Panic{Child: c.name, Value: v, Stack: debug.Stack()}
	}
	s.mu.Lock()
	if s.panicked == nil {
		s.panicked = p
	}
	s.mu.Unlock()
	s.cancel(p)
	c.node.end(Panicked, p.summary())
}

func (s *Scope) exit(c *child) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, c)
	s.leaveLocked()
}

func (s *Scope) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaveLocked()
}

func (s *Scope) leaveLocked() {
	if s.busy--; s.busy == 0 {
		s.ended = true
		close(s.idle)
	}
}

// finish waits for the children after the function of the scope has returned
// err, and says how the scope ended.
func (s *Scope) finish(parent context.Context, err error, o options) error {
	if err != nil {
		s.cancel(err)
	}
	dropped := err != nil && consequence(s.ctx, err) && s.hasFault()
	s.leave()
	left := s.wait(o.grace)
	s.mu.Lock()
	s.ended = true
	errs, panicked := s.errs, s.panicked
	s.mu.Unlock()
	if err != nil && !dropped {
		errs = append([]error{err}, errs...)
	}
	if left != nil {
		errs = append(errs, left)
	}
	if len(errs) == 0 && parent.Err() != nil && s.cut.Load() {
		errs = append(errs, context.Cause(parent))
	}
	s.node.endScope(parent, errs, panicked)
	if panicked != nil {
		panic(panicked)
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// hasFault reports whether a child has failed: then the function of the scope
// that returns the error of its context only repeats it.
func (s *Scope) hasFault() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.errs) > 0 || s.panicked != nil
}

// wait returns when everybody has ended. With a grace it returns at the latest
// that long after the context's end, with those who are still there.
func (s *Scope) wait(grace time.Duration) error {
	if grace <= 0 {
		<-s.idle
		return nil
	}
	select {
	case <-s.idle:
		return nil
	case <-s.ctx.Done():
	}
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case <-s.idle:
		return nil
	case <-t.C:
		return s.leftBehind(grace)
	}
}
