package cell

import (
	"go/token"
	"strings"
)

// Status says whether a text is ready to be run.
type Status string

// What a front end does next with the text it has.
const (
	Complete   Status = "complete"
	Incomplete Status = "incomplete"
	Invalid    Status = "invalid"
)

// IsComplete says whether a cell is whole, or what is typed on the next line
// may still become Go. Indent is the white space to begin that line with.
func IsComplete(src string) (s Status, indent string) {
	magics, code := SplitMagics(src)
	if len(magics) > 0 && strings.HasPrefix(magics[len(magics)-1], "%%") {
		return Complete, ""
	}
	text := newSource(0, code)
	p, errs := parse(newPlaces(), text)
	end := len(strings.TrimRight(code, " \t\r\n"))
	switch {
	case unfinished(errs, text, end):
		return Incomplete, indentation(p, text)
	case len(errs) > 0:
		return Invalid, ""
	}
	return Complete, ""
}

// unfinished says whether the first error is that the text ends too early.
func unfinished(errs []Error, src *source, end int) bool {
	if len(errs) == 0 {
		return false
	}
	e := errs[0]
	for _, f := range errs {
		if f.Line < e.Line || f.Line == e.Line && f.Column < e.Column {
			e = f
		}
	}
	if strings.Contains(e.Msg, "not terminated") {
		return !strings.Contains(e.Msg, "rune") && !strings.HasPrefix(e.Msg, "string literal")
	}
	if strings.HasSuffix(e.Msg, "is not closed") {
		return true
	}
	return e.Line > 0 && src.lines[e.Line-1]+e.Column-1 >= end
}

// indentation is one tab for each line on which brackets are still open, and
// one more behind an operator.
func indentation(p *parsed, src *source) string {
	lines := map[int]bool{}
	for _, o := range p.open {
		line, _ := src.place(o.off)
		lines[line] = true
	}
	n := len(lines)
	for i := len(p.toks) - 1; i >= 0; i-- {
		t := p.toks[i]
		if t.tok == token.EOF || t.tok == token.SEMICOLON && t.lit == "\n" {
			continue
		}
		line, _ := src.place(t.off)
		if (t.tok.IsOperator() && t.tok < token.LPAREN || t.tok == token.PERIOD) && !lines[line] {
			n++
		}
		break
	}
	return strings.Repeat("\t", n)
}
