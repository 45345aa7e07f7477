package display

import (
	"cmp"
	"fmt"
	"html"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"
)

// maxRows is how many rows of a table are shown.
const maxRows = 1000

// Table shows rows as a table: a slice or array of structs (a column for each
// exported field), of maps with string keys (a column for each key), of slices
// (columns without names) or of anything else (one column); or a map, with a
// row for each key. After 1,000 rows it says how many more there are. A value
// of another kind is shown as Of shows it.
func Table(rows any) Data {
	v := reflect.Indirect(reflect.ValueOf(rows))
	t := table{}
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
	head []string // names of the columns, if they have any
	rows [][]string
	more int // rows that are not shown
}

func (t *table) fromList(v reflect.Value) {
	n := min(v.Len(), maxRows)
	t.more = v.Len() - n
	items := make([]reflect.Value, n)
	for i := range items {
		items[i] = solid(v.Index(i))
	}
	t.head = columns(v.Type().Elem(), items)
	for _, item := range items {
		t.rows = append(t.rows, t.row(item))
	}
}

func (t *table) fromMap(v reflect.Value) {
	keys := v.MapKeys()
	slices.SortStableFunc(keys, compareKeys)
	t.more = max(0, len(keys)-maxRows)
	for _, k := range keys[:len(keys)-t.more] {
		t.rows = append(t.rows, []string{text1(k), text1(v.MapIndex(k))})
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

func (t *table) row(v reflect.Value) (row []string) {
	switch {
	case v.Kind() == reflect.Struct && len(t.head) > 0:
		for _, name := range t.head {
			row = append(row, text1(v.FieldByName(name)))
		}
	case v.Kind() == reflect.Map && len(t.head) > 0:
		for _, name := range t.head {
			row = append(row, text1(v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key()))))
		}
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		for i := range v.Len() {
			row = append(row, text1(v.Index(i)))
		}
	default:
		row = []string{text1(v)}
	}
	return row
}

// text1 is the text of one value, nothing for one that is not there.
func text1(v reflect.Value) string {
	switch {
	case !v.IsValid():
		return ""
	case v.CanInterface():
		return Plain(v.Interface())
	default:
		return Plain(v)
	}
}

func (t *table) html() string {
	var b strings.Builder
	b.WriteString("<table>")
	if len(t.head) > 0 {
		b.WriteString("<thead>")
		htmlRow(&b, "th", t.head)
		b.WriteString("</thead>")
	}
	b.WriteString("<tbody>")
	for _, row := range t.rows {
		htmlRow(&b, "td", row)
	}
	b.WriteString("</tbody></table>")
	if t.more > 0 {
		fmt.Fprintf(&b, "<p>and %d more rows</p>", t.more)
	}
	return b.String()
}

func htmlRow(b *strings.Builder, tag string, row []string) {
	b.WriteString("<tr>")
	for _, s := range row {
		fmt.Fprintf(b, "<%s>%s</%s>", tag, html.EscapeString(s), tag)
	}
	b.WriteString("</tr>")
}

func (t *table) text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	if len(t.head) > 0 {
		fmt.Fprintln(w, strings.Join(t.head, "\t"))
	}
	for _, row := range t.rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush()
	if t.more > 0 {
		fmt.Fprintf(&b, "and %d more rows\n", t.more)
	}
	return strings.TrimRight(b.String(), "\n")
}
