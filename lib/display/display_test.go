package display_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
)

type point struct{ X, y int }

type named string

func (n named) String() string { return "named " + string(n) }

type faulty struct{}

func (faulty) String() string { panic("no text") }

type faultyDisplay struct{}

func (*faultyDisplay) Display() display.Data { panic("nothing to see") }

type ring struct {
	next *ring
	name string
}

// Whatever fmt prints with %v is what Plain prints.
func TestPlainIsWhatFmtPrints(t *testing.T) {
	err := errors.New("an error")
	for _, v := range []any{
		nil, 1, -2.5, math.NaN(), true, 'x', "text", "", []byte("abc"), []string{"a", "b c"}, [2]bool{true},
		map[string]int{"b": 2, "a": 1}, map[point]any{{1, 2}: nil}, point{1, 2}, &point{1, 2}, &[]int{1}, &map[string]int{"x": 1},
		[]any{1, "a", nil, []int{2}}, struct{ e error }{err}, err, fmt.Errorf("wrap: %w", err), named("x"), []named{"x"}, faulty{},
		complex(1, 2), struct{}{}, []struct{ a, b any }{{1, "x"}}, (*point)(nil), error(nil), [][]int{{1}, {2, 3}}, uint8(7), json.RawMessage(`{}`),
	} {
		if got, want := display.Plain(v), fmt.Sprintf("%v", v); got != want {
			t.Errorf("%T: got %q, want %q", v, got, want)
		}
	}
}

// So it is for values that are too large for fmt, as far as they are shown.
func TestLargeValuesAreCut(t *testing.T) {
	ints := make([]int, 1_000_000)
	names := map[string]int{}
	for i := range ints {
		ints[i] = i
		if i < 200_000 {
			names[fmt.Sprintf("key%06d", i)] = i
		}
	}
	type table struct{ rows []int }
	for _, v := range []any{ints, names, table{rows: ints}, &table{rows: ints}, []any{"x", ints}, strings.Repeat("é", 1<<20), []string{strings.Repeat("x", 4<<20)}} {
		got := display.Plain(v)
		text, notice, ok := strings.Cut(got, "…")
		if !ok || notice != " (too long to show whole)" || len(text) < 60<<10 || len(text) > 64<<10 {
			t.Fatalf("%T: %d bytes, notice %q", v, len(text), notice)
		}
		if !strings.HasPrefix(fmt.Sprint(v), text) {
			t.Errorf("%T: %.60q is not what fmt prints", v, text)
		}
	}
}

func TestEndlessValues(t *testing.T) {
	m := map[string]any{"a": 1}
	m["self"] = m
	s := []any{1, nil}
	s[1] = s
	r := &ring{name: "r"}
	r.next = r
	type box struct{ v any }
	b := &box{}
	b.v = []any{b, &b, box{b}}
	for _, test := range []struct {
		v      any
		prefix string
	}{
		{m, "map[a:1 self:map[a:1 self:map["}, {s, "[1 [1 ["}, {r, "&{0x"}, {b, "&{[0x"},
	} {
		if got := display.Plain(test.v); !strings.HasPrefix(got, test.prefix) {
			t.Errorf("got %.60q, want %q", got, test.prefix)
		}
	}
}

func TestOf(t *testing.T) {
	for _, test := range []struct {
		values      []any
		plain, kind string
	}{
		{[]any{point{1, 2}}, "{1 2}", "display_test.point"},
		{[]any{nil}, "<nil>", "nil"},
		{[]any{"text"}, "text", "string"},
		{[]any{1, "a", point{}}, "1 a {0 0}", "(int, string, display_test.point)"},
		{[]any{display.HTML("<i>x</i>"), 2}, "x 2", "(display.Data, int)"},
		{[]any{faulty{}}, "%!v(PANIC=String method: no text)", "display_test.faulty"},
		{[]any{(*faultyDisplay)(nil)}, "%!v(PANIC=Display method: nothing to see)", "*display_test.faultyDisplay"},
		{[]any{errors.New("bad")}, "bad", "*errors.errorString"},
	} {
		d := display.Of(test.values...)
		if got := d.Bundle["text/plain"]; got != test.plain {
			t.Errorf("%v: got %q, want %q", test.values, got, test.plain)
		}
		if got := fmt.Sprint(d.Metadata); got != "map[interleave:map[type:"+test.kind+"]]" {
			t.Errorf("%v: metadata %s", test.values, got)
		}
	}
	if d := display.Of(); len(d.Bundle) != 0 {
		t.Errorf("no values: %v", d)
	}
}

// The metadata of a Displayer are its own; Of adds to a copy.
func TestOfKeepsMetadata(t *testing.T) {
	in := display.Data{Bundle: map[string]any{"text/plain": "x"}, Metadata: map[string]any{"width": 3}}
	out := display.Of(in)
	if len(in.Metadata) != 1 || len(out.Metadata) != 2 || out.Metadata["width"] != 3 {
		t.Errorf("in %v, out %v", in.Metadata, out.Metadata)
	}
}

type badImage struct{ image.Image }

