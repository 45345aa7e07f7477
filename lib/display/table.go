package display

import (
	"cmp"
	"fmt"
	"html"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	wholeRows = 60  // a table of so many rows is shown whole
	firstRows = 20  // of a longer one
	maxCell   = 200 // characters of one cell
)

// A TableOption changes what Table shows.
type TableOption func(*table)

// Rows shows the first n rows of a table instead of 20 of a long one; all of
// them when n is not positive.
func Rows(n int) TableOption {
	return func(t *table) { t.limit = max(0, n); t.all = n <= 0 }
}

// Table shows rows as a table: a slice or array of structs (a column for each
// exported field), of maps with string keys (a column for each key), of slices
// (columns without names) or of anything else (one column); or a map, with a
// row for each key. Numbers stand on the right, floating-point ones with six
// digits. Of more than 60 rows the first 20 are shown, and how many more there
// are. A value of another kind is shown as Of shows it.
func Table(rows any, options ...TableOption) Data {
	v := reflect.Indirect(reflect.ValueOf(rows))
	t := table{}
	for _, o := range options {
		o(&t)
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		t.fromList(v)
	case reflect.Map:
		t.fromMap(v)
	default:
		return Of(rows)
	}
	return Data{Bundle: map[string]any{mimeHTML: t.html(), mimeText: t.text()}}
}

// table is what is shown, as texts.
type table struct {
	limit int  // rows that are asked for; 0 when nobody asks
	all   bool // show every row

	head   []string // names of the columns, if they have any
	rows   [][]string
	number []bool // columns that hold numbers only
	more   int    // rows that are not shown
}

// shown is how many of n rows are shown.
func (t *table) shown(n int) int {
	switch {
	case t.all:
		return n
	case t.limit > 0:
		return min(n, t.limit)
	case n <= wholeRows:
		return n
	default:
		return firstRows
	}
}

func (t *table) fromList(v reflect.Value) {
	n := t.shown(v.Len())
	t.more = v.Len() - n
	items := make([]reflect.Value, n)
	for i := range items {
		items[i] = solid(v.Index(i))
	}
	t.head = columns(v.Type().Elem(), items)
	for _, item := range items {
		t.add(t.cells(item))
	}
}

// fromMap has a row for each key, and the columns of its values.
func (t *table) fromMap(v reflect.Value) {
	keys := v.MapKeys()
	slices.SortStableFunc(keys, compareKeys)
	n := t.shown(len(keys))
	t.more = len(keys) - n
	values := make([]reflect.Value, n)
	for i, k := range keys[:n] {
		values[i] = solid(v.MapIndex(k))
	}
	head := columns(v.Type().Elem(), values)
	t.head = head
	for i, k := range keys[:n] {
		t.add(append([]reflect.Value{solid(k)}, t.cells(values[i])...))
	}
	if len(head) > 0 {
		t.head = append([]string{"key"}, head...)
	}
}

// solid is what v points to or holds.
func solid(v reflect.Value) reflect.Value {
	for (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && !v.IsNil() {
		v = v.Elem()
	}
	return v
}

// columns are the names of the columns: fields of the one struct type, or all
// keys of the maps.
func columns(elem reflect.Type, items []reflect.Value) (names []string) {
	for elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	if elem.Kind() == reflect.Struct {
		if describes(elem) {
			return nil
		}
		for _, f := range reflect.VisibleFields(elem) {
			if f.IsExported() && len(f.Index) == 1 {
				names = append(names, f.Name)
			}
		}
		return names
	}
	for _, item := range items {
		if item.Kind() != reflect.Map || item.Type().Key().Kind() != reflect.String {
			continue
		}
		for _, k := range item.MapKeys() {
			names = append(names, k.String())
		}
	}
	slices.SortFunc(names, cmp.Compare)
	return slices.Compact(names)
}

// describes: values of that type say themselves what they are, as time.Time
// does.
func describes(t reflect.Type) bool {
	for _, i := range []reflect.Type{reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[error](), reflect.TypeFor[fmt.Formatter]()} {
		if t.Implements(i) || reflect.PointerTo(t).Implements(i) {
			return true
		}
	}
	return false
}

// cells are the values of one row, invalid ones where there is none.
func (t *table) cells(v reflect.Value) (row []reflect.Value) {
	switch {
	case v.Kind() == reflect.Struct && len(t.head) > 0:
		for _, name := range t.head {
			row = append(row, v.FieldByName(name))
		}
	case v.Kind() == reflect.Map && len(t.head) > 0:
		for _, name := range t.head {
			row = append(row, v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key())))
		}
	case (v.Kind() == reflect.Slice || v.Kind() == reflect.Array) && v.Type().Elem().Kind() != reflect.Uint8:
		for i := range v.Len() {
			row = append(row, v.Index(i))
		}
	default:
		row = []reflect.Value{v}
	}
	return row
}

