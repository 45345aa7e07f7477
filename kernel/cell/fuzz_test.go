package cell_test

import (
	"errors"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/interleave-lab/interleave/kernel/cell"
)

// seeds are the cells of all sessions.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/session/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("no sessions: %v", err)
	}
	for _, name := range files {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, p := range ar.Files {
			if p.Name == "in" {
				f.Add(string(p.Data))
			}
		}
	}
	programs, err := filepath.Glob("testdata/program/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range programs {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
}

// FuzzCompile: any text is compiled or refused with positions inside it, and
// what is compiled is Go; an unfinished text can be completed.
func FuzzCompile(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		s, _ := newScope(t)
		first, err := s.Compile("type T struct{ a int }\nfunc (t T) M() int { return t.a }\nx := T{1}\nfunc get() T { return x }\nconst k = 3", 1)
		if err != nil {
			t.Fatal(err)
		}
		s.Commit(first, nil, nil)
		for n := 2; n < 4; n++ {
			u, err := s.Compile(src, n)
			var faults *cell.Errors
			switch {
			case errors.As(err, &faults):
				check(t, src, faults)
			case err != nil:
				t.Fatalf("not an *Errors: %v", err)
			default:
				if _, err := parser.ParseFile(token.NewFileSet(), "", u.Source, parser.SkipObjectResolution); err != nil {
					t.Fatalf("unit does not parse: %v\n%s", err, numbered(u.Source))
				}
				s.Commit(u, nil, nil)
			}
		}
		cell.IsComplete(src)
		s.Imports(src)
		s.Complete(src, len(src)/2)
		s.Inspect(src, len(src)/3, 1)
	})
}

// check holds errors to positions inside the text.
func check(t *testing.T, src string, faults *cell.Errors) {
	t.Helper()
	if len(faults.List) == 0 || faults.Text() == "" {
		t.Fatal("an error that says nothing")
	}
	for _, e := range faults.List {
		if e.Line < 0 || e.Line > len(src)+1 || e.Column < 0 || e.Column > len(src)+1 {
			t.Errorf("%s: outside the text", e.Pos())
		}
	}
}

// FuzzIsComplete: no text makes it panic, and a complete text parses.
func FuzzIsComplete(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		if s, indent := cell.IsComplete(src); s != cell.Incomplete && indent != "" {
			t.Errorf("%s with indent %q", s, indent)
		}
	})
}
