package display

import (
	"html"
	"regexp"
	"strings"
)

var (
	hidden = regexp.MustCompile(`(?is)<(script|style|head)\b.*?</(script|style|head)\s*>|<!--.*?-->`)
	cell   = regexp.MustCompile(`(?i)</t[dh]\s*>`)
	block  = regexp.MustCompile(`(?i)<br\s*/?>|</(p|div|tr|li|ul|ol|table|h[1-6]|pre|section|caption)\s*>`)
	tag    = regexp.MustCompile(`(?s)<[!/a-zA-Z][^>]*>`)
	blanks = regexp.MustCompile(`[ \t\r\n]+`)
)

// htmlText is what a reader sees of a piece of HTML, roughly: for terminals
// and logs.
func htmlText(s string) string {
	s = blanks.ReplaceAllString(hidden.ReplaceAllString(s, ""), " ")
	s = cell.ReplaceAllString(s, "\t")
	s = block.ReplaceAllString(s, "\n")
	s = html.UnescapeString(tag.ReplaceAllString(s, ""))
	var lines []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}
