package cell

import (
	"fmt"
	"slices"
	"strings"
)

// edit replaces a range of a source by another text.
type edit struct {
	off, end int
	text     string
}

// rewrite returns text[from:to] with the edits made. Behind an edit that
// changes the length a line directive restores the author's position.
func rewrite(src *source, text string, from, to int, edits []edit) string {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int {
		if a.off != b.off {
			return a.off - b.off
		}
		return a.end - b.end
	})
	var b strings.Builder
	at := from
	for i, e := range edits {
		if e.off < at || e.end > to {
			continue
		}
		b.WriteString(text[at:e.off] + e.text)
		at = e.end
		old := text[e.off:e.end]
		if i+1 < len(edits) && edits[i+1].off == at {
			continue
		}
		if restLine, _, _ := strings.Cut(text[at:to], "\n"); strings.Count(old, "\n") == strings.Count(e.text, "\n") &&
			(len(old) == len(e.text) || strings.TrimSpace(restLine) == "") {
			continue
		}
		b.WriteString(" " + lineComment(src, at))
	}
	b.WriteString(text[at:to])
	return b.String()
}

// lineComment tells the compiler that what follows is the author's text at an
// offset.
func lineComment(src *source, off int) string {
	line, col := src.place(off)
	return fmt.Sprintf("/*line cell[%d]:%d:%d*/", src.cell, line, col)
}

// lineDirective is the same for what follows on the next line.
func lineDirective(src *source, off int) string {
	line, col := src.place(off)
	return fmt.Sprintf("//line cell[%d]:%d:%d\n", src.cell, line, col)
}
