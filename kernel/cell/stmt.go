package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// statementUses finds what the statements refer to; declarations of
// variables in them become assignments.
func (c *compiler) statementUses() uses {
	if c.p.body == nil {
		return c.programUses()
	}
	u := c.collect(c.first, c.src, c.p.body, false, c.statementKey)
	u.static = append(u.static, c.cellChecks()...)
	for _, s := range c.p.body.List {
		c.statementEdits(s, &u)
	}
	for _, e := range c.fresh {
		if e.init && e.fun != nil && e.name == "init" {
			u.static = append(u.static, edit{e.off, e.off, e.key + "();"})
		}
	}
	return u
}

// cellChecks are the interrupt checks of the statements, one for each loop.
func (c *compiler) cellChecks() []edit {
	edits := append(c.loopChecks(c.first, c.p.body), c.endlessChecks(c.p.body)...)
	slices.SortFunc(edits, func(a, b edit) int { return a.off - b.off })
	return slices.Compact(edits)
}

func (c *compiler) statementEdits(s ast.Stmt, u *uses) {
	for {
		l, ok := s.(*ast.LabeledStmt)
		if !ok {
			break
		}
		if c.labels[l.Label.Name] {
			off := c.s.pl.offset(l.Pos())
			end := c.s.pl.offset(l.Colon) + 1
			u.static = append(u.static, edit{off, end, strings.Repeat(" ", end-off)})
		}
		s = l.Stmt
	}
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			off := c.s.pl.offset(s.TokPos)
			u.static = append(u.static, edit{off, off + 2, " ="})
		}
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			c.varEdits(d, u)
		}
	}
}

// varEdits turns a declaration of variables into assignments.
func (c *compiler) varEdits(d *ast.GenDecl, u *uses) {
	at := c.s.pl.offset
	end := at(d.TokPos) + len("var")
	if d.Lparen.IsValid() {
		end = at(d.Lparen) + 1
		u.static = append(u.static, edit{at(d.Rparen), at(d.Rparen) + 1, " "})
	}
	keep := !d.Lparen.IsValid() && len(d.Specs) == 1 && blankSpec(d.Specs[0])
	if !keep {
		u.static = append(u.static, edit{at(d.TokPos), end, spaces(c.src.text[at(d.TokPos):end])})
	}
	for _, s := range d.Specs {
		vs, ok := s.(*ast.ValueSpec)
		switch {
		case !ok || keep:
		case blankSpec(vs):
			u.static = append(u.static, edit{at(vs.Pos()), at(vs.Pos()), "var "})
		case len(vs.Values) == 0:
			c.zeroEdit(vs, u)
		case vs.Type != nil:
			names := at(vs.Names[len(vs.Names)-1].End())
			values := at(vs.Values[0].Pos())
			u.static = append(u.static, edit{names, values, " = "})
		}
	}
}

func spaces(s string) string {
	b := []byte(s)
	blank(b, 0, len(b))
	return string(b)
}

func blankSpec(s ast.Spec) bool {
	vs, ok := s.(*ast.ValueSpec)
	return ok && !slices.ContainsFunc(vs.Names, func(id *ast.Ident) bool { return id.Name != "_" })
}

// zeroEdit assigns the zero value to variables declared without one. The text
// is made when all names are known.
func (c *compiler) zeroEdit(vs *ast.ValueSpec, u *uses) {
	at := c.s.pl.offset
	c.zeros = append(c.zeros, zero{at(vs.Pos()), at(vs.End()), vs.Names})
}

// zero is a specification of variables that are set to zero.
type zero struct {
	off, end int
	names    []*ast.Ident
}

// zeroText assigns zero values.
func (em *emitter) zeroText(z zero) edit {
	var left, right []string
	for _, id := range z.names {
		v := em.varOf[em.first.info.Defs[id]]
		if v == nil || v.e == nil {
			continue
		}
		e := em.view[v.e.key]
		left = append(left, e.emitted)
		value := em.embedVar(z.off, e)
		if value == "" {
			value = "*new(" + em.varType(e) + ")"
		}
		right = append(right, value)
	}
	return edit{z.off, z.end, strings.Join(left, ", ") + " = " + strings.Join(right, ", ")}
}

// cellFunc writes the function that runs the cell.
func (em *emitter) cellFunc(entry string, u uses) {
	fmt.Fprintf(&em.b, "func %s() {\n", entry)
	if em.p.body == nil {
		em.programBody(u)
	} else {
		em.statements(entry, u)
	}
	em.b.WriteString("}\n")
}

func (em *emitter) statements(entry string, u uses) {
	text := string(em.p.masked(func(it item) bool { return it.kind == stmtItem || it.kind == varItem }))
	zeroed := func(off int) bool {
		return slices.ContainsFunc(em.zeros, func(z zero) bool { return z.off <= off && off < z.end })
	}
	u.refs = slices.DeleteFunc(slices.Clone(u.refs), func(r ref) bool { return zeroed(r.off) })
	u.pkgs = slices.DeleteFunc(slices.Clone(u.pkgs), func(p pkgUse) bool { return zeroed(p.off) || em.dropped(u, p.off) })
	edits := em.edits(em.src, u)
	var blanks []edit
	for _, z := range em.zeros {
		edits = append(edits, em.zeroText(z))
		blanks = append(blanks, edit{z.off, z.end, ""})
	}
	more := append(em.showEdits(), em.embedComments()...)
	em.statementsEntity(entry, text, u, append(blanks, more...))
	edits = append(edits, more...)
	em.b.WriteString(lineDirective(em.src, 0) + rewrite(em.src, text, 0, len(text), edits) + "\n")
}

// dropped says whether an edit takes out the text at off.
func (em *emitter) dropped(u uses, off int) bool {
	return slices.ContainsFunc(u.static, func(e edit) bool { return e.off <= off && off < e.end })
}

func (em *emitter) showEdits() []edit {
	if em.showing == showNothing {
		return nil
	}
	off, end := em.s.pl.offset(em.p.show.Pos()), em.s.pl.offset(em.p.show.End())
	if em.showing == showBlank {
		return []edit{{off, off, "_ = "}}
	}
	f := ".Show("
	if em.showing == showError {
		f = ".ShowErr("
	}
	return []edit{{off, off, em.use(rtPath, em.s.aliasOf(rtPath)) + f}, {end, end, ")"}}
}
