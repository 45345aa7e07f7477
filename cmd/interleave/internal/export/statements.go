package export

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
)

// displayPath is the package that shows values.
const displayPath = module + "/lib/display"

// editStatements turns the declarations at the top of a cell into assignments
// to variables of the package.
func (m *maker) editStatements(c *checked, body *ast.BlockStmt) {
	for _, s := range body.List {
		if l, ok := s.(*ast.LabeledStmt); ok {
			s = l.Stmt
		}
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				m.edit(c, s.TokPos, s.TokPos+2, edit{text: "="})
			}
		case *ast.DeclStmt:
			if d, ok := s.Decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
				m.editVar(c, d)
			}
		}
	}
}

// editVar turns var a, b T = x, y into a, b = x, y. Variables without a value
// that the cell is the first to declare have theirs already.
func (m *maker) editVar(c *checked, d *ast.GenDecl) {
	if onlyBlank(d) {
		return
	}
	k := m.chunkOf(c.stmts, d.Pos())
	end := d.Pos()
	for i, s := range d.Specs {
		m.edit(c, end, s.Pos(), edit{text: strings.Repeat("\n", min(i, 1))})
		end = s.End()
		m.editSpec(c, s.(*ast.ValueSpec), k)
	}
	m.edit(c, end, d.End(), edit{})
	k.gone = !slices.ContainsFunc(k.edits, func(e edit) bool { return e.text == " = " || e.text == " = *new(" })
}

func onlyBlank(d *ast.GenDecl) bool {
	return !slices.ContainsFunc(d.Specs, func(s ast.Spec) bool {
		return slices.ContainsFunc(s.(*ast.ValueSpec).Names, func(id *ast.Ident) bool { return id.Name != "_" })
	})
}

func (m *maker) editSpec(c *checked, s *ast.ValueSpec, k *chunk) {
	last := s.Names[len(s.Names)-1]
	if len(s.Values) > 0 {
		m.edit(c, last.End(), s.Values[0].Pos(), edit{text: " = "})
		return
	}
	fresh := true
	for _, id := range s.Names {
		e := c.locals[c.info.Defs[id]]
		fresh = fresh && slices.Contains(c.part.vars, e)
		if e != nil {
			k.vars = append(k.vars, e)
		}
	}
	if fresh {
		k.edits = slices.DeleteFunc(k.edits, func(e edit) bool { return m.within(k, e, s) })
		m.edit(c, s.Pos(), s.End(), edit{})
		return
	}
	// All of them begin anew, as in the session.
	for i, id := range s.Names {
		to := id.End()
		if i+1 < len(s.Names) {
			to = s.Names[i+1].Pos()
		}
		from := id.End()
		if i+1 == len(s.Names) {
			m.edit(c, from, s.Type.Pos(), edit{text: " = *new("})
			m.edit(c, s.Type.End(), s.Type.End(), edit{text: ")"})
			continue
		}
		m.edit(c, from, to, edit{text: " = *new(" + types.ExprString(s.Type) + ")\n"})
	}
}

// within says whether an edit lies in a spec.
func (m *maker) within(k *chunk, e edit, s ast.Node) bool {
	from, to := m.fset.Position(s.Pos()).Offset-k.base, m.fset.Position(s.End()).Offset-k.base
	return from <= e.from && e.to <= to
}

// show gives the trailing expression to display.Show, or to nobody.
func (m *maker) show(c *checked, body *ast.BlockStmt, u *cell.Unit) {
	if len(body.List) == 0 {
		return
	}
	s, ok := body.List[len(body.List)-1].(*ast.ExprStmt)
	switch {
	case !ok:
	case u.Fails:
		m.fails = true
		m.edit(c, s.Pos(), s.Pos(), edit{entity: m.showOrFail, text: "("})
		m.edit(c, s.End(), s.End(), edit{text: ")"})
	case u.Shows:
		m.edit(c, s.Pos(), s.Pos(), edit{pkg: displayPath, text: ".Show("})
		m.edit(c, s.End(), s.End(), edit{text: ")"})
	case !m.statement(c, s.X):
		m.edit(c, s.Pos(), s.Pos(), edit{text: "_ = "})
	}
}

// statement says whether an expression may stand by itself.
func (m *maker) statement(c *checked, x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		tv := c.info.Types[x.Fun]
		if tv.IsType() {
			return false
		}
		if id, ok := ast.Unparen(x.Fun).(*ast.Ident); ok && tv.IsBuiltin() {
			return slices.Contains([]string{"clear", "close", "copy", "delete", "panic", "print", "println", "recover"}, id.Name)
		}
		return true
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	}
	return false
}
