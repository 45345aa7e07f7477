package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// Description is what is known about a name.
type Description struct {
	Name string
	Kind string // as of a Candidate
	// Decl is its declaration in one line, without a body.
	Decl string
	// Doc is the comment above its declaration, if a cell declares it.
	Doc string
	// Cell and Line tell where a cell declares it, 0 elsewhere.
	Cell, Line int
	// Symbol is the linker's name of a variable of the session, so that its
	// value can be shown; empty for all else.
	Symbol string
	// More are further lines, for detail 1: the methods of a type, what a
	// package exports.
	More []string
}

// Inspect describes the identifier at or directly before a byte offset.
func (s *Scope) Inspect(src string, offset, detail int) (d Description, ok bool) {
	start, end := identAt(src, offset)
	if start == end || inText(src, start) {
		return d, false
	}
	p := s.probe(src, start, end)
	if p == nil {
		return d, false
	}
	obj := p.object()
	if obj == nil {
		return d, false
	}
	d = Description{Name: clean(obj.Name()), Kind: objectKind(obj), Decl: p.declaration(obj)}
	p.where(&d, obj)
	if detail > 0 {
		d.More = p.more(obj)
	}
	return d, true
}

func (p *probe) declaration(obj types.Object) string {
	switch o := obj.(type) {
	case *types.PkgName:
		return fmt.Sprintf("package %s // import %q", o.Imported().Name(), o.Imported().Path())
	case *types.TypeName:
		if o.Pkg() != nil && !o.IsAlias() {
			return clean("type " + o.Name() + " " + types.TypeString(o.Type().Underlying(), p.qualifier))
		}
	case *types.Const:
		return clean(types.ObjectString(o, p.qualifier)) + " = " + o.Val().String()
	case *types.Builtin, *types.Nil:
		return obj.Name() + " (predeclared)"
	}
	return clean(types.ObjectString(obj, p.qualifier))
}

// where adds the place of a declaration in a cell and the comment above it.
func (p *probe) where(d *Description, obj types.Object) {
	src, off := p.c.s.pl.find(obj.Pos())
	e := p.entityOf(obj)
	if e != nil && e.kind == Var {
		d.Cell, d.Line = e.src.cell, e.line
		if e.emitted != "" {
			d.Symbol = "main." + e.emitted
		}
		return
	}
	if src == nil {
		return
	}
	d.Cell = src.cell
	d.Line, _ = src.place(off)
	d.Doc = docAbove(src, d.Line)
}

// entityOf is the session's declaration of an object at package level.
func (p *probe) entityOf(obj types.Object) *entity {
	if !p.ck.global(obj) {
		return nil
	}
	return p.c.view[obj.Name()]
}

// docAbove is the comment of // lines that ends above a line.
func docAbove(src *source, line int) string {
	var doc []string
	for l := line - 1; l > 0; l-- {
		t := strings.TrimSpace(src.line(l))
		if !strings.HasPrefix(t, "//") {
			break
		}
		if !strings.HasPrefix(t, "//go:") {
			doc = append(doc, strings.TrimPrefix(strings.TrimPrefix(t, "//"), " "))
		}
	}
	slices.Reverse(doc)
	return strings.Join(doc, "\n")
}

func (p *probe) more(obj types.Object) []string {
	var list []string
	switch o := obj.(type) {
	case *types.PkgName:
		scope := o.Imported().Scope()
		for _, n := range scope.Names() {
			if ast.IsExported(n) {
				list = append(list, p.declaration(scope.Lookup(n)))
			}
		}
	case *types.TypeName:
		if types.IsInterface(o.Type()) {
			return nil
		}
		for sel := range types.NewMethodSet(types.NewPointer(o.Type())).Methods() {
			if m := sel.Obj(); m.Exported() || m.Pkg() == p.ck.pkg {
				list = append(list, clean("func ("+o.Name()+") "+m.Name()+p.signature(m)))
			}
		}
	case *types.Var:
		if n, ok := types.Unalias(o.Type()).(*types.Named); ok {
			return p.more(n.Obj())
		}
	}
	return list
}
