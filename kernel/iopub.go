package kernel

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// publisher owns the iopub socket. Messages leave in the order in which they
// were posted; see HACKING.md.
type publisher struct {
	socket  Socket
	session *jupyter.Session
	log     *slog.Logger

	mu      sync.Mutex // guards what follows
	changed *sync.Cond // queue, size or closed
	queue   []jupyter.Message
	size    int  // bytes of content in queue
	ending  bool // nobody waits for room any more
	closed  bool
	cell    jupyter.Header // of the cell that is being executed, or zero
}

// A queue of this size makes whoever posts output wait, so that a cell that
// shows more than a client takes waits for it instead of filling memory.
const (
	queuedMessages = 1 << 10
	queuedBytes    = 16 << 20
)

func newPublisher(s Socket, session *jupyter.Session, log *slog.Logger) *publisher {
	p := &publisher{socket: s, session: session, log: log}
	p.changed = sync.NewCond(&p.mu)
	return p
}

// post publishes c as belonging to parent, after all that was posted before. It
// waits while the queue is full, and drops c once the kernel has ended.
func (p *publisher) post(parent jupyter.Header, c jupyter.Content) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.ending && (len(p.queue) >= queuedMessages || p.size >= queuedBytes) {
		p.changed.Wait()
	}
	p.add(parent, c, p.topic(c))
}

// postMessage is post for content with metadata and buffers of its own.
func (p *publisher) postMessage(parent jupyter.Header, c jupyter.Content, metadata jupyter.Object, buffers [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.ending && (len(p.queue) >= queuedMessages || p.size >= queuedBytes) {
		p.changed.Wait()
	}
	if m := p.add(parent, c, p.topic(c)); m != nil {
		m.Metadata, m.Buffers = metadata, buffers
		for _, b := range buffers {
			p.size += len(b)
		}
	}
}

// notice publishes c without waiting.
func (p *publisher) notice(parent jupyter.Header, c jupyter.Content) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.add(parent, c, p.topic(c))
}

// status publishes a state without waiting, or a full queue would hold up the
// answer to an interrupt. The states are few: two for each request.
func (p *publisher) status(parent jupyter.Header, s jupyter.State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setStatus(parent, s)
}

// beginCell publishes busy for the cell that is executed from now on.
func (p *publisher) beginCell(parent jupyter.Header) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cell = parent
	p.setStatus(parent, jupyter.Busy)
}

// endCell publishes idle for it.
func (p *publisher) endCell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	parent := p.cell
	p.cell = jupyter.Header{}
	p.setStatus(parent, jupyter.Idle)
}

// setStatus follows an idle with the busy of the cell that still runs: front
// ends show the last state they saw, whatever request it belongs to, and would
// show an idle kernel after each completion meanwhile.
func (p *publisher) setStatus(parent jupyter.Header, s jupyter.State) {
	p.add(parent, jupyter.KernelStatus{ExecutionState: s}, p.topic(jupyter.KernelStatus{}))
	if s == jupyter.Idle && !p.cell.IsZero() {
		p.add(p.cell, jupyter.KernelStatus{ExecutionState: jupyter.Busy}, p.topic(jupyter.KernelStatus{}))
	}
}

// welcome tells whoever subscribed to topic that he did (JEP 65).
func (p *publisher) welcome(topic string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.add(jupyter.Header{}, jupyter.IOPubWelcome{Subscription: topic}, topic)
}

func (p *publisher) topic(c jupyter.Content) string {
	return "kernel." + p.session.ID() + "." + string(c.Type())
}

// add makes the message and queues it, and returns it as it is in the queue, nil
// when it could not. The caller holds mu.
func (p *publisher) add(parent jupyter.Header, c jupyter.Content, topic string) *jupyter.Message {
	if p.closed {
		return nil
	}
	m, err := p.session.New(parent, c)
	if err != nil {
		p.log.Error("message not published", "reason", err)
		return nil
	}
	m.Identities = [][]byte{[]byte(topic)}
	p.queue = append(p.queue, m)
	p.size += len(m.Content)
	p.changed.Broadcast()
	return &p.queue[len(p.queue)-1]
}

// run sends what is queued and returns when the queue is empty after close.
func (p *publisher) run() {
	for batch := p.take(); len(batch) > 0; batch = p.take() {
		for _, m := range batch {
			p.send(m)
		}
	}
}

// take waits for messages and takes all of them; none come after close.
func (p *publisher) take() []jupyter.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closed {
		p.changed.Wait()
	}
	batch := p.queue
	p.queue, p.size = nil, 0
	p.changed.Broadcast()
	return batch
}

func (p *publisher) send(m jupyter.Message) {
	frames, err := p.session.Encode(m)
	if err == nil {
		err = p.socket.Send(frames)
	}
	if err != nil {
		p.log.Warn("message not published", "type", m.Header.Type, "reason", err)
	}
}

// hurry lets post return even where the queue is full, so that a client which
// does not read cannot hold up the end.
func (p *publisher) hurry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ending = true
	p.changed.Broadcast()
}

// close lets run return after what is queued. Later posts are dropped.
func (p *publisher) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ending, p.closed = true, true
	p.changed.Broadcast()
}

// readSubscriptions answers each subscription with iopub_welcome.
func (k *Kernel) readSubscriptions(context.Context) error {
	for {
		frames, err := k.cfg.Sockets.IOPub.Recv()
		if err != nil {
			return fmt.Errorf("receive on %s: %w", jupyter.IOPub, err)
		}
		if len(frames) > 0 && len(frames[0]) > 0 && frames[0][0] == 1 {
			k.iopub.welcome(string(frames[0][1:]))
		}
	}
}
