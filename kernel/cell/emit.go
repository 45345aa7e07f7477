package cell

import (
	"fmt"
	"go/constant"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// rtPath is the package that generated code calls.
const rtPath = "github.com/interleave-lab/interleave/kernel/worker/rt"

// emitter writes the unit of a cell.
type emitter struct {
	*compiler
	b      strings.Builder
	tail   strings.Builder   // what the cell's function brings about
	taken  map[string]bool   // package-level names of the unit
	as     map[string]string // path to the name it is imported by
	names  map[string]string // the reverse
	blank  map[string]bool   // paths imported for their effect
	done   map[string]bool   // emitted names
	stubs  strings.Builder   // the compiler's notes of functions without bodies
	funcs  map[string]emittedFunc
	bodies []*entity // functions with their bodies
	stmts  *entity   // the cell's statements, for later units
}

// emit writes the unit.
func (c *compiler) emit() *Unit {
	c.collectAll()
	stmts := c.statementUses()
	all := c.needed(stmts)
	em := &emitter{compiler: c, taken: map[string]bool{}, as: map[string]string{}, names: map[string]string{}, blank: map[string]bool{}, done: map[string]bool{},
		funcs: map[string]emittedFunc{}}
	for e := range all {
		em.taken[e.emitted] = true
	}
	entry := fmt.Sprintf("%scell%d", mark, c.src.serial)
	for _, e := range sorted(all) {
		em.entity(e)
	}
	for _, l := range stmts.locals {
		em.local(l)
	}
	em.cellFunc(entry, stmts)
	em.keepers()
	em.b.WriteString(em.tail.String())
	u := &Unit{Number: c.src.cell, Entry: "main." + entry, Program: c.p.program, Notices: c.notices, Copies: c.copies, scope: c.s, version: c.s.version,
		Shows: c.showing >= showValue, Fails: c.showing == showError}
	em.blankImports()
	if em.as["embed"] != "" {
		delete(em.blank, "embed")
	}
	u.Variables = c.earlierVariables(all)
	u.Source = []byte(em.header() + em.b.String())
	u.Imports = em.paths()
	u.Embeds = em.embeds
	u.Stubs, u.funcs = []byte(em.stubs.String()), em.funcs
	u.replacing = c.replacing()
	em.compiled()
	u.apply = append(c.commitSteps(), em.keepStatements)
	return u
}

// needed is what the unit must hold: what the cell declares and refers to, the
// types whose methods it changes, and all that these need.
func (c *compiler) needed(stmts uses) map[*entity]bool {
	want := map[*entity]bool{}
	for _, e := range c.fresh {
		want[e] = true
	}
	for _, r := range stmts.refs {
		if e := c.view[r.key]; e != nil {
			want[e] = true
		}
	}
	for _, e := range slices.Concat(c.keep, c.parts, c.taking, c.holders()) {
		want[e] = true
	}
	all := c.view.reach(want, c.stub)
	maps.DeleteFunc(all, func(e *entity, _ bool) bool { return c.isBroken(e) })
	return all
}

// earlierVariables are the variables of earlier cells among all that a unit
// holds.
func (c *compiler) earlierVariables(all map[*entity]bool) (names []string) {
	for e := range all {
		if e.kind == Var && e.name != "_" && !c.isFresh(e) {
			names = append(names, e.name)
		}
	}
	slices.Sort(names)
	return names
}

// entity writes a declaration, once for each name.
func (em *emitter) entity(e *entity) {
	name := e.emitted
	if e.kind == Method {
		name = em.named[e.recv] + "." + e.name
	}
	if name == "" || em.done[name] && (e.name != "_" || e.kind == statements) {
		return
	}
	em.done[name] = true
	if em.stub(e) {
		em.emitStub(e)
		return
	}
	for _, l := range e.uses.locals {
		em.local(l)
	}
	switch {
	case e.kind == statements:
		em.earlier(e)
	case e.group != nil:
		em.constant(e)
	case e.kind == Var:
		em.variable(e)
	case e.spec != nil:
		em.directives(e)
		em.text("type ", e)
	case e.fun != nil:
		em.directives(e)
		em.text("", e)
		em.noteFunc(e)
		em.bodies = append(em.bodies, e)
	}
}

// keepStatements makes the cell's statements known to later units.
func (em *emitter) keepStatements() {
	if em.stmts != nil {
		em.s.names[em.stmts.key] = em.stmts
	}
}

// compiled records with the steps of the commit what the functions of the unit
// were compiled from.
func (em *emitter) compiled() {
	for _, e := range em.bodies {
		v, old := em.version(e), e.built
		em.do(change{do: func() { e.built = v }, undo: func() { e.built = old }})
	}
}

func (em *emitter) directives(e *entity) {
	for _, d := range e.doc {
		if !strings.HasPrefix(d, "//go:embed") && !strings.HasPrefix(d, "//go:build") {
			em.b.WriteString(d + "\n")
		}
	}
}

// text writes the author's text of a declaration behind a line directive.
func (em *emitter) text(before string, e *entity) {
	em.b.WriteString(lineDirective(e.src, e.off))
	if before != "" {
		em.b.WriteString(before + lineComment(e.src, e.off) + " ")
	}
	edits := em.edits(e.src, e.uses)
	if e.init {
		off := em.s.pl.offset(e.ident.Pos())
		edits = append(edits, edit{off, off + len(e.name), e.key})
	}
	em.b.WriteString(rewrite(e.src, e.src.text, e.off, e.end, edits) + "\n")
}

// edits puts the names of generated code in the place of the author's.
func (em *emitter) edits(src *source, u uses) []edit {
	edits := slices.Clone(u.static)
	for _, ed := range u.static {
		if strings.HasPrefix(ed.text, em.s.aliasOf(rtPath)+".") {
			em.use(rtPath, em.s.aliasOf(rtPath))
		}
	}
	for _, r := range u.refs {
		e := em.view[r.key]
		if r.n < 0 || e == nil || e.init {
			continue
		}
		if e.emitted != src.text[r.off:r.off+r.n] {
			edits = append(edits, edit{r.off, r.off + r.n, e.emitted})
		}
	}
	for _, p := range u.pkgs {
		switch {
		case p.dot:
			a := em.use(p.path, em.s.aliasOf(p.path))
			edits = append(edits, edit{p.off, p.off, a + "."})
		default:
			if a := em.use(p.path, clean(p.name)); a != src.text[p.off:p.off+p.n] {
				edits = append(edits, edit{p.off, p.off + p.n, a})
			}
		}
	}
	return edits
}

// use imports a package, under the wanted name if that is free.
func (em *emitter) use(path, want string) string {
	if a, ok := em.as[path]; ok {
		return a
	}
	if em.taken[want] || em.names[want] != "" || want == "" {
		want = em.s.aliasOf(path)
	}
	em.as[path], em.names[want] = want, path
	return want
}

// constant writes a constant with its value worked out.
func (em *emitter) constant(e *entity) {
	o, ok := em.second.pkg.Scope().Lookup(e.key).(*types.Const)
	if !ok {
		return
	}
	t := ""
	if b, basic := o.Type().(*types.Basic); !basic || b.Info()&types.IsUntyped == 0 {
		t = " " + em.typeOf(o.Type())
	}
	fmt.Fprintf(&em.b, "const %s%s = %s\n", e.emitted, t, constText(o))
}

// typeOf writes a type in the names of generated code.
func (em *emitter) typeOf(t types.Type) string {
	w := &typeWriter{}
	w.named = func(w *typeWriter, o *types.TypeName) {
		switch {
		case o.Pkg() == nil:
			w.WriteString(o.Name())
		case o.Pkg() == em.second.pkg:
			w.WriteString(em.named[o.Name()])
		default:
			w.WriteString(em.use(o.Pkg().Path(), em.s.aliasOf(o.Pkg().Path())) + "." + o.Name())
		}
	}
	w.write(t)
	return w.String()
}

// constText writes a constant's value as an expression of its kind.
func constText(o *types.Const) string {
	v := o.Val()
	kind := types.Invalid
	if b, ok := o.Type().Underlying().(*types.Basic); ok {
		kind = b.Kind()
	}
	switch {
	case kind == types.UntypedRune:
		return "'\\x00' + " + constant.ToInt(v).ExactString()
	case kind == types.UntypedFloat:
		return "0.0 + " + ratText(v)
	case v.Kind() == constant.Complex:
		s := "(" + ratText(constant.Real(v)) + ") + (" + ratText(constant.Imag(v)) + ") * 1i"
		return s
	case v.Kind() == constant.Float:
		return ratText(v)
	case v.Kind() == constant.String:
		return fmt.Sprintf("%q", constant.StringVal(v))
	}
	return v.ExactString()
}

// ratText writes a number exactly, as a quotient of floating-point literals.
func ratText(v constant.Value) string {
	s := constant.ToFloat(v).ExactString()
	num, den, ok := strings.Cut(s, "/")
	if !ok {
		if strings.ContainsAny(s, ".eEpP") {
			return s
		}
		return s + ".0"
	}
	return num + ".0 / " + den + ".0"
}

// variable writes a variable without a value; one whose type cannot be
// written takes it from an expression that never runs.
func (em *emitter) variable(e *entity) {
	switch {
	case !e.byValue:
		fmt.Fprintf(&em.b, "var %s %s\n", e.emitted, em.varType(e))
	case e.byType:
		fmt.Fprintf(&em.b, "%svar %s %s\n", lineDirective(e.src, e.off), e.emitted, em.varType(e))
	default:
		names := slices.Repeat([]string{"_"}, e.count)
		names[e.index] = e.emitted
		fmt.Fprintf(&em.b, "%svar %s = %s\n", lineDirective(e.src, e.off), strings.Join(names, ", "), em.varType(e))
	}
}

// varType is the text that follows a variable's name.
func (em *emitter) varType(e *entity) string {
	from := e.off
	if !e.byValue {
		from = len(e.src.text) - len(e.text)
	}
	return plain(rewrite(e.src, e.src.text, from, e.end, em.edits(e.src, e.uses)), !e.byValue)
}

// plain drops line comments from text that no author wrote.
func plain(s string, ours bool) string {
	for ours {
		before, after, ok := strings.Cut(s, " /*line ")
		if !ok {
			break
		}
		_, after, _ = strings.Cut(after, "*/")
		s = before + after
	}
	return s
}

func (em *emitter) local(l hoisted) {
	if em.done[l.name] {
		return
	}
	em.done[l.name] = true
	text := l.text
	for _, p := range l.pkgs {
		if a := em.use(p, em.s.aliasOf(p)); a != em.s.aliasOf(p) {
			text = strings.ReplaceAll(text, em.s.aliasOf(p)+".", a+".")
		}
	}
	fmt.Fprintf(&em.b, "type %s %s\n", l.name, text)
}

// blankImports adds the imports that the cell makes for their effect.
func (em *emitter) blankImports() {
	for _, im := range em.p.imports {
		if name, path := importName(im); name == "_" && em.as[path] == "" {
			em.blank[path] = true
		}
	}
}

func (em *emitter) paths() []string {
	set := map[string]bool{}
	for p := range em.as {
		set[p] = true
	}
	for p := range em.blank {
		set[p] = true
	}
	delete(set, "unsafe")
	return slices.Sorted(maps.Keys(set))
}

// header is the head of the file with its imports.
func (em *emitter) header() string {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, p := range slices.Sorted(maps.Keys(em.as)) {
		fmt.Fprintf(&b, "import %s %q\n", em.as[p], p)
	}
	for _, p := range slices.Sorted(maps.Keys(em.blank)) {
		fmt.Fprintf(&b, "import _ %q\n", p)
	}
	b.WriteString("\n")
	return b.String()
}
