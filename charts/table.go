package charts

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Table holds the numbers of a chart.
type Table struct {
	Columns []Column `json:"columns"`
	Rows    [][]any  `json:"rows"` // strings and float64s, one for each column
}

// Column is the head of a column.
type Column struct {
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"` // "s"; empty for counts and texts
}

// String returns the head of the column with its unit.
func (c Column) String() string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + " (" + c.Unit + ")"
}

// check reports a number that cannot be drawn, by row and column.
func (t Table) check() error {
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("row %d has %d values; want %d", i+1, len(row), len(t.Columns))
		}
		for j, v := range row {
			if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
				return fmt.Errorf("row %d: %s is %v; want a finite number", i+1, t.Columns[j].Name, x)
			}
		}
	}
	return nil
}

// timed gives all columns of seconds the unit that fits their middle value, as
// an axis has it: nobody reads 0.0000000397 s.
func (t Table) timed() Table {
	unit, factor := timeUnit(t.middleTime())
	t.Columns = slices.Clone(t.Columns)
	rows := make([][]any, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = slices.Clone(row)
		for j, c := range t.Columns {
			if x, ok := rows[i][j].(float64); ok && c.Unit == "s" {
				rows[i][j] = round(x * factor)
			}
		}
	}
	t.Rows = rows
	for j, c := range t.Columns {
		if c.Unit == "s" {
			t.Columns[j].Unit = unit
		}
	}
	return t
}

// middleTime is the median of all seconds in the table but zeros.
func (t Table) middleTime() float64 {
	var all []float64
	for j, c := range t.Columns {
		for _, row := range t.Rows {
			if x, ok := row[j].(float64); ok && c.Unit == "s" && x != 0 {
				all = append(all, math.Abs(x))
			}
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// timeUnit is the unit for times of about so many seconds.
func timeUnit(about float64) (unit string, factor float64) {
	switch {
	case about >= 1 || about == 0:
		return "s", 1
	case about >= 1e-3:
		return "ms", 1e3
	case about >= 1e-6:
		return "µs", 1e6
	default:
		return "ns", 1e9
	}
}

// Cell returns a value of the table as text.
func (t Table) Cell(row, column int) string {
	if row >= len(t.Rows) || column >= len(t.Rows[row]) {
		return ""
	}
	switch v := t.Rows[row][column].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// Numeric says whether a column holds numbers, which stand on the right.
func (t Table) Numeric(column int) bool {
	if len(t.Rows) == 0 || column >= len(t.Rows[0]) {
		return false
	}
	_, ok := t.Rows[0][column].(float64)
	return ok
}

// String is the table with aligned columns, one line for each row.
func (t Table) String() string {
	widths := make([]int, len(t.Columns))
	for j, c := range t.Columns {
		widths[j] = utf8.RuneCountInString(c.String())
		for i := range t.Rows {
			widths[j] = max(widths[j], utf8.RuneCountInString(t.Cell(i, j)))
		}
	}
	var b strings.Builder
	t.line(&b, widths, func(j int) string { return t.Columns[j].String() })
	for i := range t.Rows {
		t.line(&b, widths, func(j int) string { return t.Cell(i, j) })
	}
	return b.String()
}

func (t Table) line(b *strings.Builder, widths []int, cell func(int) string) {
	var row strings.Builder
	for j, width := range widths {
		if j > 0 {
			row.WriteString("  ")
		}
		text := cell(j)
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(text))
		if t.Numeric(j) {
			row.WriteString(pad + text)
		} else {
			row.WriteString(text + pad)
		}
	}
	b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
}
