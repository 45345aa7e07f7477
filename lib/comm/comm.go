// Package comm exchanges messages with the front end of a notebook while it is
// shown: over comms ("Messaging in Jupyter", section "Custom Messages"), which
// either side may open by the name of a target that the other side knows.
//
// Package widgets stands on it. Use it where a front end has something of its
// own to talk to.
//
// Handlers run beside the cell that runs, on a goroutine of the cell that opened
// the comm: what they write and show appears there. Those of one comm run one
// after another, in the order in which messages came.
package comm

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Kind says what a message does.
type Kind string

// The kinds of messages, named as on the wire.
const (
	Opened Kind = "comm_open"
	Sent   Kind = "comm_msg"
	Closed Kind = "comm_close"
)

// Message is what goes over a comm.
type Message struct {
	Kind   Kind
	ID     string          // of the comm
	Target string          // of Opened
	Data   json.RawMessage // a JSON object
	// Metadata belongs to the message, not to the comm; nil for none.
	Metadata map[string]any
	// Buffers are binary parts that the data refer to.
	Buffers [][]byte
}

// Comm is one open comm. Its methods may be called from several goroutines at
// once.
type Comm struct {
	id, target string

	handling sync.Mutex // held while a handler runs: one after another

	mu      sync.Mutex // guards what follows
	message func(Message)
	close   func(Message)
	closed  bool
}

// ErrClosed is returned for messages over a comm that is closed.
var ErrClosed = errors.New("the comm is closed")

// ErrDetached is returned where no front end listens: in a plain program.
var ErrDetached = errors.New("no notebook is attached: comms work in cells only")

// Open opens a comm to a target that the front end knows. Data is what
// json.Marshal makes an object of, nil for an empty one. A front end that does
// not know the target closes the comm.
func Open(target string, data any, options ...Option) (*Comm, error) {
	c := &Comm{id: rand.Text(), target: target}
	m, err := c.build(Opened, data, options)
	if err != nil {
		return nil, err
	}
	m.Target = target
	all.add(c)
	if err := transmit(m); err != nil {
		all.remove(c.id)
		return nil, fmt.Errorf("open a comm to %s: %w", target, err)
	}
	return c, nil
}

// Option changes a message.
type Option func(*Message)

// Metadata is sent with a message.
func Metadata(m map[string]any) Option { return func(x *Message) { x.Metadata = m } }

// Buffers are sent with a message.
func Buffers(b ...[]byte) Option { return func(x *Message) { x.Buffers = b } }

// ID names the comm to both sides.
func (c *Comm) ID() string { return c.id }

// Target is what the comm was opened to.
func (c *Comm) Target() string { return c.target }

// Send sends data, which json.Marshal makes an object of, and returns when it
// has been passed on.
func (c *Comm) Send(data any, options ...Option) error {
	m, err := c.build(Sent, data, options)
	if err != nil {
		return err
	}
	if c.isClosed() {
		return ErrClosed
	}
	return transmit(m)
}

// Close closes the comm; data may be nil. Closing it again does nothing.
func (c *Comm) Close(data any, options ...Option) error {
	m, err := c.build(Closed, data, options)
	if err != nil {
		return err
	}
	if !c.end() {
		return nil
	}
	return transmit(m)
}

// OnMessage has f called with each message that comes. Messages that came
// before are lost, so set it right after Open; nil takes it back.
func (c *Comm) OnMessage(f func(Message)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.message = f
}

// OnClose has f called when the front end closes the comm.
func (c *Comm) OnClose(f func(Message)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.close = f
}

func (c *Comm) build(kind Kind, data any, options []Option) (Message, error) {
	m := Message{Kind: kind, ID: c.id}
	for _, o := range options {
		o(&m)
	}
	m.Data = json.RawMessage("{}")
	if data == nil {
		return m, nil
	}
	b, err := json.Marshal(data)
	if err == nil && (len(b) == 0 || b[0] != '{') {
		err = fmt.Errorf("%T is no JSON object", data)
	}
	if err != nil {
		return m, fmt.Errorf("encode data of a comm: %w", err)
	}
	m.Data = b
	return m, nil
}

func (c *Comm) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// end marks the comm as closed, and reports whether it was open.
func (c *Comm) end() bool {
	all.remove(c.id)
	c.mu.Lock()
	defer c.mu.Unlock()
	open := !c.closed
	c.closed = true
	return open
}

// handler is what takes a message of a kind.
func (c *Comm) handler(kind Kind) func(Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kind == Closed {
		return c.close
	}
	return c.message
}

// comms are those that are open, and the targets that the front end may open.
type comms struct {
	mu      sync.Mutex
	open    map[string]*Comm
	targets map[string]func(*Comm, Message)
}

var all comms

func (cs *comms) add(c *Comm) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.open == nil {
		cs.open = map[string]*Comm{}
	}
	cs.open[c.id] = c
}

func (cs *comms) remove(id string) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	delete(cs.open, id)
}

func (cs *comms) get(id string) *Comm {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.open[id]
}

func (cs *comms) target(name string) func(*Comm, Message) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.targets[name]
}

// Handle has f called with each comm that the front end opens to a target,
// after the comms of the target that were open before; nil takes it back. A comm
// to a target that nobody handles is closed.
func Handle(target string, f func(c *Comm, m Message)) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.targets == nil {
		all.targets = map[string]func(*Comm, Message){}
	}
	if f == nil {
		delete(all.targets, target)
		return
	}
	all.targets[target] = f
}

// List returns the open comms of a target, all for the empty one, ordered by
// their ids.
func List(target string) (list []*Comm) {
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, c := range all.open {
		if target == "" || c.target == target {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *Comm) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	return list
}
