package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Completion is what may stand in the place of src[Start:End].
type Completion struct {
	Start, End int
	Items      []Candidate
	// Package is set where members of a package are wanted whose export data
	// are not known: its path.
	Package string
}

// Candidate is one completion.
type Candidate struct {
	Text string
	// Kind is function, method, variable, field, type, constant, package or
	// keyword.
	Kind      string
	Signature string // what follows the name in a declaration, may be empty
}

// Complete finds what may stand at a byte offset of a cell, which need not be
// whole: members behind a dot, else names that are visible there, packages
// (also those not imported yet) and keywords.
func (s *Scope) Complete(src string, offset int) Completion {
	start, _ := identAt(src, offset)
	_, end := identAt(src, offset)
	offset = max(0, min(offset, len(src)))
	out := Completion{Start: start, End: end}
	if inText(src, start) {
		out.Start, out.End = offset, offset
		return out
	}
	prefix := src[start:offset]
	const here = "ʹhere" // the identifier being typed, whatever it is so far
	p := s.probe(src[:start]+here+src[end:], start, start+len(here))
	if p == nil {
		return out
	}
	list := &candidates{prefix: prefix, seen: map[string]bool{}, better: map[string]int{}, fits: p.fits()}
	sel, ok := p.parent.(*ast.SelectorExpr)
	switch {
	case ok && sel.Sel == p.id:
		p.members(list, sel.X)
		out.Package = p.unknownPackage(sel.X)
	case p.named():
	case p.label():
		p.labels(list)
	default:
		p.fields(list)
		p.locals(list)
		p.session(list)
		p.packages(list)
		p.universe(list)
	}
	out.Items = list.sorted()
	return out
}

// inText says whether off lies in a comment or in a string literal.
func inText(src string, off int) bool {
	sp := split(newSource(0, src))
	for _, t := range append(sp.toks, sp.notes...) {
		switch t.tok {
		case token.COMMENT, token.STRING, token.CHAR:
			if t.off < off && off < t.end || t.tok == token.COMMENT && t.off < off && off == t.end {
				return true
			}
		}
	}
	return false
}

// candidates collects what begins with the prefix, whatever its case.
type candidates struct {
	prefix string
	seen   map[string]bool
	list   []Candidate
	better map[string]int // by text: how well it fits the place, 0 not at all
	fits   func(types.Object) int
}

func (l *candidates) add(c Candidate) {
	if l.seen[c.Text] || strings.Contains(c.Text, mark) || c.Text == "_" {
		return
	}
	if len(c.Text) < len(l.prefix) || !strings.EqualFold(c.Text[:len(l.prefix)], l.prefix) {
		return
	}
	l.seen[c.Text] = true
	l.list = append(l.list, c)
}

// sorted puts those that agree with the prefix in case first, of these those
// that fit the place, and keeps the order of nearness otherwise.
func (l *candidates) sorted() []Candidate {
	rank := func(c Candidate) (r int) {
		if !strings.HasPrefix(c.Text, l.prefix) {
			r = best + 1
		}
		return r + best - l.better[c.Text]
	}
	slices.SortStableFunc(l.list, func(a, b Candidate) int { return rank(a) - rank(b) })
	return l.list
}

func (p *probe) addObject(l *candidates, obj types.Object) {
	text := clean(obj.Name())
	if !l.seen[text] {
		l.better[text] = l.fits(obj)
	}
	l.add(Candidate{Text: text, Kind: objectKind(obj), Signature: p.signature(obj)})
}

func objectKind(obj types.Object) string {
	switch o := obj.(type) {
	case *types.Func:
		if o.Type().(*types.Signature).Recv() != nil {
			return "method"
		}
		return "function"
	case *types.Builtin:
		return "function"
	case *types.Var:
		if o.IsField() {
			return "field"
		}
		return "variable"
	case *types.Const:
		return "constant"
	case *types.TypeName:
		return "type"
	case *types.PkgName:
		return "package"
	}
	return "keyword"
}

// members adds what may follow x and a dot.
func (p *probe) members(l *candidates, x ast.Expr) {
	if id, ok := x.(*ast.Ident); ok {
		if pkg, ok := p.ck.info.Uses[id].(*types.PkgName); ok {
			scope := pkg.Imported().Scope()
			for _, n := range scope.Names() {
				if ast.IsExported(n) {
					p.addObject(l, scope.Lookup(n))
				}
			}
			return
		}
	}
	if t := p.ck.info.TypeOf(x); t != nil {
		p.fieldsOf(l, t)
		p.methodsOf(l, t)
	}
}

