package cell

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// programUses finds what the initialisers of a whole program refer to.
func (c *compiler) programUses() uses {
	var u uses
	for _, e := range c.fresh {
		if e.program == nil || e.program.members[0] != e {
			continue
		}
		more := c.collect(c.second, c.src, e.program.spec, false, c.globalKey)
		u.refs = append(u.refs, more.refs...)
		u.pkgs = append(u.pkgs, more.pkgs...)
		u.static = append(u.static, more.static...)
		u.locals = append(u.locals, more.locals...)
		for _, v := range e.program.spec.Values {
			ast.Inspect(v, func(n ast.Node) bool {
				if f, ok := n.(*ast.FuncLit); ok {
					u.static = append(u.static, c.loopChecks(c.second, f.Body)...)
					return false
				}
				return true
			})
		}
	}
	return u
}

// retypeProgramVars declares the variables of a whole program by their types,
// as all other variables of the session are, now that these are known.
func (c *compiler) retypeProgramVars() {
	for _, e := range c.fresh {
		if e.program == nil {
			continue
		}
		o := c.second.pkg.Scope().Lookup(e.key)
		if o == nil {
			continue
		}
		e.typ = c.readable(o.Type(), c.second.pkg)
		e.line, e.again = c.lineOf(e.ident.Pos()), true
		if writable(o.Type(), c.second.pkg) && c.typeText(e, o.Type(), c.second.pkg) {
			continue
		}
		spec := e.program.spec
		v := &cellVar{id: e.ident, zero: spec.Type, count: 1}
		i := slices.Index(e.program.members, e)
		switch {
		case len(spec.Values) == len(spec.Names):
			v.from = spec.Values[i]
		case len(spec.Values) == 1:
			v.from, v.index, v.count = spec.Values[0], i, len(spec.Names)
		}
		c.valueText(e, v)
		e.uses = c.collectValue(e)
	}
}

// programBody writes a program's start: zero values, the initialisers in Go's
// order, the init functions, main.
func (em *emitter) programBody(u uses) {
	em.b.WriteString(em.use(rtPath, em.s.aliasOf(rtPath)) + ".Program()\n")
	for _, e := range em.fresh {
		if e.program != nil && e.name != "_" {
			value := em.embedVar(em.s.pl.offset(e.program.spec.Pos()), e)
			if value == "" {
				value = "*new(" + em.varType(e) + ")"
			}
			fmt.Fprintf(&em.b, "%s = %s\n", e.emitted, value)
		}
	}
	edits := em.edits(em.src, u)
	for _, in := range em.second.info.InitOrder {
		src, off := em.s.pl.find(in.Rhs.Pos())
		if src != em.src {
			continue
		}
		var left []string
		typ := ""
		for _, v := range in.Lhs {
			name := "_"
			if v.Name() != "_" {
				name = em.named[v.Name()]
			} else if len(in.Lhs) == 1 {
				name, typ = "var _", " "+em.typeOf(v.Type())
			}
			left = append(left, name)
		}
		end := em.s.pl.offset(in.Rhs.End())
		fmt.Fprintf(&em.b, "%s%s%s = %s %s\n", lineDirective(em.src, off), strings.Join(left, ", "), typ,
			lineComment(em.src, off), rewrite(em.src, em.src.text, off, end, edits))
	}
	for _, e := range em.fresh {
		if e.init && e.name == "init" && e.fun != nil {
			em.b.WriteString(lineDirective(em.src, e.off) + e.key + "()\n")
		}
	}
	if e := em.view["main"]; e != nil && em.isFresh(e) && e.kind == Func {
		em.b.WriteString(lineDirective(em.src, e.off) + e.emitted + "()\n")
	}
}
