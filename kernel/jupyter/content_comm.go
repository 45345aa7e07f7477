package jupyter

// CommInfoRequest asks for the open comms (section "Comm info").
type CommInfoRequest struct {
	TargetName string `json:"target_name,omitempty"` // empty: of every target
}

// Type returns comm_info_request.
func (CommInfoRequest) Type() Type { return "comm_info_request" }

// CommInfoReply maps the ids of comms to their targets.
type CommInfoReply struct {
	Outcome
	Comms map[string]CommTarget `json:"comms"`
}

// Type returns comm_info_reply.
func (CommInfoReply) Type() Type { return "comm_info_reply" }

// CommTarget names what a comm talks to.
type CommTarget struct {
	TargetName string `json:"target_name"`
}

// CommOpen opens a comm (section "Custom Messages").
type CommOpen struct {
	CommID     string    `json:"comm_id"`
	TargetName string    `json:"target_name"`
	Data       RawObject `json:"data"`
}

// Type returns comm_open.
func (CommOpen) Type() Type { return "comm_open" }

// CommMsg goes over an open comm.
type CommMsg struct {
	CommID string    `json:"comm_id"`
	Data   RawObject `json:"data"`
}

// Type returns comm_msg.
func (CommMsg) Type() Type { return "comm_msg" }

// CommClose ends a comm, or refuses to open it.
type CommClose struct {
	CommID string    `json:"comm_id"`
	Data   RawObject `json:"data"`
}

// Type returns comm_close.
func (CommClose) Type() Type { return "comm_close" }
