package display_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

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
		{[]row{{1, 2, "x<y"}}, "A  B\n1  x<y", "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>x&lt;y</td></tr></tbody></table>"},
		{[]*row{{A: 1}, nil}, "A  B\n1  <nil>\n<nil>", ""},
		{[]map[string]int{{"a": 1}, {"b": 2}}, "a  b\n1  \n   2", ""},
		{[][]any{{1, "x"}, {2}}, "1  x\n2", ""},
		{[2]float64{1, 2.5}, "1\n2.5", ""},
		{map[string]int{"b": 2, "a": 1}, "a  1\nb  2", ""},
		{[]any{row{A: 1}, 2}, "{1 0 <nil>}\n2", ""},
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
	long, _ := display.Table(make([]int, 1234)).Bundle["text/plain"].(string)
	if !strings.HasSuffix(long, "\n0\nand 234 more rows") || strings.Count(long, "\n") != 1000 {
		t.Errorf("got %d lines, %q", strings.Count(long, "\n"), long[len(long)-30:])
	}
}
