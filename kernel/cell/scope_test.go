package cell_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/cell"
)

func compile(t *testing.T, s *cell.Scope, src string, n int) *cell.Unit {
	t.Helper()
	u, err := s.Compile(src, n)
	if err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	return u
}

// A failed cell and a unit that is not committed leave nothing behind.
func TestUncommitted(t *testing.T) {
	s := session(t, "type T struct{ n int }\nx := T{1}\nfunc f() T { return x }")
	before := s.Names()
	compile(t, s, "x := \"s\"\ntype T struct{ s string }\nfunc g() {}", 2)
	if _, err := s.Compile("y := 1\nx := nope", 3); err == nil {
		t.Fatal("no error")
	}
	if got := s.Names(); !slices.Equal(got, before) {
		t.Errorf("names are %v, want %v", got, before)
	}
	if u := compile(t, s, "f().n + x.n", 4); strings.Contains(string(u.Source), "Tʹ") {
		t.Errorf("a dropped unit shows:\n%s", u.Source)
	}
}

// Two units of one execution count have different entries.
func TestEntries(t *testing.T) {
	s, _ := newScope(t)
	if a, b := compile(t, s, "1", 7), compile(t, s, "1", 7); a.Entry == b.Entry {
		t.Errorf("both are %s", a.Entry)
	}
}

// A unit compiled before another one was committed cannot be committed.
func TestCommitOrder(t *testing.T) {
	s, _ := newScope(t)
	a, b := compile(t, s, "x := 1", 1), compile(t, s, "y := 1", 2)
	s.Commit(b, nil, nil)
	defer func() {
		if recover() == nil {
			t.Error("committed a stale unit")
		}
	}()
	s.Commit(a, nil, nil)
}

func TestForget(t *testing.T) {
	s := session(t, "a := 1\nfunc f() int { return a }\nvar b string")
	if got := s.Forget(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("lost %v", got)
	}
	if u := compile(t, s, "f()", 2); !strings.Contains(string(u.Source), "var a int") {
		t.Errorf("declarations are gone:\n%s", u.Source)
	}
}

// A local type has one name in all units.
func TestLocalTypeIdentity(t *testing.T) {
	s := session(t, "func key() any { type k struct{ n int }; return k{1} }\nm := map[any]int{key(): 1}")
	for n := 2; n < 4; n++ {
		if u := compile(t, s, "m[key()]", n); !strings.Contains(string(u.Source), "type kʹ2 struct { n int }") {
			t.Errorf("unit\n%s", u.Source)
		}
	}
}

// Types of the linker's list are kept when the cell touches what they reach,
// if they can still be written.
func TestKeptInstances(t *testing.T) {
	s, g := newScope(t)
	u := compile(t, s, "type S[T any] struct{ x []T }\nfunc h() int { return 1 }\nfunc (s S[T]) Len() int { return h() }\ntype P struct{ n int }\nfunc (p P) N() int { return p.n }", 1)
	s.Commit(u, []string{
		"type:*main.S[int]", "type:main.S[main.P]", "type:main.S[encoding/json.Number]", "type:main.S[main.gone]",
		"type:struct { main.P; k int }", "type:main.S[go.shape.int]", "type:func(main.P)", "type:map[string]main.P",
	}, nil)
	u = compile(t, s, "func h() int { return 2 }", 2)
	g.compileUnit(t, u)
	text := string(u.Source)
	for _, want := range []string{"(*S[int])(nil)", "(*S[P])(nil)", ".Number])(nil)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "gone") || strings.Contains(text, "shape") || strings.Contains(text, "(*struct") {
		t.Errorf("keeps too much:\n%s", text)
	}
	u = compile(t, s, "func (p P) N() int { return -p.n }", 3)
	g.compileUnit(t, u)
	if text = string(u.Source); !strings.Contains(text, "(*struct { P; k int })(nil)") || !strings.Contains(text, "(*P)(nil)") {
		t.Errorf("unit\n%s", text)
	}
}

func TestImports(t *testing.T) {
	s := session(t, "import j \"encoding/json\"\nstrings := 1")
	got := s.Imports("import \"os\"\nfmt.Println(strings, j.Valid(nil), xml.Header)\nbroken.X()")
	if want := []string{"encoding/json", "fmt", "os"}; !slices.Equal(got, want) {
		t.Errorf("imports %v, want %v", got, want)
	}
	if got := s.Imports("not go at all {"); got != nil {
		t.Errorf("imports of an unreadable cell: %v", got)
	}
}

func TestSplitMagics(t *testing.T) {
	for _, c := range []struct {
		src, code string
		magics    []string
	}{
		{"x := 1\n%time", "x := 1\n%time", nil},
		{"%time\n!ls -l\nx", "     \n      \nx", []string{"%time", "!ls -l"}},
		{"\n  %who  \nx", "\n        \nx", []string{"%who"}},
		{"%%bash\n%x\nls", "      \n%x\nls", []string{"%%bash"}},
		{"!(a > b)", "!(a > b)", nil},
		{"", "", nil},
	} {
		magics, code := cell.SplitMagics(c.src)
		if code != c.code || !slices.Equal(magics, c.magics) {
			t.Errorf("%q: %q %q", c.src, magics, code)
		}
	}
}
