package report_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"flag"
	"html"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/report"
)

var update = flag.Bool("update", false, "renew the golden files")

func write(t *testing.T, n *notebook.Notebook, opt report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, n, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func small(t *testing.T) *notebook.Notebook {
	t.Helper()
	n, err := notebook.ReadFile("testdata/small.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var body = regexp.MustCompile(`(?s)<nav .*</main>\n`)

func TestGolden(t *testing.T) {
	got := body.FindString(write(t, small(t), report.Options{
		Name:  "small.ipynb",
		Files: fstest.MapFS{"near.svg": {Data: []byte("<svg/>")}},
	}))
	const golden = "testdata/small.html"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the report differs from %s (go test -update renews it):\n%s", golden, got)
	}
}

// policy is the page's content security policy.
func policy(t *testing.T, page string) string {
	t.Helper()
	m := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page has no policy")
	}
	return html.UnescapeString(m[1])
}

// scripts is the part of the policy that says which scripts run.
func scripts(t *testing.T, page string) string {
	t.Helper()
	return regexp.MustCompile(`script-src ([^;]*)`).FindString(policy(t, page))
}

// TestPolicy holds that all inline parts are allowed by their hashes and that
// nothing else is.
func TestPolicy(t *testing.T) {
	page := write(t, small(t), report.Options{})
	for _, want := range []string{"default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"} {
		if got := policy(t, page); !strings.Contains(got, want) {
			t.Errorf("%q is missing in %s", want, got)
		}
	}
	if got := scripts(t, page); strings.Contains(got, "unsafe") || strings.Count(got, "'sha256-") != 2 {
		t.Errorf("%s; want the hashes of two scripts", got)
	}
	if strings.Contains(page, "http-equiv=\"refresh") || strings.Contains(page, " src=\"http") {
		t.Error("the page loads something")
	}
}

// A trusted notebook keeps its scripts, closed where its outputs end; it
// reaches no network all the same.
func TestTrusted(t *testing.T) {
	n := output(&notebook.Output{Type: notebook.Display, Data: map[string]any{"text/html": `<div><b>bold<script>run()</script>`}})
	n.Cells = append(n.Cells, markdown("<i onclick='run()'>i</i>").Cells...)
	page := write(t, n, report.Options{Trusted: true})
	for _, want := range []string{`<div><b>bold<script>run()</script></b></div>`, `<i onclick="run()">`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing in %s", want, body.FindString(page))
		}
	}
	p := policy(t, page)
	if !strings.Contains(p, "default-src 'none'") || !strings.Contains(p, "script-src 'unsafe-inline'") {
		t.Errorf("policy %s", p)
	}
	for _, no := range []string{"sha256", "http", "connect-src"} { // a hash takes unsafe-inline back
		if strings.Contains(p, no) {
			t.Errorf("%s in the policy %s", no, p)
		}
	}
}

// Links to notebooks of a site lead to their reports, others stay.
func TestSite(t *testing.T) {
	site := &report.Site{
		Index: report.Link{Title: "All & more", Address: "../index.html"},
		Next:  &report.Link{Title: "next", Address: "b.html"},
		Page: func(notebook string) string {
			if notebook == "b.ipynb" {
				return "b.html"
			}
			return ""
		},
	}
	page := write(t, markdown("[b](b.ipynb#part) [c](c.ipynb) [w](https://example.com/b.ipynb)"), report.Options{Site: site})
	for _, want := range []string{`href="b.html#part"`, `href="c.ipynb"`, `href="https://example.com/b.ipynb"`,
		`<a href="../index.html">All &amp; more</a>`, `<a rel="next" href="b.html">next →</a>`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing in %s", want, body.FindString(page))
		}
	}
	if strings.Contains(page, `rel="prev"`) {
		t.Error("there is no page before this one")
	}
}

