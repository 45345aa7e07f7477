package cell

import (
	"maps"
	"slices"
)

// Commit adds what a unit declared, after the unit was loaded. Types are the
// linker's names of the types in it, by which later units know which
// instances of generic types and which unnamed types are alive; code lists its
// functions. Code of earlier cells that goes on using what the unit declares
// again is added to the unit's notices. It panics when something else was
// committed after the unit was compiled.
func (s *Scope) Commit(u *Unit, types []string, code []Code) {
	if u.scope != s || u.version != s.version {
		panic("cell: commit of a unit that was compiled before another one was committed")
	}
	u.Notices = append(u.Notices, u.commitCode(code)...)
	for _, f := range u.apply {
		f()
	}
	for e, l := range u.lives() {
		e.live = l
	}
	s.version++
	s.addTypes(types)
}

// commitSteps is what Commit does: the changes to the syntax trees again, and
// the new view.
func (c *compiler) commitSteps() []func() {
	var steps []func()
	for _, ch := range c.steps {
		if !ch.passing {
			steps = append(steps, ch.do)
		}
	}
	c.unveil()
	view, imports, dots, ids := c.view, c.mergedImports(), c.dots, c.ids
	dirty := view.users(c.felt())
	if c.p.pkgItem {
		dots = c.s.dots
	}
	redone, broken := c.redone, c.broken
	serial, number, named := c.src.serial, c.src.cell, c.named
	return append(steps, func() {
		c.s.cells[serial] = number
		for key, name := range named {
			if e := view[key]; e != nil && e.kind == Type {
				c.s.wasType[name] = true
			}
		}
		for e := range redone {
			e.broken = broken[e]
		}
		for e := range dirty {
			e.live = nil
		}
		for key, e := range view {
			e.program = nil
			if (e.init || e.name == "_") && e.kind != statements {
				delete(view, key) // nobody can refer to it
			}
		}
		s := c.s
		s.names, s.imports, s.dots = view, imports, dots
		s.ids.merge(ids)
	})
}

// Forget says that the worker and with it all values are gone. The
// declarations stay: what a later cell needs is emitted as if it were new, and
// variables begin with their zero values. It returns the names of the
// variables that were lost.
func (s *Scope) Forget() []string {
	set := map[string]bool{}
	for _, e := range s.names {
		e.live, e.built = nil, ""
		if e.kind == statements {
			delete(s.names, e.key)
		}
		if e.kind == Var && e.name != "_" {
			set[e.name] = true
		}
	}
	s.types, s.code = nil, newCode()
	return slices.Sorted(maps.Keys(set))
}
