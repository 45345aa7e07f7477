package jupyter

// InputRequest asks the person at a front end for a line (section "Messages
// on the stdin (ROUTER/DEALER) channel").
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"` // do not show what is typed
}

// Type returns input_request.
func (InputRequest) Type() Type { return "input_request" }

// InputReply is what was typed.
type InputReply struct {
	Value string `json:"value"`
}

// Type returns input_reply.
func (InputReply) Type() Type { return "input_reply" }
