package cell

import (
	"fmt"
	"sort"
	"strings"
)

// Error is one fault in a cell.
type Error struct {
	Cell         int      // whose text it is in, usually the cell that was compiled
	Line, Column int      // from 1, columns in bytes; 0 when unknown
	Msg          string   // what Go says, one line
	Detail       []string // what it adds: further lines
	Hint         string   // what to do about it, may be empty
	Source       string   // the line
}

func newError(src *source, off int, msg string) Error {
	e := Error{Cell: src.cell}
	lines := strings.Split(strings.TrimRight(msg, "\n"), "\n")
	e.Msg = lines[0]
	for _, l := range lines[1:] {
		e.Detail = append(e.Detail, strings.TrimPrefix(l, "\t"))
	}
	e.Line, e.Column = src.place(off)
	e.Source = src.line(e.Line)
	return e
}

// Pos is the position as it is shown, cell[7]:3:12.
func (e *Error) Pos() string {
	if e.Line == 0 {
		return fmt.Sprintf("cell[%d]", e.Cell)
	}
	return fmt.Sprintf("cell[%d]:%d:%d", e.Cell, e.Line, e.Column)
}

// Error returns position and message in one line.
func (e *Error) Error() string { return e.Pos() + ": " + e.Msg }

// Text is what a person reads: position and message, the line, a caret below
// the column, and the hint.
func (e *Error) Text() string {
	var b strings.Builder
	b.WriteString(e.Error())
	for _, d := range e.Detail {
		b.WriteString("\n\t" + d)
	}
	if e.Line > 0 && strings.TrimSpace(e.Source) != "" {
		b.WriteString("\n    " + e.Source + "\n    " + caret(e.Source, e.Column))
	}
	if e.Hint != "" {
		b.WriteString("\n    hint: " + e.Hint)
	}
	return b.String()
}

// caret is white space up to the column, tabs kept, and a caret.
func caret(line string, col int) string {
	var b strings.Builder
	for i, r := range line {
		if i >= col-1 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String() + "^"
}

// Errors are all faults of one cell, in order of position.
type Errors struct {
	List []Error
}

// Error returns the first fault and the number of the others.
func (e *Errors) Error() string {
	switch len(e.List) {
	case 0:
		return "no errors"
	case 1:
		return e.List[0].Error()
	}
	return fmt.Sprintf("%s (and %d more)", e.List[0].Error(), len(e.List)-1)
}

// Text returns all faults as a person reads them.
func (e *Errors) Text() string {
	var b strings.Builder
	for i := range e.List {
		b.WriteString(e.List[i].Text() + "\n")
	}
	return b.String()
}

// errorList sorts by position and drops what was found twice.
func errorList(list []Error) error {
	if len(list) == 0 {
		return nil
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Cell != b.Cell {
			return a.Cell > b.Cell
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	out := list[:0]
	for _, e := range list {
		if n := len(out); n > 0 && out[n-1].Pos() == e.Pos() && out[n-1].Msg == e.Msg {
			continue
		}
		out = append(out, e)
	}
	return &Errors{List: out}
}
