package jupyter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Type names a message ("msg_type").
type Type string

// A Content is the typed content of a message that goes out. It knows the
// message it belongs to.
type Content interface {
	Type() Type
}

// Header tells one message from another (section "Message header").
//
// A header that was received keeps all of its text, also fields which are not
// listed here, and gives it back as a parent header.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"` // ISO 8601, see Time
	Type     Type   `json:"msg_type"`
	Version  string `json:"version"`
	// Subshell is where a request on shell is to be answered (JEP 91), empty for
	// the main shell.
	Subshell string `json:"subshell_id,omitempty"`

	raw json.RawMessage // as received; nil for one of ours
}

// dateFormat is ISO 8601 with the microseconds that clients write themselves.
const dateFormat = "2006-01-02T15:04:05.000000Z"

// Time returns the date of the header by the clock of its sender. It is false
// when there is none or it is not ISO 8601 with a zone.
func (h Header) Time() (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, h.Date)
	return t, err == nil
}

// IsZero reports whether h is the header of no message.
func (h Header) IsZero() bool { return h.ID == "" && h.Type == "" && h.raw == nil }

// header has the fields of Header and none of its methods.
type header Header

// MarshalJSON encodes the zero header as {}.
func (h Header) MarshalJSON() ([]byte, error) {
	switch {
	case h.raw != nil:
		return h.raw, nil
	case h.IsZero():
		return []byte("{}"), nil
	}
	return json.Marshal(header(h))
}

// UnmarshalJSON keeps a copy of data for MarshalJSON.
func (h *Header) UnmarshalJSON(data []byte) error {
	var fields header
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	*h = Header(fields)
	h.raw = bytes.Clone(data)
	return nil
}

// Message is one message with the frames around it (section "The wire
// protocol").
type Message struct {
	// Identities are the frames before the delimiter: the peer on a router
	// socket, the topic on iopub.
	Identities [][]byte
	Header     Header
	Parent     Header // of the request this belongs to, or zero
	Metadata   Object
	Content    json.RawMessage // a JSON object
	Buffers    [][]byte
}

// Read decodes the content of a message that was received.
func Read[C Content](m Message) (C, error) {
	var c C
	if err := json.Unmarshal(m.Content, &c); err != nil {
		return c, fmt.Errorf("read content of %s: %w", m.Header.Type, err)
	}
	return c, nil
}

// Object is a JSON object; nil is encoded as {}, since clients drop messages
// in which they find null instead.
type Object map[string]any

// MarshalJSON encodes a nil Object as {}.
func (o Object) MarshalJSON() ([]byte, error) {
	if o == nil {
		return []byte("{}"), nil
	}
	return marshal(map[string]any(o))
}

// RawObject is a JSON object that is encoded already; nil is encoded as {}.
type RawObject json.RawMessage

// MarshalJSON returns o itself.
func (o RawObject) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("{}"), nil
	}
	return o, nil
}

// UnmarshalJSON keeps a copy of an object; null stands for an empty one.
func (o *RawObject) UnmarshalJSON(data []byte) error {
	if t := bytes.TrimLeft(data, " \t\r\n"); len(t) == 0 || t[0] != '{' {
		if string(t) == "null" {
			*o = nil
			return nil
		}
		return fmt.Errorf("%.20s is no JSON object", t)
	}
	*o = bytes.Clone(data)
	return nil
}

// List is a JSON array; nil is encoded as [].
type List[T any] []T

// MarshalJSON encodes a nil List as [].
func (l List[T]) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("[]"), nil
	}
	return marshal([]T(l))
}

// marshal encodes without the escapes that HTML would want: notebooks are full
// of <, > and &, which would become six bytes each.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
