package native

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// Inspect describes the identifier at a byte offset: its declaration, its doc
// comment, where it was declared and, for a variable of the notebook or a
// field of one, its value now, which is only read while no cell runs. Detail 1
// adds the text of the declaration and the methods of a type.
func (e *Engine) Inspect(ctx context.Context, code string, offset, detail int) (map[string]any, error) {
	s := e.live()
	if s == nil {
		return nil, nil
	}
	_, code = cell.SplitMagics(code)
	d, ok := s.describe(code, offset, detail)
	if !ok {
		return nil, nil
	}
	b := newBook(d, detail)
	if v := e.value(ctx, s, d); v != "" {
		b.value(v)
	}
	if d.Package != "" {
		b.fromSources(ctx, s)
	} else {
		b.text(d.Doc, d.Doc)
	}
	b.source(d.Source)
	if d.Cell > 0 {
		at := fmt.Sprintf("declared at cell[%d]:%d", d.Cell, d.Line)
		b.text(at, at)
	}
	b.source(strings.Join(d.More, "\n"))
	return b.bundle(), nil
}

func (s *session) describe(code string, offset, detail int) (cell.Description, bool) {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	return s.known.scope.Inspect(code, offset, detail)
}

// book is a description as it grows, for terminals and for browsers.
type book struct {
	about           cell.Description
	detail          int
	plain, markdown strings.Builder
}

func newBook(d cell.Description, detail int) *book {
	b := &book{about: d, detail: detail}
	fmt.Fprintf(&b.plain, "%s\n", d.Decl)
	fmt.Fprintf(&b.markdown, "```go\n%s\n```\n", d.Decl)
	return b
}

func (b *book) value(text string) {
	fmt.Fprintf(&b.plain, "= %s\n", text)
	fmt.Fprintf(&b.markdown, "\n```\n= %s\n```\n", strings.ReplaceAll(text, "```", "'''"))
}

func (b *book) text(plain, markdown string) {
	if plain = strings.TrimSpace(plain); plain != "" {
		fmt.Fprintf(&b.plain, "\n%s\n", plain)
		fmt.Fprintf(&b.markdown, "\n%s\n", strings.TrimSpace(markdown))
	}
}

func (b *book) source(code string) {
	if code != "" {
		fmt.Fprintf(&b.plain, "\n%s\n", code)
		fmt.Fprintf(&b.markdown, "\n```go\n%s\n```\n", code)
	}
}

func (b *book) bundle() map[string]any {
	return map[string]any{"text/plain": b.plain.String(), "text/markdown": b.markdown.String()}
}

// mostDoc is how much of a comment a tooltip shows, in bytes; detail 1 shows
// all of it.
const mostDoc = 2500

// fromSources adds what the sources of the package say, if they are to be found.
func (b *book) fromSources(ctx context.Context, s *session) {
	src, err := s.source(ctx, b.about.Package)
	if err != nil {
		return // what is known without them has been said
	}
	e, ok := src.find(b.about.Member)
	if !ok {
		return
	}
	text := e.doc
	if b.detail == 0 && len(text) > mostDoc {
		if at := strings.LastIndex(text[:mostDoc], "\n\n"); at > 0 {
			text = text[:at] + "\n\n…\n"
		}
	}
	b.text(src.plain(text), src.markdown(text))
	if b.detail > 0 && e.node != nil {
		b.source(src.code(e.node))
		b.text(src.place(e.node), "`"+src.place(e.node)+"`")
	}
	if link := b.link(); link != "" {
		b.text(link, "["+strings.TrimPrefix(link, "https://")+"]("+link+")")
	}
}

// link is where the name is explained in full.
func (b *book) link() string {
	path, name := b.about.Package, b.about.Member
	if first, _, _ := strings.Cut(path, "/"); first == "example.com" || strings.HasPrefix(path, ".") {
		return ""
	}
	if name != "" {
		name = "#" + name
	}
	return "https://pkg.go.dev/" + path + name
}

// source is a package as it is written, the standard library's in the release
// that is used, others where the go command finds them.
func (s *session) source(ctx context.Context, path string) (*packageSource, error) {
	if path == "builtin" || s.tools.IsStandard(path) {
		return s.known.docs.of(filepath.Join(s.tools.Root(), "src", filepath.FromSlash(path)), path)
	}
	dir, err := s.mods.dir(ctx, s.tools, path)
	if err != nil {
		return nil, err
	}
	return s.known.docs.of(dir, path)
}

// value is what a variable of the notebook holds, as a cell would show it,
// with its type where that is more than its declaration says.
func (e *Engine) value(ctx context.Context, s *session, d cell.Description) string {
	const patience = time.Second // a cell that is started meanwhile waits for it
	if d.Value == "" || !e.run.TryLock() {
		return ""
	}
	defer e.run.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var shown shownText
	e.serial++
	e.outputs.add(e.serial, &shown)
	defer e.outputs.remove(e.serial)
	t := timer{took: &Took{}, at: time.Now()}
	done, err := e.showValue(ctx, s, d.Value, &t)
	if !done && d.Symbol != "" { // an error, which a cell that names it would fail with
		err = e.execute(ctx, s, "any("+d.Name+")", d.Cell, &shown)
	}
	if err != nil {
		return ""
	}
	const most = 2000
	return strings.ToValidUTF8(shown.text(most), "")
}

// shownText keeps the plain text of a result and drops everything else.
type shownText struct {
	engine.Discard
	mu           sync.Mutex
	result, kind string
}

func (s *shownText) Result(d display.Data) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.result, _ = d.Bundle["text/plain"].(string)
	if about, ok := d.Metadata["interleave"].(map[string]any); ok {
		s.kind, _ = about["type"].(string)
	}
}

func (s *shownText) text(most int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.result
	if len(text) > most {
		text = text[:most] + " …"
	}
	if kind := strings.ReplaceAll(s.kind, "main.", ""); text != "" && kind != "" {
		text += "  // " + kind
	}
	return text
}
