// Package notebook reads and writes Jupyter notebooks.
//
// Any notebook of format 4 is read (4.0 to 4.5, and later minor versions,
// whose unknown fields are kept); 4.5 is written, byte for byte as Jupyter's
// own nbformat writes it, so that a notebook does not change under version
// control because another program saved it.
//
// Source: "The Notebook file format", nbformat 5.10, and its JSON schema 4.5.
package notebook

import (
	"slices"
	"strings"
)

// The format that is written.
const (
	Major = 4
	Minor = 5
)

// Notebook is a document in memory: texts are whole strings, not lists of
// lines as in the file.
type Notebook struct {
	Metadata map[string]any
	Cells    []*Cell
	// Minor is the minor version of the format, at least 5: an older notebook
	// is brought to 4.5 when it is read.
	Minor int
	// Extra holds fields this package does not know.
	Extra map[string]any
}

// CellType says what a cell holds.
type CellType string

// The cell types of format 4.
const (
	Code     CellType = "code"
	Markdown CellType = "markdown"
	Raw      CellType = "raw"
)

// Cell is one cell.
type Cell struct {
	ID          string // unique in the notebook
	Type        CellType
	Source      string
	Metadata    map[string]any
	Attachments map[string]any // file name to MIME bundle; nil for none
	// Count is the execution count of a code cell, 0 when it has not run.
	Count   int
	Outputs []*Output // of a code cell
	Extra   map[string]any
}

// OutputType says what an output holds.
type OutputType string

// The output types of format 4.
const (
	Stream  OutputType = "stream"
	Display OutputType = "display_data"
	Result  OutputType = "execute_result"
	Error   OutputType = "error"
)

// Output is one output of a code cell. Which fields count depends on Type.
type Output struct {
	Type OutputType

	Name string // Stream: stdout or stderr
	Text string // Stream

	Data     map[string]any // Display, Result: MIME type to content, binary content as base64
	Metadata map[string]any // Display, Result
	Count    int            // Result: execution count, 0 for none

	EName     string // Error
	EValue    string
	Traceback []string

	Extra map[string]any
}

// Language is the notebook's programming language in lower case as its
// metadata tells it, empty when they do not.
func (n *Notebook) Language() string {
	if l := text(n.Metadata, "kernelspec", "language"); l != "" {
		return strings.ToLower(l)
	}
	return strings.ToLower(text(n.Metadata, "language_info", "name"))
}

// Title is the title in the notebook's metadata, empty when there is none.
func (n *Notebook) Title() string { return text(n.Metadata, "title") }

// Tagged says whether the cell carries the tag.
func (c *Cell) Tagged(tag string) bool {
	tags, _ := c.Metadata["tags"].([]any)
	return slices.Contains(tags, any(tag))
}

// Set stores v at the path in m, making the objects on the way; what stands
// in the way and is not an object is replaced.
func Set(m map[string]any, v any, path ...string) {
	for _, key := range path[:len(path)-1] {
		next, ok := m[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			m[key] = next
		}
		m = next
	}
	m[path[len(path)-1]] = v
}

// text is the string at the path in m, empty when there is none.
func text(m map[string]any, path ...string) string {
	for _, key := range path[:len(path)-1] {
		m, _ = m[key].(map[string]any)
	}
	s, _ := m[path[len(path)-1]].(string)
	return s
}