func (badImage) Bounds() image.Rectangle { panic("no bounds") }

func TestImages(t *testing.T) {
	m := image.NewRGBA(image.Rect(2, 3, 5, 7))
	m.Set(2, 3, color.RGBA{255, 0, 0, 255})
	content, ok := display.Of(m).Bundle["image/png"].([]byte)
	if !ok {
		t.Fatal("no PNG")
	}
	back, err := png.Decode(bytes.NewReader(content))
	if err != nil || back.Bounds().Dx() != 3 || back.Bounds().Dy() != 4 {
		t.Errorf("got %v, %v", back, err)
	}
	for _, m := range []image.Image{image.NewUniform(color.Black), image.Rect(0, 0, 3, 4), image.NewGray(image.Rectangle{}), badImage{}} {
		d := display.Of(m)
		if _, ok := d.Bundle["image/png"]; ok || d.Bundle["text/plain"] == nil {
			t.Errorf("%T: %v", m, d.Bundle)
		}
	}
}

type bar struct{ valid bool }

func (b *bar) Validate() { b.valid = true }

func (b *bar) JSON() map[string]any { return map[string]any{"valid": b.valid} }

func TestCharts(t *testing.T) {
	b := display.Of(&bar{}).Bundle
	if got := fmt.Sprint(b["application/vnd.interleave.chart.v1+json"], b["text/plain"]); got != "map[option:map[valid:true]]*display_test.bar" {
		t.Errorf("got %s", got)
	}
	if got := display.Of((*bar)(nil)).Bundle["text/plain"]; got != "%!v(PANIC=chart: runtime error: invalid memory address or nil pointer dereference)" {
		t.Errorf("got %s", got)
	}
}

func TestErrorsAreShown(t *testing.T) {
	for _, d := range []display.Data{display.JSON(math.Inf(1)), display.File("", "no-such-file.png")} {
		if s, _ := d.Bundle["text/plain"].(string); len(d.Bundle) != 1 || !strings.Contains(s, "unsupported value") && !strings.Contains(s, "no such file") {
			t.Errorf("got %v", d.Bundle)
		}
	}
}

func TestFile(t *testing.T) {
	if b, ok := display.File("", "testdata/dot.png").Bundle["image/png"].([]byte); !ok || len(b) == 0 {
		t.Error("no PNG")
	}
	if s, ok := display.File("text/plain", "testdata/dot.png").Bundle["text/plain"].(string); !ok || !strings.HasPrefix(s, "\x89PNG") {
		t.Errorf("got %q", s)
	}
}

func TestHTMLText(t *testing.T) {
	for html, want := range map[string]string{
		"plain":                           "plain",
		"a &amp; b":                       "a & b",
		"<p>one</p>\n<p>two<br>three</p>": "one\ntwo\nthree",
		"<script>if (a < b) x()</script>x<style>p {}</style>":             "x",
		"<table><tr><th>a<th>b</tr><tr><td>1</td><td>2</td></tr></table>": "ab\n1\t2",
		"1 < 2 and 3 > 2":      "1 < 2 and 3 > 2",
		"<!-- note -->visible": "visible",
	} {
		if got := display.HTML(html).Bundle["text/plain"]; got != want {
			t.Errorf("%s: got %q, want %q", html, got, want)
		}
	}
}

type recorder struct {
	ids   []string
	lines []string
}

func (r *recorder) Show(d display.Data) {
	r.ids = append(r.ids, d.ID)
	r.lines = append(r.lines, fmt.Sprint("show ", d.Bundle["text/plain"]))
}

func (r *recorder) Update(d display.Data) {
	r.ids = append(r.ids, d.ID)
	r.lines = append(r.lines, fmt.Sprint("update ", d.Bundle["text/plain"]))
}

func (r *recorder) Clear(bool) {}

func TestHandles(t *testing.T) {
	r := &recorder{}
	defer display.SetSink(display.SetSink(r))
	a, b := display.Live(1), display.Live()
	a.Update(2, 3)
	b.Update("x")
	if got, want := strings.Join(r.lines, ", "), "show 1, show , update 2 3, update x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if r.ids[0] == "" || r.ids[0] == r.ids[1] || r.ids[0] != r.ids[2] || r.ids[1] != r.ids[3] {
		t.Errorf("ids %q", r.ids)
	}
	r.lines = nil
	display.Show(1, nil)
	display.Show(nil)
	display.Show(2, errors.New("bad"))
	if got, want := strings.Join(r.lines, ", "), "show 1, show <nil>, show 2, show bad"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if d := display.Of(a); len(d.Bundle) != 0 {
		t.Errorf("a handle shows %v once more", d.Bundle)
	}
}

type row struct {
	A      int
	hidden int
	B      any
}

