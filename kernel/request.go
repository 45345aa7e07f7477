package kernel

import (
	"context"
	"runtime/debug"
	"sync"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// request is a message on its way through the kernel. All that is published
// for it has its header as parent header.
type request struct {
	jupyter.Message
	from *router
}

// lane says where a request is answered.
type lane int

const (
	atOnce lane = iota // by the goroutine that read it; for what takes no time
	aside              // by a goroutine of its own; for what may take time
	queued             // by the execute loop, in the order of arrival
	passed             // passed on to the engine at once, in the order of arrival; idle when it was handled
)

// handler answers one type of message. A nil reply sends none.
type handler struct {
	lane  lane
	reply func(context.Context, *request) jupyter.Content
	after func() // called when the answer is complete; may be nil
}

// table maps the messages of a channel to their handlers.
type table map[jupyter.Type]handler

// with makes a reply function of one that takes typed content. Content of
// another shape is answered with an error.
func with[C jupyter.Content](f func(context.Context, *request, C) jupyter.Content) func(context.Context, *request) jupyter.Content {
	return func(ctx context.Context, r *request) jupyter.Content {
		c, err := jupyter.Read[C](r.Message)
		if err != nil {
			return jupyter.FailedReply{To: r.Header.Type, Outcome: jupyter.Failure("MessageError", err.Error())}
		}
		return f(ctx, r, c)
	}
}

// dispatch sends a request to its lane. It never waits for an engine.
func (k *Kernel) dispatch(ctx context.Context, r *request) {
	h, ok := k.routes[r.from.channel][r.Header.Type]
	switch {
	case !ok:
		k.log.Warn("message dropped", "channel", r.from.channel, "type", r.Header.Type, "reason", "unknown type")
	case h.lane == queued:
		k.enqueue(r)
	case h.lane == passed:
		k.passComm(ctx, r)
	case h.lane == aside:
		if !k.asides.start(func() { k.answer(ctx, r, h) }) {
			k.answer(ctx, r, handler{reply: tooMany})
		}
	default:
		k.answer(ctx, r, h)
	}
}

// answer answers one request: busy, reply, idle.
func (k *Kernel) answer(ctx context.Context, r *request, h handler) {
	k.iopub.status(r.Header, jupyter.Busy)
	var reply jupyter.Content
	err := k.guard("answer "+string(r.Header.Type), func() error {
		reply = h.reply(ctx, r)
		return nil
	})
	if err != nil {
		reply = jupyter.FailedReply{To: r.Header.Type, Outcome: jupyter.Failure("KernelError", err.Error())}
	}
	k.reply(r, reply, nil)
	k.iopub.status(r.Header, jupyter.Idle)
	if h.after != nil {
		h.after()
	}
}

// reply sends c, unless it is nil, to the peer that asked.
func (k *Kernel) reply(r *request, c jupyter.Content, metadata jupyter.Object) {
	if c == nil {
		return
	}
	m, err := r.from.session.New(r.Header, c)
	if err == nil {
		m.Identities, m.Metadata = r.Identities, metadata
		err = r.from.send(m)
	}
	if err != nil {
		k.log.Warn("reply not sent", "reason", err)
	}
}

// tooMany answers what comes while too many requests are being answered.
func tooMany(_ context.Context, r *request) jupyter.Content {
	return jupyter.FailedReply{To: r.Header.Type, Outcome: jupyter.Failure("KernelError", "too many requests at once")}
}

// maxAsides is how many requests may be answered aside at a time. Front ends
// make one or two.
const maxAsides = 16

// asides are the goroutines of requests that are answered aside.
type asides struct {
	most int // at a time; 0 means maxAsides

	mu    sync.Mutex // guards count and ended
	count int
	ended bool
	group sync.WaitGroup
}

// start runs f on a goroutine of its own, unless there are too many or the
// kernel ends.
func (a *asides) start(f func()) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.count == or(a.most, maxAsides) || a.ended {
		return false
	}
	a.count++
	a.group.Go(func() {
		defer a.done()
		f()
	})
	return true
}

func (a *asides) done() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count--
}

// wait returns when all have returned; none are started any more.
func (a *asides) wait() {
	a.mu.Lock()
	a.ended = true
	a.mu.Unlock()
	a.group.Wait()
}

func stack() string { return string(debug.Stack()) }
