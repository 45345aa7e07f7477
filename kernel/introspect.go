package kernel

import (
	"context"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/lib/display"
)

// patience bounds a call into the engine beside the cell. JupyterLab drops
// completions after one second; inspection may read documentation.
const patience = 10 * time.Second

func (k *Kernel) complete(ctx context.Context, _ *request, c jupyter.CompleteRequest) jupyter.Content {
	reply := jupyter.CompleteReply{
		Outcome:     jupyter.Outcome{Status: jupyter.OK},
		CursorStart: c.CursorPos,
		CursorEnd:   c.CursorPos,
	}
	completer, ok := k.cfg.Engine.(engine.Completer)
	if !ok {
		return reply
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	found, err := completer.Complete(ctx, c.Code, jupyter.Offset(c.Code, c.CursorPos))
	if err != nil {
		reply.Outcome = jupyter.Failure("CompletionError", err.Error())
		return reply
	}
	reply.CursorStart = jupyter.Cursor(c.Code, found.Start)
	reply.CursorEnd = jupyter.Cursor(c.Code, found.End)
	for _, item := range found.Items {
		reply.Matches = append(reply.Matches, item.Text)
		reply.Metadata.Types = append(reply.Metadata.Types, jupyter.MatchType{
			Start:     reply.CursorStart,
			End:       reply.CursorEnd,
			Text:      item.Text,
			Kind:      kind(item.Kind),
			Signature: item.Signature,
		})
	}
	return reply
}

// kind returns the word by which JupyterLab picks the icon of a completion.
func kind(k string) string {
	switch k {
	case "package":
		return "module"
	case "type":
		return "class"
	case "field":
		return "property"
	case "method":
		return "function"
	}
	return k
}

func (k *Kernel) inspect(ctx context.Context, _ *request, c jupyter.InspectRequest) jupyter.Content {
	reply := jupyter.InspectReply{Outcome: jupyter.Outcome{Status: jupyter.OK}}
	inspector, ok := k.cfg.Engine.(engine.Inspector)
	if !ok {
		return reply
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	bundle, err := inspector.Inspect(ctx, c.Code, jupyter.Offset(c.Code, c.CursorPos), c.DetailLevel)
	if err != nil {
		reply.Outcome = jupyter.Failure("InspectionError", err.Error())
		return reply
	}
	shown, faults := encode(display.Data{Bundle: bundle})
	if len(faults) > 0 {
		reply.Outcome = jupyter.Failure("InspectionError", faults[0].Error())
		return reply
	}
	reply.Found, reply.Data = len(shown.Data) > 0, shown.Data
	return reply
}

func (k *Kernel) isComplete(_ context.Context, _ *request, c jupyter.IsCompleteRequest) jupyter.Content {
	checker, ok := k.cfg.Engine.(engine.Checker)
	if !ok {
		return jupyter.IsCompleteReply{Status: "unknown"}
	}
	status, indent := checker.IsComplete(c.Code)
	return jupyter.IsCompleteReply{Status: string(status), Indent: indent}
}
