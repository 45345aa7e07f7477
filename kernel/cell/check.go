package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// checked is the outcome of one run of the type checker over a view.
type checked struct {
	pkg      *types.Package
	info     *types.Info
	errs     []fault
	embedded map[*types.Var]*types.TypeName // what an embedded field embeds
}

// fault is an error of the type checker with what it adds to it.
type fault struct {
	types.Error
	more []types.Error
}

// checkJob says what the type checker is to look at.
type checkJob struct {
	include map[*entity]bool
	bodies  map[*entity]bool // whose function bodies are checked
	extra   []ast.Decl       // declarations of the cell besides its entities
}

// check runs the type checker. Declarations of earlier cells form a file each
// with the imports they use; signatures stand for bodies not asked for.
func (c *compiler) check(job checkJob) *checked {
	ck := &checked{info: &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}}
	cfg := types.Config{
		Importer:                 c.s.cfg.Importer,
		GoVersion:                c.s.cfg.GoVersion,
		Sizes:                    types.SizesFor("gc", runtime.GOARCH),
		DisableUnusedImportCheck: true,
		Error: func(err error) {
			if e, ok := err.(types.Error); ok {
				ck.add(e)
			}
		},
	}
	ck.pkg, _ = cfg.Check("main", c.s.pl.fset, c.files(job), ck.info)
	ck.errs = slices.DeleteFunc(ck.errs, c.tolerated)
	ck.findEmbedded()
	return ck
}

// add keeps an error. One that continues the error before it (other
// declaration of f) becomes a part of that.
func (ck *checked) add(e types.Error) {
	if n := len(ck.errs); n > 0 && strings.HasPrefix(e.Msg, "\t") {
		ck.errs[n-1].more = append(ck.errs[n-1].more, e)
		return
	}
	ck.errs = append(ck.errs, fault{Error: e})
}

func (ck *checked) findEmbedded() {
	ck.embedded = map[*types.Var]*types.TypeName{}
	for id, obj := range ck.info.Defs {
		if v, ok := obj.(*types.Var); ok && v.IsField() && v.Embedded() {
			if tn, ok := ck.info.Uses[id].(*types.TypeName); ok {
				ck.embedded[v] = tn
			}
		}
	}
}

// tolerated are errors that the way of checking brings about: a generic
// function checked by its signature, a name that is a package in one cell and
// a declaration of another.
func (c *compiler) tolerated(e fault) bool {
	if e.Msg == "generic function is missing function body" {
		return true // see bodyless
	}
	name, _, ok := strings.Cut(e.Msg, " already declared through ")
	if !ok {
		return false
	}
	return !slices.ContainsFunc(c.p.imports, func(im *ast.ImportSpec) bool {
		n, _ := importName(im)
		return n == name || n == "."
	})
}

// files puts the declarations of each cell into a file.
func (c *compiler) files(job checkJob) []*ast.File {
	group := map[*source][]*entity{}
	var order []*source
	for _, e := range sorted(job.include) {
		if e.kind == statements {
			continue
		}
		if _, ok := group[e.src]; !ok {
			order = append(order, e.src)
		}
		group[e.src] = append(group[e.src], e)
	}
	if _, ok := group[c.src]; !ok {
		order = append(order, c.src)
	}
	var files []*ast.File
	for _, src := range order {
		f := &ast.File{Name: ast.NewIdent("main")}
		f.Decls = append(f.Decls, c.importDecls(src, group[src])...)
		f.Decls = append(f.Decls, declsOf(group[src], job.bodies)...)
		if src == c.src {
			f.Decls = append(f.Decls, job.extra...)
		}
		files = append(files, f)
	}
	return files
}

// declsOf returns the syntax of entities, a group of constants once.
func declsOf(list []*entity, bodies map[*entity]bool) []ast.Decl {
	var decls []ast.Decl
	groups := map[*constGroup]bool{}
	specs := map[*programVars]bool{}
	for _, e := range list {
		switch {
		case e.program != nil:
			if !specs[e.program] {
				specs[e.program] = true
				decls = append(decls, &ast.GenDecl{TokPos: e.program.spec.Pos(), Tok: token.VAR, Specs: []ast.Spec{e.program.spec}})
			}
		case e.fun != nil && bodies[e]:
			decls = append(decls, e.fun)
		case e.fun != nil:
			decls = append(decls, e.stub)
		case e.group != nil && !groups[e.group]:
			groups[e.group] = true
			decls = append(decls, e.group.decl)
		case e.spec != nil:
			decls = append(decls, &ast.GenDecl{TokPos: e.spec.Pos(), Tok: token.TYPE, Specs: []ast.Spec{e.spec}})
		case e.value != nil:
			decls = append(decls, &ast.GenDecl{TokPos: e.value.Pos(), Tok: token.VAR, Specs: []ast.Spec{e.value}})
		}
	}
	return decls
}

// importDecls returns the imports of a file: those that the declarations of an
// earlier cell use, or all that the new cell mentions.
func (c *compiler) importDecls(src *source, list []*entity) []ast.Decl {
	names, dots := map[string]string{}, map[string]bool{}
	for _, e := range list {
		for _, u := range e.uses.pkgs {
			if u.dot {
				dots[u.path] = true
			} else {
				names[u.name] = u.path
			}
		}
	}
	if src == c.src {
		for name, path := range c.imports {
			if c.words[name] {
				names[name] = path
			}
		}
		for _, path := range c.dots {
			dots[path] = true
		}
	}
	d := &ast.GenDecl{Tok: token.IMPORT}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		d.Specs = append(d.Specs, importSpec(name, names[name]))
	}
	for _, path := range slices.Sorted(maps.Keys(dots)) {
		d.Specs = append(d.Specs, importSpec(".", path))
	}
	if len(d.Specs) == 0 {
		return nil
	}
	return []ast.Decl{d}
}

func importSpec(name, path string) *ast.ImportSpec {
	return &ast.ImportSpec{Name: ast.NewIdent(name), Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(path)}}
}

// local says whether obj is declared at package level of the session.
func (ck *checked) global(obj types.Object) bool {
	return obj != nil && obj.Pkg() == ck.pkg && obj.Parent() == ck.pkg.Scope()
}
