package export

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/kernel/cell"
)

// Program is a notebook as a Go program.
type Program struct {
	Source []byte // of its one file
	// Notes say what of the notebook the program does without.
	Notes []string
	// Imports are the paths of the packages that it imports.
	Imports []string
}

// New makes a program of a notebook whose file has a name. What a program
// cannot do as the notebook does is an error that names the cell.
func New(n *notebook.Notebook, name string, packages *Packages) (Program, error) {
	parts, notes, err := read(n)
	if err != nil {
		return Program{}, err
	}
	m := &maker{
		name: name, packages: packages, notes: notes, fset: token.NewFileSet(),
		scope: cell.NewScope(cell.Config{Importer: packages, Packages: packages.ByName}),
		view:  map[string]*entity{}, words: map[string]bool{}, paths: map[string]string{}, declared: map[ast.Decl][]*entity{},
		showOrFail: &entity{name: "showOrFail", kind: function},
	}
	for _, p := range parts {
		if err := m.add(p); err != nil {
			return Program{}, fmt.Errorf("cell %d: %w", p.number, err)
		}
	}
	return m.program()
}

// Imports lists what each code cell of a notebook imports, itself or because
// it uses a package without importing it. Cells that do not compile are left
// out.
func Imports(n *notebook.Notebook, packages *Packages) [][]string {
	scope := cell.NewScope(cell.Config{Importer: packages, Packages: packages.ByName})
	var list [][]string
	for i, c := range n.Cells {
		if c.Type != notebook.Code {
			continue
		}
		_, code := cell.SplitMagics(c.Source)
		paths := scope.Imports(code)
		if u, err := scope.Compile(code, i+1); err == nil {
			scope.Commit(u, nil, nil)
			list = append(list, paths)
		}
	}
	return list
}

// maker is the work on one program.
type maker struct {
	name     string
	packages *Packages
	scope    *cell.Scope
	fset     *token.FileSet
	notes    []string

	parts    []*part
	entities []*entity
	view     map[string]*entity // what the author's names mean now
	words    map[string]bool    // all identifiers of all cells
	paths    map[string]string  // import path to the name of its package in the program
	blank    []string           // import paths of packages wanted for their effects
	taken    map[string]bool    // names of the program
	fails    bool               // some trailing expression has an error as its last value

	files      []*ast.File // the declarations of the cells so far
	declared   map[ast.Decl][]*entity
	showOrFail *entity // the function that is given such expressions
}

// add adds a cell.
func (m *maker) add(p *part) (err error) {
	if p.items, err = cell.Items(p.code, p.number); err != nil {
		return m.bad(p, err)
	}
	u, err := m.scope.Compile(p.code, p.number)
	switch {
	case err != nil:
		return m.bad(p, err)
	case u.Program:
		return errors.New("it is a whole program, which builds by itself")
	case len(u.Embeds) > 0:
		return errors.New("it embeds files; read them with os.ReadFile instead")
	}
	m.scope.Commit(u, nil, nil)
	if err := m.check(p, u); err != nil {
		return err
	}
	m.parts = append(m.parts, p)
	return nil
}

// bad is the fault of a cell that does not compile, or nothing for one that is
// meant to fail.
func (m *maker) bad(p *part, err error) error {
	if p.raises {
		m.notes = append(m.notes, fmt.Sprintf("cell %d does not compile, as its tag allows, and is left out", p.number))
		return nil
	}
	return fmt.Errorf("it does not compile: %s", strings.TrimSpace(err.Error()))
}
