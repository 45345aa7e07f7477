package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
)

// cellVar is a variable that the statements of a cell declare at top level.
type cellVar struct {
	id  *ast.Ident
	obj *types.Var
	// from is the expression whose value has the variable's type: result
	// number index of count. zero is the type expression of a variable
	// declared without a value.
	from         ast.Expr
	index, count int
	zero         ast.Expr
	e            *entity
}

// programVars is one specification of variables in a whole program.
type programVars struct {
	spec    *ast.ValueSpec
	members []*entity
}

// findVars collects the variables of the top-level statements.
func (c *compiler) findVars() {
	if c.p.body == nil {
		return
	}
	for _, s := range c.p.body.List {
		switch s := unlabelled(s).(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				for i, x := range s.Lhs {
					if id, ok := x.(*ast.Ident); ok {
						c.addVar(id, s.Rhs, i, len(s.Lhs), nil)
					}
				}
			}
		case *ast.DeclStmt:
			c.findDeclVars(s)
		}
	}
}

func (c *compiler) findDeclVars(s *ast.DeclStmt) {
	d, ok := s.Decl.(*ast.GenDecl)
	if !ok || d.Tok != token.VAR {
		return
	}
	for _, spec := range d.Specs {
		vs, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, id := range vs.Names {
			c.addVar(id, vs.Values, i, len(vs.Names), vs.Type)
		}
	}
}

func (c *compiler) addVar(id *ast.Ident, values []ast.Expr, i, n int, typ ast.Expr) {
	obj, ok := c.first.info.Defs[id].(*types.Var)
	if !ok || id.Name == "_" {
		return
	}
	v := &cellVar{id: id, obj: obj, zero: typ, count: 1}
	switch {
	case len(values) == n:
		v.from = values[i]
	case len(values) == 1:
		v.from, v.index, v.count = values[0], i, n
	}
	c.vars = append(c.vars, v)
	c.varOf[obj] = v
}

// declareVars makes entities of the cell's variables, now that their types are
// known. A variable of another type than the one of its name is a new one.
func (c *compiler) declareVars() {
	for _, v := range c.vars {
		if !valid(v.obj.Type()) {
			c.untyped[v.id.Name] = true
			continue
		}
		if c.redeclared(v) {
			continue
		}
		v.e = c.varEntity(v)
		c.enterVar(v.e)
	}
}

// redeclared refuses a variable of a name that the cell gives to something
// else, and those that Go keeps for functions.
func (c *compiler) redeclared(v *cellVar) bool {
	at := c.s.pl.offset(v.id.Pos())
	if v.id.Name == "main" || v.id.Name == "init" {
		c.errs = append(c.errs, newError(c.src, at, "cannot declare "+v.id.Name+" - must be func"))
		return true
	}
	old := c.view[v.id.Name]
	if old == nil || old.src != c.src || old.kind == Var {
		return false
	}
	e := newError(c.src, at, v.id.Name+" redeclared in this block")
	other := newError(c.src, old.off, "other declaration of "+v.id.Name)
	e.Detail = append(e.Detail, other.Error())
	c.errs = append(c.errs, e)
	return true
}

func valid(t types.Type) bool {
	ok := true
	walk := typeWalker{seen: map[types.Type]bool{}, see: func(types.Object) {}}
	walk.invalid = func() { ok = false }
	walk.walk(t)
	return ok
}

func (c *compiler) varEntity(v *cellVar) *entity {
	e := &entity{name: v.id.Name, key: v.id.Name, kind: Var, typ: c.readable(v.obj.Type(), c.first.pkg), line: c.lineOf(v.id.Pos())}
	if !writable(v.obj.Type(), c.first.pkg) || !c.typeText(e, v.obj.Type(), c.first.pkg) {
		c.valueText(e, v)
	}
	return e
}

func (c *compiler) lineOf(pos token.Pos) int {
	line, _ := c.src.place(c.s.pl.offset(pos))
	return line
}

// readable is a type as the author knows it.
func (c *compiler) readable(t types.Type, pkg *types.Package) string {
	return clean(types.TypeString(t, func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	}))
}

