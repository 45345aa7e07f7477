package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// declare makes entities of the cell's declarations and puts them into the
// view. What they replace is taken out or, when it is something else, hidden.
func (c *compiler) declare() {
	for _, d := range c.p.decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			c.declareFunc(d)
		case *ast.GenDecl:
			switch d.Tok {
			case token.CONST:
				c.declareConsts(d)
			case token.TYPE:
				for _, s := range d.Specs {
					if ts, ok := s.(*ast.TypeSpec); ok {
						c.declareType(d, ts)
					}
				}
			case token.VAR:
				c.declareProgramVars(d)
			}
		}
	}
	for _, e := range c.fresh {
		if e.kind != Method {
			c.enter(e)
		}
	}
	for _, e := range c.fresh {
		if e.kind == Method {
			c.enter(e)
		}
	}
}

// entity makes an entity of a declaration of this cell.
func (c *compiler) entity(kind Kind, id *ast.Ident, from, to token.Pos) *entity {
	e := &entity{name: id.Name, key: id.Name, kind: kind, src: c.src, ident: id}
	e.off, e.end = c.s.pl.offset(from), c.s.pl.offset(to)
	e.doc = c.p.directives(e.off)
	c.fresh = append(c.fresh, e)
	return e
}

func (c *compiler) declareFunc(d *ast.FuncDecl) {
	e := c.entity(Func, d.Name, d.Type.Func, d.End())
	stub := *d
	stub.Body = nil
	if d.Recv == nil && d.Name.Name == "init" && d.Body != nil {
		stub.Body = &ast.BlockStmt{} // Go wants one
	}
	e.fun, e.stub = d, &stub
	switch {
	case d.Recv != nil && len(d.Recv.List) == 1:
		e.kind, e.recv = Method, receiver(d.Recv.List[0].Type)
		e.key = e.recv + "." + e.name
		if e.name == "_" {
			e.key = e.recv + "._" + strconv.Itoa(e.off)
		}
	case d.Name.Name == "init" || d.Name.Name == "_":
		e.init = true
		e.key = fmt.Sprintf("%s%s%d", d.Name.Name, mark, c.src.serial*1000+len(c.fresh))
	}
}

