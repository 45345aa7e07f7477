package jupyter

import (
	"encoding/json"
	"errors"
)

// ExecuteRequest asks to run a cell (section "Execute").
type ExecuteRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    bool              `json:"store_history"` // default true, false when silent
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     bool              `json:"stop_on_error"` // default true
}

// Type returns execute_request.
func (ExecuteRequest) Type() Type { return "execute_request" }

// UnmarshalJSON applies the defaults of the specification.
func (r *ExecuteRequest) UnmarshalJSON(data []byte) error {
	type fields ExecuteRequest
	f := fields{StoreHistory: true, StopOnError: true}
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	*r = ExecuteRequest(f)
	if r.Silent {
		r.StoreHistory = false
	}
	return nil
}

// ExecuteReply tells how a cell ended.
type ExecuteReply struct {
	Outcome
	ExecutionCount  int                   `json:"execution_count"`
	Payload         List[Object]          `json:"payload"`                   // deprecated, empty
	UserExpressions map[string]Expression `json:"user_expressions,omitzero"` // nil unless ok
}

// Type returns execute_reply.
func (ExecuteReply) Type() Type { return "execute_reply" }

// Expression is the value of a user expression, or why it has none.
type Expression struct {
	Outcome
	Data     Bundle `json:"data,omitempty"`
	Metadata Object `json:"metadata,omitempty"`
}

// MarshalJSON writes data and metadata exactly where there is a value.
func (e Expression) MarshalJSON() ([]byte, error) {
	if e.Status != OK {
		return marshal(e.Outcome)
	}
	return marshal(struct {
		Status   Status `json:"status"`
		Data     Bundle `json:"data"`
		Metadata Object `json:"metadata"`
	}{e.Status, e.Data, e.Metadata})
}

// InspectRequest asks what the name at a cursor is (section "Introspection").
type InspectRequest struct {
	Code        string `json:"code"`
	CursorPos   int    `json:"cursor_pos"` // in code points
	DetailLevel int    `json:"detail_level"`
}

// Type returns inspect_request.
func (InspectRequest) Type() Type { return "inspect_request" }

// InspectReply describes it.
type InspectReply struct {
	Outcome
	Found    bool   `json:"found"`
	Data     Bundle `json:"data"`
	Metadata Object `json:"metadata"`
}

// Type returns inspect_reply.
func (InspectReply) Type() Type { return "inspect_reply" }

// CompleteRequest asks how the code before a cursor may go on (section
// "Completion").
type CompleteRequest struct {
	Code      string `json:"code"`
	CursorPos int    `json:"cursor_pos"` // in code points
}

// Type returns complete_request.
func (CompleteRequest) Type() Type { return "complete_request" }