// unknownPackage is the path of the package that x names, if it is one that
// cannot be imported yet: the cell may import it, or it may be added when the
// cell is run.
func (p *probe) unknownPackage(x ast.Expr) string {
	id, ok := x.(*ast.Ident)
	if !ok || p.c.view[id.Name] != nil {
		return ""
	}
	if pkg, ok := p.ck.info.Uses[id].(*types.PkgName); ok && pkg.Imported().Complete() {
		return ""
	}
	for _, im := range p.c.p.imports {
		if name, path := importName(im); name == id.Name {
			return path
		}
	}
	return p.c.imports[id.Name]
}

// fieldsOf adds the fields of a struct and those promoted from embedded ones.
func (p *probe) fieldsOf(l *candidates, t types.Type) {
	seen := map[types.Type]bool{}
	level := []types.Type{t}
	for len(level) > 0 {
		var next []types.Type
		for _, t := range level {
			if ptr, ok := t.Underlying().(*types.Pointer); ok {
				t = ptr.Elem()
			}
			st, ok := t.Underlying().(*types.Struct)
			if !ok || seen[t] {
				continue
			}
			seen[t] = true
			for f := range st.Fields() {
				if f.Exported() || f.Pkg() == p.ck.pkg {
					p.addObject(l, f)
				}
				if f.Embedded() {
					next = append(next, f.Type())
				}
			}
		}
		level = next
	}
}

func (p *probe) methodsOf(l *candidates, t types.Type) {
	if _, ok := t.Underlying().(*types.Pointer); !ok && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for sel := range types.NewMethodSet(t).Methods() {
		if m := sel.Obj(); m.Exported() || m.Pkg() == p.ck.pkg {
			p.addObject(l, m)
		}
	}
}

// fields adds the fields of the composite literal around the identifier.
func (p *probe) fields(l *candidates) {
	lit, ok := p.parent.(*ast.CompositeLit)
	if !ok || lit.Type == ast.Expr(p.id) {
		return
	}
	t := p.ck.info.TypeOf(lit)
	if t == nil {
		return
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if f.Exported() || f.Pkg() == p.ck.pkg {
				p.addObject(l, f)
			}
		}
	}
}

// locals adds the names of the scopes around the identifier.
func (p *probe) locals(l *candidates) {
	for s := p.scope(); s != nil && s != p.ck.pkg.Scope() && s != types.Universe; s = s.Parent() {
		for _, n := range s.Names() {
			if obj := s.Lookup(n); obj.Pos() < p.id.Pos() || !obj.Pos().IsValid() {
				p.addObject(l, obj)
			}
		}
	}
}

// session adds what the session and the cell declare.
func (p *probe) session(l *candidates) {
	set := map[*entity]bool{}
	for _, e := range p.c.view {
		if e.kind != Method && !e.init {
			set[e] = true
		}
	}
	list := sorted(set)
	slices.Reverse(list)
	for _, e := range list {
		if obj := p.ck.pkg.Scope().Lookup(e.key); obj != nil {
			p.addObject(l, obj)
			continue
		}
		l.add(Candidate{Text: e.key, Kind: string(e.kind), Signature: e.typ})
	}
}

func (p *probe) packages(l *candidates) {
	for n, path := range p.c.imports {
		l.add(Candidate{Text: n, Kind: "package", Signature: path})
	}
	if p.c.s.cfg.Names == nil || p.c.s.cfg.Packages == nil || l.prefix == "" {
		return
	}
	for _, n := range p.c.s.cfg.Names() {
		if !strings.HasPrefix(n, l.prefix) {
			continue
		}
		paths := slices.Clone(p.c.s.cfg.Packages(n))
		slices.SortStableFunc(paths, func(a, b string) int { return prefer(a, b, nil) })
		if len(paths) > 0 {
			l.add(Candidate{Text: n, Kind: "package", Signature: paths[0]})
		}
	}
}

func (p *probe) universe(l *candidates) {
	for _, n := range types.Universe.Names() {
		p.addObject(l, types.Universe.Lookup(n))
	}
	types := p.wantsType()
	for t := token.BREAK; t <= token.VAR; t++ {
		switch t {
		case token.CASE, token.DEFAULT, token.FALLTHROUGH:
			if !p.within(func(n ast.Node) bool {
				switch n.(type) {
				case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
					return true
				}
				return false
			}) {
				continue
			}
		case token.CHAN, token.FUNC, token.INTERFACE, token.MAP, token.STRUCT:
			if types && !l.seen[t.String()] {
				l.better[t.String()] = best
			}
		}
		l.add(Candidate{Text: t.String(), Kind: "keyword"})
	}
}
