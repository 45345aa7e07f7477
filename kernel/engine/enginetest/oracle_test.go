package enginetest_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
)

// TestExpectationsAgreeWithGo turns sessions into ordinary programs and
// compares what these print with what the sessions expect: the suite must not
// believe its own engine. A cell's variables become package variables, its
// statements initialisers between them, so that all runs in the order written.
// Sessions that no ordinary program can express (redefinition, displays,
// interrupts, goroutines left behind, exits) are not part of it.
func TestExpectationsAgreeWithGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds hundreds of programs: run it without -short")
	}
	o := newOracle(t)
	var plays []trial
	left := map[string]int{}
	for _, f := range enginetest.Files(t) {
		sessions, err := enginetest.Parse(f.Name, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sessions {
			p, err := o.translate(s)
			if err != nil {
				left[err.Error()]++
				if testing.Verbose() {
					t.Logf("%s:%d: %q: %v", s.File, s.Line, s.Title, err)
				}
				continue
			}
			plays = append(plays, p)
		}
	}
	t.Logf("%d sessions as programs; not: %v", len(plays), left)
	if len(plays) < 100 {
		t.Errorf("only %d sessions could be held against the go command", len(plays))
	}
	o.run(plays)
}

// A trial is a session as a program with what it must print.
type trial struct {
	enginetest.Session
	source string
	want   string
}

// An oracle makes programs of sessions.
type oracle struct {
	t        *testing.T
	importer types.Importer
	fset     *token.FileSet
	paths    map[string][]string // by package name
}

func newOracle(t *testing.T) *oracle {
	t.Helper()
	o := &oracle{t: t, fset: token.NewFileSet(), paths: map[string][]string{}}
	o.importer = importer.ForCompiler(o.fset, "gc", exports(t, o.paths))
	for _, p := range o.paths {
		slices.SortFunc(p, func(a, b string) int { return rank(a) - rank(b) })
	}
	return o
}

// exports returns where the export data of the standard library lies and
// fills in its names.
func exports(t *testing.T, paths map[string][]string) importer.Lookup {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-f", "{{.Name}} {{.ImportPath}} {{.Export}}", "std").Output()
	if err != nil {
		t.Fatalf("list the standard library: %v", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 3 || strings.Contains(f[1], "internal") || strings.HasPrefix(f[1], "vendor/") {
			if len(f) == 3 {
				files[f[1]] = f[2]
			}
			continue
		}
		files[f[1]] = f[2]
		paths[f[0]] = append(paths[f[0]], f[1])
	}
	paths["unsafe"] = []string{"unsafe"}
	return func(path string) (io.ReadCloser, error) {
		return os.Open(files[path])
	}
}

// rank puts the package first that goimports would take.
func rank(path string) int {
	for i, p := range []string{"text/template", "math/rand", "encoding/json", "text/scanner", "go/parser"} {
		if p == path {
			return i - 100
		}
	}
	return strings.Count(path, "/")
}

// otherwise names sessions in which a notebook differs from a program on
// purpose.
var otherwise = map[string]string{
	"runtime.Caller says cell and line": "positions are the notebook's",
	"files embedded in a cell":          "the program has another folder",
	"output without a line end":         "a result starts on a line of its own",
}

// translate makes a program of a session, or says why there can be none.
func (o *oracle) translate(s enginetest.Session) (trial, error) {
	if s.Open() {
		return trial{}, errors.New("open")
	}
	if why, ok := otherwise[s.Title]; ok {
		return trial{}, errors.New(why)
	}
	b := &builder{names: map[string]bool{}, types: map[string]int{"": len(s.Cells)}, vars: map[string]bool{}, imports: map[string]string{}}
	for i, c := range s.Cells {
		if err := b.cell(i+1, c); err != nil {
			return trial{}, err
		}
	}
	source := o.source(b)
	for range 20 {
		err := o.check(source)
		if err == nil {
			break
		}
		fixed := withoutValue(source, err)
		if fixed == source {
			return trial{}, fmt.Errorf("does not check: %w", err)
		}
		source = fixed
	}
	return trial{s, source, b.want.String()}, nil
}

// source returns the program with the imports it may need.
func (o *oracle) source(b *builder) string {
	body := "\n" + frame + b.decls.String()
	f, err := parser.ParseFile(token.NewFileSet(), "", "package main\n"+body, parser.SkipObjectResolution)
	if err != nil {
		return "package main\n" + body
	}
	used := map[string][]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				used[id.Name] = append(used[id.Name], s.Sel.Name)
			}
		}
		return true
	})
	head := "package main\n" + strings.Join(b.extra, "\n") + "\n"
	for name, members := range used {
		p, ok := b.imports[name]
		if !ok && !b.vars[name] && !strings.Contains(head, "import "+name+" ") {
			p, ok = o.path(name, members)
		}
		if ok {
			head += fmt.Sprintf("import %q\n", p)
		}
	}
	return head + body
}

// path chooses the package of a name that has all members, as goimports does.
func (o *oracle) path(name string, members []string) (string, bool) {
	for _, p := range o.paths[name] {
		pkg, err := o.importer.Import(p)
		if err == nil && !slices.ContainsFunc(members, func(m string) bool { return pkg.Scope().Lookup(m) == nil }) {
			return p, true
		}
	}
	if len(o.paths[name]) == 0 {
		return "", false
	}
	return o.paths[name][0], true
}

func (o *oracle) check(source string) error {
	f, err := parser.ParseFile(o.fset, "main.go", source, 0)
	if err != nil {
		return err
	}
	conf := types.Config{Importer: o.importer}
	_, err = conf.Check("main", o.fset, []*ast.File{f}, nil)
	return err
}

// run builds all programs with one go command, runs them and compares.
func (o *oracle) run(plays []trial) {
	dir := o.t.TempDir()
	put := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			o.t.Fatal(err)
		}
	}
	put("go.mod", "module sessions\n\ngo 1.26\n")
	for i, p := range plays {
		put(fmt.Sprintf("s%03d/main.go", i), p.source)
	}
	put("bin/README", "")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(dir, "bin")+"/", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		o.t.Errorf("build: %v\n%s", err, out)
	}
	for i, p := range plays {
		out, err := exec.Command(filepath.Join(dir, "bin", fmt.Sprintf("s%03d", i))).Output()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			out, err = append(out, crash(exit)...), nil
		}
		if err != nil || !bytes.Equal(bytes.TrimRight(out, "\n"), bytes.TrimRight([]byte(p.want), "\n")) {
			o.t.Errorf("%s:%d: %q\nwant:\n%sa program prints: %v\n%s", p.File, p.Line, p.Title, p.want, err, out)
		}
	}
}

// crash tells of a panic in an initialiser as the frame does of others.
func crash(e *exec.ExitError) string {
	_, rest, _ := strings.Cut(string(e.Stderr), "panic: ")
	line, _, _ := strings.Cut(rest, "\n")
	return "PANIC " + strings.TrimSuffix(line, " [recovered]") + "\n"
}
