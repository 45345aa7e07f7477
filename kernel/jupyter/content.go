package jupyter

import "encoding/json"

// Status begins every reply (section "Request-Reply").
type Status string

// The three ends of a request.
const (
	OK      Status = "ok"
	Failed  Status = "error"
	Aborted Status = "aborted" // not tried, since an earlier request failed
)

// Outcome is the part that all replies share. Fault is nil unless Status is
// Failed or Aborted.
type Outcome struct {
	Status Status `json:"status"`
	*Fault
}

// Fault tells what went wrong. Clients want all three fields, and the
// traceback as a list, in replies as well as in error messages.
type Fault struct {
	EName     string       `json:"ename"`
	EValue    string       `json:"evalue"`
	Traceback List[string] `json:"traceback"`
}

// Failure is the outcome of a request that failed. Without a traceback, name
// and value stand for it, since clients show nothing else.
func Failure(name, value string, traceback ...string) Outcome {
	if len(traceback) == 0 {
		traceback = []string{name + ": " + value}
	}
	return Outcome{Status: Failed, Fault: &Fault{EName: name, EValue: value, Traceback: traceback}}
}

// FailedReply answers any request that cannot be answered with its own reply.
type FailedReply struct {
	To Type `json:"-"` // the request, "inspect_request"
	Outcome
}

// Type returns the type of the reply to r.To.
func (r FailedReply) Type() Type { return ReplyTo(r.To) }

// ReplyTo returns the type of the reply to a request: complete_reply for
// complete_request.
func ReplyTo(request Type) Type {
	const suffix = "_request"
	if n := len(request) - len(suffix); n > 0 && string(request[n:]) == suffix {
		return request[:n] + "_reply"
	}
	return request + "_reply"
}

// Bundle maps MIME types to content that is encoded already.
type Bundle map[string]json.RawMessage

// MarshalJSON encodes a nil Bundle as {}.
func (b Bundle) MarshalJSON() ([]byte, error) {
	if b == nil {
		return []byte("{}"), nil
	}
	return marshal(map[string]json.RawMessage(b))
}
