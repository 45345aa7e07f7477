//go:build !race

// The race detector makes the JavaScript engine 50 times slower; what may race
// is in concurrent_test.go.

package render_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/timeline"
)

var picture = regexp.MustCompile(`<img alt="([^"]*)" [^>]*src="data:image/svg\+xml;base64,([^"]*)"`)

// svg is the picture inside an output.
func svg(t testing.TB, d display.Data) string {
	t.Helper()
	html, _ := d.Bundle["text/html"].(string)
	m := picture.FindStringSubmatch(html)
	if m == nil {
		t.Fatalf("no picture in %.600s", html)
	}
	b, err := base64.StdEncoding.DecodeString(m[2])
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(b, new(struct{ XMLName xml.Name })); err != nil {
		t.Fatalf("picture: %v", err)
	}
	return string(b)
}

// spec is an output that carries an option.
func spec(option string) display.Data {
	return display.Data{Bundle: map[string]any{render.MIME: json.RawMessage(`{"alt":"words","option":` + option + `}`)}}
}

func ExampleExpand() {
	d := render.Expand(display.Data{Bundle: map[string]any{
		render.MIME: map[string]any{"alt": "nothing", "option": map[string]any{}},
	}})
	fmt.Println(strings.HasPrefix(d.Bundle["text/html"].(string), `<div class="interleave-chart"`))
	// Output: true
}

func ExampleSVG() {
	svg, err := render.SVG(charts.Spec{Option: json.RawMessage(`{"title":{"text":"nothing"}}`)}, true)
	fmt.Println(strings.HasPrefix(svg, "<svg "), err)
	// Output: true <nil>
}

func ExamplePNG() {
	png, err := render.PNG(charts.Spec{Option: json.RawMessage(`{"title":{"text":"nothing"}}`)}, false)
	fmt.Println(string(png[1:4]), err)
	// Output: PNG <nil>
}

func ExampleRuntime() {
	script := render.Runtime()
	fmt.Println(strings.HasPrefix(script, "<script>"), strings.HasSuffix(script, "</script>"))
	// Output: true true
}

func ExampleStored() {
	spec := charts.Spec{Option: json.RawMessage(`{"title":{"text":"nothing"}}`), Alt: "nothing"}
	d := render.Expand(display.Data{Bundle: map[string]any{render.MIME: spec}})
	html, err := render.Stored(spec, d.Bundle["text/html"].(string))
	fmt.Println(strings.Contains(html, "data:image/svg+xml"), err)
	// Output: true <nil>
}

