package cell_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/interleave-lab/interleave/kernel/cell"
)

var update = flag.Bool("update", false, "write the errors and notices that tests get into their files")

// TestSessions runs the sessions of testdata/session: "in" is a cell; behind
// it may stand "err" (its errors as a person reads them), "notice", "has"
// (lines of the unit), "hasnot", "imports", "embeds" and "out" (what the unit
// writes when it runs as a program of its own). Every unit is compiled, unless
// the cell is called "in nocompile".
func TestSessions(t *testing.T) {
	files, err := filepath.Glob("testdata/session/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sessions: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) { runFile(t, f) })
	}
}

// runFile runs the sessions of one file; a file named "session" begins a new
// one.
func runFile(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := &sessionRun{}
	for i := range ar.Files {
		f := &ar.Files[i]
		if f.Name == "session" || r.scope == nil {
			r = &sessionRun{}
			r.scope, r.tool = newScope(t)
		}
		if name, flag, _ := strings.Cut(f.Name, " "); name == "in" {
			r.n++
			r.compile(t, string(f.Data), flag != "nocompile")
			if i+1 == len(ar.Files) || ar.Files[i+1].Name != "err" {
				r.noError(t)
			}
			continue
		}
		r.expect(t, f)
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(ar), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

type sessionRun struct {
	scope *cell.Scope
	tool  *goTool
	n     int
	unit  *cell.Unit
	err   error
}

func (r *sessionRun) compile(t *testing.T, src string, build bool) {
	t.Helper()
	r.unit, r.err = r.scope.Compile(strings.TrimSuffix(src, "\n"), r.n)
	if r.err == nil {
		if build {
			r.tool.compileUnit(t, r.unit)
		}
		r.scope.Commit(r.unit, nil, nil)
	}
}

func (r *sessionRun) noError(t *testing.T) {
	t.Helper()
	var es *cell.Errors
	if errors.As(r.err, &es) {
		t.Fatalf("cell %d: %s", r.n, es.Text())
	}
	if r.err != nil {
		t.Fatalf("cell %d: %v", r.n, r.err)
	}
}

func (r *sessionRun) expect(t *testing.T, f *txtar.File) {
	t.Helper()
	switch f.Name {
	case "session":
	case "err":
		r.text(t, f, r.errText(t))
	case "notice":
		r.text(t, f, strings.Join(r.unit.Notices, "\n")+"\n")
	case "embeds":
		var b strings.Builder
		for _, e := range r.unit.Embeds {
			fmt.Fprintln(&b, e.Line, e.Patterns)
		}
		r.text(t, f, b.String())
	case "imports":
		r.text(t, f, strings.Join(r.unit.Imports, "\n")+"\n")
	case "out":
		r.text(t, f, r.tool.run(t, r.unit))
	case "has", "hasnot":
		for l := range strings.Lines(string(f.Data)) {
			l = strings.TrimSpace(l)
			if l != "" && strings.Contains(string(r.unit.Source), l) != (f.Name == "has") {
				t.Errorf("cell %d: %s %q\n%s", r.n, f.Name, l, r.unit.Source)
			}
		}
	default:
		t.Fatalf("no such expectation: %s", f.Name)
	}
}

func (r *sessionRun) errText(t *testing.T) string {
	t.Helper()
	var es *cell.Errors
	if !errors.As(r.err, &es) {
		t.Errorf("cell %d: no error", r.n)
		return ""
	}
	return es.Text()
}

func (r *sessionRun) text(t *testing.T, f *txtar.File, got string) {
	t.Helper()
	if *update {
		f.Data = []byte(got)
		return
	}
	if got != string(f.Data) {
		t.Errorf("cell %d: %s is\n%s\nwant\n%s", r.n, f.Name, got, f.Data)
	}
}
