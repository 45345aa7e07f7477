package kernel

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// executor is the state of the execute loop that others need to reach.
type executor struct {
	mu          sync.Mutex // guards what follows
	count       int        // of the last cell
	cancel      context.CancelFunc
	interrupted time.Time      // the last time since a cell began
	asked       jupyter.Header // of the interrupt_request of that time
}

// twice is how soon after an interrupt another one means everything.
const twice = 3 * time.Second

// interrupt cancels the cell that runs, if there is one, and reports whether
// there is and whether the author has just done that before: no cell has begun
// since.
func (e *executor) interrupt(now time.Time, request jupyter.Header) (busy, again bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	again = now.Sub(e.interrupted) < twice
	e.interrupted, e.asked = now, request
	if busy = e.cancel != nil; busy {
		e.cancel()
	}
	return busy, again
}

func (e *executor) running(cancel context.CancelFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cancel = cancel; cancel != nil {
		e.interrupted, e.asked = time.Time{}, jupyter.Header{}
	}
}

// interruptRequest returns the header of the interrupt that the cell was sent,
// the zero header when there was none.
func (e *executor) interruptRequest() jupyter.Header {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.asked
}

// enqueue puts an execute request behind those that wait.
func (k *Kernel) enqueue(r *request) {
	c, err := jupyter.Read[jupyter.ExecuteRequest](r.Message)
	if err != nil {
		k.refuse(r, jupyter.Failure("MessageError", err.Error()))
		return
	}
	push := k.queue.push
	if r.Header.Subshell != "" {
		sub := k.subshells.get(r.Header.Subshell)
		if sub == nil {
			k.refuse(r, jupyter.Failure("SubshellError", "there is no subshell "+r.Header.Subshell))
			return
		}
		push = sub.push
	}
	if !push(&job{request: r, ExecuteRequest: c, arrived: time.Now(), beside: r.Header.Subshell != ""}) {
		k.refuse(r, jupyter.Failure("KernelError", "too many cells wait already"))
	}
}

// refuse answers a request that is not tried.
func (k *Kernel) refuse(r *request, o jupyter.Outcome) {
	k.iopub.status(r.Header, jupyter.Busy)
	k.reply(r, jupyter.FailedReply{To: r.Header.Type, Outcome: o}, nil)
	k.iopub.status(r.Header, jupyter.Idle)
}

// aborted is the outcome of a cell that was not tried. It has the fields of an
// error too, for clients that know only two outcomes.
func aborted(reason string) jupyter.Outcome {
	o := jupyter.Failure("Aborted", reason)
	o.Status = jupyter.Aborted
	return o
}

// execute runs cells one after another until ctx ends. What waits then is
// answered as aborted, so that no client waits for ever.
func (k *Kernel) execute(ctx context.Context) {
	k.executeAll(ctx, k.queue, k.executeOne)
	k.refuseAll(k.queue, "the kernel ends")
}

// executeAll takes the cells of a queue one after another until ctx ends.
func (k *Kernel) executeAll(ctx context.Context, q *queue, execute func(context.Context, *job)) {
	for j := q.next(ctx); j != nil; j = q.next(ctx) {
		if j.abort {
			k.refuse(j.request, aborted("an earlier cell failed"))
			continue
		}
		execute(ctx, j)
	}
}

// refuseAll answers what is left in a queue.
func (k *Kernel) refuseAll(q *queue, reason string) {
	for j := q.pop(); j != nil; j = q.pop() {
		k.refuse(j.request, aborted(reason))
	}
}

// executeOne takes one cell from busy to idle.
func (k *Kernel) executeOne(ctx context.Context, j *job) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	k.executor.running(cancel)
	defer k.executor.running(nil)

	k.iopub.beginCell(j.Header)
	k.answerCell(ctx, j, k.queue, k.executor.interruptRequest)
	k.iopub.endCell()
}