// receiver is the name of the type that a receiver expression denotes.
func receiver(x ast.Expr) string {
	for {
		switch t := x.(type) {
		case *ast.StarExpr:
			x = t.X
		case *ast.ParenExpr:
			x = t.X
		case *ast.IndexExpr:
			x = t.X
		case *ast.IndexListExpr:
			x = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

func (c *compiler) declareConsts(d *ast.GenDecl) {
	g := &constGroup{decl: d}
	for _, s := range d.Specs {
		vs, ok := s.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for _, id := range vs.Names {
			e := c.entity(Const, id, d.Pos(), d.End())
			e.group = g
			e.off = c.s.pl.offset(id.Pos())
			g.members = append(g.members, e)
			if id.Name == "_" {
				e.key = fmt.Sprintf("_%s%d", mark, c.src.serial*1000+len(c.fresh))
			}
		}
	}
}

func (c *compiler) declareType(d *ast.GenDecl, ts *ast.TypeSpec) {
	e := c.entity(Type, ts.Name, ts.Pos(), ts.End())
	e.spec = ts
	if !d.Lparen.IsValid() {
		e.doc = c.p.directives(c.s.pl.offset(d.TokPos))
	}
	if ts.Name.Name == "_" {
		e.key = fmt.Sprintf("_%s%d", mark, c.src.serial*1000+len(c.fresh))
	}
}

// declareProgramVars declares the variables of a whole program, whose
// initialisers are checked where they stand.
func (c *compiler) declareProgramVars(d *ast.GenDecl) {
	for _, s := range d.Specs {
		vs, ok := s.(*ast.ValueSpec)
		if !ok {
			continue
		}
		spec := &programVars{spec: vs}
		for _, id := range vs.Names {
			e := c.entity(Var, id, vs.Pos(), vs.End())
			e.program = spec
			if id.Name == "_" {
				e.key = fmt.Sprintf("_%s%d", mark, c.src.serial*1000+len(c.fresh))
			}
			spec.members = append(spec.members, e)
		}
	}
}

// enter puts a declaration of the cell into the view.
func (c *compiler) enter(e *entity) {
	old := c.view[e.key]
	switch {
	case old == nil || old.src == c.src:
	case old.kind != e.kind || c.split[e.key]:
		c.hide(old)
	default:
		c.replaced[e] = old
		c.takeOut(old)
		if c.p.pkgItem && e.kind == Type {
			c.strip(e)
		}
	}
	if e.kind != Method && !e.init {
		c.hideImport(e.name)
	}
	c.view[e.key] = e
}

// takeOut removes a constant that is declared again from its group.
func (c *compiler) takeOut(old *entity) {
	if old.group == nil {
		return
	}
	id, name := old.ident, old.ident.Name
	c.do(change{do: func() { id.Name = "_" }, undo: func() { id.Name = name }})
	members := old.group.members
	var rest []*entity
	for _, m := range members {
		if m != old {
			rest = append(rest, m)
		}
	}
	g := old.group
	c.do(change{do: func() { g.members = rest }, undo: func() { g.members = members }})
}

// hideImport lets a declaration win over a package of the same name.
func (c *compiler) hideImport(name string) {
	if path, ok := c.imports[name]; ok && c.view[name] == nil {
		delete(c.imports, name)
		c.notices = append(c.notices, fmt.Sprintf("%s now names what this cell declares; package %s needs another name: import other %q", name, name, path))
	}
}

// hide gives a declaration that loses its name another key, so that the
// declarations of earlier cells which refer to it keep it. One that nobody
// refers to is dropped.
func (c *compiler) hide(old *entity) {
	refs, others := c.view.refsTo(old)
	delete(c.view, old.key)
	if others == 0 && !c.usedAbove(old) {
		return
	}
	key, hidden := old.key, ""
	for n := 2; ; n++ {
		hidden = old.name + mark + strconv.Itoa(n)
		if c.view[hidden] == nil {
			break
		}
	}
	c.do(change{do: rename(old, refs, hidden), undo: rename(old, refs, key)})
	c.rekeyMethods(key, hidden)
	c.view[hidden] = old
	c.noteHidden(old)
}

// refsTo finds all references to e, and how many are not its own.
func (v view) refsTo(e *entity) (refs []*ref, others int) {
	for _, u := range v {
		for i := range u.uses.refs {
			if u.uses.refs[i].key != e.key {
				continue
			}
			refs = append(refs, &u.uses.refs[i])
			if u != e {
				others++
			}
		}
	}
	return refs, others
}

// usedAbove says whether the statements use what is about to lose its name to
// a variable of theirs.
func (c *compiler) usedAbove(e *entity) bool {
	if c.first == nil {
		return false
	}
	for _, obj := range c.first.info.Uses {
		if c.first.global(obj) && obj.Name() == e.key {
			return true
		}
	}
	return false
}

// rekeyMethods lets methods follow their hidden type.
func (c *compiler) rekeyMethods(from, to string) {
	for k, m := range c.view {
		if m.kind != Method || m.recv != from {
			continue
		}
		delete(c.view, k)
		set := func(recv string) func() {
			return func() { m.recv, m.key = recv, recv+"."+m.name }
		}
		c.do(change{do: set(to), undo: set(from)})
		c.view[m.key] = m
	}
}

// noteHidden tells who goes on using what lost its name.
func (c *compiler) noteHidden(old *entity) {
	var who []string
	cells := map[string]bool{}
	for _, e := range sorted(c.view.direct(old)) {
		if e.recv != "" && e.recv == old.key || e.init || strings.Contains(e.key, mark) {
			continue
		}
		who = append(who, e.label())
		cells[cellName(e.src.cell)] = true
	}
	if len(who) > 0 && !c.p.program {
		c.notices = append(c.notices, fmt.Sprintf("the earlier %s (%s) stays in use by %s; run %s again to use the new one",
			old.name, old.describe(), strings.Join(who, ", "), strings.Join(slices.Sorted(maps.Keys(cells)), ", ")))
	}
}

// noteMain reminds of a main function that nobody calls: it runs by itself only
// in a cell that is nothing but declarations.
func (c *compiler) noteMain() {
	e := c.view["main"]
	if c.p.program || e == nil || e.kind != Func || !c.isFresh(e) {
		return
	}
	for _, obj := range c.first.info.Uses {
		if c.first.global(obj) && obj.Name() == "main" {
			return
		}
	}
	c.notices = append(c.notices, "func main was not run, because the cell has statements of its own; call main()")
}

// describe says what a declaration is, for notices.
func (e *entity) describe() string {
	if e.kind == Var && e.typ != "" {
		return e.typ
	}
	return string(e.kind)
}

// direct returns the declarations that refer to e.
func (v view) direct(e *entity) map[*entity]bool {
	set := map[*entity]bool{}
	for _, u := range v {
		for _, r := range u.uses.refs {
			if v[r.key] == e && u != e {
				set[u] = true
			}
		}
	}
	return set
}
