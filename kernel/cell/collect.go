package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"unicode"
)

// collector finds what a piece of checked syntax refers to.
type collector struct {
	c   *compiler
	ck  *checked
	src *source
	// key is the key of the session declaration which an object is, or empty.
	key     func(obj types.Object) string
	generic bool                  // the types of the piece may depend on type parameters
	quiet   int                   // > 0: what is found is not in the text that is emitted
	sels    map[*ast.Ident]bool   // names behind a dot
	renamed map[types.Object]bool // local types renamed where they stand
	u       uses
}

// collect returns what the node refers to. Local types in it get names of
// their own.
func (c *compiler) collect(ck *checked, src *source, n ast.Node, generic bool, key func(types.Object) string) uses {
	k := &collector{c: c, ck: ck, src: src, key: key, generic: generic, sels: map[*ast.Ident]bool{}, renamed: map[types.Object]bool{}}
	k.walk(n)
	return k.u
}

func (k *collector) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			k.sels[n.Sel] = true
		case *ast.TypeSpec:
			return k.typeSpec(n)
		case *ast.GenDecl:
			k.repeated(n)
		case *ast.Ident:
			k.ident(n)
		}
		return true
	})
}

// repeated finds what the expressions of constants mean where they are repeated
// for the next ones: in const (X = X + X; Y) the first X is another one than
// the second, and the type checker records only the last meaning.
func (k *collector) repeated(d *ast.GenDecl) {
	if d.Tok != token.CONST {
		return
	}
	own := map[string]bool{}
	for _, s := range d.Specs {
		for _, id := range s.(*ast.ValueSpec).Names {
			own[id.Name] = true
		}
	}
	for i, s := range d.Specs[:len(d.Specs)-1] {
		if len(d.Specs[i+1].(*ast.ValueSpec).Values) > 0 {
			continue
		}
		for _, v := range s.(*ast.ValueSpec).Values {
			ast.Inspect(v, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && own[id.Name] {
					k.outer(id.Name)
				}
				return true
			})
		}
	}
}

// outer notes what a name means at package level, if anything.
func (k *collector) outer(name string) {
	obj := k.ck.pkg.Scope().Lookup(name)
	if obj == nil {
		return
	}
	if key := k.key(obj); key != "" {
		k.u.refs = append(k.u.refs, ref{id: ast.NewIdent(name), n: -1, key: key})
	}
}

// object is what an identifier means: for the name of an embedded field the
// type that it embeds.
func (k *collector) object(id *ast.Ident) types.Object {
	obj := k.ck.info.Uses[id]
	if obj == nil {
		obj = k.ck.info.Defs[id]
	}
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		if tn := k.ck.embedded[v.Origin()]; tn != nil && tn.Pkg() == k.ck.pkg {
			return tn
		}
		return nil
	}
	return obj
}

func (k *collector) ident(id *ast.Ident) {
	obj := k.object(id)
	if obj == nil || id.Name == "_" {
		return
	}
	off := k.c.s.pl.offset(id.Pos())
	n := identLen(k.src.text, off) // the tree's name may be a hidden one
	if k.quiet > 0 {
		n = -1
	}
	if p, ok := obj.(*types.PkgName); ok {
		if k.quiet == 0 {
			k.u.pkgs = append(k.u.pkgs, pkgUse{name: id.Name, off: off, n: n, path: p.Imported().Path()})
		}
		return
	}
	if key := k.key(obj); key != "" {
		k.u.refs = append(k.u.refs, ref{id: id, off: off, n: n, key: key})
		return
	}
	if name := k.c.locals[obj]; name != "" && k.quiet == 0 {
		if field := k.ck.info.Uses[id]; k.renamed[obj] || field != obj && field != nil {
			k.u.static = append(k.u.static, edit{off, off + n, name})
		}
		return
	}
	if p := obj.Pkg(); p != nil && p != k.ck.pkg && obj.Parent() == p.Scope() && !k.sels[id] && k.quiet == 0 {
		k.u.pkgs = append(k.u.pkgs, pkgUse{off: off, n: n, path: p.Path(), dot: true})
	}
}

// identLen is the length of the identifier at an offset.
func identLen(text string, off int) int {
	for i, r := range text[off:] {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			return i
		}
	}
	return len(text) - off
}

// typeSpec gives a local type a name that is unique in the session. Where it
// cannot depend on type parameters it moves to package level, so that it is
// one and the same type in all units, and an alias stays in its place.
func (k *collector) typeSpec(n *ast.TypeSpec) (into bool) {
	obj, ok := k.ck.info.Defs[n.Name].(*types.TypeName)
	if !ok || n.Assign.IsValid() || n.Name.Name == "_" || obj.Parent() == k.ck.pkg.Scope() {
		return true
	}
	typ := k.ck.info.TypeOf(n.Type)
	id := fmt.Sprintf("local %d %d ", k.src.serial, k.c.s.pl.offset(n.Name.Pos()))
	name := k.c.ids.claimNew(n.Name.Name, id+k.identity(typ, obj))
	k.c.locals[obj] = name
	if k.generic {
		k.renamed[obj] = true
		return true
	}
	h := hoisted{name: name}
	w := &typeWriter{named: func(w *typeWriter, o *types.TypeName) { k.hoistName(w, &h, o) }}
	head, args := n.Name.End(), w.typeParams(obj)
	w.write(typ)
	h.text = w.String()
	k.u.locals = append(k.u.locals, h)
	if n.TypeParams != nil { // the alias has the same parameters
		head = n.TypeParams.End()
		k.nameParams(n.TypeParams)
		k.walk(n.TypeParams)
	}
	k.u.static = append(k.u.static, edit{k.c.s.pl.offset(head), k.c.s.pl.offset(n.End()), " = " + name + args})
	k.quiet++
	k.walk(n.Type)
	k.quiet--
	return false
}