// typeText declares a variable by its type, written with the session's names
// for packages. It fails where that is no Go.
func (c *compiler) typeText(e *entity, t types.Type, pkg *types.Package) bool {
	w := &typeWriter{}
	w.named = func(w *typeWriter, o *types.TypeName) {
		if o.Pkg() != nil && o.Pkg() != pkg {
			w.WriteString(c.s.aliasOf(o.Pkg().Path()) + ".")
		}
		name := o.Name()
		if was := c.atFirst[name]; was != nil && c.first.global(o) {
			name = was.key // it may have lost its name meanwhile
		}
		w.WriteString(name)
	}
	w.write(t)
	return c.parseVar(e, w.String())
}

// parseVar gives a variable the syntax of its type.
func (c *compiler) parseVar(e *entity, text string) bool {
	const before = "package main;var "
	src := newSource(c.src.cell, e.name+" "+text)
	src.serial = c.src.serial
	base := c.s.pl.fset.Base()
	f, err := parser.ParseFile(c.s.pl.fset, "", before+src.text, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	e.src, e.off, e.end, e.text = src, 0, len(src.text), text
	c.s.pl.files[c.s.pl.fset.File(token.Pos(base))] = placed{e.src, len(before)}
	e.value = f.Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
	e.ident = e.value.Names[0]
	e.uses = c.typeUses(e.value.Type)
	return true
}

// typeUses finds what the text of a type refers to. In it every name is that
// of a field, a method, a package or a type of the session.
func (c *compiler) typeUses(x ast.Expr) (u uses) {
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				u.pkgs = append(u.pkgs, pkgUse{name: id.Name, off: c.s.pl.offset(id.Pos()), n: len(id.Name), path: c.s.pathOf(id.Name)})
			}
			return false
		case *ast.Field:
			f := c.typeUses(n.Type)
			u.refs, u.pkgs = append(u.refs, f.refs...), append(u.pkgs, f.pkgs...)
			return false
		case *ast.Ident:
			if t := c.view[n.Name]; t != nil && t.kind == Type {
				u.refs = append(u.refs, ref{id: n, off: c.s.pl.offset(n.Pos()), n: len(n.Name), key: n.Name})
			}
		}
		return true
	})
	return u
}

// pathOf is the path for which aliasOf returned a name.
func (s *Scope) pathOf(alias string) string {
	if !strings.Contains(alias, mark) {
		return ""
	}
	for path, a := range s.alias {
		if a == alias {
			return path
		}
	}
	return ""
}

// valueText declares a variable whose type cannot be written by an expression
// of that type, which is compiled but never run.
func (c *compiler) valueText(e *entity, v *cellVar) {
	e.byValue, e.src = true, c.src
	from := v.from
	if v.zero != nil {
		from = v.zero
	}
	e.off, e.end = c.s.pl.offset(from.Pos()), c.s.pl.offset(from.End())
	e.ident = ast.NewIdent(e.name)
	e.value = &ast.ValueSpec{Values: []ast.Expr{from}}
	if v.zero != nil {
		e.byType = true
		e.value = &ast.ValueSpec{Type: from}
	}
	for i := range v.count {
		id := ast.NewIdent("_")
		if i == v.index {
			id = e.ident
		}
		e.value.Names = append(e.value.Names, id)
	}
	e.index, e.count = v.index, v.count
}

// enterVar puts a variable into the view. The one of its name and type is the
// same variable; anything else of its name is hidden.
func (c *compiler) enterVar(e *entity) {
	old := c.view[e.key]
	if old != nil && old != e {
		if old.kind != Var || old.typ != e.typ || old.text != e.text {
			c.hide(old)
		} else {
			c.replaced[e] = old
		}
	}
	c.hideImport(e.name)
	c.dotConflict(e)
	c.view[e.key] = e
	c.fresh = append(c.fresh, e)
}

// dotConflict refuses a variable whose name a dot-imported package exports.
func (c *compiler) dotConflict(e *entity) {
	for _, path := range c.dots {
		p, err := c.s.cfg.Importer.Import(path)
		if err == nil && ast.IsExported(e.name) && p.Scope().Lookup(e.name) != nil {
			for _, v := range c.vars {
				if v.id.Name == e.name {
					c.errs = append(c.errs, newError(c.src, c.s.pl.offset(v.id.Pos()), fmt.Sprintf("%s already declared through dot-import of %s", e.name, path)))
				}
			}
		}
	}
}
