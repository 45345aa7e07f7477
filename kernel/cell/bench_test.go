package cell_test

import (
	"fmt"
	"strings"
	"testing"
)

// functions is a cell of n functions, each of which calls the one before it.
func functions(n int) string {
	var b strings.Builder
	b.WriteString("type item struct { n int; name string }\nfunc (i item) String() string { return fmt.Sprint(i.name, i.n) }\nfunc f0(i item) int { return i.n }\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "func f%d(i item) int {\n\ttotal := 0\n\tfor k := range 3 {\n\t\tif k%%2 == 0 { total += f%d(item{i.n + k, strings.ToUpper(i.name)}) }\n\t}\n\treturn total\n}\n", i, i-1)
	}
	return b.String()
}

func benchmarkCell(b *testing.B, before []string, src string) {
	s, _ := newScope(b)
	for i, c := range before {
		u, err := s.Compile(c, i+1)
		if err != nil {
			b.Fatal(err)
		}
		s.Commit(u, nil, nil)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Compile(src, 100); err != nil {
			b.Fatal(err)
		}
	}
}

// A trivial cell in a session with nothing else to it.
func BenchmarkTrivial(b *testing.B) { benchmarkCell(b, []string{"x := 1"}, "x++\nfmt.Println(x)") }

// A trivial cell in a session of 300 functions it has nothing to do with.
func BenchmarkBeside300(b *testing.B) {
	benchmarkCell(b, []string{functions(300), "x := 1"}, "x++\nfmt.Println(x)")
}

// A trivial cell late in a session of small cells.
func BenchmarkLate(b *testing.B) {
	var before []string
	for i := range 2000 {
		before = append(before, fmt.Sprintf([]string{"v%[1]d := %[1]d", "type t%[1]d struct { n int }\nfunc (t t%[1]d) String() string { return fmt.Sprint(t.n) }"}[i%2], i))
	}
	benchmarkCell(b, append(before, "x := 1"), "x++\nfmt.Println(x)")
}

// A cell that reaches all of 300 functions.
func BenchmarkReach300(b *testing.B) {
	benchmarkCell(b, []string{functions(300)}, "f299(item{1, \"a\"})")
}

// A cell that redefines what 300 functions depend on.
func BenchmarkRedefine300(b *testing.B) {
	benchmarkCell(b, []string{functions(300)}, "func f0(i item) int { return i.n + 1 }")
}

// A cell that changes a type which 300 functions use: all are checked again.
func BenchmarkRetype300(b *testing.B) {
	benchmarkCell(b, []string{functions(300)}, "type item struct { n int; name string; more bool }\nfunc f0(i item) int { return i.n + 1 }")
}

// Completion in a session of 300 functions.
func BenchmarkComplete300(b *testing.B) {
	s, _ := newScope(b)
	u, err := s.Compile(functions(300), 1)
	if err != nil {
		b.Fatal(err)
	}
	s.Commit(u, nil, nil)
	for b.Loop() {
		if len(s.Complete("x := item{}\nx.", 14).Items) == 0 {
			b.Fatal("nothing offered")
		}
	}
}
