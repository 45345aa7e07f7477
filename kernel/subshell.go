package kernel

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// subshells run cells beside those of the main shell (JEP 91), each its own one
// after another. All other requests are answered beside the cell that runs in
// any case, whatever shell they name.
type subshells struct {
	ctx   context.Context // of Serve
	group sync.WaitGroup

	mu   sync.Mutex // guards open
	open map[string]*subshell
}

// maxSubshells is how many a client may open. Front ends open one for each of
// their consoles and for widgets.
const maxSubshells = 32

type subshell struct {
	queue *queue
	end   context.CancelFunc // of the loop and its cell

	mu     sync.Mutex // guards what follows
	cancel context.CancelFunc
	ended  bool
}

// push adds a cell, unless the subshell has ended or too many wait.
func (s *subshell) push(j *job) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.ended && s.queue.push(j)
}

// over has push take no more.
func (s *subshell) over() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

func (ss *subshells) get(id string) *subshell {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	return ss.open[id]
}

// interrupt interrupts the cells that run in subshells.
func (ss *subshells) interrupt() {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for _, s := range ss.open {
		s.mu.Lock()
		if s.cancel != nil {
			s.cancel()
		}
		s.mu.Unlock()
	}
}

// wait returns when the loops have ended, which the end of Serve's context
// brings about. No more are opened.
func (ss *subshells) wait() {
	ss.mu.Lock()
	ss.open = nil
	ss.ctx = nil
	ss.mu.Unlock()
	ss.group.Wait()
}

// besides says whether the engine runs cells beside others.
func (k *Kernel) besides() bool {
	_, ok := k.cfg.Engine.(engine.Besider)
	return ok
}

func (k *Kernel) createSubshell(context.Context, *request, jupyter.CreateSubshellRequest) jupyter.Content {
	id, failed := k.openSubshell()
	if failed != "" {
		return jupyter.FailedReply{To: "create_subshell_request", Outcome: jupyter.Failure("SubshellError", failed)}
	}
	return jupyter.CreateSubshellReply{Outcome: jupyter.Outcome{Status: jupyter.OK}, SubshellID: id}
}

func (k *Kernel) openSubshell() (id, failed string) {
	ss := &k.subshells
	ss.mu.Lock()
	defer ss.mu.Unlock()
	switch {
	case !k.besides():
		return "", "this engine runs one cell at a time"
	case ss.ctx == nil || ss.ctx.Err() != nil:
		return "", "the kernel ends"
	case len(ss.open) >= maxSubshells:
		return "", "there are too many subshells already"
	}
	ctx, end := context.WithCancel(ss.ctx)
	s := &subshell{queue: newQueue(k.cfg.Limits.Queue), end: end}
	if ss.open == nil {
		ss.open = map[string]*subshell{}
	}
	id = rand.Text()
	ss.open[id] = s
	ss.group.Go(func() { k.executeSubshell(ctx, s) })
	return id, ""
}

// deleteSubshell ends a subshell; its cell is interrupted, what waits there is
// answered as aborted.
func (k *Kernel) deleteSubshell(_ context.Context, _ *request, c jupyter.DeleteSubshellRequest) jupyter.Content {
	ss := &k.subshells
	ss.mu.Lock()
	s := ss.open[c.SubshellID]
	delete(ss.open, c.SubshellID)
	ss.mu.Unlock()
	if s == nil {
		return jupyter.FailedReply{To: "delete_subshell_request", Outcome: jupyter.Failure("SubshellError", "there is no subshell "+c.SubshellID)}
	}
	s.end()
	return jupyter.DeleteSubshellReply{Outcome: jupyter.Outcome{Status: jupyter.OK}}
}

func (k *Kernel) listSubshells(context.Context, *request, jupyter.ListSubshellRequest) jupyter.Content {
	k.subshells.mu.Lock()
	defer k.subshells.mu.Unlock()
	return jupyter.ListSubshellReply{Outcome: jupyter.Outcome{Status: jupyter.OK}, SubshellID: slices.Sorted(maps.Keys(k.subshells.open))}
}

// executeSubshell is execute for a subshell.
func (k *Kernel) executeSubshell(ctx context.Context, s *subshell) {
	k.executeAll(ctx, s.queue, func(ctx context.Context, j *job) { k.executeBeside(ctx, s, j) })
	s.over()
	k.refuseAll(s.queue, "the subshell ends")
}

// executeBeside takes one cell of a subshell from busy to idle.
func (k *Kernel) executeBeside(ctx context.Context, s *subshell, j *job) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s.running(cancel)
	defer s.running(nil)
	k.iopub.status(j.Header, jupyter.Busy)
	k.answerCell(ctx, j, s.queue, func() jupyter.Header { return jupyter.Header{} })
	k.iopub.status(j.Header, jupyter.Idle)
}

func (s *subshell) running(cancel context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancel = cancel
}
