package result

import (
	"html"
	"strings"
	"unicode/utf8"

	"github.com/interleave-lab/interleave/lib/display"
)

// Table is what a result shows: rows under a head, with notes below. Columns
// of numbers stand on the right.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
	Notes []string // one line each
}

// String is the table with aligned columns.
func (t Table) String() string {
	widths := make([]int, len(t.Head))
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	if t.Title != "" {
		b.WriteString(t.Title + "\n\n")
	}
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		b.WriteString(t.line(row, widths) + "\n")
	}
	if len(t.Notes) > 0 {
		b.WriteString("\n" + strings.Join(t.Notes, "\n") + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (t Table) line(row []string, widths []int) string {
	var b strings.Builder
	for i, width := range widths {
		cell := ""
		if i < len(row) {
			cell = row[i]
		}
		if i > 0 {
			b.WriteString("  ")
		}
		space := strings.Repeat(" ", width-utf8.RuneCountInString(cell))
		if t.number(i) {
			b.WriteString(space + cell)
		} else {
			b.WriteString(cell + space)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// number says whether all cells of a column that hold anything are numbers.
func (t Table) number(column int) bool {
	found := false
	for _, row := range t.Rows {
		if column >= len(row) || row[column] == "" || row[column] == None {
			continue
		}
		if !strings.ContainsAny(row[column][:1], "0123456789+-[∞<>") && !strings.HasPrefix(row[column], "∞") {
			return false
		}
		found = true
	}
	return found
}

// HTML is the table for a notebook.
func (t Table) HTML() string {
	var b strings.Builder
	if t.Title != "" {
		b.WriteString("<p><b>" + html.EscapeString(t.Title) + "</b></p>")
	}
	b.WriteString("<table><thead>")
	t.htmlRow(&b, "th", t.Head)
	b.WriteString("</thead><tbody>")
	for _, row := range t.Rows {
		t.htmlRow(&b, "td", row)
	}
	b.WriteString("</tbody></table>")
	for _, note := range t.Notes {
		b.WriteString("<div><small>" + html.EscapeString(note) + "</small></div>")
	}
	return b.String()
}

func (t Table) htmlRow(b *strings.Builder, tag string, row []string) {
	b.WriteString("<tr>")
	for i, cell := range row {
		side := "left"
		if t.number(i) {
			side = "right"
		}
		b.WriteString("<" + tag + ` style="text-align:` + side + `;padding:0 .5em">` + html.EscapeString(cell) + "</" + tag + ">")
	}
	b.WriteString("</tr>")
}

// Display implements display.Displayer.
func (t Table) Display() display.Data {
	return display.Bundle(map[string]any{"text/plain": t.String(), "text/html": t.HTML()})
}

// Show is a result as an output of a notebook: the table, and the file with
// the raw values, so that they stay in the notebook. A file that could not be
// made is told in a note.
func Show(t Table, f File, err error) display.Data {
	if err != nil {
		t.Notes = append(t.Notes, "The raw values are not kept: "+err.Error())
		return t.Display()
	}
	d := t.Display()
	d.Bundle[MIME] = f
	return d
}
