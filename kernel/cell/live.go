package cell

import (
	"bytes"
	"go/ast"
	"strings"
)

// live says that the code of a function in the worker is what the function
// would be compiled to now: it has not changed since, nor has anything that it
// uses. Later units declare it without its body.
type live struct {
	note string // the compiler's line about it, without its name
	refs string // emitted names of what it refers to
}

// inlined says whether callers may have the function's code in theirs. Those
// compiled later are to have it too, so it keeps its body.
func (l *live) inlined() bool { return strings.HasPrefix(l.note, "inline") }

// stub says whether a function is declared without its body.
func (c *compiler) stub(e *entity) bool {
	return e.live != nil && !e.live.inlined() && !c.dirty[e] && !c.full[e]
}

// findDirty finds what the cell makes to need compiling anew: what it touches
// and everything that uses it. Of a function that takes the place of the one
// which lives only those are affected which hold its code (c.held).
func (c *compiler) findDirty() {
	c.dirty = c.view.users(c.felt())
	for e := range c.touched {
		c.dirty[e] = true
	}
	for _, e := range c.held {
		c.dirty[e] = true
	}
}

// felt is what is touched without those functions of which users do not feel
// it: their old code jumps to the new.
func (c *compiler) felt() map[*entity]bool {
	felt := map[*entity]bool{}
	for e := range c.touched {
		if !c.inPlace(e) {
			felt[e] = true
		}
	}
	return felt
}

// inPlace says whether a function that is declared again takes the place of the
// one which lives, or else Widen finds its callers.
func (c *compiler) inPlace(e *entity) bool {
	old := c.replaced[e]
	return e.kind == Func && !c.p.program && old != nil && old.live != nil && old.built != "" && old.broken == "" &&
		e.sig == old.sig && !e.generic() && !old.generic()
}

// reach is closure, but of a stub it follows what its signature refers to.
func (v view) reach(want map[*entity]bool, stub func(*entity) bool) map[*entity]bool {
	r := reacher{view: v, stub: stub, all: map[*entity]bool{}}
	for e := range want {
		r.visit(e)
	}
	return r.all
}

type reacher struct {
	view
	stub    func(*entity) bool
	all     map[*entity]bool
	methods map[string][]*entity // of all types, once a type is reached
}

func (r *reacher) visit(e *entity) {
	if e == nil || r.all[e] {
		return
	}
	r.all[e] = true
	refs := e.uses.refs
	if r.stub(e) {
		refs = e.signatureUses().refs
	}
	for _, x := range refs {
		r.visit(r.view[x.key])
	}
	if e.kind == Method {
		r.visit(r.view[e.recv])
	}
	if e.kind == Type {
		r.visitMethods(e)
	}
	if e.group != nil {
		for _, m := range e.group.members {
			r.visit(m)
		}
	}
}

func (r *reacher) visitMethods(e *entity) {
	if r.methods == nil {
		r.methods = r.view.methods()
	}
	for _, m := range r.methods[e.key] {
		r.visit(m)
	}
}

// signatureUses is what a function's declaration refers to in front of its
// body.
func (e *entity) signatureUses() (u uses) {
	body := e.bodyOffset()
	for _, r := range e.uses.refs {
		if r.off < body {
			u.refs = append(u.refs, r)
		}
	}
	for _, p := range e.uses.pkgs {
		if p.off < body {
			u.pkgs = append(u.pkgs, p)
		}
	}
	return u
}

func (e *entity) bodyOffset() int {
	return e.off + int(e.fun.Body.Lbrace-e.fun.Type.Func)
}

// emitStub writes a function without its body, and for the compiler what it is
// to know of it.
func (em *emitter) emitStub(e *entity) {
	if em.refNames(e) != e.live.refs {
		em.full[e], em.again = true, true // never seen: what it uses has not changed
	}
	edits := em.edits(e.src, e.signatureUses())
	em.b.WriteString(lineDirective(e.src, e.off) + rewrite(e.src, e.src.text, e.off, e.bodyOffset(), edits) + "\n")
	em.stubs.WriteString(em.funcName(e) + "\t" + e.live.note + "\n")
}

// funcName is the compiler's name of a function or method.
func (em *emitter) funcName(e *entity) string {
	if e.kind != Method {
		return e.emitted
	}
	recv := em.named[e.recv]
	if _, ok := ast.Unparen(e.fun.Recv.List[0].Type).(*ast.StarExpr); ok {
		recv = "(*" + recv + ")"
	}
	return recv + "." + e.name
}

// refNames are the names under which the code of e knows what it refers to.
func (em *emitter) refNames(e *entity) string {
	var b strings.Builder
	for _, r := range e.uses.refs {
		if to := em.view[r.key]; to != nil {
			b.WriteString(to.emitted)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// SetNotes gives a unit what the compiler wrote about its functions, before it
// is committed: later units declare these without their bodies. Without notes
// every unit holds the bodies of all that it reaches.
func (u *Unit) SetNotes(notes []byte) { u.notes = notes }

// lives returns what the unit makes live, by entity.
func (u *Unit) lives() map[*entity]*live {
	found := map[*entity]*live{}
	for line := range bytes.Lines(u.notes) {
		name, note, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), "\t")
		if f := u.funcs[name]; f.e != nil {
			found[f.e] = &live{note: note, refs: f.refs}
		}
	}
	return found
}

// emittedFunc is a function that a unit holds with its body.
type emittedFunc struct {
	e    *entity
	refs string
}

// noteFunc remembers a function that is written with its body, unless it is
// one that later units cannot refer to by name.
func (em *emitter) noteFunc(e *entity) {
	if e.init || e.name == "_" || e.fun.Body == nil || e.generic() {
		return
	}
	em.funcs[em.funcName(e)] = emittedFunc{e, em.refNames(e)}
}
