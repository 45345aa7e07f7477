package cell

import (
	"maps"
	"slices"
	"strings"
)

// Name is a name of the session.
type Name struct {
	Name string
	Kind Kind
	Type string // of a variable as a person reads it, the path of a package
	Cell int    // that declared it; 0 for a package
}

// Names lists what the session has declared, by name: variables, functions,
// methods (Type.Method), types, constants and packages.
func (s *Scope) Names() []Name {
	var list []Name
	for _, e := range s.names {
		if e.init || e.name == "_" || strings.Contains(e.key, mark) {
			continue
		}
		list = append(list, Name{Name: e.key, Kind: e.kind, Type: e.typ, Cell: e.src.cell})
	}
	for _, n := range slices.Sorted(maps.Keys(s.imports)) {
		if strings.Contains(n, mark) {
			continue // of a magic
		}
		list = append(list, Name{Name: n, Kind: Import, Type: s.imports[n]})
	}
	slices.SortFunc(list, func(a, b Name) int { return strings.Compare(a.Name, b.Name) })
	return list
}
