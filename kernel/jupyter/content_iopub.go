package jupyter

// Stream is text on a standard stream (section "Streams").
type Stream struct {
	Name string `json:"name"` // stdout or stderr
	Text string `json:"text"`
}

// Type returns stream.
func (Stream) Type() Type { return "stream" }

// Display is the content that display_data, update_display_data and
// execute_result share.
type Display struct {
	Data      Bundle    `json:"data"`
	Metadata  Object    `json:"metadata"`
	Transient Transient `json:"transient"`
}

// Transient is what is not stored in a notebook.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"`
}

// DisplayData shows something (section "Display data").
type DisplayData struct{ Display }

// Type returns display_data.
func (DisplayData) Type() Type { return "display_data" }

// UpdateDisplayData replaces what was shown under a display id (section
// "Update display data").
type UpdateDisplayData struct{ Display }

// Type returns update_display_data.
func (UpdateDisplayData) Type() Type { return "update_display_data" }

// ExecuteInput tells all clients what is about to run (section "Code inputs").
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

// Type returns execute_input.
func (ExecuteInput) Type() Type { return "execute_input" }

// ExecuteResult is the value of a cell (section "Execution results").
type ExecuteResult struct {
	Display
	ExecutionCount int `json:"execution_count"`
}

// Type returns execute_result.
func (ExecuteResult) Type() Type { return "execute_result" }

// Error tells why a cell failed (section "Execution errors").
type Error struct{ Fault }

// Type returns error.
func (Error) Type() Type { return "error" }

// KernelStatus tells what the kernel does (section "Kernel status").
type KernelStatus struct {
	ExecutionState State `json:"execution_state"`
}

// Type returns status.
func (KernelStatus) Type() Type { return "status" }

// State is an execution state.
type State string

// The states of a kernel.
const (
	Starting State = "starting"
	Busy     State = "busy"
	Idle     State = "idle"
)

// ClearOutput removes the output of a cell (section "Clear output"), with Wait
// not before there is new output.
type ClearOutput struct {
	Wait bool `json:"wait"`
}

// Type returns clear_output.
func (ClearOutput) Type() Type { return "clear_output" }

// IOPubWelcome tells a client that its subscription has arrived (JEP 65).
type IOPubWelcome struct {
	Subscription string `json:"subscription"`
}

// Type returns iopub_welcome.
func (IOPubWelcome) Type() Type { return "iopub_welcome" }
