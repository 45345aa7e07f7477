// Package tex turns TeX formulas into MathML, which browsers draw without
// scripts or fonts of the page.
//
// It knows the part of LaTeX's mathematics that notebooks use: fractions,
// roots, scripts and limits, delimiters that grow, matrices, cases and aligned
// equations, accents, text, spacing, fonts, and the usual symbols. What it does
// not know is an error, so that a reader sees the source and not a wrong
// formula.
//
// A whole implementation such as KaTeX needs a JavaScript engine and 270 KB of
// script; the libraries in Go that we found either embed one or are not kept.
package tex

import (
	"errors"
	"fmt"
	"html"
	"strings"
)

// maxDepth bounds nesting, and so the stack a hostile formula can use.
const maxDepth = 100

// maxSize bounds the length of a formula in bytes.
const maxSize = 20_000

// MathML converts one formula, without its dollars. Display is for a formula
// on a line of its own. The result holds the source as its annotation, as
// readers for the blind and copying expect. It takes some microseconds.
func MathML(source string, display bool) (string, error) {
	if len(source) > maxSize {
		return "", errors.New("the formula is too long")
	}
	p := &parser{in: source}
	body, err := p.row(0, endOfInput)
	if err != nil {
		return "", fmt.Errorf("formula %q: %w", strings.TrimSpace(source), err)
	}
	var b strings.Builder
	b.WriteString("<math")
	if display {
		b.WriteString(` display="block"`)
	}
	fmt.Fprintf(&b, `><semantics><mrow>%s</mrow><annotation encoding="application/x-tex">%s</annotation></semantics></math>`,
		body, html.EscapeString(strings.TrimSpace(source)))
	return b.String(), nil
}

// element writes an element of MathML around content that is markup already.
func element(name, content string) string { return "<" + name + ">" + content + "</" + name + ">" }

// operator writes an operator; attributes begin with a blank.
func operator(text, attributes string) string {
	return "<mo" + attributes + ">" + html.EscapeString(text) + "</mo>"
}

// group makes one element of any number of them.
func group(content string) string { return element("mrow", content) }
