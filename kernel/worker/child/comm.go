package child

import (
	"encoding/json"
	"errors"
	"sync"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/comm"
	"github.com/interleave-lab/interleave/lib/display"
)

// mailboxes hold the messages of the front end until they are handled: those of
// one comm one after another, on a goroutine of the cell that opened it.
type mailboxes struct {
	mu   sync.Mutex
	byID map[string]*mailbox
}

type mailbox struct {
	cell  int // 0: of the front end's making
	queue []wire.Comm
	busy  bool // a goroutine handles them
}

// of is the mailbox of a comm. The caller holds mu.
func (ms *mailboxes) of(id string) *mailbox {
	if ms.byID == nil {
		ms.byID = map[string]*mailbox{}
	}
	if ms.byID[id] == nil {
		ms.byID[id] = &mailbox{}
	}
	return ms.byID[id]
}

// opened notes which cell a comm belongs to.
func (ms *mailboxes) opened(id string, cell int) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	ms.of(id).cell = cell
}

// put adds a message and reports whether nobody handles the comm's yet.
func (ms *mailboxes) put(m wire.Comm) (start bool) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	b := ms.of(m.Comm)
	b.queue = append(b.queue, m)
	start = !b.busy
	b.busy = true
	return start
}

// take takes the oldest message of a comm, unless there is none: then nobody
// handles it any more.
func (ms *mailboxes) take(id string) (m wire.Comm, cell int, ok bool) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	b := ms.of(id)
	if len(b.queue) == 0 {
		if b.busy = false; b.cell == 0 {
			delete(ms.byID, id)
		}
		return m, 0, false
	}
	m, b.queue = b.queue[0], b.queue[1:]
	return m, b.cell, true
}

// forget drops a comm that is closed.
func (ms *mailboxes) forget(id string) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	if b := ms.byID[id]; b != nil && !b.busy {
		delete(ms.byID, id)
	} else if b != nil {
		b.cell = 0 // gone when its last message is handled
	}
}

// comm takes a message of the front end.
func (p *process) comm(m wire.Comm) {
	if p.comms.put(m) {
		go p.handleComm(m.Comm)
	}
}

// handleComm handles the next message of a comm, then the one after it, on a
// goroutine of its own each: a handler is the author's code and may end its
// goroutine in any way.
func (p *process) handleComm(id string) {
	m, cell, ok := p.comms.take(id)
	if !ok {
		return
	}
	if cell == 0 {
		cell = p.cell()
	}
	done := wire.Done{ID: m.ID}
	defer func() {
		if v := recover(); v != nil {
			report := panicReport(v)
			report.Goroutine = goroutine()
			p.channel.send(func(b []byte) []byte {
				return wire.AppendJSON(b, wire.TEnded, wire.Ended{Cell: cell, Report: report})
			})
		}
		rt.Leave()
		p.done(done)
		go p.handleComm(id)
	}()
	if cell > 0 {
		p.records.add(rt.Enter(int64(cell)))
	}
	defer display.Flush()
	if m.Kind == string(comm.Opened) {
		p.comms.opened(id, cell)
	}
	err := comm.Deliver(comm.Message{
		Kind: comm.Kind(m.Kind), ID: m.Comm, Target: m.Target, Data: m.Data, Metadata: m.Metadata, Buffers: m.Buffers,
	})
	if err != nil {
		done.Error = err.Error()
		p.comms.forget(id)
	}
	if m.Kind == string(comm.Closed) {
		p.comms.forget(id)
	}
}

// sendComm is the comm.Link of cells.
func (p *process) sendComm(m comm.Message) error {
	cell := p.cell()
	if p.silent(int64(cell)) {
		return nil
	}
	if m.Kind == comm.Opened {
		p.comms.opened(m.ID, cell)
	}
	text, err := json.Marshal(wire.Comm{Kind: string(m.Kind), Comm: m.ID, Target: m.Target, Data: m.Data, Metadata: m.Metadata, Buffers: m.Buffers})
	if err != nil {
		return err
	}
	r := p.channel.call(wire.Call{Cell: cell, Op: wire.OpComm, Text: string(text)})
	if m.Kind == comm.Closed {
		p.comms.forget(m.ID)
	}
	if r.Outcome != wire.OK {
		return errors.New(r.Text)
	}
	return nil
}
