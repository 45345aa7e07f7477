package jupyter

// CreateSubshellRequest asks for a shell whose requests are answered beside
// those of the main one (JEP 91). It comes on control, as the others do.
type CreateSubshellRequest struct{}

// Type returns create_subshell_request.
func (CreateSubshellRequest) Type() Type { return "create_subshell_request" }

// CreateSubshellReply names it: requests for it have this id in their header.
type CreateSubshellReply struct {
	Outcome
	SubshellID string `json:"subshell_id"`
}

// Type returns create_subshell_reply.
func (CreateSubshellReply) Type() Type { return "create_subshell_reply" }

// DeleteSubshellRequest ends one.
type DeleteSubshellRequest struct {
	SubshellID string `json:"subshell_id"`
}

// Type returns delete_subshell_request.
func (DeleteSubshellRequest) Type() Type { return "delete_subshell_request" }

// DeleteSubshellReply answers it.
type DeleteSubshellReply struct{ Outcome }

// Type returns delete_subshell_reply.
func (DeleteSubshellReply) Type() Type { return "delete_subshell_reply" }

// ListSubshellRequest asks which there are.
type ListSubshellRequest struct{}

// Type returns list_subshell_request.
func (ListSubshellRequest) Type() Type { return "list_subshell_request" }

// ListSubshellReply lists their ids.
type ListSubshellReply struct {
	Outcome
	SubshellID List[string] `json:"subshell_id"`
}

// Type returns list_subshell_reply.
func (ListSubshellReply) Type() Type { return "list_subshell_reply" }
