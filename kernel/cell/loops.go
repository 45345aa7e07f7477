package cell

import (
	"go/ast"
	"go/token"
)

// loopChecks inserts an interrupt check at the top of loops that contain calls
// in functions that have a defer. Elsewhere the prologue of a called function
// and the preemption signal stop a loop; see HACKING.md.
func (c *compiler) loopChecks(ck *checked, root ast.Node) []edit {
	var edits []edit
	var function func(body *ast.BlockStmt)
	function = func(body *ast.BlockStmt) {
		deferred := false
		loops := map[*ast.BlockStmt]ast.Node{}
		ast.Inspect(body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				function(n.Body)
				return false
			case *ast.DeferStmt:
				deferred = true
			case *ast.ForStmt:
				loops[n.Body] = n
			case *ast.RangeStmt:
				loops[n.Body] = n
			}
			return true
		})
		for body, loop := range loops {
			if deferred && c.calls(ck, loop) {
				edits = append(edits, c.checkEdit(body))
			}
		}
	}
	switch n := root.(type) {
	case *ast.FuncDecl:
		if n.Body != nil {
			function(n.Body)
		}
	case *ast.BlockStmt:
		function(n)
	}
	return edits
}

func (c *compiler) checkEdit(body *ast.BlockStmt) edit {
	off := c.s.pl.offset(body.Lbrace) + 1
	return edit{off, off, c.s.aliasOf(rtPath) + ".Check();"}
}

// endlessChecks inserts a check into loops of the cell itself that never end
// and call nothing. The compiler drops what is stored before such a loop, for
// no one can see it; but an author who interrupts it does.
func (c *compiler) endlessChecks(body *ast.BlockStmt) (edits []edit) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt:
			if n.Cond == nil && !leaves(n.Body) && !c.calls(c.first, n) {
				edits = append(edits, c.checkEdit(n.Body))
			}
		}
		return true
	})
	return edits
}

// leaves says whether a loop's body may end the loop.
func leaves(body *ast.BlockStmt) bool {
	found := false
	var visit func(n ast.Node, inner bool)
	visit = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				found = true
			case *ast.BranchStmt:
				found = found || m.Label != nil || m.Tok == token.BREAK && !inner
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				if m != n {
					visit(m, true)
					return false
				}
			}
			return true
		})
	}
	visit(body, false)
	return found
}

// calls says whether a loop calls a function that is no builtin.
func (c *compiler) calls(ck *checked, loop ast.Node) bool {
	found := false
	ast.Inspect(loop, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			tv := ck.info.Types[call.Fun]
			found = found || !tv.IsType() && !tv.IsBuiltin()
		}
		_, fun := n.(*ast.FuncLit)
		return !fun
	})
	return found
}