// answerCell runs a cell of q and sends its reply; what waits behind one that
// failed is aborted. Interrupt tells which request interrupted the cell.
func (k *Kernel) answerCell(ctx context.Context, j *job, q *queue, interrupt func() jupyter.Header) {
	started := time.Now()
	out := k.newOutput(j, k.number(j))
	if !j.Silent {
		k.iopub.post(j.Header, jupyter.ExecuteInput{Code: j.Code, ExecutionCount: out.count})
	}
	reply := k.runCell(ctx, j, out)
	if reply.Status == jupyter.Failed && j.StopOnError {
		k.awaitBurst(ctx, j)
		q.abortAfter(j, interrupt())
	}
	k.reply(j.request, reply, jupyter.Object{"started": started.UTC().Format(time.RFC3339Nano)})
}

// burst is how long a client may take to send all cells that it was told to run.
const burst = 50 * time.Millisecond

// awaitBurst keeps back the reply to a cell that failed until burst has passed
// since it arrived: what arrives before the reply has left was sent by a client
// that could not know of the failure, and is to be aborted. The error itself
// has been published, so a person sees it at once; see HACKING.md.
func (k *Kernel) awaitBurst(ctx context.Context, j *job) {
	rest := time.NewTimer(time.Until(j.arrived.Add(burst)))
	defer rest.Stop()
	select {
	case <-rest.C:
	case <-ctx.Done():
	}
}

// number returns the count of the next cell. Only cells that are stored use it
// up (section "Execution counter").
func (k *Kernel) number(j *job) int {
	k.executor.mu.Lock()
	defer k.executor.mu.Unlock()
	if j.StoreHistory {
		k.executor.count++
		return k.executor.count
	}
	return k.executor.count + 1
}

// counted is the count that a reply gives: of the cell, or of the last one
// where the cell is not stored.
func (o *output) counted() int {
	if o.job.StoreHistory {
		return o.count
	}
	return o.count - 1
}

// runCell runs the cell and its user expressions. All of its output has been
// posted when it returns, an error included.
func (k *Kernel) runCell(ctx context.Context, j *job, out *output) jupyter.ExecuteReply {
	reply := jupyter.ExecuteReply{Outcome: jupyter.Outcome{Status: jupyter.OK}, ExecutionCount: out.counted()}
	err := k.await(ctx, out)
	if err == nil {
		err = k.call(ctx, out, j.Code, out)
	}
	if err == nil {
		reply.UserExpressions = k.evaluate(ctx, out)
	}
	out.end()
	if err != nil {
		fault := faultOf(err)
		reply.Outcome = jupyter.Outcome{Status: jupyter.Failed, Fault: fault}
		if !j.Silent {
			k.iopub.post(j.Header, jupyter.Error{Fault: *fault})
		}
	}
	if j.StoreHistory {
		k.history.add(out.count, j.Code, out.resultText())
	}
	return reply
}

// call has the engine run code as the cell of of; a panic in it is an error.
func (k *Kernel) call(ctx context.Context, of *output, code string, to engine.Output) error {
	return k.guard("execute cell", func() error {
		c := engine.Cell{Code: code, Count: of.count, AllowStdin: of.job.AllowStdin}
		if b, ok := k.cfg.Engine.(engine.Besider); ok && of.job.beside {
			return b.ExecuteBeside(ctx, c, to)
		}
		return k.cfg.Engine.Execute(ctx, c, to)
	})
}

// faultOf tells an author's fault in the engine's words, and any other by its
// text.
func faultOf(err error) *jupyter.Fault {
	var e *engine.Error
	if !errors.As(err, &e) {
		return jupyter.Failure("KernelError", err.Error()).Fault
	}
	return jupyter.Failure(e.Name, e.Value, e.Traceback...).Fault
}

// evaluate evaluates the user expressions of a cell that succeeded, each as a
// cell of its own whose result is the value.
func (k *Kernel) evaluate(ctx context.Context, out *output) map[string]jupyter.Expression {
	values := make(map[string]jupyter.Expression, len(out.job.UserExpressions))
	for name, code := range out.job.UserExpressions {
		value := &valueOutput{output: out}
		if err := k.call(ctx, out, code, value); err != nil {
			values[name] = jupyter.Expression{Outcome: jupyter.Outcome{Status: jupyter.Failed, Fault: faultOf(err)}}
			continue
		}
		values[name] = value.expression()
	}
	return values
}
