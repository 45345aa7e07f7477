package native

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// IsComplete says whether code is ready to be executed.
func (e *Engine) IsComplete(code string) (engine.Status, string) {
	s, indent := cell.IsComplete(code)
	return engine.Status(s), indent
}

// Complete completes code at a byte offset, also while a cell runs. Before
// the engine is ready it knows nothing.
func (e *Engine) Complete(ctx context.Context, code string, offset int) (engine.Completion, error) {
	s := e.live()
	if s == nil {
		return engine.Completion{Start: offset, End: offset}, nil
	}
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	c := s.known.scope.Complete(code, offset)
	out := engine.Completion{Start: c.Start, End: c.End}
	for _, i := range c.Items {
		out.Items = append(out.Items, engine.CompletionItem{Text: i.Text, Kind: i.Kind, Signature: i.Signature})
	}
	return out, nil
}

// Inspect describes the identifier at a byte offset: its declaration, its doc
// comment, where it was declared and, for a variable of the notebook, its
// value now, which is only read while no cell runs.
func (e *Engine) Inspect(ctx context.Context, code string, offset, detail int) (map[string]any, error) {
	s := e.live()
	if s == nil {
		return nil, nil
	}
	d, ok := s.describe(code, offset, detail)
	if !ok {
		return nil, nil
	}
	var plain, markdown strings.Builder
	fmt.Fprintf(&plain, "%s\n", d.Decl)
	fmt.Fprintf(&markdown, "```go\n%s\n```\n", d.Decl)
	if v := e.value(ctx, s, d); v != "" {
		fmt.Fprintf(&plain, "= %s\n", v)
		fmt.Fprintf(&markdown, "\n```\n%s\n```\n", v)
	}
	for _, text := range []string{d.Doc, declaredAt(d), strings.Join(d.More, "\n")} {
		if text != "" {
			fmt.Fprintf(&plain, "\n%s\n", text)
			fmt.Fprintf(&markdown, "\n%s\n", text)
		}
	}
	return map[string]any{"text/plain": plain.String(), "text/markdown": markdown.String()}, nil
}

func (s *session) describe(code string, offset, detail int) (cell.Description, bool) {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	return s.known.scope.Inspect(code, offset, detail)
}

func declaredAt(d cell.Description) string {
	if d.Cell == 0 {
		return ""
	}
	return fmt.Sprintf("declared at cell[%d]:%d", d.Cell, d.Line)
}

// value is what a variable of the notebook holds, as a cell would show it.
func (e *Engine) value(ctx context.Context, s *session, d cell.Description) string {
	const patience = 300 * time.Millisecond // front ends drop answers after a second
	if d.Symbol == "" || !e.run.TryLock() {
		return ""
	}
	defer e.run.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var shown shownText
	e.serial++
	e.outputs.add(e.serial, &shown)
	defer e.outputs.remove(e.serial)
	if err := e.execute(ctx, s, d.Name, d.Cell, &shown); err != nil {
		return ""
	}
	const most = 2000
	return strings.ToValidUTF8(shown.text(most), "")
}

// shownText keeps the plain text of a result and drops everything else.
type shownText struct {
	mu     sync.Mutex
	result string
}

func (s *shownText) Stream(engine.Stream, string) {}
func (s *shownText) Display(display.Data)         {}
func (s *shownText) Update(display.Data)          {}
func (s *shownText) Clear(bool)                   {}
func (s *shownText) Input(context.Context, string, bool) (string, error) {
	return "", engine.ErrNoStdin
}

func (s *shownText) Result(d display.Data) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result, _ = d.Bundle["text/plain"].(string)
}

func (s *shownText) text(most int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.result) > most {
		return s.result[:most] + " …"
	}
	return s.result
}
