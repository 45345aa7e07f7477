package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Imports returns the paths of the packages that a cell needs for being
// checked: those it imports, those that will be added because it uses them
// without importing them, those of earlier imports that it mentions, and those
// that the session's declarations use. The text is only parsed; an unreadable
// cell needs nothing.
func (s *Scope) Imports(src string) []string {
	c := s.compiler(src, 0)
	defer c.forget()
	var errs []Error
	if c.p, errs = parse(s.pl, c.src); len(errs) > 0 {
		return nil
	}
	paths := map[string]bool{}
	for _, im := range c.p.imports {
		_, path := importName(im)
		paths[path] = true
	}
	for _, t := range c.p.toks {
		if p, ok := c.imports[t.lit]; ok && t.tok == token.IDENT {
			paths[p] = true
		}
	}
	for _, p := range c.missing() {
		paths[p] = true
	}
	for _, e := range c.view {
		for _, u := range e.uses.pkgs {
			paths[u.path] = true
		}
	}
	delete(paths, "unsafe")
	return slices.Sorted(maps.Keys(paths))
}

// resolveImports finds the packages that the cell's names refer to.
func (c *compiler) resolveImports() {
	for _, im := range c.p.imports {
		c.addImport(im)
	}
	for name, path := range c.missing() {
		c.imports[name] = path
		c.auto = append(c.auto, name)
	}
	slices.Sort(c.auto)
}

func (c *compiler) addImport(im *ast.ImportSpec) {
	name, path := importName(im)
	pkg, err := c.s.cfg.Importer.Import(path)
	if path == "" || err != nil {
		e := newError(c.src, c.s.pl.offset(im.Path.Pos()), fmt.Sprintf("package %s is not known", path))
		e.Hint = c.packageHint(path)
		c.errs = append(c.errs, e)
		return
	}
	switch name {
	case "_":
		return
	case ".":
		if !slices.Contains(c.dots, path) {
			c.dots = append(c.dots, path)
		}
		return
	}
	if im.Name == nil {
		name = pkg.Name()
	}
	if old := c.view[name]; old != nil && old.src != c.src {
		c.hide(old)
		c.notices = append(c.notices, fmt.Sprintf("%s now names package %s, no longer the %s of %s", name, path, old.kind, cellName(old.src.cell)))
	}
	c.imports[name] = path
}

// missing finds packages for names that stand before a selector and that
// neither the session nor the cell declares.
func (c *compiler) missing() map[string]string {
	uses := c.selected()
	declared := c.declaredNames()
	out := map[string]string{}
	for name, sels := range uses {
		if c.imports[name] != "" || c.view[name] != nil || types.Universe.Lookup(name) != nil {
			continue
		}
		if declared[name] && !c.forced[name] {
			continue
		}
		if path := c.choose(name, sels); path != "" {
			out[name] = path
		}
	}
	return out
}

// selected returns the names that stand before a dot, with what follows it.
func (c *compiler) selected() map[string]map[string]bool {
	uses := map[string]map[string]bool{}
	c.eachNode(func(n ast.Node) {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return
		}
		if id, ok := s.X.(*ast.Ident); ok {
			if uses[id.Name] == nil {
				uses[id.Name] = map[string]bool{}
			}
			uses[id.Name][s.Sel.Name] = true
		}
	})
	return uses
}

func (c *compiler) eachNode(f func(ast.Node)) {
	visit := func(n ast.Node) bool { f(n); return true }
	for _, d := range c.p.decls {
		ast.Inspect(d, visit)
	}
	if c.p.body != nil {
		ast.Inspect(c.p.body, visit)
	}
}

// declaredNames are all names that the cell declares in any of its scopes.
func (c *compiler) declaredNames() map[string]bool {
	names := map[string]bool{}
	for _, im := range c.p.imports {
		name, _ := importName(im)
		names[name] = true
	}
	c.eachNode(func(n ast.Node) {
		for _, id := range declaredBy(n) {
			names[id.Name] = true
		}
	})
	return names
}

