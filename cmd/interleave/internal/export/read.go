package export

import (
	"fmt"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/kernel/cell"
)

// Tags of cells that mean something to a program, as they do to a run.
const (
	tagSkip     = "skip-execution"
	tagRaises   = "raises-exception"
	tagDeclared = "parameters"
	tagInjected = "injected-parameters"
)

// part is a code cell on its way into the program.
type part struct {
	number  int // of the code cells that run, from 1: the execution count
	heading string
	code    string // Go, without magics
	raises  bool   // it may fail
	declare bool   // it declares the parameters
	inject  bool   // it sets some
	items   []cell.Item

	decls []*chunk  // of the package
	body  []*chunk  // statements
	vars  []*entity // that it is the first to declare

	function string // of its statements, in the program
}

// chunk is a piece of an author's text, with what is to be changed in it.
type chunk struct {
	before string // comments above it
	text   string
	after  string // a comment behind it, on its line
	edits  []edit
	base   int // offset in the file that is checked

	function *entity   // that it declares
	vars     []*entity // that it declares without a value
	gone     bool      // it declares nothing but those
}

// edit replaces a range of a chunk's text by a text, or by the name that an
// entity or a package has in the program.
type edit struct {
	from, to int
	entity   *entity
	pkg      string
	text     string // behind the name
}

// read takes the code cells out of a notebook.
func read(n *notebook.Notebook) (parts []*part, notes []string, err error) {
	heading := ""
	count := 0
	for _, c := range n.Cells {
		if c.Type == notebook.Markdown {
			heading = lastHeading(c.Source, heading)
		}
		if c.Type != notebook.Code || c.Tagged(tagSkip) || strings.TrimSpace(c.Source) == "" {
			continue
		}
		count++
		code, without, err := demagic(c.Source)
		if err != nil {
			return nil, nil, fmt.Errorf("cell %d: %w", count, err)
		}
		for _, w := range without {
			notes = append(notes, fmt.Sprintf("cell %d: %s is left out", count, w))
		}
		parts = append(parts, &part{
			number: count, heading: heading, code: code,
			raises: c.Tagged(tagRaises), declare: c.Tagged(tagDeclared), inject: c.Tagged(tagInjected),
		})
	}
	return parts, notes, nil
}

// lastHeading is the last heading of a Markdown cell, or the one before it.
func lastHeading(markdown, heading string) string {
	for line := range strings.Lines(markdown) {
		if text := strings.TrimLeft(line, "#"); text != line && strings.HasPrefix(text, " ") {
			heading = strings.TrimSpace(text)
		}
	}
	return heading
}

// chunks cuts the code of a part into its items with the comments that belong
// to them: those above an item, and one that begins on its last line.
func (p *part) chunks() []*chunk {
	list := make([]*chunk, len(p.items))
	end := 0
	for i, it := range p.items {
		c := &chunk{before: gap(p.code[end:it.Offset]), text: it.Text}
		end = it.Offset + len(it.Text)
		next := len(p.code)
		if i+1 < len(p.items) {
			next = p.items[i+1].Offset
		}
		line, _, _ := strings.Cut(p.code[end:next], "\n")
		if comment := strings.TrimLeft(line, "; \t"); strings.HasPrefix(comment, "//") {
			c.after = strings.TrimRight(comment, "\r")
			end += len(line)
		}
		list[i] = c
	}
	return list
}

// gap is what stands between two items: comments, and the empty lines that set
// them apart.
func gap(s string) string {
	s = strings.TrimLeft(s, "; \t\r")
	if strings.TrimSpace(s) == "" {
		if strings.Count(s, "\n") > 1 {
			return "\n"
		}
		return ""
	}
	return s
}
