package kernel

import (
	"context"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// controlTable lists what is answered on control, also while a cell runs. All
// of it is answered at once; nothing here may wait.
func (k *Kernel) controlTable() table {
	return table{
		"kernel_info_request": {reply: with(k.kernelInfo)},
		"interrupt_request":   {reply: with(k.interrupt)},
		"shutdown_request":    {reply: with(k.shutdown), after: k.end},
		"usage_request":       {reply: with(k.resources)},
		"debug_request":       {reply: with(refuseDebug)},

		"create_subshell_request": {reply: with(k.createSubshell)},
		"delete_subshell_request": {reply: with(k.deleteSubshell)},
		"list_subshell_request":   {reply: with(k.listSubshells)},
	}
}

// readControl answers requests and returns when the socket is closed.
func (k *Kernel) readControl(ctx context.Context) error {
	return k.control.receive(func(m jupyter.Message) {
		k.dispatch(ctx, &request{Message: m, from: k.control})
	})
}

// interrupt cancels the cell that runs. Between two cells there is nothing to
// do, and that is fine. Interrupting once more stops all that the session has
// started. Cells of subshells are interrupted while none runs in the main shell.
func (k *Kernel) interrupt(ctx context.Context, r *request, _ jupyter.InterruptRequest) jupyter.Content {
	busy, again := k.executor.interrupt(time.Now(), r.Header)
	if again {
		k.stopAll(ctx)
	}
	if !busy {
		k.subshells.interrupt()
	}
	return jupyter.InterruptReply{Outcome: jupyter.Outcome{Status: jupyter.OK}}
}

// stopAll has the engine stop what earlier cells have left running; control
// does not wait for it.
func (k *Kernel) stopAll(ctx context.Context) {
	s, ok := k.cfg.Engine.(engine.Stopper)
	if !ok {
		return
	}
	k.asides.start(func() {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		if err := k.guard("stop all goroutines", func() error { return s.StopAll(ctx) }); err != nil {
			k.log.Warn("an interrupt did not stop everything", "error", err)
		}
	})
}

// shutdown tells every client that the kernel ends; end does it, after idle.
func (k *Kernel) shutdown(_ context.Context, r *request, c jupyter.ShutdownRequest) jupyter.Content {
	reply := jupyter.ShutdownReply{Outcome: jupyter.Outcome{Status: jupyter.OK}, Restart: c.Restart}
	k.iopub.notice(r.Header, reply)
	return reply
}

func (k *Kernel) end() { k.stop(errShutdown) }

// refuseDebug answers as a debug adapter would that does not know the command.
func refuseDebug(_ context.Context, _ *request, c jupyter.DebugRequest) jupyter.Content {
	const reason = "this kernel has no debugger"
	return jupyter.DebugReply{
		Outcome:    jupyter.Failure("NotSupported", reason),
		Kind:       "response",
		RequestSeq: c.Seq,
		Command:    c.Command,
		Message:    reason,
	}
}
