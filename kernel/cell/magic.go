package cell

import (
	"go/token"
	"slices"
	"strings"
)

// SplitMagics cuts the lines that begin with %, $ or ! off the head of a cell; !(
// begins an expression.
// The code keeps its line numbers: the magic lines become empty ones. A cell
// that begins with %% belongs to its magic as a whole; code is then the text
// below that line. Lines further down that say %% or %main, which begin the
// statements of a cell in other kernels, are taken out too.
func SplitMagics(src string) (magics []string, code string) {
	b := []byte(src)
	for off := 0; off < len(src); {
		line, _, _ := strings.Cut(src[off:], "\n")
		t := strings.TrimSpace(line)
		magic := strings.HasPrefix(t, "%") || strings.HasPrefix(t, "$") || strings.HasPrefix(t, "!") && !strings.HasPrefix(t, "!(")
		if t != "" && !magic {
			return append(magics, mainLines(b, off)...), string(b)
		}
		if magic {
			magics = append(magics, t)
			blank(b, off, off+len(line))
		}
		off += len(line) + 1
		if strings.HasPrefix(t, "%%") {
			break
		}
	}
	return magics, string(b)
}

// mainLines blanks the lines from off on that say %% or %main, and returns them.
func mainLines(b []byte, off int) (lines []string) {
	src := string(b)
	for off < len(src) {
		line, _, _ := strings.Cut(src[off:], "\n")
		switch word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word {
		case "%%", "%main":
			if !inLongToken(src, off) {
				lines = append(lines, strings.TrimSpace(line))
				blank(b, off, off+len(line))
			}
		}
		off += len(line) + 1
	}
	return lines
}

// inLongToken says whether a line that begins at off is inside of a string or a
// comment.
func inLongToken(src string, off int) bool {
	sp := split(newSource(0, src[:off]))
	return slices.ContainsFunc(append(sp.toks, sp.notes...), func(t tok) bool {
		return (t.tok == token.STRING || t.tok == token.COMMENT) && t.off < off && off <= t.end && !strings.HasSuffix(t.lit, "`") &&
			!strings.HasSuffix(t.lit, "*/") && !strings.HasPrefix(t.lit, "//")
	})
}
