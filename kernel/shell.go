package kernel

import (
	"context"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// shellTable lists what is answered on shell.
func (k *Kernel) shellTable() table {
	return table{
		"execute_request":     {lane: queued},
		"complete_request":    {lane: aside, reply: with(k.complete)},
		"inspect_request":     {lane: aside, reply: with(k.inspect)},
		"is_complete_request": {lane: aside, reply: with(k.isComplete)},
		"history_request":     {lane: aside, reply: with(k.searchHistory)},
		"kernel_info_request": {reply: with(k.kernelInfo)},
		"connect_request":     {reply: with(k.connect)},
		"comm_info_request":   {reply: with(k.commInfo)},
		"comm_open":           {lane: passed},
		"comm_msg":            {lane: passed},
		"comm_close":          {lane: passed},
		"shutdown_request":    {reply: with(k.shutdown), after: k.end}, // before protocol 5.0
	}
}

// readShell passes requests on and returns when the socket is closed.
func (k *Kernel) readShell(ctx context.Context) error {
	return k.shell.receive(func(m jupyter.Message) {
		k.dispatch(ctx, &request{Message: m, from: k.shell})
	})
}
