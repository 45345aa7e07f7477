package echo

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// Complete completes the name of a command at the beginning of a line.
func (e *Engine) Complete(_ context.Context, code string, offset int) (engine.Completion, error) {
	start := strings.LastIndexByte(code[:offset], '\n') + 1
	c := engine.Completion{Start: start, End: offset}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		if strings.HasPrefix(name, code[start:offset]) {
			c.Items = append(c.Items, engine.CompletionItem{Text: name, Kind: "keyword", Signature: "TEXT"})
		}
	}
	return c, nil
}

// Inspect describes the command of the line that offset is in.
func (e *Engine) Inspect(_ context.Context, code string, offset, detail int) (map[string]any, error) {
	line := code[strings.LastIndexByte(code[:offset], '\n')+1:]
	name, _, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
	if _, ok := commands[name]; !ok {
		return nil, nil
	}
	text := "the command " + name
	if detail > 0 {
		text += " of the toy engine"
	}
	return map[string]any{"text/plain": text}, nil
}

// IsComplete looks at the last character alone.
func (e *Engine) IsComplete(code string) (s engine.Status, indent string) {
	switch {
	case strings.HasSuffix(code, `\`):
		return engine.Incomplete, "  "
	case strings.HasSuffix(code, "}"):
		return engine.Invalid, ""
	}
	return engine.Complete, ""
}
