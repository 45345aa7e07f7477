package native

import (
	"context"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/interleave-lab/interleave/kernel/cell"
)

// testCell runs the cell and then the Test, Benchmark, Example and Fuzz
// functions of the notebook, as go test does; fuzz functions run with their
// seeds alone.
func testCell(e *Engine, ctx context.Context, m call) error {
	flags, err := testFlags(m.arg)
	if err != nil {
		return err
	}
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	if strings.TrimSpace(m.body) != "" {
		if err := e.execute(ctx, s, m.body, m.count, m.out); err != nil {
			return err
		}
	}
	t := e.testFunctions(s)
	if t.empty() {
		return fault("%%test: the notebook has no Test, Benchmark, Example or Fuzz function; declare one, as in: func TestSum(t *testing.T) { ... }")
	}
	e.serial++
	e.outputs.add(e.serial, m.out)
	return e.execute(ctx, s, t.program(flags), m.count, m.out)
}

// testFlags turns what follows %%test into flags of package testing. All are
// given each time: those of the last time would stay otherwise.
func testFlags(arg string) ([]string, error) {
	values := map[string]string{"v": "false", "run": "", "bench": "", "count": "1", "benchtime": "1s", "short": "false", "failfast": "false", "benchmem": "false", "skip": ""}
	words := strings.Fields(arg)
	for i := 0; i < len(words); i++ {
		name, value, given := strings.Cut(strings.TrimPrefix(strings.TrimLeft(words[i], "-"), "test."), "=")
		old, known := values[name]
		switch {
		case !strings.HasPrefix(words[i], "-") || !known:
			return nil, fault(fmt.Sprintf("%%%%test: %s is not known; it takes -v, -run RE, -skip RE, -bench RE, -benchtime D, -benchmem, -count N, -short and -failfast", words[i]))
		case given:
		case old == "false":
			value = "true"
		case i+1 < len(words):
			i++
			value = words[i]
		default:
			return nil, fault(fmt.Sprintf("%%%%test: %s needs a value", words[i]))
		}
		values[name] = value
	}
	var flags []string
	for name, value := range values {
		flags = append(flags, "-test."+name+"="+value)
	}
	slices.Sort(flags)
	return flags, nil
}

// testFuncs are functions for package testing, by name.
type testFuncs struct {
	tests, benchmarks, fuzz []string
	examples                []*doc.Example
}

func (t *testFuncs) empty() bool {
	return len(t.tests)+len(t.benchmarks)+len(t.fuzz)+len(t.examples) == 0
}

// testFunctions finds them among what the notebook has declared, as go test
// finds them in files: by name and parameter.
func (e *Engine) testFunctions(s *session) *testFuncs {
	t := &testFuncs{}
	s.known.mu.Lock()
	names := s.known.scope.Names()
	s.known.mu.Unlock()
	for _, n := range names {
		if n.Kind != cell.Func {
			continue
		}
		switch fn := e.function(n.Cell, n.Name); {
		case fn == nil:
		case testName(n.Name, "Test") && takes(fn, "T"):
			t.tests = append(t.tests, n.Name)
		case testName(n.Name, "Benchmark") && takes(fn, "B"):
			t.benchmarks = append(t.benchmarks, n.Name)
		case testName(n.Name, "Fuzz") && takes(fn, "F"):
			t.fuzz = append(t.fuzz, n.Name)
		case testName(n.Name, "Example"):
			t.examples = append(t.examples, e.example(n.Cell, n.Name)...)
		}
	}
	return t
}

// testName says whether name is prefix, or prefix and a word that does not
// begin with a small letter ("go help testfunc").
func testName(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	r, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !unicode.IsLower(r))
}

// takes says whether fn has one parameter of type *testing.NAME.
func takes(fn *ast.FuncDecl, name string) bool {
	if len(fn.Type.Params.List) != 1 || fn.Type.Results != nil || fn.Type.TypeParams != nil {
		return false
	}
	star, ok := fn.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := star.X.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == name
}

// function is the declaration of a function in the text of a cell.
func (e *Engine) function(count int, name string) *ast.FuncDecl {
	for _, f := range e.declarations(count) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == name {
				return fn
			}
		}
	}
	return nil
}

func (e *Engine) example(count int, name string) []*doc.Example {
	for _, f := range e.declarations(count) {
		for _, x := range doc.Examples(f) {
			if "Example"+x.Name == name && (x.Output != "" || x.EmptyOutput) {
				return []*doc.Example{x}
			}
		}
	}
	return nil
}

// declarations are the declarations of a cell, a file for each.
func (e *Engine) declarations(count int) (files []*ast.File) {
	_, code := cell.SplitMagics(e.sources.text(count))
	items, err := cell.Items(code, count)
	if err != nil {
		return nil
	}
	for _, it := range items {
		if it.Kind != cell.Declaration {
			continue
		}
		if f, err := parser.ParseFile(token.NewFileSet(), "x_test.go", "package main\n"+it.Text, parser.ParseComments); err == nil {
			files = append(files, f)
		}
	}
	return files
}

// program is a cell that runs them; its value is an error when one failed.
func (t *testFuncs) program(flags []string) string {
	var b strings.Builder
	b.WriteString("import (\n\tʹerrors \"errors\"\n\tʹflag \"flag\"\n\tʹtesting \"testing\"\n\tʹdeps \"testing/internal/testdeps\"\n)\n")
	fmt.Fprintf(&b, "func() error {\n\tʹtesting.Init()\n\tif err := ʹflag.CommandLine.Parse(%#v); err != nil {\n\t\treturn err\n\t}\n", flags)
	list := func(kind string, names []string) string {
		var l strings.Builder
		for _, n := range names {
			fmt.Fprintf(&l, "{%q, %s}, ", n, n)
		}
		return "[]ʹtesting." + kind + "{" + l.String() + "}"
	}
	examples := "[]ʹtesting.InternalExample{"
	for _, x := range t.examples {
		examples += fmt.Sprintf("{%q, %s, %q, %v}, ", "Example"+x.Name, "Example"+x.Name, x.Output, x.Unordered)
	}
	fmt.Fprintf(&b, "\tif ʹtesting.MainStart(ʹdeps.TestDeps{}, %s, %s, %s, %s}).Run() != 0 {\n\t\treturn ʹerrors.New(\"tests failed\")\n\t}\n\treturn nil\n}()\n",
		list("InternalTest", t.tests), list("InternalBenchmark", t.benchmarks), list("InternalFuzzTarget", t.fuzz), examples)
	return b.String()
}
