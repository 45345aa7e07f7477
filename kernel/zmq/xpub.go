package zmq

import (
	"container/list"
	"errors"
	"strings"
	"sync"
)

const (
	maxTopics     = 256      // of one subscriber
	maxTopicBytes = 64 << 10 // in all topics of one subscriber
)

// xpub is the pattern of an XPUB (RFC 29).
type xpub struct {
	s      *Socket
	topics map[string]int // how many peers subscribe to each; guarded by s.mu
	events events

	sending sync.Mutex // one Send at a time: one order for all subscribers
}

// subscriptions are those of one peer.
type subscriptions struct {
	topics map[string]int // how many times each
	size   int            // bytes in all topics
}

func newXPub(s *Socket) *xpub {
	x := &xpub{s: s, topics: map[string]int{}}
	x.events.init()
	return x
}

func (*xpub) accepts(socketType string) bool {
	return socketType == "SUB" || socketType == "XSUB"
}

// arrived takes subscriptions in the form of ZMTP 3.0. Other messages of
// subscribers have no reader and are let pass.
func (x *xpub) arrived(p *peer, m [][]byte) error {
	x.s.in.drop(p)
	if len(m) == 1 && len(m[0]) > 0 && m[0][0] <= 1 {
		return x.subscribe(p, string(m[0][1:]), m[0][0] == 1)
	}
	return nil
}

// subscribe adds or takes away one subscription of p.
func (x *xpub) subscribe(p *peer, topic string, on bool) error {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	n := p.topics[topic]
	switch {
	case p.state != joined:
	case on && n == 0:
		return x.add(p, topic)
	case on:
		p.topics[topic]++
		x.events.subscribed(topic)
	case n > 1:
		p.topics[topic]--
	case n == 1:
		x.cancel(p, topic)
	}
	return nil
}

func (x *xpub) add(p *peer, topic string) error {
	if len(p.topics) >= maxTopics || p.size+len(topic) > maxTopicBytes {
		return errors.New("too many subscriptions")
	}
	if p.topics == nil {
		p.topics = map[string]int{}
	}
	p.topics[topic] = 1
	p.size += len(topic)
	x.topics[topic]++
	x.events.subscribed(topic)
	return nil
}

func (x *xpub) cancel(p *peer, topic string) {
	delete(p.topics, topic)
	p.size -= len(topic)
	if x.topics[topic]--; x.topics[topic] == 0 {
		delete(x.topics, topic)
		x.events.cancelled(topic)
	}
}

// left takes all subscriptions of p away. Caller holds s.mu.
func (x *xpub) left(p *peer) {
	for topic := range p.topics {
		x.cancel(p, topic)
	}
}

func (s *subscriptions) match(topic string) bool {
	for t := range s.topics {
		if strings.HasPrefix(topic, t) {
			return true
		}
	}
	return false
}

func (x *xpub) recv() ([][]byte, error) {
	e, err := x.events.next()
	if err != nil {
		return nil, err
	}
	return [][]byte{append([]byte{e.op}, e.topic...)}, nil
}

// send gives the message to every subscriber that has room before it waits for
// one that has not. Subscribers it disconnects are no error: everybody who is
// still subscribed got the message.
func (x *xpub) send(frames [][]byte) error {
	if len(frames) == 0 {
		return errors.New("message needs a frame")
	}
	m := newMessage(frames...)
	x.sending.Lock()
	defer x.sending.Unlock()
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	_, err := x.s.post(m, func() []*peer { return x.subscribers(string(m.frames[0])) })
	if errors.Is(err, ErrSlowPeer) {
		return nil
	}
	return err
}

func (x *xpub) subscribers(topic string) (matching []*peer) {
	for _, p := range x.s.byID {
		if p.match(topic) {
			matching = append(matching, p)
		}
	}
	return matching
}

func (x *xpub) close() {
	x.s.in.close()
	x.events.close()
}

// events tells of subscriptions. Of each topic it keeps one event, the last; of
// a topic that came and went before anybody asked, none. So it never holds more
// than the topics subscribed to and those told of, however rarely it is asked.
type events struct {
	mu      sync.Mutex
	changed sync.Cond
	order   list.List                // of *event, oldest first
	pending map[string]*list.Element // in order, by topic
	told    map[string]bool          // topics reported as subscribed to
	closed  bool
}

type event struct {
	op    byte // 1 subscribed, 0 cancelled
	topic string
}

func (e *events) init() {
	e.changed.L = &e.mu
	e.pending = map[string]*list.Element{}
	e.told = map[string]bool{}
}

// subscribed reports a subscription; also one to a topic that has others.
func (e *events) subscribed(topic string) { e.record(event{1, topic}) }

// cancelled reports that the last subscription to a topic ended.
func (e *events) cancelled(topic string) { e.record(event{0, topic}) }

func (e *events) record(ev event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if old := e.pending[ev.topic]; old != nil {
		e.order.Remove(old)
		delete(e.pending, ev.topic)
	}
	if ev.op == 0 && !e.told[ev.topic] {
		return
	}
	e.pending[ev.topic] = e.order.PushBack(ev)
	e.changed.Signal()
}

func (e *events) next() (event, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.order.Len() == 0 && !e.closed {
		e.changed.Wait()
	}
	if e.closed {
		return event{}, ErrClosed
	}
	ev := e.order.Remove(e.order.Front()).(event)
	delete(e.pending, ev.topic)
	if ev.op == 1 {
		e.told[ev.topic] = true
	} else {
		delete(e.told, ev.topic)
	}
	return ev, nil
}

func (e *events) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	e.changed.Broadcast()
}
