package kernel

import (
	"context"
	"errors"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// comms are the open comms, whoever opened them.
type comms struct {
	handled asides // wait for the engine to handle messages

	mu   sync.Mutex        // guards open
	open map[string]string // targets by id
}

// maxComms is how many messages over comms may be handled at a time; those
// beyond are handled, too, but answered before.
const maxComms = 256

func (cs *comms) add(id, target string) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.open == nil {
		cs.open = map[string]string{}
	}
	cs.open[id] = target
}

func (cs *comms) remove(id string) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	delete(cs.open, id)
}

// commInfo lists the open comms of a target, or of all.
func (k *Kernel) commInfo(_ context.Context, _ *request, c jupyter.CommInfoRequest) jupyter.Content {
	k.comms.mu.Lock()
	defer k.comms.mu.Unlock()
	list := map[string]jupyter.CommTarget{}
	for id, target := range k.comms.open {
		if c.TargetName == "" || c.TargetName == target {
			list[id] = jupyter.CommTarget{TargetName: target}
		}
	}
	return jupyter.CommInfoReply{Outcome: jupyter.Outcome{Status: jupyter.OK}, Comms: list}
}

// passComm passes a message over a comm to the engine. The request is idle when
// it was handled: front ends send the next value of a slider then, and not all
// that lay between. Comms that the engine does not take are closed, as the
// specification wants for any unknown target.
func (k *Kernel) passComm(ctx context.Context, r *request) {
	k.iopub.status(r.Header, jupyter.Busy)
	idle := func() { k.iopub.status(r.Header, jupyter.Idle) }
	m, err := commMessage(r.Message)
	if err != nil {
		k.log.Warn("message dropped", "channel", r.from.channel, "type", r.Header.Type, "reason", err)
		idle()
		return
	}
	handled, err := k.giveComm(m)
	if err != nil {
		k.refuseComm(r, m, err)
		idle()
		return
	}
	wait := func() {
		defer idle()
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if err := handled(ctx); err != nil && ctx.Err() == nil {
			k.refuseComm(r, m, err)
		}
	}
	if !k.comms.handled.start(wait) {
		idle()
	}
}

// refuseComm tells of a message that was not handled: a comm which nobody takes
// is closed.
func (k *Kernel) refuseComm(r *request, m engine.CommMessage, reason error) {
	if m.Kind == engine.CommOpen {
		k.comms.remove(m.ID)
		k.iopub.notice(r.Header, jupyter.CommClose{CommID: m.ID})
	}
	k.log.Debug("a message over a comm was not handled", "type", r.Header.Type, "reason", reason)
}

// giveComm notes what the message changes and hands it to the engine.
func (k *Kernel) giveComm(m engine.CommMessage) (handled func(context.Context) error, err error) {
	commer, ok := k.cfg.Engine.(engine.Commer)
	if !ok {
		return nil, errors.New("the engine has no comms")
	}
	switch m.Kind {
	case engine.CommOpen:
		k.comms.add(m.ID, m.Target)
	case engine.CommClose:
		k.comms.remove(m.ID)
	}
	err = k.guard("pass a message over a comm", func() error {
		handled, err = commer.Comm(m)
		return err
	})
	return handled, err
}

// commMessage reads a message over a comm.
func commMessage(m jupyter.Message) (engine.CommMessage, error) {
	c := engine.CommMessage{Kind: engine.CommKind(m.Header.Type), Metadata: m.Metadata, Buffers: m.Buffers}
	switch c.Kind {
	case engine.CommOpen:
		open, err := jupyter.Read[jupyter.CommOpen](m)
		c.ID, c.Target, c.Data = open.CommID, open.TargetName, object(open.Data)
		return c, err
	case engine.CommMsg:
		msg, err := jupyter.Read[jupyter.CommMsg](m)
		c.ID, c.Data = msg.CommID, object(msg.Data)
		return c, err
	}
	closing, err := jupyter.Read[jupyter.CommClose](m)
	c.ID, c.Data = closing.CommID, object(closing.Data)
	return c, err
}

func object(o jupyter.RawObject) []byte {
	if len(o) == 0 {
		return []byte("{}")
	}
	return o
}

// Comm publishes a message over a comm that the cell has opened.
func (o *output) Comm(m engine.CommMessage) error {
	data := jupyter.RawObject(m.Data)
	var c jupyter.Content
	switch m.Kind {
	case engine.CommOpen:
		o.k.comms.add(m.ID, m.Target)
		c = jupyter.CommOpen{CommID: m.ID, TargetName: m.Target, Data: data}
	case engine.CommClose:
		o.k.comms.remove(m.ID)
		c = jupyter.CommClose{CommID: m.ID, Data: data}
	default:
		c = jupyter.CommMsg{CommID: m.ID, Data: data}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush()
	o.k.iopub.postMessage(o.job.Header, c, m.Metadata, m.Buffers)
	return nil
}
