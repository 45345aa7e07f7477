package native

import (
	"context"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// IsComplete says whether code is ready to be executed.
func (e *Engine) IsComplete(code string) (engine.Status, string) {
	s, indent := cell.IsComplete(code)
	return engine.Status(s), indent
}

// Complete completes code at a byte offset, also while a cell runs: magics and
// what follows them, file names and import paths in strings, and Go. Before
// the engine is ready it knows only magics and files.
func (e *Engine) Complete(ctx context.Context, code string, offset int) (engine.Completion, error) {
	offset = max(0, min(offset, len(code)))
	if c, ok := e.completeMagic(code, offset); ok {
		return c, nil
	}
	lines, code := cell.SplitMagics(code)
	if !goBelow(lines) {
		return engine.Completion{Start: offset, End: offset}, nil
	}
	s := e.live()
	if l, ok := cell.LiteralAt(code, offset); ok {
		if l.Import && s != nil {
			return s.importPaths(l, offset), nil
		}
		return completion(l.Start, l.Text, offset, e.files(l.Text, false)), nil
	}
	if s == nil {
		return engine.Completion{Start: offset, End: offset}, nil
	}
	return s.complete(ctx, code, offset), nil
}

// complete completes Go.
func (s *session) complete(ctx context.Context, code string, offset int) engine.Completion {
	s.known.mu.Lock()
	c := s.known.scope.Complete(code, offset)
	s.known.mu.Unlock()
	out := engine.Completion{Start: c.Start, End: c.End}
	for _, i := range c.Items {
		out.Items = append(out.Items, engine.CompletionItem{Text: i.Text, Kind: i.Kind, Signature: i.Signature})
	}
	if len(out.Items) == 0 && c.Package != "" {
		out.Items = s.exported(ctx, c.Package, code[c.Start:offset])
	}
	return out
}
