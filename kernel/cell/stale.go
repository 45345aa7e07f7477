package cell

import (
	"fmt"
	"go/types"
	"strings"
)

// noteStale tells of values of a type's earlier version that may live on in
// interfaces: nothing resets those, and a type switch on the type as it is now
// does not match them.
func (c *compiler) noteStale() {
	if c.p.program {
		return
	}
	for _, e := range c.fresh {
		old := c.replaced[e]
		if e.kind != Type || old == nil || old.emitted == e.emitted {
			continue
		}
		o, ok := c.second.pkg.Scope().Lookup(e.key).(*types.TypeName)
		if !ok || types.IsInterface(o.Type()) {
			continue
		}
		if where := c.mayHold(o.Type()); len(where) > 0 {
			c.notices = append(c.notices, fmt.Sprintf("%s is another type now: values of the earlier one in %s keep that type, a type switch or assertion to %s does not match them",
				e.name, strings.Join(where, ", "), e.name))
		}
	}
}

// mayBeStale lists the variables that noteStale looks at, if it will.
func (c *compiler) mayBeStale() (vars []*entity) {
	retyped := false
	for e := range c.changed {
		retyped = retyped || e.kind == Type && c.replaced[e] != nil
	}
	for _, e := range c.view {
		if retyped && !c.p.program && e.kind == Var {
			vars = append(vars, e)
		}
	}
	return vars
}

// mayHold lists the session's variables with an interface in them that t
// implements.
func (c *compiler) mayHold(t types.Type) (names []string) {
	for _, e := range sorted(c.all()) {
		if e.kind != Var || c.isFresh(e) || e.again {
			continue
		}
		if v := c.second.pkg.Scope().Lookup(e.key); v != nil && holds(v.Type(), t, map[types.Type]bool{}) {
			names = append(names, e.name)
		}
	}
	return names
}

// holds says whether a value of type v may contain a t in an interface, as far
// as its type tells.
func holds(v, t types.Type, seen map[types.Type]bool) bool {
	v = types.Unalias(v)
	if seen[v] {
		return false
	}
	seen[v] = true
	if n, ok := v.(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() != "main" && !types.IsInterface(v) {
		return false // what the library keeps inside is not the author's
	}
	switch u := v.Underlying().(type) {
	case *types.Interface:
		return types.Implements(t, u) || types.Implements(types.NewPointer(t), u)
	case *types.Struct:
		for f := range u.Fields() {
			if holds(f.Type(), t, seen) {
				return true
			}
		}
	case *types.Map:
		return holds(u.Key(), t, seen) || holds(u.Elem(), t, seen)
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		return holds(u.Elem(), t, seen)
	}
	return false
}
