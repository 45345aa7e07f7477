package enginetest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// differAsCells names programs whose names mean something else when the body
// of main is the top of a cell, with the reason.
var differAsCells = map[string]string{
	"initorder": "a cell's variables are initialised in the order written",
	"shadow":    "locals of main would redefine the package's names",
}

// AsCells runs each program as an author may type it in: its declarations in
// one cell, the body of main as the statements of the next. It must do the
// same as the go command.
func AsCells(t *testing.T, open Opener) {
	for _, p := range build(t) {
		t.Run(p.name, func(t *testing.T) {
			if why, ok := differAsCells[p.name]; ok {
				t.Logf("not run: %s", why)
				return
			}
			decls, body, err := p.cells()
			if err != nil {
				t.Fatal(err)
			}
			e := open(t)
			defer shut(t, e)
			if printed := execute(t, e, 1, decls); printed != "" {
				t.Errorf("the declarations printed %q", printed)
			}
			p.source = body
			p.run(t, e, 2)
		})
	}
}

// cells returns the program's declarations and the body of its main.
func (p program) cells() (decls, body string, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, p.name+".go", p.source, parser.ParseComments)
	if err != nil {
		return "", "", err
	}
	i := slices.IndexFunc(f.Decls, func(d ast.Decl) bool {
		fd, ok := d.(*ast.FuncDecl)
		return ok && fd.Recv == nil && fd.Name.Name == "main"
	})
	if i < 0 {
		return "", "", fmt.Errorf("%s: no func main", p.name)
	}
	main := f.Decls[i].(*ast.FuncDecl)
	at := func(pos token.Pos) int { return fset.Position(pos).Offset }
	rest := p.source[:at(main.Pos())] + p.source[at(main.End()):]
	_, decls, _ = strings.Cut(rest, "\npackage main\n")
	body = p.source[at(main.Body.Lbrace)+1 : at(main.Body.Rbrace)]
	return decls, body, nil
}
