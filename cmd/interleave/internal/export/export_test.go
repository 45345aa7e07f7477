package export_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/export"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

// packages finds those of this module, as in a folder that belongs to it.
func packages(t *testing.T) *export.Packages {
	t.Helper()
	p, err := export.Find(t.Context(), ".", t.TempDir(), interleave.Source)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// code is a code cell with tags.
func code(source string, tags ...string) *notebook.Cell {
	var list []any
	for _, tag := range tags {
		list = append(list, tag)
	}
	return &notebook.Cell{Type: notebook.Code, Source: strings.TrimSuffix(source, "\n"), Metadata: map[string]any{"tags": list}}
}

// TestPrograms makes a program of the cells in each file of testdata, runs it
// and compares what it prints. A part named flags is what a run with these
// flags prints first.
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cells: %v", err)
	}
	dir := t.TempDir()
	find := packages(t)
	cases := map[string]*txtar.Archive{}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		p, err := export.New(cells(ar), name+".ipynb", find)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		cases[name] = ar
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "main.go"), p.Source, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, ar := range cases {
		t.Run(name, func(t *testing.T) { compare(t, filepath.Join(dir, name), ar) })
	}
}

func cells(ar *txtar.Archive) *notebook.Notebook {
	n := &notebook.Notebook{}
	for _, f := range ar.Files {
		if kind, tag, _ := strings.Cut(f.Name, " "); kind == "in" {
			n.Cells = append(n.Cells, code(string(f.Data), strings.Fields(tag)...))
		}
	}
	return n
}

// compare builds the program in a folder and runs it.
func compare(t *testing.T, dir string, ar *txtar.Archive) {
	exe := filepath.Join(dir, "program")
	if out, err := exec.Command("go", "build", "-o", exe, filepath.Join(dir, "main.go")).CombinedOutput(); err != nil {
		source, _ := os.ReadFile(filepath.Join(dir, "main.go"))
		t.Fatalf("%v\n%s\n%s", err, out, source)
	}
	want := ""
	for _, f := range ar.Files {
		if f.Name == "out" {
			want += string(f.Data)
		}
		if flags, ok := strings.CutPrefix(f.Name, "flags "); ok {
			if got := output(t, exe, strings.Fields(flags)...); got == "" || strings.HasPrefix(got, string(f.Data)) {
				t.Errorf("%s: the flags change nothing:\n%s", flags, got)
			}
		}
	}
	if got := output(t, exe); got != want {
		source, _ := os.ReadFile(filepath.Join(dir, "main.go"))
		t.Errorf("the program prints\n%s\nnot\n%s\n%s", got, want, source)
	}
}

func output(t *testing.T, exe string, args ...string) string {
	t.Helper()
	var out, faults bytes.Buffer
	cmd := exec.Command(exe, args...)
	cmd.Stdout, cmd.Stderr = &out, &faults
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, &out, &faults)
	}
	return out.String()
}

// What only a session can do is refused, with its cell.
func TestRefused(t *testing.T) {
	find := packages(t)
	for _, test := range []struct {
		want  string
		cells []string
	}{
		{"cell 2: ! has no place in a program: a program runs commands with os/exec", []string{"1", "!ls"}},
		{"cell 1: %%test has no place in a program", []string{"%%test\nfunc TestX(t *testing.T) {}"}},
		{"cell 1: %nope is not known", []string{"%nope"}},
		{"cell 1: it does not compile: cell[1]:1:6: undefined: nope", []string{"x := nope"}},
		{"cell 2: it declares the type t again and otherwise than cell 1", []string{"type t int", "type t string"}},
		{"cell 2: it declares the constant c again and otherwise than cell 1", []string{"const c = 1", "const c = 2"}},
		{"cell 2: it declares the method t.m again and otherwise than cell 1", []string{"type t int\nfunc (t) m() int { return 1 }", "func (t) m() int { return 2 }"}},
		{"cell 2: it declares the function f again and otherwise than cell 1", []string{"func f() int { return 1 }", "func f() string { return \"\" }"}},
		{"cell 1: it is a whole program", []string{"package main\n\nfunc main() {}"}},
		{"cell 1: import . \"fmt\": import it under a name", []string{"import . \"fmt\"\nPrintln()"}},
		{"cell 1: it declares init", []string{"func init() {}\n1"}},
		{"cell 1: the type of order cannot be written in a program: encoding/binary keeps littleEndian for itself", []string{"order := binary.LittleEndian"}},
	} {
		n := &notebook.Notebook{}
		for _, c := range test.cells {
			n.Cells = append(n.Cells, code(c))
		}
		if _, err := export.New(n, "x.ipynb", find); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q: got %v, want %s", test.cells, err, test.want)
		}
	}
}

var documented = regexp.MustCompile("(?m)^\\| (`.*?`) \\|")

// Every magic of the documentation has a meaning for a program, or is refused.
func TestMagicsAreKnown(t *testing.T) {
	page, err := os.ReadFile("../../../../docs/magics.md")
	if err != nil {
		t.Fatal(err)
	}
	find := packages(t)
	known := 0
	for _, row := range documented.FindAllStringSubmatch(string(page), -1) {
		for _, magic := range regexp.MustCompile("`([%!$]+[a-z0-9]*)").FindAllStringSubmatch(row[1], -1) {
			known++
			_, err := export.New(&notebook.Notebook{Cells: []*notebook.Cell{code(magic[1] + " x")}}, "x.ipynb", find)
			if err != nil && strings.Contains(err.Error(), "is not known") {
				t.Errorf("%s: %v", magic[1], err)
			}
		}
	}
	if known < 20 {
		t.Errorf("%d magics in the documentation", known)
	}
}

// The archives of packages with assembly hold more members than one, whose
// ends look like that of the export data.
func TestPackagesWithAssembly(t *testing.T) {
	find := packages(t)
	for _, path := range []string{"runtime", "net"} {
		if p, err := find.Import(path); err != nil || p.Path() != path {
			t.Errorf("import %s: %v", path, err)
		}
	}
}
