package cell_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/cell"
)

// liveScope is a session in which the compiler has said of each function how
// it may be called.
type liveScope struct {
	*cell.Scope
	t     *testing.T
	n     int
	notes string
}

func (s *liveScope) cell(src string) *cell.Unit {
	s.t.Helper()
	s.n++
	u, err := s.Compile(src, s.n)
	if err != nil {
		s.t.Fatal(err)
	}
	u.SetNotes([]byte(s.notes))
	s.Commit(u, nil, nil)
	return u
}

// bodies counts the functions in a unit that have one, beside the cell's.
func bodies(u *cell.Unit) (with, without int) {
	for l := range strings.Lines(string(u.Source)) {
		switch {
		case !strings.HasPrefix(l, "func ") || strings.HasPrefix(l, "func ʹ"):
		case strings.HasSuffix(strings.TrimSpace(l), "{") || strings.HasSuffix(strings.TrimSpace(l), "}"):
			with++
		default:
			without++
		}
	}
	return with, without
}

func (s *liveScope) want(u *cell.Unit, with, without int) {
	s.t.Helper()
	if w, wo := bodies(u); w != with || wo != without {
		s.t.Errorf("%d functions with a body and %d without, want %d and %d:\n%s", w, wo, with, without, u.Source)
	}
}

// A cell that reaches 300 functions compiles none of them, and declares those
// it calls; one that declares one of them again compiles that.
func TestStubs(t *testing.T) {
	scope, _ := newScope(t)
	s := &liveScope{Scope: scope, t: t}
	var notes strings.Builder
	for i := range 300 {
		fmt.Fprintf(&notes, "f%d\tcall\t657363\n", i)
	}
	notes.WriteString("item.String\tcall\t\n")
	s.notes = notes.String()
	s.want(s.cell(functions(300)), 301, 0)
	u := s.cell(`f299(item{1, "a"})`)
	s.want(u, 0, 2) // f299, and the method of item
	if want := "f299\tcall\t657363\n"; !strings.Contains(string(u.Stubs), want) {
		t.Errorf("the compiler is told %q, want %q in it", u.Stubs, want)
	}
	s.want(s.cell("func f290(i item) int { return f289(i) }"), 1, 2) // its callers reach it
	s.want(s.cell(`f299(item{1, "a"})`), 0, 2)
	s.want(s.cell("func (i item) String() string { return \"\" }"), 1, 0)
	scope.Forget()
	s.want(s.cell(`f299(item{1, "a"})`), 301, 0)
}

// What callers may have inlined, and generic functions, keep their bodies.
func TestNoStubs(t *testing.T) {
	scope, _ := newScope(t)
	s := &liveScope{Scope: scope, t: t, notes: "small\tinline\t\nbig\tcall\t\n(*T).M\tcall\t\t\nT.N\tinline\t\n"}
	s.cell("func small() int { return 1 }\nfunc big() int { return small() }\nfunc gen[X any](x X) X { big(); return x }")
	s.want(s.cell("small() + gen(2)"), 2, 1)
	s.cell("type T struct{}\nfunc (*T) M() { big() }\nfunc (T) N() {}")
	s.want(s.cell("new(T).M()"), 1, 1)
	s.want(s.cell("func big() int { return 2 }"), 1, 0)
	s.want(s.cell("func (*T) M() {}"), 2, 0) // with N, for the method table
}
