package cell

import (
	"fmt"
	"go/types"
	"maps"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// findChanged finds the declarations of the session that the cell changes: for
// others to be checked again (changed) and for methods of live types to be
// made again (touched).
func (c *compiler) findChanged() {
	c.touched = map[*entity]bool{}
	x := &typeIdentities{ids: c.ids, pkg: c.first.pkg, names: c.typeNames(c.first), epochs: map[*types.TypeName]int{}}
	for _, e := range c.fresh {
		if e.kind == Var {
			continue
		}
		e.sig = c.signature(x, e)
		old := c.replaced[e]
		if old != nil {
			c.touched[e] = e.kind != Type || e.sig != old.sig || c.stripped[e]
			c.changed[e] = e.sig != old.sig || c.stripped[e]
		}
		if recv := c.view[e.recv]; old == nil && e.kind == Method && recv != nil && (!c.isFresh(recv) || c.replaced[recv] != nil) {
			c.touched[e], c.changed[e] = true, true
		}
	}
	maps.DeleteFunc(c.touched, func(_ *entity, t bool) bool { return !t })
	maps.DeleteFunc(c.changed, func(_ *entity, t bool) bool { return !t })
}

// typeNames are the session's types in a check, with their author's names.
func (c *compiler) typeNames(ck *checked) map[*types.TypeName]string {
	names := map[*types.TypeName]string{}
	for _, key := range ck.pkg.Scope().Names() {
		o, ok := ck.pkg.Scope().Lookup(key).(*types.TypeName)
		if e := c.view[key]; ok && !o.IsAlias() && e != nil && e.kind == Type {
			names[o] = e.name
		}
	}
	return names
}

// signature is the identity of what other declarations can see of e.
func (c *compiler) signature(x *typeIdentities, e *entity) string {
	var o types.Object
	if e.kind == Method {
		if tn, ok := c.first.pkg.Scope().Lookup(e.recv).(*types.TypeName); ok {
			o, _, _ = types.LookupFieldOrMethod(types.NewPointer(tn.Type()), true, c.first.pkg, e.name)
		}
	} else {
		o = c.first.pkg.Scope().Lookup(e.key)
	}
	switch o := o.(type) {
	case nil:
		return ""
	case *types.Const:
		return "const " + canonical(o.Type(), nil, nil) + " " + o.Val().ExactString()
	case *types.TypeName:
		if o.IsAlias() {
			return "alias " + canonical(o.Type(), nil, nil)
		}
		return "type " + x.expand(o.Type(), false)
	case *types.Func:
		sig := o.Type().(*types.Signature)
		s := "func " + canonical(sig, nil, nil)
		for p := range sig.TypeParams().TypeParams() {
			s += "," + canonical(p.Constraint(), nil, nil)
		}
		if r := sig.Recv(); r != nil {
			s += canonical(r.Type(), nil, nil)
		}
		return s
	}
	return o.String()
}

// nameAll gives every declaration of the check its name in generated code.
// Variables whose identity changed are new ones; the author is told.
func (c *compiler) nameAll() {
	x := &typeIdentities{ids: c.ids, pkg: c.second.pkg, names: c.typeNames(c.second)}
	names := x.find()
	for o, name := range names {
		c.named[o.Name()] = name
	}
	for _, key := range c.second.pkg.Scope().Names() {
		e := c.view[key]
		if e == nil {
			continue
		}
		switch {
		case e.kind == Type && c.named[key] == "":
			c.named[key] = c.ids.claim(e.name, "alias")
		case e.kind == Var:
			o := c.second.pkg.Scope().Lookup(key)
			c.named[key] = c.ids.claim(e.name, "var "+canonical(o.Type(), c.second.pkg, names))
		case e.kind == Func || e.kind == Const:
			c.named[key] = c.claimPlain(e, names)
		}
		c.setEmitted(e, c.named[key])
		if e.kind == Var {
			c.noteShape(e, c.second.pkg.Scope().Lookup(key).Type())
		}
	}
	for _, e := range c.fresh {
		if e.init {
			c.named[e.key] = e.key
			c.setEmitted(e, e.key)
		}
	}
	c.noteResets()
	c.noteStale()
	c.noteUnnamed()
}

// funcIdentity is what callers of a function rely on: old code may call the new
// function of the same name.
func (c *compiler) funcIdentity(f *types.Func, names map[*types.TypeName]string) string {
	sig := f.Type().(*types.Signature)
	s := " " + canonical(sig, c.second.pkg, names)
	for p := range sig.TypeParams().TypeParams() {
		s += "," + canonical(p.Constraint(), c.second.pkg, names)
	}
	return s
}

// claimPlain names a function by its signature, or a constant. One that is
// hidden keeps the name it has.
func (c *compiler) claimPlain(e *entity, names map[*types.TypeName]string) string {
	if e.emitted != "" && e.kind == Const {
		return e.emitted
	}
	identity := string(e.kind)
	if f, ok := c.second.pkg.Scope().Lookup(e.key).(*types.Func); ok {
		identity += c.funcIdentity(f, names)
	}
	for n := 0; ; n++ {
		name := c.ids.claim(e.name, identity+strings.Repeat("+", n))
		if name == e.emitted {
			return name
		}
		taken := false
		for _, o := range c.view {
			taken = taken || o != e && o.name == e.name && o.kind == e.kind && o.emitted == name
		}
		if !taken {
			return name
		}
	}
}

func (c *compiler) setEmitted(e *entity, name string) {
	if e.emitted == name {
		return
	}
	old := e.emitted
	if old != "" && e.kind == Var && !c.isFresh(e) && !c.takeOver(e, name) {
		c.reset(e)
	}
	c.do(change{do: func() { e.emitted = name }, undo: func() { e.emitted = old }})
}

func (c *compiler) reset(e *entity) {
	c.resets = append(c.resets, e)
}

// noteResets tells which variables are new because a type changed.
func (c *compiler) noteResets() {
	set := map[*entity]bool{}
	for _, e := range c.resets {
		set[e] = true
	}
	for _, e := range sorted(set) {
		if e.again {
			continue
		}
		state := "is reset to its zero value, because its type changed"
		if c.s.ids.known(e.name, e.emitted) {
			state = "has the value again that it had when its type was the same as now"
		}
		c.notices = append(c.notices, fmt.Sprintf("%s (%s) %s; run %s again to make it anew", e.name, e.typ, state, cellName(e.src.cell)))
	}
	if c.p.program {
		return // its other declarations come and go with it
	}
	for _, e := range sorted(c.brokenSet()) {
		c.notices = append(c.notices, fmt.Sprintf("%s of %s no longer compiles and is set aside: %s; declare it again to use it",
			e.name, cellName(e.src.cell), c.broken[e]))
	}
}

func (c *compiler) brokenSet() map[*entity]bool {
	set := map[*entity]bool{}
	for e := range c.broken {
		if e.broken == "" {
			set[e] = true
		}
	}
	return set
}
