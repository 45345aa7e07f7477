package export

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
)

// cellFunc is the name that the statements of a cell are checked under. No
// cell can use it.
const cellFunc = "ʹcell"

// checked is a cell as one file, checked with what stands above it.
type checked struct {
	part   *part
	file   *ast.File
	decls  []*chunk
	stmts  []*chunk
	info   *types.Info
	locals map[types.Object]*entity // variables of its statements
}

// check reads the declarations and statements of a cell and records in its
// chunks what has to be changed in them.
func (m *maker) check(p *part, u *cell.Unit) error {
	m.scan(p.code)
	c := &checked{part: p, locals: map[types.Object]*entity{}}
	if err := m.sort(c); err != nil {
		return err
	}
	if err := m.parse(c); err != nil {
		return err
	}
	if err := m.declare(c); err != nil {
		return err
	}
	above := maps.Clone(m.view)
	if body := c.body(); body != nil {
		m.resolve(c, false)
		if err := m.findVars(c, body); err != nil {
			return err
		}
		m.editNames(c, body, above)
		m.editStatements(c, body)
		m.show(c, body, u)
	}
	m.resolve(c, true)
	for _, d := range c.file.Decls {
		m.editNames(c, d, m.view)
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && c.info.Defs[f.Name] != nil {
			m.view[f.Name.Name].typ = c.info.Defs[f.Name].Type()
		}
	}
	return nil
}

// scan notes all identifiers of a cell: names of the program are none of them
// unless the author's.
func (m *maker) scan(code string) {
	var s scanner.Scanner
	f := token.NewFileSet().AddFile("", -1, len(code))
	s.Init(f, []byte(code), nil, 0)
	for {
		_, t, lit := s.Scan()
		if t == token.EOF {
			return
		}
		if t == token.IDENT {
			m.words[lit] = true
		}
	}
}

// sort puts the items of a cell where they belong.
func (m *maker) sort(c *checked) error {
	for i, k := range c.part.chunks() {
		switch c.part.items[i].Kind {
		case cell.Imports:
			if err := m.imports(k.text); err != nil {
				return err
			}
		case cell.Declaration:
			c.decls = append(c.decls, k)
		default:
			c.stmts = append(c.stmts, k)
		}
	}
	c.part.body = slices.Clone(c.stmts)
	return nil
}

// imports notes what an import declaration imports for its effects. Everything
// else is imported because it is used.
func (m *maker) imports(text string) error {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, im := range f.Imports {
		path, err := strconv.Unquote(im.Path.Value)
		switch {
		case err != nil:
			return err
		case im.Name == nil:
		case im.Name.Name == ".":
			return fmt.Errorf("import . %q: import it under a name", path)
		case im.Name.Name == "_" && !slices.Contains(m.blank, path):
			m.blank = append(m.blank, path)
		}
	}
	return nil
}

// parse writes the cell as a file and parses it.
func (m *maker) parse(c *checked) (err error) {
	var b strings.Builder
	b.WriteString("package main\n")
	for _, n := range m.scope.Names() {
		if n.Kind == cell.Import {
			fmt.Fprintf(&b, "import %s %q\n", n.Name, n.Type)
		}
	}
	put := func(list []*chunk) {
		for _, k := range list {
			k.base = b.Len()
			b.WriteString(k.text + "\n")
		}
	}
	put(c.decls)
	b.WriteString("func " + cellFunc + "() {\n")
	put(c.stmts)
	b.WriteString("}\n")
	c.file, err = parser.ParseFile(m.fset, fmt.Sprintf("cell %d", c.part.number), b.String(), parser.SkipObjectResolution)
	return err
}

// body is the function of the statements.
func (c *checked) body() *ast.BlockStmt {
	for _, d := range c.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == cellFunc && len(c.stmts) > 0 {
			return f.Body
		}
	}
	return nil
}

// resolve checks the cell with the declarations and variables that the session
// has, or after its statements have been taken out of it. Faults are no matter:
// the session's own check has found none.
func (m *maker) resolve(c *checked, without bool) {
	if without {
		c.file.Decls = slices.DeleteFunc(c.file.Decls, func(d ast.Decl) bool {
			f, ok := d.(*ast.FuncDecl)
			return ok && f.Name.Name == cellFunc
		})
	}
	c.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	files := []*ast.File{m.variables(), c.file}
	for _, f := range m.files {
		now := *f
		now.Decls = slices.DeleteFunc(slices.Clone(f.Decls), m.outdated)
		files = append(files, &now)
	}
	conf := types.Config{Importer: m.packages, Error: func(error) {}}
	_, _ = conf.Check("main", m.fset, files, c.info) // faults are no matter, see above
	if without {
		m.files = append(m.files, c.file)
	}
}

// variables is a file that declares the variables there are now.
func (m *maker) variables() *ast.File {
	aliases := map[string]string{}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m.view)) {
		if e := m.view[name]; e.kind == variable {
			fmt.Fprintf(&b, "var %s %s\n", name, types.TypeString(e.typ, func(p *types.Package) string {
				if p.Path() == "main" {
					return ""
				}
				if aliases[p.Path()] == "" {
					aliases[p.Path()] = fmt.Sprintf("ʹ%d", len(aliases))
				}
				return aliases[p.Path()]
			}))
		}
	}
	head := "package main\n"
	for path, alias := range aliases {
		head += fmt.Sprintf("import %s %q\n", alias, path)
	}
	f, err := parser.ParseFile(m.fset, "variables", head+b.String(), parser.SkipObjectResolution)
	if err != nil {
		panic(fmt.Sprintf("export: types of variables do not parse: %v\n%s", err, b.String()))
	}
	return f
}

// outdated says that a declaration has been replaced since.
func (m *maker) outdated(d ast.Decl) bool {
	for _, e := range m.declared[d] {
		if m.view[e.name] != e {
			return true
		}
	}
	return false
}

// editNames records where the part n of a cell uses variables, functions,
// constants and packages, whose names in the program may be others. The view
// says what names of the package mean there.
func (m *maker) editNames(c *checked, n ast.Node, view map[string]*entity) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := c.info.Uses[id]
		if obj == nil {
			obj = c.info.Defs[id]
		}
		if obj == nil {
			return true
		}
		e := edit{}
		if pkg, ok := obj.(*types.PkgName); ok {
			e.pkg = pkg.Imported().Path()
		} else if e.entity = c.locals[obj]; e.entity == nil && obj.Parent() != nil && obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() && obj.Pkg().Path() == "main" {
			e.entity = view[id.Name]
		}
		if e.pkg != "" || e.entity != nil && e.entity.kind != typeName {
			m.edit(c, id.Pos(), id.End(), e)
		}
		return true
	})
}

// edit records an edit of the chunk that holds a range.
func (m *maker) edit(c *checked, from, to token.Pos, e edit) {
	start, end := m.fset.Position(from).Offset, m.fset.Position(to).Offset
	for _, list := range [][]*chunk{c.decls, c.stmts} {
		for _, k := range list {
			if k.base <= start && end <= k.base+len(k.text) {
				e.from, e.to = start-k.base, end-k.base
				k.edits = append(k.edits, e)
				return
			}
		}
	}
}

// chunkOf is the chunk that holds a position.
func (m *maker) chunkOf(list []*chunk, at token.Pos) *chunk {
	off := m.fset.Position(at).Offset
	for _, k := range list {
		if k.base <= off && off < k.base+len(k.text) {
			return k
		}
	}
	return nil
}
