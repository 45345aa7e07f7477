package native

import (
	"context"
	"go/ast"
	"go/doc"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// Completion outside Go: magics, what follows them, and strings.

// completion has the items that begin with a prefix stand in its place.
func completion(start int, prefix string, end int, items []engine.CompletionItem) engine.Completion {
	c := engine.Completion{Start: start, End: end}
	for _, i := range items {
		if strings.HasPrefix(i.Text, prefix) {
			c.Items = append(c.Items, i)
		}
	}
	return c
}

// completeMagic completes a line of a magic. It is false for any other line.
func (e *Engine) completeMagic(code string, offset int) (engine.Completion, bool) {
	start := strings.LastIndexByte(code[:offset], '\n') + 1
	line := strings.TrimLeft(code[start:offset], " \t")
	if line == "" || !strings.ContainsRune("%!$", rune(line[0])) {
		return engine.Completion{}, false
	}
	if _, rest := cell.SplitMagics(code[:offset]); strings.TrimSpace(rest) != "" {
		return engine.Completion{}, false // not at the head of the cell
	}
	start = offset - len(line)
	word := line[strings.LastIndexAny(line, " \t=")+1:]
	if word == line && !strings.HasPrefix(line, "!") && !strings.HasPrefix(line, "$") {
		return completion(start, line, offset, magicNames()), true
	}
	m, _, err := lookup(line)
	if err != nil {
		return engine.Completion{Start: offset, End: offset}, true
	}
	if word == line { // "!ls"
		word = line[1:]
	}
	offers := m.offers
	if offers == nil {
		offers = (*Engine).anyFiles
	}
	return completion(offset-len(word), word, offset, offers(e, word)), true
}

func magicNames() (items []engine.CompletionItem) {
	for _, m := range magics() {
		items = append(items, engine.CompletionItem{Text: m.name, Kind: "magic", Signature: strings.TrimSpace(m.args + " — " + m.help)})
	}
	return items
}

// goBelow says whether what stands below the magics of a cell is Go.
func goBelow(lines []string) bool {
	for _, l := range lines {
		if m, _, err := lookup(l); err == nil && m.text {
			return false
		}
	}
	return true
}

// words offers the same words whatever is typed.
func words(list ...string) func(*Engine, string) []engine.CompletionItem {
	return func(*Engine, string) (items []engine.CompletionItem) {
		for _, w := range list {
			items = append(items, engine.CompletionItem{Text: w, Kind: "keyword"})
		}
		return items
	}
}

func (e *Engine) anyFiles(word string) []engine.CompletionItem { return e.files(word, false) }

func (e *Engine) folders(word string) []engine.CompletionItem { return e.files(word, true) }

// variables offers the environment.
func (e *Engine) variables(string) (items []engine.CompletionItem) {
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		items = append(items, engine.CompletionItem{Text: name, Kind: "variable"})
	}
	return items
}

// files offers the files that a path, from the folder of cells, may go on to.
func (e *Engine) files(word string, folders bool) (items []engine.CompletionItem) {
	dir, base := path.Split(word)
	if strings.ContainsAny(word, "\n*?") {
		return nil
	}
	entries, err := os.ReadDir(e.resolve(dir))
	if err != nil {
		return nil
	}
	for _, f := range entries {
		name := f.Name()
		if !strings.HasPrefix(name, base) || base == "" && name[0] == '.' {
			continue
		}
		at, err := os.Stat(filepath.Join(e.resolve(dir), name))
		switch {
		case err != nil:
		case at.IsDir():
			items = append(items, engine.CompletionItem{Text: dir + name + "/", Kind: "folder"})
		case !folders:
			items = append(items, engine.CompletionItem{Text: dir + name, Kind: "file"})
		}
	}
	return items
}

// resolve is a path from the folder of cells; ~ is the home folder.
func (e *Engine) resolve(p string) string {
	if home, err := os.UserHomeDir(); err == nil && (p == "~" || strings.HasPrefix(p, "~/")) {
		p = home + strings.TrimPrefix(p, "~")
	}
	if !filepath.IsAbs(p) {
		p = filepath.Join(*e.folder.Load(), p)
	}
	return filepath.Clean(p)
}

// importPaths offers packages for an import: those of the standard library and
// of Interleave, and those of the module around the notebook. Shorter paths,
// which are more often meant, come first.
func (s *session) importPaths(l cell.Literal, offset int) engine.Completion {
	var items []engine.CompletionItem
	add := func(p string) { items = append(items, engine.CompletionItem{Text: p, Kind: "package"}) }
	for _, p := range s.mods.nearby.all() {
		add(p)
	}
	for _, p := range s.tools.Packages() {
		if !internal(p) {
			add(p)
		}
	}
	slices.SortStableFunc(items, func(a, b engine.CompletionItem) int {
		return strings.Count(a.Text, "/") - strings.Count(b.Text, "/")
	})
	return completion(l.Start, l.Text, offset, items)
}

// exported offers what a package exports that is not linked into the session,
// by its sources.
func (s *session) exported(ctx context.Context, path, prefix string) (items []engine.CompletionItem) {
	src, err := s.source(ctx, path)
	if err != nil {
		return nil
	}
	add := func(kind, name, signature string) {
		if ast.IsExported(name) && len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			items = append(items, engine.CompletionItem{Text: name, Kind: kind, Signature: signature})
		}
	}
	functions := func(list []*doc.Func) {
		for _, f := range list {
			add("function", f.Name, strings.TrimPrefix(src.code(f.Decl.Type), "func"+" "+f.Name))
		}
	}
	values := func(kind string, list []*doc.Value) {
		for _, v := range list {
			for _, n := range v.Names {
				add(kind, n, "")
			}
		}
	}
	functions(src.doc.Funcs)
	values("constant", src.doc.Consts)
	values("variable", src.doc.Vars)
	for _, t := range src.doc.Types {
		add("type", t.Name, "")
		functions(t.Funcs)
		values("constant", t.Consts)
		values("variable", t.Vars)
	}
	slices.SortStableFunc(items, func(a, b engine.CompletionItem) int { return strings.Compare(a.Text, b.Text) })
	return items
}

// declared offers what the notebook has declared.
func (e *Engine) declared(string) (items []engine.CompletionItem) {
	s := e.live()
	if s == nil {
		return nil
	}
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	for _, n := range s.known.scope.Names() {
		items = append(items, engine.CompletionItem{Text: n.Name, Kind: string(n.Kind), Signature: n.Type})
	}
	return items
}
