package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// what a top-level item of a cell is.
type itemKind int

const (
	stmtItem itemKind = iota
	importItem
	declItem    // const, type, func
	varItem     // var
	packageItem // package clause
)

// item is one top-level piece of a cell: the offsets of its first byte and of
// the byte after its last one.
type item struct {
	kind       itemKind
	start, end int
	semicolon  bool   // an explicit semicolon follows
	name       string // of a function declaration
	method     bool
}

type tok struct {
	tok token.Token
	lit string
	off int
	end int
}

// length is the length of a token in the text. It is not that of its literal
// where the scanner drops carriage returns.
func length(text string, t token.Token, lit string) int {
	n := len(lit)
	switch {
	case lit == "":
		n = len(t.String())
	case t == token.STRING && lit[0] == '`':
		n = strings.IndexByte(text[1:], '`') + 2
		if n == 1 {
			n = len(text)
		}
	case t == token.COMMENT && strings.HasPrefix(lit, "/*"):
		if n = strings.Index(text, "*/") + 2; n == 1 {
			n = len(text)
		}
	case t == token.COMMENT:
		if n = strings.IndexByte(text, '\n'); n < 0 {
			n = len(text)
		}
	}
	return min(n, len(text))
}

// splitter cuts the text of a cell into items at the semicolons (also the
// implied ones) outside all brackets.
type splitter struct {
	src   *source
	toks  []tok
	items []item
	open  []tok // brackets that are open
	errs  []Error
	notes []tok // comments
}

// split cuts a cell into its top-level items.
func split(src *source) *splitter {
	p := &splitter{src: src}
	p.scan()
	p.cut()
	return p
}

func (p *splitter) scan() {
	var s scanner.Scanner
	fset := token.NewFileSet()
	f := fset.AddFile("", -1, len(p.src.text))
	s.Init(f, []byte(p.src.text), func(pos token.Position, msg string) {
		p.errorAt(pos.Offset, msg)
	}, scanner.ScanComments)
	for {
		pos, t, lit := s.Scan()
		k := tok{tok: t, lit: lit, off: f.Offset(pos)}
		k.end = k.off + length(p.src.text[k.off:], t, lit)
		if t == token.COMMENT {
			p.notes = append(p.notes, k)
			continue
		}
		p.toks = append(p.toks, k)
		if t == token.EOF {
			return
		}
	}
}

func (p *splitter) errorAt(off int, msg string) {
	p.errs = append(p.errs, newError(p.src, off, msg))
}

func (p *splitter) cut() {
	first := 0
	for i, t := range p.toks {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			p.open = append(p.open, t)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(p.open) == 0 {
				p.errorAt(t.off, "unexpected "+t.tok.String()+": nothing is open here")
				return
			}
			p.open = p.open[:len(p.open)-1]
		case token.SEMICOLON, token.EOF:
			if len(p.open) > 0 && t.tok != token.EOF {
				continue
			}
			p.item(p.toks[first:i], t)
			first = i + 1
		}
	}
}

// item records the tokens of one item, which the token end follows.
func (p *splitter) item(toks []tok, end tok) {
	explicit := end.tok == token.SEMICOLON && end.lit == ";"
	if len(toks) == 0 {
		if n := len(p.items); explicit && n > 0 {
			p.items[n-1].semicolon = true
		}
		return
	}
	last := toks[len(toks)-1]
	it := item{start: toks[0].off, end: last.end, semicolon: explicit}
	classify(&it, toks)
	p.items = append(p.items, it)
}

func classify(it *item, toks []tok) {
	switch toks[0].tok {
	case token.PACKAGE:
		it.kind = packageItem
	case token.IMPORT:
		it.kind = importItem
	case token.CONST, token.TYPE:
		it.kind = declItem
	case token.VAR:
		it.kind = varItem
	case token.FUNC:
		if name, method := funcName(toks); name != "" {
			it.kind, it.name, it.method = declItem, name, method
		}
	}
}

// funcName is the name that a function or method declaration declares, empty
// for a function literal.
func funcName(toks []tok) (name string, method bool) {
	if len(toks) < 3 {
		return "", false
	}
	if toks[1].tok == token.IDENT {
		return toks[1].lit, false
	}
	if toks[1].tok != token.LPAREN {
		return "", false
	}
	depth := 0
	for i := 1; i+2 < len(toks); i++ {
		switch toks[i].tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		}
		if depth == 0 {
			if toks[i+1].tok == token.IDENT && toks[i+2].tok == token.LPAREN {
				return toks[i+1].lit, true
			}
			return "", false
		}
	}
	return "", false
}

// program says whether the items are a whole program: a package clause, or
// func main among nothing but declarations.
func program(items []item) bool {
	main, stmts := false, false
	for _, it := range items {
		switch {
		case it.kind == packageItem:
			return true
		case it.kind == stmtItem:
			stmts = true
		case it.kind == declItem && it.name == "main" && !it.method:
			main = true
		}
	}
	return main && !stmts
}

// masked is the source with everything but the items that keep wants, and the
// comments outside all items, replaced by spaces. Between two items that are
// kept all semicolons stay: they may be parts of one statement (for i := 0; ;).
func (p *splitter) masked(keep func(item) bool) []byte {
	b := []byte(p.src.text)
	end, kept := 0, false
	for _, it := range p.items {
		if kept && keep(it) {
			p.blankNotes(b, end, it.start)
		} else {
			blank(b, end, it.start)
		}
		end, kept = it.end, keep(it)
		if !kept {
			blank(b, it.start, it.end)
		} else if it.semicolon {
			end = p.semicolonAfter(it.end)
		}
	}
	blank(b, end, len(b))
	return b
}

// blankNotes takes the comments out of a range.
func (p *splitter) blankNotes(b []byte, from, to int) {
	for _, n := range p.notes {
		if n.off >= from && n.end <= to {
			blank(b, n.off, n.end)
		}
	}
}

func (p *splitter) semicolonAfter(off int) int {
	for _, t := range p.toks {
		if t.off >= off && t.tok == token.SEMICOLON && t.lit == ";" {
			return t.off + 1
		}
	}
	return off
}

// directives returns the //go: directives in the // comments above the line of
// off, blank lines aside.
func (p *splitter) directives(off int) []string {
	var ds []string
	line, _ := p.src.place(off)
	for i := len(p.notes) - 1; i >= 0; i-- {
		n := p.notes[i]
		if n.off >= off {
			continue
		}
		l, _ := p.src.place(n.off)
		for line--; line > l && strings.TrimSpace(p.src.line(line)) == ""; line-- {
		}
		if l != line || !strings.HasPrefix(strings.TrimSpace(p.src.line(l)), "//") {
			break
		}
		if strings.HasPrefix(n.lit, "//go:") {
			ds = append([]string{strings.TrimRight(n.lit, "\r")}, ds...)
		}
	}
	return ds
}
