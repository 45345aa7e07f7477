package jupyter

// InterruptRequest interrupts what runs (section "Kernel interrupt").
type InterruptRequest struct{}

// Type returns interrupt_request.
func (InterruptRequest) Type() Type { return "interrupt_request" }

// InterruptReply answers it.
type InterruptReply struct{ Outcome }

// Type returns interrupt_reply.
func (InterruptReply) Type() Type { return "interrupt_reply" }

// ShutdownRequest ends the kernel (section "Kernel shutdown"). With Restart the
// client starts another one afterwards.
type ShutdownRequest struct {
	Restart bool `json:"restart"`
}

// Type returns shutdown_request.
func (ShutdownRequest) Type() Type { return "shutdown_request" }

// ShutdownReply answers it, to the client and on iopub.
type ShutdownReply struct {
	Outcome
	Restart bool `json:"restart"`
}

// Type returns shutdown_reply.
func (ShutdownReply) Type() Type { return "shutdown_reply" }

// DebugRequest is a request of the Debug Adapter Protocol (section "Debug
// request").
type DebugRequest struct {
	Seq     int    `json:"seq"`
	Command string `json:"command"`
}

// Type returns debug_request.
func (DebugRequest) Type() Type { return "debug_request" }

// DebugReply is a response of the Debug Adapter Protocol.
type DebugReply struct {
	Outcome
	Kind       string `json:"type"` // "response"
	Seq        int    `json:"seq"`
	RequestSeq int    `json:"request_seq"`
	Command    string `json:"command"`
	Success    bool   `json:"success"`
	Message    string `json:"message,omitempty"`
}

// Type returns debug_reply.
func (DebugReply) Type() Type { return "debug_reply" }

// UsageRequest asks what the kernel uses, as jupyter-resource-usage does.
type UsageRequest struct{}

// Type returns usage_request.
func (UsageRequest) Type() Type { return "usage_request" }

// UsageReply tells it. Fields are left out where the system does not tell.
type UsageReply struct {
	Outcome
	Hostname     string   `json:"hostname"`
	PID          int      `json:"pid"`
	KernelCPU    float64  `json:"kernel_cpu"`    // percent of one CPU since the request before
	KernelMemory uint64   `json:"kernel_memory"` // bytes, of all processes of the kernel
	CPUCount     int      `json:"cpu_count"`
	HostCPU      *float64 `json:"host_cpu_percent,omitempty"` // percent of all CPUs
	HostMemory   *Memory  `json:"host_virtual_memory,omitempty"`
}

// Type returns usage_reply.
func (UsageReply) Type() Type { return "usage_reply" }

// Memory is the memory of the machine, in bytes.
type Memory struct {
	Total     uint64  `json:"total"`
	Available uint64  `json:"available"`
	Percent   float64 `json:"percent"` // of the total that is not available
	Used      uint64  `json:"used"`
	Free      uint64  `json:"free"`
}
