package notebook_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

// random makes a valid notebook with hostile texts in it.
func random(r *rand.Rand) *notebook.Notebook {
	n := &notebook.Notebook{Minor: 5, Metadata: object(r, 2)}
	for i := range r.IntN(6) {
		c := &notebook.Cell{ID: fmt.Sprintf("c%d", i), Source: words(r), Metadata: object(r, 2)}
		c.Type = []notebook.CellType{notebook.Code, notebook.Markdown, notebook.Raw}[r.IntN(3)]
		if c.Type == notebook.Code {
			c.Count = r.IntN(9)
			for range r.IntN(4) {
				c.Outputs = append(c.Outputs, output(r))
			}
		} else if r.IntN(3) == 0 {
			c.Attachments = map[string]any{"a.png": bundle(r)}
		}
		n.Cells = append(n.Cells, c)
	}
	return n
}

func output(r *rand.Rand) *notebook.Output {
	switch r.IntN(4) {
	case 0:
		return &notebook.Output{Type: notebook.Stream, Name: "stdout", Text: words(r)}
	case 1:
		return &notebook.Output{Type: notebook.Error, EName: words(r), EValue: words(r), Traceback: []string{words(r)}}
	case 2:
		return &notebook.Output{Type: notebook.Display, Data: bundle(r), Metadata: object(r, 1)}
	default:
		return &notebook.Output{Type: notebook.Result, Data: bundle(r), Metadata: object(r, 1), Count: r.IntN(3)}
	}
}

func bundle(r *rand.Rand) map[string]any {
	return map[string]any{
		"text/plain":             words(r),
		"text/html":              words(r),
		"image/svg+xml":          words(r),
		"image/png":              "aGk=\n",
		"application/json":       value(r, 2),
		"application/vnd.x+json": object(r, 2),
	}
}

func object(r *rand.Rand, depth int) map[string]any {
	m := map[string]any{}
	for i := range r.IntN(4) {
		m[fmt.Sprintf("%s%d", words(r), i)] = value(r, depth-1)
	}
	return m
}

func value(r *rand.Rand, depth int) any {
	switch n := r.IntN(7); {
	case n == 0 && depth > 0:
		return object(r, depth)
	case n == 1 && depth > 0:
		list := []any{}
		for range r.IntN(3) {
			list = append(list, value(r, depth-1))
		}
		return list
	case n == 2:
		return nil
	case n == 3:
		return true
	case n == 4:
		return json.Number("12345678901234567890")
	case n == 5:
		return json.Number("-0.25")
	default:
		return words(r)
	}
}

// parts are what texts are made of: all that Python takes for a line end, what
// JSON escapes, and what it need not escape.
var parts = []string{
	"a", "x := 1", "\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\u0085", "\u2028", "\u2029",
	`"`, `\`, "\t", "\b", "\x00", "\x1b[31m", "\x7f", "é", "日本", "😀", "</script>", "&amp;", "\ufeff", "\ufffd",
}

func words(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(8) {
		b.WriteString(parts[r.IntN(len(parts))])
	}
	return b.String()
}
