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
	// Source is the text of its declaration at detail 1, if a cell declares it.
	Source string
	// Package is the path of the package that declares it, if it is none of the
	// session's; "builtin" for what Go predeclares. Member is its name there:
	// "Builder", "Builder.WriteString", empty for the package itself.
	Package, Member string
	// Cell and Line tell where a cell declares it, 0 elsewhere.
	Cell, Line int
	// Symbol is the linker's name of a variable of the session, so that its
	// value can be shown; empty for all else.
	Symbol string
	// Value is an expression whose value can be shown, at this place of the
	// cell: a variable of the session, or a field of one.
	Value string
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
	p.origin(&d, obj)
	d.Value = p.value(src, start)
	if detail > 0 {
		d.More = p.more(obj)
		d.Source = p.sourceOf(obj)
	}
	return d, true
}

// value is the text of the identifier, which begins at start, with the
// selectors before it, if it begins with a variable of the session.
func (p *probe) value(src string, start int) string {
	x, _ := p.place()
	first := x
	for {
		sel, ok := ast.Unparen(first).(*ast.SelectorExpr)
		if !ok {
			break
		}
		first = sel.X
	}
	id, ok := ast.Unparen(first).(*ast.Ident)
	if !ok || x != ast.Expr(p.id) && p.ck.info.Uses[p.id] == nil {
		return ""
	}
	obj, ok := p.ck.info.Uses[id].(*types.Var)
	if !ok || p.entityOf(obj) == nil {
		return ""
	}
	from, to := start-int(p.id.Pos()-x.Pos()), start+int(x.End()-p.id.Pos())
	if from < 0 || to > len(src) || from >= to {
		return ""
	}
	return src[from:to]
}

// origin adds which package declares the object, and as what.
func (p *probe) origin(d *Description, obj types.Object) {
	if pkg, ok := obj.(*types.PkgName); ok {
		d.Package = pkg.Imported().Path()
		return
	}
	switch {
	case obj.Parent() == types.Universe:
		d.Package, d.Member = "builtin", obj.Name()
	case obj.Pkg() == nil || obj.Pkg() == p.ck.pkg: // the Error method of type error has no package
		if f, ok := obj.(*types.Func); ok && obj.Pkg() == nil {
			d.Package, d.Member = "builtin", "error."+f.Name()
		}
	default:
		d.Package = obj.Pkg().Path()
		if d.Member = member(obj); d.Member == "" {
			d.Package = ""
		}
	}
}

// member is the name of an object in its package, with the type it belongs to;
// empty for what has no name there, such as a parameter.
func member(obj types.Object) string {
	switch o := obj.(type) {
	case *types.Func:
		if recv := o.Signature().Recv(); recv != nil {
			t := recv.Type()
			if ptr, ok := t.(*types.Pointer); ok {
				t = ptr.Elem()
			}
			if n, ok := types.Unalias(t).(*types.Named); ok {
				return n.Obj().Name() + "." + o.Name()
			}
			return ""
		}
	case *types.Var:
		if o.IsField() {
			return fieldOwner(o)
		}
	}
	if obj.Parent() != obj.Pkg().Scope() {
		return ""
	}
	return obj.Name()
}

// fieldOwner finds the type of whose struct a field is one.
func fieldOwner(f *types.Var) string {
	scope := f.Pkg().Scope()
	for _, n := range scope.Names() {
		t, ok := scope.Lookup(n).(*types.TypeName)
		if !ok {
			continue
		}
		if st, ok := t.Type().Underlying().(*types.Struct); ok {
			for x := range st.Fields() {
				if x.Origin() == f.Origin() {
					return n + "." + f.Name()
				}
			}
		}
	}
	return ""
}

// sourceOf is the text of the declaration of what a cell declares.
func (p *probe) sourceOf(obj types.Object) string {
	src, off := p.c.s.pl.find(obj.Pos())
	if e := p.entityOf(obj); e != nil && e.kind == Var {
		return "" // its value says more than the statement that made it
	}
	if src == nil {
		return ""
	}
	for _, it := range split(src).items {
		if it.kind == declItem && it.start <= off && off < it.end {
			return src.text[it.start:it.end]
		}
	}
	return ""
}

func (p *probe) declaration(obj types.Object) string {
	switch o := obj.(type) {
	case *types.PkgName:
		return fmt.Sprintf("package %s // import %q", o.Imported().Name(), o.Imported().Path())
	case *types.TypeName:
		if _, basic := o.Type().(*types.Basic); !basic && !o.IsAlias() {
			return clean("type " + types.TypeString(o.Type(), p.qualifier) + " " + types.TypeString(o.Type().Underlying(), p.qualifier))
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
	if v, ok := obj.(*types.Var); ok && v.IsField() && !strings.HasPrefix(strings.TrimSpace(src.line(d.Line)), v.Name()) {
		return // the comment above the line is about the struct
	}
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
