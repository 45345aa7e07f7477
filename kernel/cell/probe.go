package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// probe is the identifier at a place of an unfinished cell, with all that is
// known about it.
type probe struct {
	c      *compiler
	ck     *checked // that has checked the identifier
	id     *ast.Ident
	parent ast.Node
	path   []ast.Node // from the outermost node to the parent
}

// identAt is the range of the identifier at or directly before off.
func identAt(src string, off int) (start, end int) {
	off = max(0, min(off, len(src)))
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	start, end = off, off
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(src[:start])
		if !letter(r) {
			break
		}
		start -= n
	}
	for end < len(src) {
		r, n := utf8.DecodeRuneInString(src[end:])
		if !letter(r) {
			break
		}
		end += n
	}
	return start, end
}

// probe checks a cell as far as it can be understood and finds the identifier
// at start. When the whole text does not lead there, what follows end is cut
// off and open brackets are closed.
func (s *Scope) probe(src string, start, end int) *probe {
	if p := s.attempt(src, start); p != nil {
		return p
	}
	for _, call := range [][2]string{{}, {"()", ""}, {"", "()"}} { // defer and go want a call
		if p := s.attempt(closed(src[:end]+call[0])+call[1], start); p != nil {
			return p
		}
	}
	return nil
}

// closed closes the brackets that are open at the end of a text.
func closed(head string) string {
	sp := split(newSource(0, head))
	for _, t := range slices.Backward(sp.open) {
		switch t.tok {
		case token.LPAREN:
			head += ")"
		case token.LBRACK:
			head += "]"
		default:
			head += "\n}"
		}
	}
	return head
}

func (s *Scope) attempt(src string, start int) *probe {
	c := s.compiler(src, 0)
	c.forced, c.split = map[string]bool{}, map[string]bool{}
	defer c.forget()
	c.p = &parsed{splitter: split(c.src)}
	if len(c.p.errs) > 0 && len(c.p.items) == 0 {
		return nil
	}
	c.p.read(s.pl)
	for _, t := range c.p.toks {
		if t.tok == token.IDENT {
			c.words[t.lit] = true
		}
	}
	for key, e := range c.view {
		c.words[key] = c.words[key] || e.kind != Method
	}
	c.declare()
	c.resolveImports()
	c.checkStatements()
	p := &probe{c: c, ck: c.first}
	if p.find(start) && p.inStatements(start) {
		return p
	}
	if p.id == nil {
		return nil
	}
	c.declareVars()
	bodies := map[*entity]bool{}
	for _, e := range c.fresh {
		bodies[e] = true
	}
	c.second = c.check(checkJob{include: c.mentioned(), bodies: bodies})
	p.ck = c.second
	return p
}

// forget takes back what a probe did to the session, its files included.
func (c *compiler) forget() {
	c.restore()
	for f, pl := range c.s.pl.files {
		if pl.src.serial == c.src.serial {
			c.s.pl.fset.RemoveFile(f)
			delete(c.s.pl.files, f)
		}
	}
}

// inStatements says whether off lies in a statement.
func (p *probe) inStatements(off int) bool {
	for _, it := range p.c.p.items {
		if it.start <= off && off < it.end {
			return it.kind == stmtItem || it.kind == varItem && !p.c.p.program
		}
	}
	return false
}

// find looks for the identifier that begins at off.
func (p *probe) find(off int) bool {
	visit := func(root ast.Node) {
		var stack []ast.Node
		ast.Inspect(root, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			if id, ok := n.(*ast.Ident); ok && p.id == nil && p.c.s.pl.offset(id.Pos()) == off && id.Name != "" {
				p.id, p.path = id, slices.Clone(stack)
				if len(stack) > 0 {
					p.parent = stack[len(stack)-1]
				}
			}
			stack = append(stack, n)
			return true
		})
	}
	for _, d := range p.c.p.decls {
		visit(d)
	}
	if p.c.p.body != nil {
		visit(p.c.p.body)
	}
	return p.id != nil
}

// object is what the identifier means.
func (p *probe) object() types.Object {
	if obj := p.ck.info.Uses[p.id]; obj != nil {
		return obj
	}
	return p.ck.info.Defs[p.id]
}

// scope is the innermost scope around the identifier.
func (p *probe) scope() *types.Scope {
	for _, n := range slices.Backward(p.path) {
		switch f := n.(type) {
		case *ast.FuncLit:
			n = f.Type
		case *ast.FuncDecl:
			n = f.Type
		}
		if s := p.ck.info.Scopes[n]; s != nil {
			return s
		}
	}
	if len(p.path) > 0 && p.path[0] == ast.Node(p.c.p.body) && p.c.around != nil {
		return p.ck.info.Scopes[p.c.around]
	}
	return nil
}

// qualifier writes package names as an author does.
func (p *probe) qualifier(pkg *types.Package) string {
	if pkg == p.ck.pkg {
		return ""
	}
	return pkg.Name()
}

// signature is what follows a name in its declaration.
func (p *probe) signature(obj types.Object) string {
	switch o := obj.(type) {
	case *types.Func:
		return clean(strings.TrimPrefix(types.TypeString(o.Type(), p.qualifier), "func"))
	case *types.PkgName:
		return o.Imported().Path()
	case *types.Const:
		return clean(types.TypeString(o.Type(), p.qualifier)) + " = " + o.Val().String()
	case *types.TypeName:
		return clean(kindOf(o.Type()))
	case *types.Builtin, *types.Nil:
		return ""
	}
	return clean(types.TypeString(obj.Type(), p.qualifier))
}

// kindOf is the kind of a type in a word or two.
func kindOf(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	case *types.Basic:
		return u.Name()
	case *types.Map:
		return "map"
	case *types.Slice:
		return "slice"
	case *types.Array:
		return "array"
	case *types.Chan:
		return "chan"
	case *types.Signature:
		return "func"
	case *types.Pointer:
		return "pointer"
	}
	return ""
}
