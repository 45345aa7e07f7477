package cell

import (
	"bytes"
	"encoding/hex"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// note is what the compiler says of a function to its callers: for the receiver
// and each parameter where what it points to may go.
type note []leaks

// leaks says, for the heap and some other places (see cmd/compile's package
// escape), after how many dereferences, plus one, a value gets there; 0 is
// never. Callers keep on their stacks what goes nowhere.
type leaks [8]uint8

// toMutator is the place in leaks that says when a parameter is written through.
// It lets callers hand a string's own memory to a function that does not write
// to a []byte, and matters for nothing else.
const toMutator = 1

// everywhere is what the compiler assumes where nothing is noted.
var everywhere = leaks{1}

func parseLeaks(text string) (l leaks) {
	b, err := hex.DecodeString(text)
	rest, ok := bytes.CutPrefix(b, []byte("esc:"))
	if err != nil || !ok {
		return everywhere
	}
	copy(l[:], rest)
	return l
}

// parsedNotes are the notes that SetNotes was given, by the compiler's name.
func (u *Unit) parsedNotes() map[string]note {
	all := map[string]note{}
	for line := range bytes.Lines(u.notes) {
		f := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
		n := note{}
		for _, text := range f[min(2, len(f)):] {
			n = append(n, parseLeaks(text))
		}
		all[f[0]] = n
	}
	return all
}

// Widen is called after SetNotes. It returns a unit of the same cell, or nil if
// this one will do, that holds the callers of functions which let more get out
// of their reach than before: compiled again, they do not keep it on their
// stacks. Its notes are to be asked for again.
func (u *Unit) Widen() (*Unit, error) {
	roots := map[string]bool{}
	maps.Copy(roots, u.callersOf)
	for name := range u.parsedNotes() {
		s, ok := parseSymbol("main."+name, u.replacing.isType)
		if _, lived := u.scope.code.notes[name]; ok && lived && u.escapes(name) {
			roots[s.root] = true
		}
	}
	if len(roots) == len(u.callersOf) || len(u.scope.code.callers(roots)) == 0 {
		return nil, nil
	}
	return u.scope.compile(u.text, u.Number, roots)
}

// escapesMore says whether something goes farther than it did. bytes tells of
// the receiver and the parameters which of them may lead to a []byte; nil: all.
func (n note) escapesMore(was note, bytes []bool) bool {
	if len(n) != len(was) {
		return true
	}
	for i := range n {
		if n[i].exceeds(was[i], len(bytes) != len(n) || bytes[i]) {
			return true
		}
	}
	return false
}

func (l leaks) exceeds(was leaks, bytes bool) bool {
	for i, d := range l {
		if i == toMutator && !bytes {
			continue
		}
		heap := was[0] != 0 && was[0] <= d
		if d != 0 && !heap && (was[i] == 0 || was[i] > d) {
			return true
		}
	}
	return false
}

// bytesIn tells of the receiver and the parameters of a function which of them
// may lead to a []byte.
func (c *compiler) bytesIn(e *entity) (list []bool) {
	f := c.function(e)
	if f == nil {
		return nil
	}
	sig := f.Type().(*types.Signature)
	params := slices.Collect(sig.Params().Variables())
	if r := sig.Recv(); r != nil {
		params = append([]*types.Var{r}, params...)
	}
	for _, p := range params {
		list = append(list, leadsToBytes(p.Type(), map[types.Type]bool{}))
	}
	return list
}

// function is a function or method of the second check.
func (c *compiler) function(e *entity) *types.Func {
	scope := c.second.pkg.Scope()
	if e.kind != Method {
		f, _ := scope.Lookup(e.key).(*types.Func)
		return f
	}
	if recv := scope.Lookup(e.recv); recv != nil {
		f, _, _ := types.LookupFieldOrMethod(recv.Type(), true, c.second.pkg, e.name)
		m, _ := f.(*types.Func)
		return m
	}
	return nil
}

// leadsToBytes says whether a byte in memory can be reached from a value, as
// far as its type tells.
func leadsToBytes(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Basic:
		return t.Kind() == types.Uint8 || t.Kind() == types.UnsafePointer
	case *types.Map:
		return leadsToBytes(t.Key(), seen) || leadsToBytes(t.Elem(), seen)
	case interface{ Elem() types.Type }:
		return leadsToBytes(t.Elem(), seen)
	case *types.Struct:
		for f := range t.Fields() {
			if leadsToBytes(f.Type(), seen) {
				return true
			}
		}
		return false
	case *types.Named, *types.Alias:
		return leadsToBytes(t.Underlying(), seen)
	}
	return true // interfaces, functions, type parameters
}