// add writes a row and notes which columns hold numbers.
func (t *table) add(row []reflect.Value) {
	texts := make([]string, len(row))
	for i, v := range row {
		if i == len(t.number) {
			t.number = append(t.number, true)
		}
		texts[i] = cellText(v)
		if v = solidOrNone(v); v.IsValid() && (!v.CanInt() && !v.CanUint() && !v.CanFloat() || printsItself(v)) {
			t.number[i] = false
		}
	}
	t.rows = append(t.rows, texts)
}

func solidOrNone(v reflect.Value) reflect.Value {
	if !v.IsValid() {
		return v
	}
	return solid(v)
}

// cellText is the text of one value on one line, nothing for one that is not
// there.
func cellText(v reflect.Value) string {
	switch {
	case !v.IsValid():
		return ""
	case v.CanFloat() && !printsItself(v):
		return strconv.FormatFloat(v.Float(), 'g', 6, 64)
	}
	text := ""
	if v.CanInterface() {
		text = Plain(v.Interface())
	} else {
		text = Plain(v)
	}
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > maxCell {
		text = string([]rune(text)[:maxCell]) + "…"
	}
	return text
}

func (t *table) html() string {
	var b strings.Builder
	b.WriteString("<table>")
	if len(t.head) > 0 {
		b.WriteString("<thead>")
		t.htmlRow(&b, `th scope="col"`, "th", t.head)
		b.WriteString("</thead>")
	}
	b.WriteString("<tbody>")
	for _, row := range t.rows {
		t.htmlRow(&b, "td", "td", row)
	}
	b.WriteString("</tbody></table>")
	if t.more > 0 {
		fmt.Fprintf(&b, "<p>… %s more</p>", thousands(t.more))
	}
	return b.String()
}

// htmlRow writes where a column stands into each of its cells: style sheets
// reach only one of the front ends.
func (t *table) htmlRow(b *strings.Builder, open, end string, row []string) {
	b.WriteString("<tr>")
	for i, s := range row {
		align := "left"
		if t.isNumber(i) {
			align = "right"
		}
		fmt.Fprintf(b, `<%s style="text-align:%s">%s</%s>`, open, align, html.EscapeString(s), end)
	}
	b.WriteString("</tr>")
}

func (t *table) isNumber(column int) bool { return column < len(t.number) && t.number[column] }

// text is the table with aligned columns.
func (t *table) text() string {
	lines := t.rows
	if len(t.head) > 0 {
		lines = append([][]string{t.head}, t.rows...)
	}
	var widths []int
	for _, row := range lines {
		for i, s := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(s))
		}
	}
	var b strings.Builder
	for _, row := range lines {
		b.WriteString(t.line(row, widths) + "\n")
	}
	if t.more > 0 {
		fmt.Fprintf(&b, "… %s more\n", thousands(t.more))
	}
	return strings.TrimRight(b.String(), "\n")
}

func (t *table) line(row []string, widths []int) string {
	var b strings.Builder
	for i, s := range row {
		if i > 0 {
			b.WriteString("  ")
		}
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(s))
		if t.isNumber(i) {
			b.WriteString(pad + s)
		} else {
			b.WriteString(s + pad)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// thousands writes 9980 as 9,980.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