func TestExpand(t *testing.T) {
	in := chart(t, "twenty items").Display()
	before := maps.Clone(in.Bundle)
	out := render.Expand(in)
	if len(in.Bundle) != len(before) {
		t.Error("the bundle given was changed")
	}
	drawn := svg(t, out)
	for _, want := range []string{"3× faster", "twenty items", "GOMAXPROCS", `fill="#FFFFFF"`} {
		if !strings.Contains(drawn, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if out.Bundle["text/plain"] != before["text/plain"] {
		t.Error("the text the chart brought was replaced")
	}
	if other := (display.Data{Bundle: map[string]any{"text/plain": "1"}}); len(render.Expand(other).Bundle) != 1 {
		t.Error("an output without a chart was changed")
	}
}

// The same spec gives the same text, whatever was drawn before.
func TestDeterministic(t *testing.T) {
	first := svg(t, render.Expand(chart(t, "a").Display()))
	svg(t, render.Expand(chart(t, "b").Display()))
	if again := svg(t, render.Expand(chart(t, "a").Display())); again != first {
		t.Error("two pictures of one spec differ")
	}
}

// What cannot be drawn shows its table and says why.
func TestFaults(t *testing.T) {
	for want, data := range map[string]display.Data{
		"read the spec":         {Bundle: map[string]any{render.MIME: "no JSON"}},
		"encode the spec":       {Bundle: map[string]any{render.MIME: func() {}}},
		"no option":             {Bundle: map[string]any{render.MIME: map[string]any{"alt": "x"}}},
		"unknown function eval": spec(`{"series":[{"type":"custom","renderItem":{"$fn":"eval"}}]}`),
		"constructor":           spec(`{"series":[{"type":"custom","renderItem":{"$fn":"constructor"}}]}`),
		"not well-formed":       spec(`{"title":{"text":"x","textStyle":{"fontFamily":"\"Quoted\""}}}`),
	} {
		html, _ := render.Expand(data).Bundle["text/html"].(string)
		if !strings.Contains(html, "No picture") || !strings.Contains(html, want) {
			t.Errorf("want a reason with %q, got %s", want, html)
		}
	}
	d := render.Expand(spec(`{"series":[{"type":"custom","renderItem":{"$fn":"no"}}]}`))
	if text, _ := d.Bundle["text/plain"].(string); !strings.Contains(text, "words") {
		t.Errorf("the text is %q", text)
	}
}

// A spec may come from anywhere: nothing in it may run, load or break out.
func TestHostileSpecs(t *testing.T) {
	html := render.Expand(display.Data{Bundle: map[string]any{render.MIME: map[string]any{
		"alt": `"><script>alert(1)</script>`, "option": map[string]any{"title": map[string]any{"text": "</script><script>alert(2)</script>"}},
		"table": map[string]any{"columns": []any{map[string]any{"name": "<b>"}}, "rows": []any{[]any{"<i>"}, []any{}}},
	}}}).Bundle["text/html"].(string)
	for _, bad := range []string{"<script>alert", "<b>", "<i>"} {
		if strings.Contains(html, bad) {
			t.Errorf("%q is not escaped", bad)
		}
	}
	for name, option := range map[string]string{
		"link":      `{"title":{"text":"x","link":"javascript:alert(1)"}}`,
		"symbol":    `{"xAxis":{},"yAxis":{},"series":[{"type":"scatter","symbol":"image://http://example.org/a.png","data":[[1,1]]}]}`,
		"graphic":   `{"graphic":[{"type":"image","style":{"image":"http://example.org/a.png","width":9,"height":9}}]}`,
		"source":    `{"xAxis":{"axisLabel":{"formatter":"__f__function(){return 'it ran'}__f__"}},"yAxis":{},"series":[{"type":"line","data":[[1,1]]}]}`,
		"__proto__": `{"__proto__":{"polluted":1},"title":{"text":"x"}}`,
	} {
		drawn := svg(t, render.Expand(spec(option)))
		for _, bad := range []string{"javascript:", "example.org", "it ran"} {
			if strings.Contains(drawn, bad) {
				t.Errorf("%s: the picture contains %q", name, bad)
			}
		}
	}
}

// Charts made with go-echarts draw, though their templates are not used.
func TestGoECharts(t *testing.T) {
	bar := echarts.NewBar()
	bar.SetGlobalOptions(echarts.WithYAxisOpts(opts.YAxis{AxisLabel: &opts.AxisLabel{Formatter: opts.FuncOpts(`function(v){ return v + " ms" }`)}}))
	bar.SetXAxis([]string{"a", "b"}).AddSeries("s", []opts.BarData{{Value: 3}, {Value: 5}})
	pie := echarts.NewPie()
	pie.AddSeries("p", []opts.PieData{{Name: "x", Value: 1}, {Name: "y", Value: 2}})
	box := echarts.NewBoxPlot()
	box.SetXAxis([]string{"m"}).AddSeries("b", []opts.BoxPlotData{{Value: []int{1, 3, 4, 6, 9}}})
	sankey := echarts.NewSankey()
	sankey.AddSeries("s", []opts.SankeyNode{{Name: "a"}, {Name: "b"}}, []opts.SankeyLink{{Source: "a", Target: "b", Value: 3}})
	graph := echarts.NewGraph()
	graph.AddSeries("g", []opts.GraphNode{{Name: "a"}, {Name: "b"}}, []opts.GraphLink{{Source: "a", Target: "b"}}, echarts.WithGraphChartOpts(opts.GraphChart{Layout: "circular"}))
	for name, e := range map[string]charts.ECharts{"bar": bar, "pie": pie, "box": box, "sankey": sankey, "graph": graph} {
		c, err := charts.Of(e)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if drawn := svg(t, render.Expand(c.Display())); !strings.Contains(drawn, "<path") {
			t.Errorf("%s: nothing was drawn", name)
		}
	}
}

func TestRuntimeSources(t *testing.T) {
	if n := strings.Count(render.Runtime(), "</script"); n != 1 {
		t.Errorf("the element is closed %d times", n)
	}
	for _, s := range render.RuntimeSources() {
		if !regexp.MustCompile(`^'sha256-[A-Za-z0-9+/]{43}='$`).MatchString(s) {
			t.Errorf("%s is no source of a policy", s)
		}
	}
}

func FuzzExpand(f *testing.F) {
	f.Add([]byte(`{"option":{"xAxis":{},"yAxis":{},"series":[{"type":"line","data":[1,null,2]}]}}`))
	f.Add([]byte(`{"option":{"series":{"type":"pie","data":[{"value":1}]}},"width":-5,"height":99999999}`))
	f.Add([]byte(`{"option":{"legend":[],"title":null},"arranged":true,"panels":[{"weight":0}]}`))
	f.Add([]byte(`{"option":[],"table":{"columns":[{"name":"a"}],"rows":[[],[1,2,{}]]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := render.Expand(display.Data{Bundle: map[string]any{render.MIME: raw}})
		for _, mime := range []string{"text/html", "text/plain"} {
			if s, _ := d.Bundle[mime].(string); s == "" {
				t.Errorf("no %s for %s", mime, raw)
			}
		}
	})
}

func BenchmarkExpand(b *testing.B) {
	in := chart(b, "work").Display()
	for b.Loop() {
		render.Expand(in)
	}
}

// A label that looks like a number must come out as it is: an item 1.10 was
// once drawn as 1.1.
func TestLabelsAreTexts(t *testing.T) {
	second := time.Second
	c, err := charts.Gantt(timeline.Timeline{Spans: []timeline.Span{
		{Lane: "a", Kind: "run", Item: "1.10", From: 0, To: 5 * second}, {Lane: "a", Kind: "run", Item: "007", From: 5 * second, To: 9 * second},
	}})
	if err != nil {
		t.Fatal(err)
	}
	drawn := svg(t, render.Expand(c.Display()))
	for _, label := range []string{">1.10<", ">007<"} {
		if !strings.Contains(drawn, label) {
			t.Errorf("the picture lacks the label %s", label)
		}
	}
}
