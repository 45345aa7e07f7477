package enginetest

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// hazardous are the beginnings of the names of the files whose sessions are
// about what can go wrong without a word when something is declared again, or
// when what lives meets what is new.
var hazardous = []string{"hazards-", "redefine", "oldcode", "moved", "made", "found-by-random", "unnamed", "again-"}

// Hazards returns the sessions about redefinition, in order of file and line.
// testdata/hazards.txt tells which of them show the hazards that were known
// when the engine was designed; the others were found since.
func Hazards(t testing.TB) (list []Session) {
	t.Helper()
	for _, f := range Files(t) {
		if !slices.ContainsFunc(hazardous, func(p string) bool { return strings.HasPrefix(path.Base(f.Name), p) }) {
			continue
		}
		sessions, err := Parse(f.Name, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sessions...)
	}
	return list
}

// PlayHazards plays every nth session about redefinition, as it is and with
// functions that may not be inlined in turn; all of both, if n is 1.
func PlayHazards(t *testing.T, open Opener, n int) {
	open = prepared(open)
	for i, s := range Hazards(t) {
		if i%n != 0 {
			continue
		}
		if n == 1 || i/n%2 == 0 {
			t.Run(s.Title, func(t *testing.T) { play(t, s, open) })
		}
		if n == 1 || i/n%2 == 1 {
			t.Run(s.Title+", not inlined", func(t *testing.T) { play(t, s.notInlined(), open) })
		}
	}
}
