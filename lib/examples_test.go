package lib_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// exampled are the packages of which every exported call has an Example, which
// is its manual: ExampleF for a function, ExampleT_M for a method.
var exampled = []string{"bench", "display", "progress", "../charts", "../charts/render", "hdr", "interrupt", "load", "machine", "queueing", "result", "scale", "stats", "scope", "pool", "exectrace", "diag", "virt", "timeline", "comm", "widgets", "parts", "parts/postgres", "parts/redisdb", "parts/mongodb"}

func TestEveryCallHasAnExample(t *testing.T) {
	for _, name := range exampled {
		calls, examples := survey(t, name)
		for _, call := range calls {
			if !examples[call] {
				t.Errorf("package %s: no Example%s", name, call)
			}
		}
	}
}

// survey lists the exported calls of a package and the names of its examples.
func survey(t *testing.T, folder string) (calls []string, examples map[string]bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	examples = map[string]bool{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			for _, e := range doc.Examples(f) {
				examples[e.Name] = true
			}
			continue
		}
		for _, d := range f.Decls {
			if call, ok := exported(d); ok {
				calls = append(calls, call)
			}
		}
	}
	return calls, examples
}

// exported is the name of an exported function, or of an exported method of an
// exported type as T_M.
func exported(d ast.Decl) (string, bool) {
	f, ok := d.(*ast.FuncDecl)
	if !ok || !f.Name.IsExported() {
		return "", false
	}
	if f.Recv == nil {
		return f.Name.Name, true
	}
	receiver := f.Recv.List[0].Type
	if p, ok := receiver.(*ast.StarExpr); ok {
		receiver = p.X
	}
	id, ok := receiver.(*ast.Ident)
	if !ok || !id.IsExported() {
		return "", false
	}
	return id.Name + "_" + f.Name.Name, true
}
