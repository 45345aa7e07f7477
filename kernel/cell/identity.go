package cell

import (
	"crypto/sha256"
	"fmt"
	"go/types"
	"maps"
	"strconv"
	"strings"
)

// identities remembers which name each version of a declaration has in
// generated code, so that equal identity finds the same symbol again.
type identities struct {
	claims map[string]map[string]string // author's name, identity: emitted name
	seen   map[string][]methodSet       // identity of a type without methods: its epochs
	base   *identities                  // what else is remembered, and not changed
}

// methodSet is what the methods of a live type look like, by name. Methods may
// be added to it; when one is changed or gone the type begins a new epoch.
type methodSet map[string]string

func newIdentities() identities {
	return identities{claims: map[string]map[string]string{}, seen: map[string][]methodSet{}}
}

// clone returns a copy that can be changed as long as ids is not. What it does
// not change it shares: a session has thousands of names, a cell uses few.
func (ids identities) clone() identities {
	c := newIdentities()
	c.base = &ids
	return c
}

// merge takes over what was changed in a clone.
func (ids identities) merge(c identities) {
	maps.Copy(ids.claims, c.claims)
	maps.Copy(ids.seen, c.seen)
}

// claimsOf are the claims to a name, not to be changed.
func (ids identities) claimsOf(name string) map[string]string {
	if m, ok := ids.claims[name]; ok || ids.base == nil {
		return m
	}
	return ids.base.claimsOf(name)
}

// ownClaims are the claims to a name, nil if there are none, to be changed.
func (ids identities) ownClaims(name string) map[string]string {
	if m := ids.claims[name]; m != nil || ids.base == nil {
		return m
	}
	m := maps.Clone(ids.base.claimsOf(name))
	if m != nil {
		ids.claims[name] = m
	}
	return m
}

// seenOf are the epochs of a type's structure, not to be changed.
func (ids identities) seenOf(structure string) []methodSet {
	if m, ok := ids.seen[structure]; ok || ids.base == nil {
		return m
	}
	return ids.base.seenOf(structure)
}

// ownSeen are the epochs of a type's structure, at least n, to be changed.
func (ids identities) ownSeen(structure string, n int) []methodSet {
	own, ok := ids.seen[structure]
	if !ok && ids.base != nil {
		for _, m := range ids.base.seenOf(structure) {
			own = append(own, maps.Clone(m))
		}
	}
	for len(own) < n {
		own = append(own, methodSet{})
	}
	ids.seen[structure] = own
	return own
}

// claim returns the name in generated code of the declaration of name with an
// identity. The first identity of a name has the author's name, unless that is
// predeclared in Go.
func (ids identities) claim(name, identity string) string {
	m := ids.ownClaims(name)
	if m == nil {
		m = map[string]string{}
		ids.claims[name] = m
		if types.Universe.Lookup(name) != nil {
			m[""] = name // len := 3 must not hide len from code that means Go's
		}
	}
	e, ok := m[identity]
	if !ok {
		e = name
		if len(m) > 0 {
			e += mark + strconv.Itoa(len(m)+1)
		}
		m[identity] = e
	}
	return e
}

// typeIdentities finds the identity of the session's types in one check.
type typeIdentities struct {
	ids    identities
	pkg    *types.Package
	names  map[*types.TypeName]string // the author's name of each type
	epochs map[*types.TypeName]int
	bare   map[*types.TypeName]string // identity without epochs
}

func hash(s string) string {
	h := sha256.Sum256([]byte(s))
	return string(h[:])
}

// expand writes a type with the definitions of all session types in it.
func (x *typeIdentities) expand(t types.Type, epochs bool) string {
	visited := map[*types.TypeName]int{}
	w := &typeWriter{exact: true}
	w.named = func(w *typeWriter, o *types.TypeName) {
		if o.Pkg() == nil {
			w.WriteString(o.Name())
			return
		}
		if o.Pkg() != x.pkg || o.Parent() != x.pkg.Scope() {
			w.WriteString(o.Pkg().Path() + "." + o.Name())
			return
		}
		if n, ok := visited[o]; ok {
			fmt.Fprintf(w, "@%d", n)
			return
		}
		visited[o] = len(visited)
		w.WriteString(x.names[o])
		if epochs && x.epochs[o] > 0 {
			fmt.Fprintf(w, "#%d", x.epochs[o])
		}
		w.definition(o)
	}
	w.write(t)
	return w.String()
}

