package cell

import (
	"maps"
	"slices"
)

// Standalone is Compile for a program of its own, into which nothing of the
// session was loaded: the unit holds all that the text needs. It is not to be
// committed.
func (s *Scope) Standalone(src string, n int) (*Unit, error) {
	full := map[*entity]bool{}
	for _, e := range s.names {
		full[e] = true
	}
	return s.compileFull(src, n, nil, full)
}

// Variables lists the variables of the session that a function needs, itself
// or by what it calls. It reports false when the session has no such function.
func (s *Scope) Variables(function string) (names []string, ok bool) {
	e := s.names[function]
	if e == nil || e.kind != Func {
		return nil, false
	}
	found := map[string]bool{}
	for x := range view(s.names).closure(map[*entity]bool{e: true}) {
		if x.kind == Var {
			found[x.name] = true
		}
	}
	return slices.Sorted(maps.Keys(found)), true
}
