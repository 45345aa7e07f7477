package cell

import (
	"go/ast"
	"maps"
	"strconv"
)

// isolate lets a program with a package clause see its own declarations and
// imports only, as go run does; without one it sees the session. What the session declares under a name that the program uses
// without declaring it is veiled: it has another key until the cell is
// compiled. What the program declares replaces the session's as usual.
func (c *compiler) isolate() {
	c.imports, c.dots = map[string]string{}, nil
	declared := map[string]bool{}
	for _, d := range c.p.decls {
		for _, id := range topNames(d) {
			declared[id.Name] = true
		}
	}
	for _, e := range sorted(c.all()) {
		if e.kind != Method && !e.init && c.words[e.key] && !declared[e.key] {
			c.veil(e)
		}
	}
}

// all is the set of the view's entities.
func (c *compiler) all() map[*entity]bool {
	set := map[*entity]bool{}
	for _, e := range c.view {
		set[e] = true
	}
	return set
}

// veiling is an entity that is veiled.
type veiling struct {
	e         *entity
	key, veil string
}

func (c *compiler) veil(e *entity) {
	v := veiling{e, e.key, e.key + mark + strconv.Itoa(1000000+len(c.veiled))}
	refs, _ := c.view.refsTo(e)
	n := len(c.steps)
	c.do(change{do: rename(e, refs, v.veil), undo: rename(e, refs, v.key)})
	delete(c.view, v.key)
	c.view[v.veil] = e
	c.rekeyMethods(v.key, v.veil)
	for i := range c.steps[n:] {
		c.steps[n+i].passing = true
	}
	c.veiled = append(c.veiled, v)
}

// rename gives an entity and all references to it a key.
func rename(e *entity, refs []*ref, key string) func() {
	return func() {
		e.key, e.ident.Name = key, key
		for _, r := range refs {
			r.key, r.id.Name = key, key
		}
	}
}

// unveil makes the view and what was found about it ready to be committed.
func (c *compiler) unveil() {
	for _, v := range c.veiled {
		for e := range c.newUses {
			for i, r := range e.uses.refs {
				if r.key == v.veil {
					e.uses.refs[i].key = v.key
				}
			}
		}
		delete(c.view, v.veil)
		c.view[v.key] = v.e
		for k, m := range c.view {
			if m.kind == Method && m.recv == v.veil {
				delete(c.view, k)
				c.view[v.key+"."+m.name] = m
			}
		}
	}
}

// mergedImports are the session's imports after a program: its own are added
// where no declaration has the name.
func (c *compiler) mergedImports() map[string]string {
	if !c.p.pkgItem {
		return c.imports
	}
	all := maps.Clone(c.s.imports)
	maps.Copy(all, c.imports)
	for name := range all {
		if c.view[name] != nil {
			delete(all, name)
		}
	}
	return all
}

// strip takes the methods of earlier cells from a type that a program declares
// again: it has those of the program.
func (c *compiler) strip(e *entity) {
	own := map[string]bool{}
	for _, f := range c.fresh {
		own[f.key] = true
	}
	for k, m := range c.view {
		if m.kind == Method && m.recv == e.key && !own[k] {
			delete(c.view, k)
			c.stripped[e] = true
		}
	}
}

// topNames are the names that a declaration gives at package level.
func topNames(d ast.Decl) (ids []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			ids = append(ids, d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			ids = append(ids, declaredBy(s)...)
		}
	}
	return ids
}