// nameParams gives blank type parameters their names.
func (k *collector) nameParams(l *ast.FieldList) {
	i := 0
	for _, f := range l.List {
		for _, id := range f.Names {
			i++
			if off := k.c.s.pl.offset(id.Pos()); id.Name == "_" && k.quiet == 0 {
				k.u.static = append(k.u.static, edit{off, off + 1, "_" + mark + strconv.Itoa(i)})
			}
		}
	}
}

func (k *collector) hoistName(w *typeWriter, h *hoisted, o *types.TypeName) {
	switch {
	case o.Pkg() == nil:
		w.WriteString(o.Name())
	case k.ck.global(o):
		w.WriteString(k.c.named[k.key(o)])
	case o.Pkg() == k.ck.pkg:
		w.WriteString(k.c.locals[o])
	default:
		h.pkgs = append(h.pkgs, o.Pkg().Path())
		w.WriteString(k.c.s.aliasOf(o.Pkg().Path()) + "." + o.Name())
	}
}

// identity is the structure of a local type.
func (k *collector) identity(t types.Type, self *types.TypeName) string {
	w := &typeWriter{exact: true}
	w.named = func(w *typeWriter, o *types.TypeName) {
		switch {
		case o.Pkg() == nil:
			w.WriteString(o.Name())
		case o == self:
			w.WriteString("@")
		case k.ck.global(o):
			w.WriteString(k.c.named[k.key(o)])
		case o.Pkg() == k.ck.pkg:
			w.WriteString(k.c.locals[o])
		default:
			w.WriteString(o.Pkg().Path() + "." + o.Name())
		}
	}
	w.typeParams(self)
	w.write(t)
	return w.String()
}

// claimNew is claim for names that must not be the plain one.
func (ids identities) claimNew(name, identity string) string {
	if len(ids.claimsOf(name)) == 0 {
		ids.claim(name, "")
	}
	return ids.claim(name, identity)
}

// globalKey is the key function of the package check.
func (c *compiler) globalKey(obj types.Object) string {
	if !c.second.global(obj) || obj.Name() == "_" || obj.Name() == "init" {
		return ""
	}
	return obj.Name()
}

// statementKey is the key function of the statements: names above the cell's
// own variables mean what they meant before the cell.
func (c *compiler) statementKey(obj types.Object) string {
	if v := c.varOf[obj]; v != nil {
		if v.e == nil {
			return ""
		}
		return v.e.key
	}
	if !c.first.global(obj) {
		return ""
	}
	e := c.atFirst[obj.Name()]
	if e == nil {
		return ""
	}
	return e.key
}

// collectAll finds what the declarations that were checked with their bodies
// refer to.
func (c *compiler) collectAll() {
	for _, e := range c.fresh {
		if e.init && e.name == "_" && e.fun == nil {
			continue
		}
		c.newUses[e] = c.usesOf(e)
	}
	for e := range c.redone {
		if c.broken[e] == "" {
			c.newUses[e] = c.usesOf(e)
		}
	}
	for e, u := range c.newUses {
		e, u, old := e, u, e.uses
		c.do(change{do: func() { e.uses = u }, undo: func() { e.uses = old }})
	}
}

func (c *compiler) usesOf(e *entity) uses {
	switch {
	case e.fun != nil:
		u := c.collect(c.second, e.src, e.fun, e.generic(), c.globalKey)
		u.static = append(u.static, c.loopChecks(c.second, e.fun)...)
		return u
	case e.spec != nil:
		return c.collect(c.second, e.src, e.spec, true, c.globalKey)
	case e.byValue:
		return c.collectValue(e)
	case e.value != nil:
		return e.uses
	case e.group != nil:
		return c.collect(c.second, e.src, e.group.decl, true, c.globalKey)
	}
	return uses{}
}

// collectValue: the expression stands in the statements, but is checked again
// at package level.
func (c *compiler) collectValue(e *entity) uses {
	var n ast.Node = e.value.Type
	if !e.byType {
		n = e.value.Values[0]
	}
	u := c.collect(c.second, e.src, n, true, c.globalKey)
	u.static = nil
	return u
}

// generic says whether a function, or the type of its receiver, has type
// parameters.
func (e *entity) generic() bool {
	if e.fun.Recv != nil && len(e.fun.Recv.List) == 1 && hasIndex(e.fun.Recv.List[0].Type) {
		return true
	}
	return e.fun.Type.TypeParams != nil
}

// hasIndex says whether a receiver's type has type parameters.
func hasIndex(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.IndexExpr, *ast.IndexListExpr:
			found = true
		}
		return true
	})
	return found
}
