package cell

import (
	"go/token"
	"strings"
)

// Literal is the content of a string literal as far as the cursor.
type Literal struct {
	Start int    // byte offset of the content
	Text  string // up to the cursor
	// Import says that the string is the path of an import.
	Import bool
}

// LiteralAt finds the string literal around a byte offset, which need not be
// closed yet.
func LiteralAt(src string, offset int) (l Literal, ok bool) {
	offset = max(0, min(offset, len(src)))
	for _, close := range []string{"", "\"", "`"} {
		text := src
		if close != "" { // what follows on the line is not part of an open one
			rest := ""
			if i := strings.IndexByte(src[offset:], '\n'); i >= 0 {
				rest = src[offset+i:]
			}
			text = src[:offset] + close + rest
		}
		if l, ok = literalIn(text, offset); ok {
			return l, true
		}
	}
	return l, false
}

func literalIn(src string, offset int) (l Literal, ok bool) {
	sp := split(newSource(0, src))
	for i, t := range sp.toks {
		if t.tok != token.STRING || t.off >= offset || offset >= t.end {
			continue
		}
		l = Literal{Start: t.off + 1, Text: src[t.off+1 : offset]}
		for _, before := range sp.toks[max(0, i-2):i] {
			l.Import = l.Import || before.tok == token.IMPORT
		}
		l.Import = l.Import || sp.inImport(t.off)
		return l, true
	}
	return l, false
}

// inImport says whether off lies between the parentheses of an import.
func (sp *splitter) inImport(off int) bool {
	inside := false
	for i, t := range sp.toks {
		if t.off >= off {
			break
		}
		switch {
		case t.tok == token.LPAREN && i > 0 && sp.toks[i-1].tok == token.IMPORT:
			inside = true
		case t.tok == token.RPAREN:
			inside = false
		}
	}
	return inside
}
