package cell

import (
	"go/ast"
	"slices"
	"strings"
)

// statements is the kind of the statements of an earlier cell, which may be
// compiled again, never run again, for the function literals in them.
const statements Kind = "statements"

// statementsEntity makes an entity of the cell's statements, if there are
// literals in them.
func (em *emitter) statementsEntity(entry, text string, u uses, edits []edit) {
	if !hasLiteral(em.p.body) {
		return
	}
	u.static = slices.Concat(u.static, edits)
	em.stmts = &entity{name: "_", key: entry, kind: statements, init: true, src: em.src, text: text, uses: u, emitted: entry}
	em.stmts.built = em.version(em.stmts)
}

func hasLiteral(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		_, lit := n.(*ast.FuncLit)
		found = found || lit
		return !found
	})
	return found
}

// asBuilt says whether the statements of an earlier cell would be what they
// were, but for the code of the functions which they call.
func (c *compiler) asBuilt(e *entity) bool {
	for _, r := range e.uses.refs {
		if to := c.view[r.key]; to == nil || c.isBroken(to) {
			return false
		}
	}
	return c.version(e) == e.built
}

// earlier writes the statements of an earlier cell.
func (em *emitter) earlier(e *entity) {
	edits := em.edits(e.src, e.uses)
	em.b.WriteString("func " + e.emitted + "() {\n" + lineDirective(e.src, 0) + rewrite(e.src, e.text, 0, len(e.text), edits) + "\n}\n")
}

// methodValue is the wrapper by which a saved method value calls its method.
type methodValue struct {
	recv    string // type, in the names of generated code
	method  string
	pointer bool
}

// parseMethodValue reads a linker's name like "main.(*T).M-fm".
func parseMethodValue(name string) (v methodValue, ok bool) {
	text, ok := strings.CutSuffix(strings.TrimPrefix(name, "main."), "-fm")
	if !ok || strings.Contains(text, "[") {
		return v, false
	}
	v.recv, v.method, ok = strings.Cut(text, ".")
	if r, p := strings.CutPrefix(v.recv, "(*"); p {
		v.recv, v.pointer = strings.TrimSuffix(r, ")"), true
	}
	return v, ok && !strings.Contains(v.method, ".")
}

// text is an expression that has the compiler make the wrapper.
func (v methodValue) text() string {
	if v.pointer {
		return "new(" + v.recv + ")." + v.method
	}
	return "(*new(" + v.recv + "))." + v.method
}
