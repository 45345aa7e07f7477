package cell

import (
	"go/ast"
	"go/token"
	"iter"
	"slices"
	"strings"
)

// allowed are errors about the statements that Go has and a notebook has not:
// unused variables, labels and values at top level.
func (c *compiler) allowed(e fault) bool {
	switch {
	case strings.HasPrefix(e.Msg, "declared and not used: "):
		return c.topLevelIdent(e.Pos)
	case strings.HasPrefix(e.Msg, "label ") && strings.HasSuffix(e.Msg, " declared and not used"):
		return c.unusedLabel(e.Pos)
	case strings.Contains(e.Msg, "jumps over variable declaration"):
		return c.topLevelGoto(e.Pos)
	case strings.HasSuffix(e.Msg, " is not used"):
		shown := c.p.show != nil && e.Pos >= c.p.show.Pos() && e.Pos < c.p.show.End() && c.isShown(e)
		c.unused = c.unused || shown
		return shown
	}
	return false
}

// isShown says whether an error about an unused value is about the trailing
// expression as a whole.
func (c *compiler) isShown(e fault) bool {
	inside := false
	ast.Inspect(c.p.show, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok && e.Pos > n.Pos() && e.Pos < n.End() {
			inside = true
		}
		return true
	})
	return !inside
}

// topLevelIdent says whether pos is the declaration of a top-level variable.
func (c *compiler) topLevelIdent(pos token.Pos) bool {
	found := false
	for _, s := range c.p.body.List {
		switch s := unlabelled(s).(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(s.Lhs, func(x ast.Expr) bool { return x.Pos() == pos })
		case *ast.DeclStmt:
			ast.Inspect(s, func(n ast.Node) bool {
				if vs, ok := n.(*ast.ValueSpec); ok {
					found = found || slices.ContainsFunc(vs.Names, func(x *ast.Ident) bool { return x.Pos() == pos })
				}
				_, fun := n.(*ast.FuncLit)
				return !fun
			})
		}
	}
	return found
}

// unusedLabel remembers an unused label of the top level, which generated code
// leaves out.
func (c *compiler) unusedLabel(pos token.Pos) bool {
	for l := range c.topLabels() {
		if l.Label.Pos() == pos {
			c.labels[l.Label.Name] = true
			return true
		}
	}
	return false
}

// topLevelGoto says whether the goto at pos goes to a label of the top level:
// the variables it jumps over are assigned, not declared, in generated code.
func (c *compiler) topLevelGoto(pos token.Pos) bool {
	var label string
	ast.Inspect(c.p.body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Label != nil && pos >= b.Pos() && pos < b.End() {
			label = b.Label.Name
		}
		_, fun := n.(*ast.FuncLit)
		return !fun
	})
	for l := range c.topLabels() {
		if l.Label.Name == label {
			return true
		}
	}
	return false
}

// topLabels are the labels of the cell's top-level statements.
func (c *compiler) topLabels() iter.Seq[*ast.LabeledStmt] {
	return func(yield func(*ast.LabeledStmt) bool) {
		for _, s := range c.p.body.List {
			for {
				l, ok := s.(*ast.LabeledStmt)
				if !ok {
					break
				}
				if !yield(l) {
					return
				}
				s = l.Stmt
			}
		}
	}
}

// unlabelled is a statement without its labels.
func unlabelled(s ast.Stmt) ast.Stmt {
	for {
		l, ok := s.(*ast.LabeledStmt)
		if !ok {
			return s
		}
		s = l.Stmt
	}
}
