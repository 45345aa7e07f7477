package report

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"slices"
	"strings"
)

// policy collects the inline parts a page may have.
type policy struct{ scripts, styles []string }

// script returns the element and allows it to run.
func (p *policy) script(text string) template.HTML {
	p.scripts = add(p.scripts, text)
	return template.HTML("<script>" + text + "</script>")
}

// style returns the element and allows it.
func (p *policy) style(text string) template.HTML {
	p.styles = add(p.styles, text)
	return template.HTML("<style>" + text + "</style>")
}

func add(hashes []string, text string) []string {
	sum := sha256.Sum256([]byte(text))
	source := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if slices.Contains(hashes, source) {
		return hashes
	}
	return append(hashes, source)
}

// String is the content security policy ("Content Security Policy Level 3").
// Style attributes are allowed, they cannot reach beyond what img-src and the
// other directives permit.
func (p *policy) String() string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src " + strings.Join(p.scripts, " "),
		"style-src 'unsafe-inline'", // for browsers without the next two
		"style-src-elem " + strings.Join(p.styles, " "),
		"style-src-attr 'unsafe-inline'",
		"img-src data:",
		"media-src data:",
		"base-uri 'none'",
		"form-action 'none'",
	}, "; ")
}
