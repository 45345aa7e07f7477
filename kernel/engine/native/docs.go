package native

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// docs reads in the sources of packages what their compiled form does not
// hold: comments, and the text of declarations. A package takes some
// milliseconds, net/http thirty, and is kept: at most keptDocs of them.
type docs struct {
	mu   sync.Mutex // guards what follows
	kept map[string]*packageSource
	last []string // folders, the one used last at the end
}

const keptDocs = 40

// packageSource is a package as it is written.
type packageSource struct {
	fset *token.FileSet
	text map[string][]byte // by file
	doc  *doc.Package
}

// of is the package in a folder.
func (d *docs) of(dir, path string) (*packageSource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := dir + "\n" + state(dir)
	if s := d.kept[now]; s != nil {
		d.last = append(slices.DeleteFunc(d.last, func(k string) bool { return k == now }), now)
		return s, nil
	}
	s, err := readSource(dir, path)
	if err != nil {
		return nil, err
	}
	if d.kept == nil {
		d.kept = map[string]*packageSource{}
	}
	if len(d.last) == keptDocs {
		delete(d.kept, d.last[0])
		d.last = d.last[1:]
	}
	d.kept[now] = s
	d.last = append(d.last, now)
	return s, nil
}

func readSource(dir, path string) (*packageSource, error) {
	s := &packageSource{fset: token.NewFileSet(), text: map[string][]byte{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the sources of %s: %w", path, err)
	}
	where := build.Default
	where.CgoEnabled = false
	var files []*ast.File
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if ok, err := where.MatchFile(dir, name); (err != nil || !ok) && path != "builtin" {
			continue
		}
		file := filepath.Join(dir, name)
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the sources of %s: %w", path, err)
		}
		// What can be read of a file in error is better than nothing.
		if f, _ := parser.ParseFile(s.fset, file, text, parser.ParseComments|parser.SkipObjectResolution); f != nil {
			s.text[file] = text
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read the sources of %s: there are no Go files in %s", path, dir)
	}
	s.doc, err = doc.NewFromFiles(s.fset, files, path, doc.AllDecls|doc.PreserveAST)
	return s, err
}

// written is what the sources say of a name.
type written struct {
	doc  string // as it is written
	node ast.Node
}

// find looks for a name: "", "Builder" or "Builder.WriteString".
func (s *packageSource) find(name string) (e written, ok bool) {
	owner, member, two := strings.Cut(name, ".")
	switch {
	case name == "":
		return written{doc: s.doc.Doc}, true
	case two:
		return s.findMember(owner, member)
	}
	for _, t := range s.doc.Types {
		if t.Name == name {
			return written{t.Doc, t.Decl}, true
		}
		if e, ok := among(name, t.Funcs, t.Consts, t.Vars); ok {
			return e, true
		}
	}
	return among(name, s.doc.Funcs, s.doc.Consts, s.doc.Vars)
}

func among(name string, funcs []*doc.Func, values ...[]*doc.Value) (e written, ok bool) {
	for _, f := range funcs {
		if f.Name == name {
			return written{f.Doc, f.Decl}, true
		}
	}
	for _, v := range slices.Concat(values...) {
		if slices.Contains(v.Names, name) {
			return valueIn(v, name), true
		}
	}
	return e, false
}

// valueIn is a constant or variable; the comment at its own line says more than
// that of the group.
func valueIn(v *doc.Value, name string) written {
	for _, sp := range v.Decl.Specs {
		spec, ok := sp.(*ast.ValueSpec)
		if !ok || !slices.ContainsFunc(spec.Names, func(id *ast.Ident) bool { return id.Name == name }) {
			continue
		}
		for _, c := range []*ast.CommentGroup{spec.Doc, spec.Comment} {
			if text := c.Text(); text != "" {
				return written{text, v.Decl}
			}
		}
	}
	return written{v.Doc, v.Decl}
}

// findMember looks for a method, a field or a method of an interface.
func (s *packageSource) findMember(owner, member string) (e written, ok bool) {
	for _, t := range s.doc.Types {
		if t.Name != owner {
			continue
		}
		if e, ok := among(member, t.Methods); ok {
			return e, true
		}
		ast.Inspect(t.Decl, func(n ast.Node) bool {
			if f, isField := n.(*ast.Field); isField && !ok && slices.ContainsFunc(f.Names, func(id *ast.Ident) bool { return id.Name == member }) {
				e, ok = written{strings.TrimSpace(f.Doc.Text() + f.Comment.Text()), f}, true
			}
			return !ok
		})
	}
	return e, ok
}

// markdown is the comment as Markdown, with links to where the names it
// mentions are explained.
func (s *packageSource) markdown(text string) string {
	p := s.doc.Printer()
	p.DocLinkURL = func(l *comment.DocLink) string { return l.DefaultURL("https://pkg.go.dev") }
	p.HeadingID = func(*comment.Heading) string { return "" }
	return string(p.Markdown(s.doc.Parser().Parse(text)))
}

// plain is the comment for a terminal.
func (s *packageSource) plain(text string) string {
	p := s.doc.Printer()
	p.TextWidth = 80
	return string(p.Text(s.doc.Parser().Parse(text)))
}

// code is the text of the declaration.
func (s *packageSource) code(n ast.Node) string {
	if n == nil {
		return ""
	}
	from, to := s.fset.Position(n.Pos()), s.fset.Position(n.End())
	text := s.text[from.Filename]
	if from.Offset < 0 || to.Offset > len(text) || from.Offset > to.Offset {
		return ""
	}
	return string(text[from.Offset:to.Offset])
}

// place is where the declaration stands.
func (s *packageSource) place(n ast.Node) string {
	if n == nil {
		return ""
	}
	at := s.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", at.Filename, at.Line)
}
