package yaegi

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// tail keeps the end of what a process writes to its standard error: little,
// unless the Go runtime tells how it died.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 16 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if extra := len(t.text) - tailSize; extra > 0 {
		t.text = t.text[extra:]
	}
	return len(b), nil
}

// take returns what was written since the last time.
func (t *tail) take() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := string(t.text)
	t.text = nil
	return s
}

func identifier(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// packageItems are the packages whose names begin with what was typed.
func packageItems(typed string) (items []engine.CompletionItem) {
	for name, path := range packagesByName {
		if strings.HasPrefix(name, typed) {
			items = append(items, engine.CompletionItem{Text: name, Kind: "package", Signature: path})
		}
	}
	slices.SortFunc(items, func(a, b engine.CompletionItem) int { return strings.Compare(a.Text, b.Text) })
	return items
}
