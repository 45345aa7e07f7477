package yaegi

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
)

// getNative ends every refusal.
const getNative = "install Go (https://go.dev/dl/) on linux/amd64 and restart the kernel: cells are then compiled, and this runs"

// refusal is a place in a cell that is not interpreted, because the result
// would be wrong or would mean nothing.
type refusal struct {
	line int
	why  string
}

// refuse looks for what the interpreter gets wrong: goroutines (values reach
// the wrong channel of a select, closures share what they should not, a panic
// ends the process), and for time measured, which would be the interpreter's.
// It needs no types, so it goes by names.
func refuse(items []cell.Item) []refusal {
	var found []refusal
	for _, it := range items {
		head := "package p\n"
		tail := ""
		if it.Kind == cell.Statement || it.Kind == cell.Variables {
			head, tail = "package p; func _() {\n", "\n}"
		}
		if it.Kind == cell.Package {
			found = append(found, refusal{it.Line, "a whole program with a package clause"})
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "", head+it.Text+tail, parser.SkipObjectResolution)
		if err != nil {
			continue // the interpreter tells
		}
		w := refuser{line: func(n ast.Node) int { return fset.Position(n.Pos()).Line - 2 + it.Line }}
		ast.Inspect(f, w.look)
		if tail != "" {
			w.topLevel(f.Decls[0].(*ast.FuncDecl).Body)
		}
		found = append(found, w.found...)
	}
	return found
}

type refuser struct {
	line  func(ast.Node) int
	found []refusal
}

func (w *refuser) add(n ast.Node, why string) {
	w.found = append(w.found, refusal{w.line(n), why})
}

func (w *refuser) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		w.add(n, "a goroutine (go)")
	case *ast.SelectStmt:
		w.add(n, "select")
	case *ast.ImportSpec:
		w.imported(n)
	case *ast.RangeStmt:
		if _, ok := n.X.(*ast.BasicLit); ok {
			w.add(n, "range over an integer")
		}
	case *ast.SelectorExpr:
		if x, ok := n.X.(*ast.Ident); ok {
			if why, ok := refused[x.Name+"."+n.Sel.Name]; ok {
				w.add(n, why+" ("+x.Name+"."+n.Sel.Name+")")
			}
		}
	}
	return true
}

// topLevel refuses what belongs to the cell as a whole: statements are
// interpreted one by one.
func (w *refuser) topLevel(body *ast.BlockStmt) {
	for _, s := range body.List {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			w.add(s, "return outside of a function")
		case *ast.DeferStmt:
			w.add(s, "defer outside of a function")
		case *ast.LabeledStmt:
			if _, loop := s.Stmt.(*ast.ForStmt); !loop {
				w.add(s, "a label outside of a function")
			}
		}
	}
}

// The reasons why a name is refused.
const (
	measuring = "measuring time: it would be the interpreter's"
	spawning  = "goroutines"
)

// refused are names of packages that measure or start goroutines.
var refused = map[string]string{
	"time.Since": measuring, "time.Until": measuring,
	"testing.Benchmark": measuring, "testing.B": measuring, "testing.AllocsPerRun": measuring,
	"time.AfterFunc": spawning, "context.AfterFunc": spawning,
	"http.HandleFunc": spawning, "http.Handle": spawning, "http.HandlerFunc": spawning,
	"http.ListenAndServe": spawning, "http.Serve": spawning, "httptest.NewServer": spawning,
	"iter.Pull": spawning, "iter.Pull2": spawning, "runtime.SetFinalizer": spawning, "runtime.AddCleanup": spawning,
	"sync.WaitGroup": spawning,
}

const module = "github.com/interleave-lab/interleave/"

func (w *refuser) imported(s *ast.ImportSpec) {
	path, err := strconv.Unquote(s.Path.Value)
	switch {
	case err != nil || known(path):
	case path == "unsafe" || path == "C":
		w.add(s, "package "+path)
	case strings.HasPrefix(path, module+"lib/"), strings.HasPrefix(path, module+"charts"):
		w.add(s, path+", which measures or starts goroutines")
	case strings.Contains(strings.SplitN(path, "/", 2)[0], "."):
		w.add(s, fmt.Sprintf("package %s, as a package must be part of the interpreter", path))
	default:
		w.add(s, fmt.Sprintf("package %s, which is no standard package the interpreter knows", path))
	}
}