// declaredBy lists the identifiers that a node itself declares.
func declaredBy(n ast.Node) []*ast.Ident {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			return idents(n.Lhs...)
		}
	case *ast.RangeStmt:
		if n.Tok == token.DEFINE {
			return idents(n.Key, n.Value)
		}
	case *ast.ValueSpec:
		return n.Names
	case *ast.TypeSpec:
		return []*ast.Ident{n.Name}
	case *ast.FuncDecl:
		if n.Recv == nil {
			return []*ast.Ident{n.Name}
		}
		return fieldNames(n.Recv)
	case *ast.FuncType:
		return append(append(fieldNames(n.TypeParams), fieldNames(n.Params)...), fieldNames(n.Results)...)
	}
	return nil
}

func idents(list ...ast.Expr) (ids []*ast.Ident) {
	for _, x := range list {
		if id, ok := x.(*ast.Ident); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func fieldNames(l *ast.FieldList) (ids []*ast.Ident) {
	if l == nil {
		return nil
	}
	for _, f := range l.List {
		ids = append(ids, f.Names...)
	}
	return ids
}

// choose picks the package for a name: the first candidate that exports all
// that is selected from it, else the first one. Candidates come as goimports
// orders them; see prefer.
func (c *compiler) choose(name string, sels map[string]bool) string {
	if c.s.cfg.Packages == nil {
		return ""
	}
	list := slices.Clone(c.s.cfg.Packages(name))
	slices.SortStableFunc(list, func(a, b string) int { return prefer(a, b, sels) })
	best, most := "", -1
	later := "" // its export data can be had when it is wanted
	for _, p := range list {
		pkg, err := c.s.cfg.Importer.Import(p)
		if err != nil && later == "" {
			later = p
		}
		if err != nil || pkg.Name() != name {
			continue
		}
		n := 0
		for sel := range sels {
			if ast.IsExported(sel) && pkg.Scope().Lookup(sel) != nil {
				n++
			}
		}
		if n > most {
			best, most = p, n
		}
	}
	switch {
	case best == "":
		return later
	case most <= 0 && len(sels) > 0 && !isStd(best):
		return ""
	}
	return best
}

// prefer orders candidates: the standard library first, then the shorter
// path. Of the packages named rand it takes crypto/rand only when something
// is used that only that has, and otherwise the newest.
func prefer(a, b string, sels map[string]bool) int {
	rank := func(p string) int {
		r := 0
		switch {
		case p == "crypto/rand" && (sels["Read"] || sels["Reader"] || sels["Prime"] || sels["Text"]):
			r = -2
		case p == "math/rand/v2":
			r = -1
		case p == "crypto/rand":
			r = 1
		case strings.Contains(p, "internal/") || strings.HasPrefix(p, "vendor/"):
			r = 4
		case strings.HasPrefix(p, "debug/") || strings.HasPrefix(p, "html/"):
			r = 1
		}
		if !isStd(p) {
			r += 10
		}
		return r
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	if d := strings.Count(a, "/") - strings.Count(b, "/"); d != 0 {
		return d
	}
	if d := len(a) - len(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

// isStd says whether a path is one of the standard library: its first element
// has no dot.
func isStd(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return !strings.Contains(first, ".")
}

// wantImports looks for undefined names that are packages although the cell
// declares the same name elsewhere. It says whether a second try is worth it.
func (c *compiler) wantImports() bool {
	if c.first == nil {
		return false
	}
	again := false
	uses := c.selected()
	try := func(errs []fault) {
		for _, e := range errs {
			name, ok := strings.CutPrefix(e.Msg, "undefined: ")
			if ok && !c.forced[name] && uses[name] != nil && c.choose(name, uses[name]) != "" {
				c.forced[name], again = true, true
			}
		}
	}
	try(c.first.errs)
	if c.second != nil {
		try(c.second.errs)
	}
	return again
}

// packageHint says what to do about an import path nobody knows.
func (c *compiler) packageHint(p string) string {
	if c.s.cfg.Packages != nil {
		if list := c.s.cfg.Packages(path.Base(p)); len(list) > 0 && !slices.Contains(list, p) {
			return "did you mean " + strconv.Quote(list[0]) + "?"
		}
	}
	if isStd(p) {
		return "the standard library has no such package"
	}
	return "add its module with %get " + p
}
