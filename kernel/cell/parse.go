package cell

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// parsed is the syntax of one cell. Declarations and statements are parsed
// apart, each from the whole text with the other parts blanked, so that
// positions are the author's.
type parsed struct {
	*splitter
	program bool
	pkgItem bool
	imports []*ast.ImportSpec
	decls   []ast.Decl
	body    *ast.BlockStmt // nil in a whole program
	show    ast.Expr       // the trailing expression
	hush    bool           // a semicolon follows it
	notices []string
}

// parse reads the text of a cell. The errors are those of the text alone.
func parse(pl *places, src *source) (*parsed, []Error) {
	p := &parsed{splitter: split(src)}
	if len(p.errs) == 0 {
		p.read(pl)
	}
	return p, hintSyntax(p.errs, src)
}

// read parses the items of the cell.
func (p *parsed) read(pl *places) {
	p.program = program(p.items)
	p.pkgItem = slices.ContainsFunc(p.items, func(it item) bool { return it.kind == packageItem })
	p.parseImports(pl)
	p.parseDecls(pl)
	if !p.program {
		p.parseBody(pl)
	}
	p.tidy()
	p.checkNames()
	p.noteBuildLines()
}

// tidy keeps one error of each line, the others follow from it, and says what
// is not closed instead of what is missing at the end.
func (p *parsed) tidy() {
	end := len(strings.TrimRight(p.src.text, " \t\r\n"))
	seen := map[int]bool{}
	p.errs = slices.DeleteFunc(p.errs, func(e Error) bool {
		drop := seen[e.Line] || len(p.open) > 0 && p.src.lines[e.Line-1]+e.Column-1 >= end
		seen[e.Line] = true
		return drop
	})
	if len(p.errs) == 0 && len(p.open) > 0 {
		o := p.open[len(p.open)-1]
		p.errorAt(o.off, "this "+o.tok.String()+" is not closed")
	}
}

// file parses the masked text behind prefix.
func (p *parsed) file(pl *places, prefix string, text []byte, suffix string) *ast.File {
	base := pl.fset.Base()
	all := prefix + string(text) + suffix
	f, err := parser.ParseFile(pl.fset, "", all, parser.ParseComments|parser.SkipObjectResolution)
	pl.files[pl.fset.File(token.Pos(base))] = placed{p.src, len(prefix)}
	var list scanner.ErrorList
	if errors.As(err, &list) {
		for _, e := range list {
			p.errorAt(e.Pos.Offset-len(prefix), e.Msg)
		}
	}
	return f
}

func (p *parsed) parseImports(pl *places) {
	is := func(it item) bool { return it.kind == importItem }
	if !slices.ContainsFunc(p.items, is) {
		return
	}
	f := p.file(pl, "package main;", p.masked(is), "")
	p.imports = f.Imports
	for _, im := range f.Imports {
		if im.Path.Value == `"C"` {
			e := newError(p.src, pl.offset(im.Pos()), `import "C" is not possible in a notebook: cells are linked without a C compiler`)
			e.Hint = "use a Go package that needs no C, or run the C code as a program with os/exec"
			p.errs = append(p.errs, e)
		}
	}
}

// isDecl says which items are package-level declarations.
func (p *parsed) isDecl(it item) bool {
	return it.kind == declItem || p.program && it.kind != importItem && it.kind != packageItem
}

func (p *parsed) parseDecls(pl *places) {
	if !slices.ContainsFunc(p.items, p.isDecl) {
		return
	}
	p.decls = p.file(pl, "package main;", p.masked(p.isDecl), "").Decls
	if len(p.items) > 1 && !p.program {
		p.leaveOutBodyless()
	}
}

// leaveOutBodyless takes out functions without a body that stand among other
// things: notebooks of other kernels list them as documentation. One alone is a
// mistake, which the check tells of.
func (p *parsed) leaveOutBodyless() {
	var names []string
	p.decls = slices.DeleteFunc(p.decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body != nil {
			return false
		}
		names = append(names, f.Name.Name)
		return true
	})
	switch len(names) {
	case 0:
	case 1:
		p.notices = append(p.notices, "func "+names[0]+" has no body and was left out")
	default:
		p.notices = append(p.notices, "functions without a body were left out: "+strings.Join(names, ", "))
	}
}

func (p *parsed) parseBody(pl *places) {
	is := func(it item) bool { return it.kind == stmtItem || it.kind == varItem }
	p.body = &ast.BlockStmt{}
	if !slices.ContainsFunc(p.items, is) {
		return
	}
	f := p.file(pl, "package main;func _(){", p.masked(is), "\n}")
	if len(f.Decls) == 0 {
		return
	}
	if fd, ok := f.Decls[0].(*ast.FuncDecl); ok && fd.Body != nil {
		p.body = fd.Body
		p.body.List = slices.DeleteFunc(p.body.List, func(s ast.Stmt) bool {
			_, empty := s.(*ast.EmptyStmt)
			return empty
		})
	}
	p.findShow()
}

// findShow finds the trailing expression: the last item is an expression.
func (p *parsed) findShow() {
	last := p.items[len(p.items)-1]
	if last.kind != stmtItem || len(p.body.List) == 0 {
		return
	}
	if x, ok := p.body.List[len(p.body.List)-1].(*ast.ExprStmt); ok {
		p.show, p.hush = x.X, last.semicolon
	}
}

// checkNames refuses identifiers of the kind that generated code uses.
func (p *parsed) checkNames() {
	for _, t := range p.toks {
		if t.tok != token.IDENT {
			continue
		}
		if i := strings.Index(t.lit, mark); i >= 0 && i+len(mark) < len(t.lit) && isDigit(t.lit[i+len(mark)]) {
			p.errorAt(t.off, "the name "+t.lit+" is of a form that the notebook keeps for itself")
		}
	}
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func (p *parsed) noteBuildLines() {
	for _, n := range p.notes {
		if strings.HasPrefix(n.lit, "//go:build ") {
			line, _ := p.src.place(n.off)
			p.notices = append(p.notices, "cell["+strconv.Itoa(p.src.cell)+"]:"+strconv.Itoa(line)+": //go:build has no effect in a notebook")
		}
	}
}

// hintSyntax adds hints where people used to other notebooks stumble.
func hintSyntax(errs []Error, src *source) []Error {
	for i := range errs {
		e := &errs[i]
		t := strings.TrimSpace(e.Source)
		switch {
		case strings.HasPrefix(t, "%"), strings.HasPrefix(t, "!") && !strings.Contains(t, "("):
			e.Hint = "lines that begin with % or ! must stand before the Go code of a cell"
		case e.Msg == "expected 1 expression":
			e.Hint = "one expression is shown; for several write fmt.Println(a, b)"
		case strings.Contains(e.Msg, "is not closed"):
			e.Hint = "the cell ends before it is closed"
		}
	}
	return errs
}

// importName is the name that an import spec gives its package, or the one the
// path suggests.
func importName(im *ast.ImportSpec) (name, path string) {
	path, _ = strconv.Unquote(im.Path.Value)
	if im.Name != nil {
		return im.Name.Name, path
	}
	return baseName(path), path
}

// baseName guesses the package name from an import path: the last element
// that is not a major version, without a version suffix.
func baseName(path string) string {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = parts[len(parts)-2]
	}
	if i := strings.LastIndex(last, ".v"); i > 0 {
		last = last[:i]
	}
	last = strings.TrimPrefix(last, "go-")
	return strings.ReplaceAll(last, "-", "")
}
