package cell

import (
	"go/token"
	"sort"
	"strings"
)

// source is the text of one cell.
type source struct {
	cell   int // as positions name it; may repeat
	serial int // grows with each text that is compiled
	text   string
	lines  []int // offset of each line's first byte
}

func newSource(cell int, text string) *source {
	s := &source{cell: cell, text: text, lines: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// place is the line and column (in bytes), both counted from 1, of an offset.
func (s *source) place(off int) (line, col int) {
	off = max(0, min(off, len(s.text)))
	line = sort.SearchInts(s.lines, off+1)
	return line, off - s.lines[line-1] + 1
}

// line returns the text of line n, without its end.
func (s *source) line(n int) string {
	if n < 1 || n > len(s.lines) {
		return ""
	}
	l, _, _ := strings.Cut(s.text[s.lines[n-1]:], "\n")
	return strings.TrimSuffix(l, "\r")
}

// A placed token.File holds a source after some bytes of our own.
type placed struct {
	src    *source
	prefix int
}

// places finds the author's text for positions of one file set.
type places struct {
	fset  *token.FileSet
	files map[*token.File]placed
}

func newPlaces() *places {
	return &places{fset: token.NewFileSet(), files: map[*token.File]placed{}}
}

// find returns the source and the offset in it; the source is nil for
// positions in text that no author wrote.
func (p *places) find(pos token.Pos) (*source, int) {
	if !pos.IsValid() {
		return nil, 0
	}
	f := p.fset.File(pos)
	pl, ok := p.files[f]
	if !ok {
		return nil, 0
	}
	return pl.src, f.Offset(pos) - pl.prefix
}

// offset is the offset of pos in the source that holds it.
func (p *places) offset(pos token.Pos) int {
	_, off := p.find(pos)
	return off
}

// blank replaces a range by spaces and keeps its line ends.
func blank(b []byte, from, to int) {
	for i := from; i < to; i++ {
		if b[i] != '\n' && b[i] != '\r' {
			b[i] = ' '
		}
	}
}
