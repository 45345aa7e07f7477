package cell

import (
	"bytes"
	"encoding/hex"
	"maps"
	"strings"
)

// note is what the compiler says of a function to its callers: for the receiver
// and each parameter where what it points to may go.
type note []leaks

// leaks says, for the heap and some other places (see cmd/compile's package
// escape), after how many dereferences, plus one, a value gets there; 0 is
// never. Callers keep on their stacks what goes nowhere.
type leaks [8]uint8

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

// escapesMore says whether something goes farther than it did.
func (n note) escapesMore(was note) bool {
	if len(n) != len(was) {
		return true
	}
	for i := range n {
		if n[i].exceeds(was[i]) {
			return true
		}
	}
	return false
}

func (l leaks) exceeds(was leaks) bool {
	for i, d := range l {
		heap := was[0] != 0 && was[0] <= d
		if d != 0 && !heap && (was[i] == 0 || was[i] > d) {
			return true
		}
	}
	return false
}