// UnmarshalJSON takes a missing cursor_pos as the end of the code.
func (r *CompleteRequest) UnmarshalJSON(data []byte) error {
	var f struct {
		Code      string `json:"code"`
		CursorPos *int   `json:"cursor_pos"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	r.Code, r.CursorPos = f.Code, cursorOrEnd(f.CursorPos, f.Code)
	return nil
}

func cursorOrEnd(cursor *int, code string) int {
	if cursor == nil {
		return Cursor(code, len(code))
	}
	return *cursor
}

// CompleteReply lists what may replace the code points from CursorStart to
// CursorEnd.
type CompleteReply struct {
	Outcome
	Matches     List[string] `json:"matches"`
	CursorStart int          `json:"cursor_start"`
	CursorEnd   int          `json:"cursor_end"`
	Metadata    MatchTypes   `json:"metadata"`
}

// Type returns complete_reply.
func (CompleteReply) Type() Type { return "complete_reply" }

// MatchTypes is the metadata of a complete_reply: what the matches are, in the
// form in which JupyterLab reads it. Without it JupyterLab shows the matches;
// without any metadata object it shows none.
type MatchTypes struct {
	Types []MatchType `json:"_jupyter_types_experimental,omitempty"`
}

// MatchType describes one match. Start and End are cursors as in CompleteReply.
type MatchType struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Kind      string `json:"type,omitempty"`
	Signature string `json:"signature,omitempty"`
}

// IsCompleteRequest asks whether code is ready to be executed (section "Code
// completeness").
type IsCompleteRequest struct {
	Code string `json:"code"`
}

// Type returns is_complete_request.
func (IsCompleteRequest) Type() Type { return "is_complete_request" }

// IsCompleteReply answers with one of complete, incomplete, invalid and
// unknown, in the place where other replies have their outcome.
type IsCompleteReply struct {
	Status string `json:"status"`
	Indent string `json:"indent"`
}

// Type returns is_complete_reply.
func (IsCompleteReply) Type() Type { return "is_complete_reply" }

// HistoryRequest asks for earlier inputs (section "History").
type HistoryRequest struct {
	Output  bool   `json:"output"` // with outputs
	Raw     bool   `json:"raw"`
	Access  string `json:"hist_access_type"` // range, tail or search
	Session int    `json:"session"`          // range: 0 is the present one, -1 the one before
	Start   int    `json:"start"`            // range: the first count
	Stop    *int   `json:"stop"`             // range: the first count left out; nil: none
	N       *int   `json:"n"`                // tail, search: the last N; nil: all
	Pattern string `json:"pattern"`          // search: a glob over the whole input
	Unique  bool   `json:"unique"`           // search: only the last of equal inputs
}

// Type returns history_request.
func (HistoryRequest) Type() Type { return "history_request" }

// HistoryReply lists inputs, oldest first.
type HistoryReply struct {
	Outcome
	History List[HistoryEntry] `json:"history"`
}

// Type returns history_reply.
func (HistoryReply) Type() Type { return "history_reply" }

// HistoryEntry is one input. On the wire it is the list [session, count,
// input], or [session, count, [input, output]] where WithOutput says so; an
// empty output is null.
type HistoryEntry struct {
	Session, Count int
	Input, Output  string
	WithOutput     bool
}

// MarshalJSON encodes the list.
func (e HistoryEntry) MarshalJSON() ([]byte, error) {
	if !e.WithOutput {
		return marshal([3]any{e.Session, e.Count, e.Input})
	}
	var output any
	if e.Output != "" {
		output = e.Output
	}
	return marshal([3]any{e.Session, e.Count, [2]any{e.Input, output}})
}

// UnmarshalJSON decodes either form.
func (e *HistoryEntry) UnmarshalJSON(data []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	if len(parts) != 3 {
		return errors.New("history entry: want three elements")
	}
	err := errors.Join(json.Unmarshal(parts[0], &e.Session), json.Unmarshal(parts[1], &e.Count))
	if json.Unmarshal(parts[2], &e.Input) == nil {
		return err
	}
	e.WithOutput = true
	both := [2]*string{&e.Input, &e.Output}
	return errors.Join(err, json.Unmarshal(parts[2], &both))
}

// KernelInfoRequest asks what kernel this is (section "Kernel info").
type KernelInfoRequest struct{}

// Type returns kernel_info_request.
func (KernelInfoRequest) Type() Type { return "kernel_info_request" }

// KernelInfoReply tells it.
type KernelInfoReply struct {
	Outcome
	ProtocolVersion       string         `json:"protocol_version"`
	Implementation        string         `json:"implementation"`
	ImplementationVersion string         `json:"implementation_version"`
	LanguageInfo          LanguageInfo   `json:"language_info"`
	Banner                string         `json:"banner"`
	Debugger              bool           `json:"debugger"`
	HelpLinks             List[HelpLink] `json:"help_links"`
	SupportedFeatures     List[string]   `json:"supported_features"`
}

// Type returns kernel_info_reply.
func (KernelInfoReply) Type() Type { return "kernel_info_reply" }

// LanguageInfo tells front ends and converters how to treat code. An empty
// PygmentsLexer would make nbconvert colour it as Python.
type LanguageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MIMEType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"`
	PygmentsLexer     string `json:"pygments_lexer"`
	CodeMirrorMode    string `json:"codemirror_mode"`
	NBConvertExporter string `json:"nbconvert_exporter"`
}

// HelpLink is an entry of the help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// ConnectRequest asks for the ports (section "Connect", deprecated).
type ConnectRequest struct{}

// Type returns connect_request.
func (ConnectRequest) Type() Type { return "connect_request" }

// ConnectReply tells them.
type ConnectReply struct {
	Outcome
	ShellPort     int `json:"shell_port"`
	IOPubPort     int `json:"iopub_port"`
	StdinPort     int `json:"stdin_port"`
	HeartbeatPort int `json:"hb_port"`
	ControlPort   int `json:"control_port"`
}

// Type returns connect_reply.
func (ConnectReply) Type() Type { return "connect_reply" }
