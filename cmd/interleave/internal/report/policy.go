package report

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"slices"
	"strings"
)

// policy collects the inline parts a page may have.
type policy struct {
	trusted         bool // any inline part may be there
	scripts, styles []string
}

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
// other directives permit. No page may load anything from anywhere.
func (p *policy) String() string {
	inline := []string{
		"script-src " + strings.Join(p.scripts, " "),
		"style-src 'unsafe-inline'", // for browsers without the next two
		"style-src-elem " + strings.Join(p.styles, " "),
		"style-src-attr 'unsafe-inline'",
		"img-src data:",
	}
	if p.trusted { // a hash beside 'unsafe-inline' would take it back
		inline = []string{
			"script-src 'unsafe-inline' 'unsafe-eval' data: blob:",
			"style-src 'unsafe-inline'",
			"img-src data: blob:",
			"font-src data:",
			"worker-src blob:",
		}
	}
	return strings.Join(slices.Concat([]string{"default-src 'none'"}, inline, []string{
		"media-src data:",
		"base-uri 'none'",
		"form-action 'none'",
	}), "; ")
}
