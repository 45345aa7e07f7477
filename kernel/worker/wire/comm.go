package wire

import "encoding/json"

// Comm is a message over a comm, in either direction. From the process it is
// the text of a Call.
type Comm struct {
	ID   uint64 `json:",omitempty"` // of the request, from the kernel's side
	Cell int    `json:",omitempty"`

	Kind     string // comm_open, comm_msg, comm_close
	Comm     string // the comm's id
	Target   string `json:",omitempty"`
	Data     json.RawMessage
	Metadata map[string]any `json:",omitempty"`
	Buffers  [][]byte       `json:",omitempty"`
}
