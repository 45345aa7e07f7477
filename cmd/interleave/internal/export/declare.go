package export

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// kind is what a name of the program is.
type kind string

const (
	variable kind = "variable"
	function kind = "function"
	method   kind = "method"
	typeName kind = "type"
	constant kind = "constant"
)

// entity is what a name of the notebook means in some of its cells.
type entity struct {
	name  string // the author's; Type.Method of a method
	final string // that of the program
	kind  kind
	typ   types.Type // of a variable, and of a function that is one
	text  string     // of a declaration
	cell  int        // that declared it
	again bool       // a function that a later cell declares again
}

// declare enters the declarations of a cell. Those that an earlier cell has
// made in the same words are left out.
func (m *maker) declare(c *checked) error {
	for _, d := range c.file.Decls {
		k := m.chunkOf(c.decls, d.Pos())
		if k == nil {
			continue // an import, or the statements
		}
		repeated, err := m.enter(c, d, k)
		if err != nil {
			return err
		}
		if !repeated {
			c.part.decls = append(c.part.decls, k)
		}
	}
	return nil
}

// enter enters one declaration, and says whether it repeats an earlier one.
func (m *maker) enter(c *checked, d ast.Decl, k *chunk) (repeated bool, err error) {
	fresh := entities(d, k.text, c.part.number)
	for i, e := range fresh {
		old := m.view[e.name]
		switch {
		case e.name == "main" || e.name == "init":
			return false, fmt.Errorf("it declares %s, which a program has for itself; give it another name", e.name)
		case e.name == "_" || old == nil || old.kind == variable:
			m.entities = append(m.entities, e)
			m.view[e.name] = e
			k.function = e
		case old.kind == e.kind && old.text == e.text:
			repeated = true
		case e.kind == function && old.kind == function && sameSignature(m.declOf(old), d):
			old.again, k.function, fresh[i] = true, old, old
		default:
			return false, fmt.Errorf("it declares the %s %s again and otherwise than cell %d: a program has one; give one of them another name", e.kind, e.name, old.cell)
		}
	}
	m.declared[d] = fresh
	if repeated && len(fresh) > 1 && slices.ContainsFunc(fresh, func(e *entity) bool { return m.view[e.name] == e }) {
		return false, fmt.Errorf("it declares %s, partly again: declare what is new by itself", fresh[0].name)
	}
	return repeated, nil
}

// declOf is the declaration that made an entity.
func (m *maker) declOf(e *entity) ast.Decl {
	for d, list := range m.declared {
		if slices.Contains(list, e) {
			return d
		}
	}
	return nil
}

// entities are what a declaration declares.
func entities(d ast.Decl, text string, cell int) (list []*entity) {
	add := func(k kind, name string) {
		list = append(list, &entity{name: name, kind: k, text: text, cell: cell})
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(function, d.Name.Name)
		} else {
			add(method, receiver(d)+"."+d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				add(typeName, s.Name.Name)
			case *ast.ValueSpec:
				for _, id := range s.Names {
					add(constant, id.Name)
				}
			}
		}
	}
	return list
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

// sameSignature says whether two functions without type parameters are
// declared with the same parameters and results.
func sameSignature(a, b ast.Decl) bool {
	f, ok1 := a.(*ast.FuncDecl)
	g, ok2 := b.(*ast.FuncDecl)
	return ok1 && ok2 && f.Type.TypeParams == nil && g.Type.TypeParams == nil &&
		types.ExprString(unnamed(f.Type)) == types.ExprString(unnamed(g.Type))
}

// unnamed is a function type without the names of its parameters.
func unnamed(f *ast.FuncType) *ast.FuncType {
	strip := func(l *ast.FieldList) *ast.FieldList {
		if l == nil {
			return nil
		}
		out := &ast.FieldList{}
		for _, field := range l.List {
			for range max(1, len(field.Names)) {
				out.List = append(out.List, &ast.Field{Type: field.Type})
			}
		}
		return out
	}
	return &ast.FuncType{Params: strip(f.Params), Results: strip(f.Results)}
}

// findVars enters the variables that the statements of a cell declare at their
// top.
func (m *maker) findVars(c *checked, body *ast.BlockStmt) error {
	for _, s := range body.List {
		if l, ok := s.(*ast.LabeledStmt); ok {
			s = l.Stmt
		}
		for _, id := range topNames(s) {
			obj := c.info.Defs[id]
			if obj == nil || id.Name == "_" {
				continue
			}
			if why := unwritable(obj.Type()); why != "" {
				return fmt.Errorf("the type of %s cannot be written in a program: %s; declare it with a type that can", id.Name, why)
			}
			c.locals[obj] = m.enterVar(c.part, id.Name, obj.Type())
		}
	}
	return nil
}

// enterVar is the variable of a name and type: the one there is, or a new one.
func (m *maker) enterVar(p *part, name string, typ types.Type) *entity {
	if old := m.view[name]; old != nil && old.kind == variable && fullType(old.typ) == fullType(typ) {
		return old
	}
	e := &entity{name: name, kind: variable, typ: typ, cell: p.number}
	m.view[name] = e
	m.entities = append(m.entities, e)
	p.vars = append(p.vars, e)
	return e
}

func fullType(t types.Type) string { return types.TypeString(t, (*types.Package).Path) }

// topNames are the identifiers that a statement may declare.
func topNames(s ast.Stmt) (ids []*ast.Ident) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			for _, x := range s.Lhs {
				if id, ok := x.(*ast.Ident); ok {
					ids = append(ids, id)
				}
			}
		}
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				ids = append(ids, spec.(*ast.ValueSpec).Names...)
			}
		}
	}
	return ids
}

// unwritable says what in a type has no name outside of its package.
func unwritable(t types.Type) (why string) {
	seen := map[types.Type]bool{}
	var walk func(types.Type)
	walk = func(t types.Type) {
		if seen[t] {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.Basic:
			if t.Kind() == types.Invalid {
				why = "it is not known"
			}
		case *types.Alias:
			walk(types.Unalias(t))
		case *types.Named:
			if o := t.Obj(); o.Pkg() != nil && o.Pkg().Path() != "main" && !o.Exported() {
				why = o.Pkg().Path() + " keeps " + o.Name() + " for itself"
			}
			for a := range t.TypeArgs().Types() {
				walk(a)
			}
		case *types.Pointer:
			walk(t.Elem())
		case *types.Slice:
			walk(t.Elem())
		case *types.Array:
			walk(t.Elem())
		case *types.Chan:
			walk(t.Elem())
		case *types.Map:
			walk(t.Key())
			walk(t.Elem())
		case *types.Struct:
			for f := range t.Fields() {
				walk(f.Type())
			}
		case *types.Signature:
			for v := range t.Params().Variables() {
				walk(v.Type())
			}
			for v := range t.Results().Variables() {
				walk(v.Type())
			}
		}
	}
	walk(t)
	return why
}