func TestTable(t *testing.T) {
	for _, test := range []struct {
		rows       any
		text, html string
	}{
		{[]row{{1, 2, "x<y"}}, "A  B\n1  x<y", `<table><thead><tr><th scope="col" style="text-align:right">A</th><th scope="col" style="text-align:left">B</th></tr></thead>` +
			`<tbody><tr><td style="text-align:right">1</td><td style="text-align:left">x&lt;y</td></tr></tbody></table>`},
		{[]*row{{A: 1}, nil}, "A      B\n1      <nil>\n<nil>", ""},
		{[]map[string]int{{"a": 1}, {"b": 2}}, "a  b\n1\n   2", ""},
		{[][]any{{1, "x"}, {2}}, "1  x\n2", ""},
		{[]float64{1, 2.5, 1. / 3}, "       1\n     2.5\n0.333333", ""},
		{map[string]int{"b": 2, "a": 10}, "a  10\nb   2", ""},
		{map[int]row{7: {A: 1}, 10: {A: 200}}, "key    A  B\n  7    1  <nil>\n 10  200  <nil>", ""},
		{[]any{row{A: 1}, 2}, "{1 0 <nil>}\n2", ""},
		{[]time.Duration{time.Second, 20 * time.Millisecond}, "1s\n20ms", ""},
		{[]string{"two\nlines", strings.Repeat("x", 300)}, "two lines\n" + strings.Repeat("x", 200) + "…", ""},
		{[]row{}, "A  B", ""},
		{7, "7", ""},
		{nil, "<nil>", ""},
		{&[]int{3}, "3", ""},
	} {
		d := display.Table(test.rows)
		if got := d.Bundle["text/plain"]; got != test.text {
			t.Errorf("%T: got %q, want %q", test.rows, got, test.text)
		}
		if got := d.Bundle["text/html"]; test.html != "" && got != test.html {
			t.Errorf("%T: got %s", test.rows, got)
		}
	}
}

func TestLongTables(t *testing.T) {
	text := func(d display.Data) string { s, _ := d.Bundle["text/plain"].(string); return s }
	for _, test := range []struct {
		rows, lines int
		options     []display.TableOption
		end         string
	}{
		{10_000, 21, nil, "\n… 9,980 more"}, {60, 60, nil, "\n0"}, {61, 21, nil, "\n… 41 more"},
		{10, 4, []display.TableOption{display.Rows(3)}, "\n… 7 more"}, {500, 500, []display.TableOption{display.Rows(0)}, "\n0"},
	} {
		d := display.Table(make([]int, test.rows), test.options...)
		if got := text(d); strings.Count(got, "\n")+1 != test.lines || !strings.HasSuffix(got, test.end) {
			t.Errorf("%d rows: %d lines, ending %q", test.rows, strings.Count(got, "\n")+1, got[max(0, len(got)-20):])
		}
		shown := test.lines
		if strings.Contains(test.end, "more") {
			shown--
		}
		if html, _ := d.Bundle["text/html"].(string); strings.Count(html, "<tr>") != shown {
			t.Errorf("%d rows: %d in html, want %d", test.rows, strings.Count(html, "<tr>"), shown)
		}
	}
}

type shows struct{ point }

func (shows) HTML() string     { return "<b>1</b>" }
func (shows) Markdown() string { return "**1**" }
func (shows) PNG() []byte      { return []byte{1} }

type renders struct{}

func (renders) Render() display.Data { return display.Markdown("#") }

type panics struct{}

func (panics) HTML() string { panic("no") }

// What a value is shown as, besides its text.
func TestBest(t *testing.T) {
	for _, test := range []struct {
		v     any
		mimes string
	}{
		{shows{}, "image/png text/html text/markdown text/plain"}, {renders{}, "text/markdown text/plain"}, {panics{}, "text/plain"},
		{[]row{{}}, "text/html text/plain"}, {[]*row{{}}, "text/html text/plain"}, {map[string]row{"a": {}}, "text/html text/plain"},
		{[]map[string]any{{"a": 1}}, "text/html text/plain"}, {[1]row{}, "text/html text/plain"},
		{[]row{}, "text/plain"}, {[]int{1}, "text/plain"}, {map[string]int{"a": 1}, "text/plain"}, {[]time.Time{{}}, "text/plain"},
		{[]struct{ a int }{{1}}, "text/plain"}, {row{}, "text/plain"}, {[]named{"x"}, "text/plain"}, {[]error{errors.New("x")}, "text/plain"},
	} {
		if got := strings.Join(slices.Sorted(maps.Keys(display.Of(test.v).Bundle)), " "); got != test.mimes {
			t.Errorf("%T is shown as %s, want %s", test.v, got, test.mimes)
		}
	}
	if got := display.Of([]row{{A: 1}}).Bundle["text/plain"]; got != "[{1 0 <nil>}]" {
		t.Errorf("the text of a list is %q", got)
	}
}

func TestPhoto(t *testing.T) {
	content, _ := display.Photo(image.NewGray(image.Rect(0, 0, 8, 6)), 80).Bundle["image/jpeg"].([]byte)
	if m, err := jpeg.Decode(bytes.NewReader(content)); err != nil || m.Bounds().Dx() != 8 {
		t.Errorf("got %v, %v", m, err)
	}
	if d := display.Photo(image.NewUniform(color.Black), 80); len(d.Bundle) != 1 {
		t.Errorf("an image without an end has %v", d.Bundle)
	}
}
