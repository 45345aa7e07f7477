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
		"comm_info_request":   {reply: with(commInfo)},
		"comm_open":           {reply: with(k.refuseComm)},
		"comm_msg":            {reply: noReply},
		"comm_close":          {reply: noReply},
		"shutdown_request":    {reply: with(k.shutdown), after: k.end}, // before protocol 5.0
	}
}

// readShell passes requests on and returns when the socket is closed.
func (k *Kernel) readShell(ctx context.Context) error {
	return k.shell.receive(func(m jupyter.Message) {
		k.dispatch(ctx, &request{Message: m, from: k.shell})
	})
}

// commInfo knows no comms: there are none yet.
func commInfo(context.Context, *request, jupyter.CommInfoRequest) jupyter.Content {
	return jupyter.CommInfoReply{
		Outcome: jupyter.Outcome{Status: jupyter.OK},
		Comms:   map[string]jupyter.CommTarget{},
	}
}

// refuseComm closes a comm to a target that does not exist, as the
// specification wants for any unknown target.
func (k *Kernel) refuseComm(_ context.Context, r *request, c jupyter.CommOpen) jupyter.Content {
	k.iopub.post(r.Header, jupyter.CommClose{CommID: c.CommID})
	return nil
}

// noReply is for what is sent to comms that do not exist.
func noReply(context.Context, *request) jupyter.Content { return nil }
