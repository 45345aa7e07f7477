package cell

import "strings"

// SplitMagics cuts the lines that begin with %, $ or ! off the head of a cell; !(
// begins an expression.
// The code keeps its line numbers: the magic lines become empty ones. A cell
// that begins with %% belongs to its magic as a whole; code is then the text
// below that line.
func SplitMagics(src string) (magics []string, code string) {
	b := []byte(src)
	for off := 0; off < len(src); {
		line, _, _ := strings.Cut(src[off:], "\n")
		t := strings.TrimSpace(line)
		magic := strings.HasPrefix(t, "%") || strings.HasPrefix(t, "$") || strings.HasPrefix(t, "!") && !strings.HasPrefix(t, "!(")
		if t != "" && !magic {
			break
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