// definition writes the type parameters and the underlying type.
func (w *typeWriter) definition(o *types.TypeName) {
	n, ok := o.Type().(*types.Named)
	if !ok {
		return
	}
	w.WriteByte('{')
	for p := range n.TypeParams().TypeParams() {
		w.elem("$ ", p.Constraint())
	}
	w.write(n.Underlying())
	w.WriteByte('}')
}

// find decides the epoch of each type and returns the emitted names. The
// method sets that it has seen are recorded.
func (x *typeIdentities) find() map[*types.TypeName]string {
	x.epochs, x.bare = map[*types.TypeName]int{}, map[*types.TypeName]string{}
	for o := range x.names {
		x.bare[o] = hash(x.expand(o.Type(), false))
		x.epochs[o] = max(0, len(x.ids.seenOf(x.bare[o]))-1)
	}
	// Epochs appear in the signatures of each other's methods: repeat until
	// nothing changes, each round can only begin new ones.
	for range len(x.names) + 2 {
		if !x.round() {
			break
		}
	}
	out := map[*types.TypeName]string{}
	for o, name := range x.names {
		x.record(o)
		out[o] = x.ids.claim(name, "type "+hash(x.expand(o.Type(), true)))
	}
	return out
}

func (x *typeIdentities) round() (changed bool) {
	for o := range x.names {
		if e := x.epochFor(o); e != x.epochs[o] {
			x.epochs[o], changed = e, true
		}
	}
	return changed
}

// epochFor is the latest epoch whose methods are all still there and
// unchanged, or a new one.
func (x *typeIdentities) epochFor(o *types.TypeName) int {
	now := x.methodSet(o)
	seen := x.ids.seenOf(x.bare[o])
	for e := len(seen) - 1; e >= 0; e-- {
		if now.includes(seen[e]) {
			return e
		}
	}
	return len(seen)
}

func (m methodSet) includes(old methodSet) bool {
	for k, v := range old {
		if m[k] != v {
			return false
		}
	}
	return true
}

// methodSet is the type's own methods and, as a new one may hide a promoted one
// or make it ambiguous, the sets of a type with embedded fields and of its
// pointer.
func (x *typeIdentities) methodSet(o *types.TypeName) methodSet {
	m := methodSet{}
	n, ok := o.Type().(*types.Named)
	if !ok {
		return m
	}
	for f := range n.Methods() {
		sig := f.Type().(*types.Signature)
		recv := ""
		if _, ptr := sig.Recv().Type().(*types.Pointer); ptr {
			recv = "*"
		}
		m[f.Name()] = recv + x.expand(sig, true)
	}
	if embeds(n.Underlying()) {
		x.addSet(m, "value ", n)
		x.addSet(m, "pointer ", types.NewPointer(n))
	}
	return m
}

func (x *typeIdentities) addSet(m methodSet, kind string, t types.Type) {
	for s := range types.NewMethodSet(t).Methods() {
		m[kind+s.Obj().Id()] = x.expand(s.Obj().Type(), true)
	}
}

func embeds(t types.Type) bool {
	s, ok := t.(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if f.Embedded() {
			return true
		}
	}
	return false
}

func (x *typeIdentities) record(o *types.TypeName) {
	e := x.epochs[o]
	maps.Copy(x.ids.ownSeen(x.bare[o], e+1)[e], x.methodSet(o))
}

// canonical is the identity of a type whose session types have these names.
func canonical(t types.Type, pkg *types.Package, names map[*types.TypeName]string) string {
	w := &typeWriter{exact: true}
	w.named = func(w *typeWriter, o *types.TypeName) {
		switch {
		case o.Pkg() == nil:
			w.WriteString(o.Name())
		case o.Pkg() == pkg && names[o] != "":
			w.WriteString(names[o])
		default:
			w.WriteString(o.Pkg().Path() + "." + o.Name())
		}
	}
	w.write(t)
	return w.String()
}

// clean takes the marks and numbers out of a text.
func clean(s string) string {
	if !strings.Contains(s, mark) {
		return s
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, mark)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		s = strings.TrimLeft(after, "0123456789")
	}
}

// known says whether a name in generated code was ever claimed.
func (ids identities) known(name, emitted string) bool {
	for _, e := range ids.claimsOf(name) {
		if e == emitted {
			return true
		}
	}
	return false
}
