package comm

import (
	"errors"
	"fmt"
	"sync"
)

// A Link takes messages to the front end; it returns when one has been passed
// on.
type Link func(Message) error

var link struct {
	sync.Mutex
	set Link
}

// SetLink makes l take messages from now on, and returns the one before. The
// kernel does so for cells; a test may do so in the place of a front end. Nil
// detaches.
func SetLink(l Link) (previous Link) {
	link.Lock()
	defer link.Unlock()
	previous, link.set = link.set, l
	return previous
}

// Attached says whether a front end may listen.
func Attached() bool {
	link.Lock()
	defer link.Unlock()
	return link.set != nil
}

func transmit(m Message) error {
	link.Lock()
	l := link.set
	link.Unlock()
	if l == nil {
		return ErrDetached
	}
	return l(m)
}

// ErrNoTarget is the answer to a front end that opens a comm to a target which
// nobody handles. The kernel closes the comm then, as the messaging
// specification wants.
var ErrNoTarget = errors.New("no such target")

// Deliver hands a message of the front end to the comm it is for, and returns
// when its handler has. The kernel calls it on a goroutine of the cell that
// opened the comm, for one message of a comm after another; a test may do so.
// The only error is ErrNoTarget.
func Deliver(m Message) error {
	if m.Kind == Opened {
		return opened(m)
	}
	c := all.get(m.ID)
	if c == nil {
		return nil // closed while the message was on its way
	}
	if m.Kind == Closed && !c.end() {
		return nil
	}
	c.handling.Lock()
	defer c.handling.Unlock()
	if f := c.handler(m.Kind); f != nil {
		f(m)
	}
	return nil
}

func opened(m Message) error {
	f := all.target(m.Target)
	if f == nil {
		return fmt.Errorf("open a comm to %q: %w", m.Target, ErrNoTarget)
	}
	c := &Comm{id: m.ID, target: m.Target}
	all.add(c)
	c.handling.Lock()
	defer c.handling.Unlock()
	f(c, m)
	return nil
}