func TestDownloadIsTheNotebook(t *testing.T) {
	n := small(t)
	page := write(t, n, report.Options{Name: "a&b.ipynb"})
	m := regexp.MustCompile(`class="notebook" data-name="a&amp;b.ipynb">([^<]*)</script>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no notebook in the page")
	}
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(m[1])))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	want, err := n.Encode()
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the embedded notebook differs: %v", err)
	}
}

func TestTitle(t *testing.T) {
	for _, c := range []struct {
		n    *notebook.Notebook
		name string
		want string
	}{
		{&notebook.Notebook{Metadata: map[string]any{"title": "a < b"}}, "", "<title>a &lt; b</title>"},
		{markdown("## small\n\n# A *large* `one`"), "x.ipynb", "<title>A large one</title>"},
		{&notebook.Notebook{}, "x.ipynb", "<title>x</title>"},
		{&notebook.Notebook{}, "", "<title>Notebook</title>"},
	} {
		if page := write(t, c.n, report.Options{Name: c.name}); !strings.Contains(page, c.want) {
			t.Errorf("%s is missing", c.want)
		}
	}
}

func markdown(source string) *notebook.Notebook {
	return &notebook.Notebook{Cells: []*notebook.Cell{{ID: "m", Type: notebook.Markdown, Source: source}}}
}

func TestFormulas(t *testing.T) {
	page := write(t, markdown(`$a$, $$b$$, $\nope$ and \(c\)`), report.Options{})
	for _, want := range []string{"<mi>a</mi>", `<math display="block"><semantics><mrow><mi>b</mi>`, `<code class="tex">\nope</code>`, "<mi>c</mi>"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing in %s", want, body.FindString(page))
		}
	}
}

func TestFilesStayInTheFolder(t *testing.T) {
	files := fstest.MapFS{"in.png": {Data: []byte("x")}, "secret.txt": {Data: []byte("x")}}
	for source, want := range map[string]bool{
		"![a](in.png)": true, "![a](./in.png)": true, "![a](../in.png)": false, "![a](/in.png)": false,
		"![a](secret.txt)": false, "![a](file:///in.png)": false, "![a](//host/in.png)": false, "![a](%zz)": false,
	} {
		page := body.FindString(write(t, markdown(source), report.Options{Files: files}))
		if got := strings.Contains(page, "data:image/png;base64,eA=="); got != want {
			t.Errorf("%s: embedded %v, want %v", source, got, want)
		}
		if !want && !strings.Contains(page, "[a: not in this report]") && !strings.Contains(page, "%zz") {
			t.Errorf("%s: nothing stands in the image's place: %s", source, page)
		}
	}
}

// output is a notebook with one output.
func output(o *notebook.Output) *notebook.Notebook {
	return &notebook.Notebook{Cells: []*notebook.Cell{{ID: "c", Type: notebook.Code, Source: "x", Outputs: []*notebook.Output{o}}}}
}

func TestCharts(t *testing.T) {
	const mime = "application/vnd.example+json"
	charts := report.Charts{
		MIME: mime,
		HTML: func(spec any, _ string) (string, error) {
			if spec == "bad" {
				return "", errors.New("bad")
			}
			return `<div class="c"><script type="application/json">1</script><script>load()</script></div>`, nil
		},
		Runtime: func() string { return "<script>runtime()</script>" },
		Sources: func() []string { return []string{"'sha256-a'", "'sha256-b'"} },
	}
	show := func(spec any) *notebook.Output {
		return &notebook.Output{Type: notebook.Display, Data: map[string]any{mime: spec, "text/html": "<b>stored</b>"}}
	}
	page := write(t, output(show("good")), report.Options{Charts: charts})
	if !strings.Contains(page, `<div class="c"><script type="application/json">1</script></div>`) || strings.Contains(page, "stored") {
		t.Errorf("the chart is not drawn anew: %s", body.FindString(page))
	}
	if !strings.Contains(page, "<script>runtime()</script>") || strings.Count(scripts(t, page), "sha256-") != 4 {
		t.Error("the runtime is missing or not allowed")
	}
	page = write(t, output(show("bad")), report.Options{Charts: charts})
	if !strings.Contains(page, "<b>stored</b>") || strings.Contains(page, "runtime()") {
		t.Error("a chart that cannot be drawn needs its other content, and no runtime")
	}
	page = write(t, output(show("good")), report.Options{})
	if !strings.Contains(page, "<b>stored</b>") {
		t.Error("without charts the other content is shown")
	}
}

func TestOutputsFallBack(t *testing.T) {
	for _, c := range []struct {
		data map[string]any
		want string
	}{
		{map[string]any{"text/html": "<script>draw()</script>", "text/plain": "plain"}, `<pre class="out display">plain</pre>`},
		{map[string]any{"image/png": "%%%", "text/plain": "plain"}, `<pre class="out display">plain</pre>`},
		{map[string]any{"text/markdown": "*x*"}, `<p><em>x</em></p>`},
		{map[string]any{"text/latex": "$x$"}, `<div class="out formula"><math display="block">`},
		{map[string]any{"text/latex": `$\nope<y$`}, `<code class="tex">\nope&lt;y</code>`},
		{map[string]any{"application/json": map[string]any{"a": "<"}}, `&#34;a&#34;`},
		{map[string]any{"application/json": make([]int, 40)}, `<summary>JSON, 42 lines</summary>`},
		{map[string]any{"image/svg+xml": "<svg/>"}, `src="data:image/svg+xml;base64,PHN2Zy8+"`},
		{map[string]any{"application/x-unknown": "x", "text/plain": 3}, `<div class="outputs">`},
	} {
		page := body.FindString(write(t, output(&notebook.Output{Type: notebook.Display, Data: c.data}), report.Options{}))
		if !strings.Contains(page, c.want) {
			t.Errorf("%v: %s is missing in %s", c.data, c.want, page)
		}
	}
}

func TestTypeOfResult(t *testing.T) {
	o := &notebook.Output{Type: notebook.Result, Data: map[string]any{"text/plain": "4"},
		Metadata: map[string]any{"interleave": map[string]any{"type": "map[string]<T>"}}}
	page := body.FindString(write(t, output(o), report.Options{}))
	if want := `<div title="map[string]&lt;T&gt;"><pre class="out result">4</pre>`; !strings.Contains(page, want) {
		t.Errorf("%s is missing in %s", want, page)
	}
}
