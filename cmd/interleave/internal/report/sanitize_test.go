package report_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/report"
)

var shadow = regexp.MustCompile(`(?s)<template shadowrootmode="open"><style>.*?</style>(.*)</template>`)

// cleaned is what a report makes of an HTML output.
func cleaned(t *testing.T, foreign string) string {
	t.Helper()
	data := map[string]any{"text/html": foreign + "<p>end</p>"}
	page := write(t, output(&notebook.Output{Type: notebook.Display, Data: data}), report.Options{})
	m := shadow.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no shadow tree for %s: %s", foreign, body.FindString(page))
	}
	return strings.TrimSuffix(m[1], "<p>end</p>")
}

func TestCleaned(t *testing.T) {
	for _, c := range [][2]string{
		{`<b class="x" id="y" title="z">t</b>`, `<b class="x" title="z">t</b>`},
		{`a</div></main></body>b`, `ab`},
		{`<script>x</script>a`, `a`},
		{`<b onclick="x()" ONLOAD=y>a</b>`, `<b>a</b>`},
		{`<a href="javascript:x()">a</a>`, `<a rel="noopener noreferrer">a</a>`},
		{`<a href=" JaVaScRiPt:x()">a</a>`, `<a rel="noopener noreferrer">a</a>`},
		{"<a href=\"java\nscript:x()\">a</a>", `<a rel="noopener noreferrer">a</a>`},
		{`<a href="https://go.dev" target="x">a</a>`, `<a href="https://go.dev" rel="noopener noreferrer">a</a>`},
		{`<a href="data:text/html,x">a</a>`, `<a rel="noopener noreferrer">a</a>`},
		{`<img src="http://x/y.png" alt="A">`, `<span class="missing">[A: not in this report]</span>`},
		{`<img src="data:image/png;base64,eA==" onerror="x()">`, `<img src="data:image/png;base64,eA=="/>`},
		{`<img>`, `<span class="missing">[image: not in this report]</span>`},
		{`<iframe src="x">a</iframe><object data="x">b</object><embed src="x">`, ``},
		{`<meta http-equiv="refresh" content="0;url=http://x"><base href="http://x"><link rel="stylesheet" href="x">`, ``},
		{`<form action="http://x"><button>a</button><input name="b">t</form>`, `t`},
		{`<input type="checkbox" checked onclick="x()">`, `<input type="checkbox" disabled="" checked=""/>`},
		{`<style>b{color:red}</style>`, `<style>b{color:red}</style>`},
		{`<style>@import "http://x"; b{background:url(http://x) red;fill:url(#g)}</style>`, `<style> b{background: red;fill:url(#g)}</style>`},
		{`<math><style>b</style></math>`, `<math></math>`},
		{`<p style="color:red;position:fixed;z-index:9;background:url(http://x)">a</p>`, `<p style="color:red">a</p>`},
		{`<p style="background:\75rl(http://x)">a</p>`, `<p>a</p>`},
		{`<custom-x><b>a</b></custom-x>`, `<b>a</b>`},
		{`<template><b>a</b></template>`, ``},
		{`<svg viewBox="0 0 1 1"><path d="M0 0" fill="url(#g)"/><use href="#a"/><use href="http://x#a"/></svg>`,
			`<svg viewBox="0 0 1 1"><path d="M0 0" fill="url(#g)"></path><use href="#a"></use><use></use></svg>`},
		{`<svg><rect fill="url(http://x)" onclick="x()"/><script>x</script><foreignObject><b>a</b></foreignObject></svg>`,
			`<svg><rect></rect></svg>`},
		{`<svg><a xlink:href="javascript:x()"><animate attributeName="href" to="javascript:x()"/>a</a></svg>`, `<svg><a>a</a></svg>`},
		{`<svg><image href="http://x/y.png"/></svg>`, `<svg></svg>`},
		{`<math><mi>x</mi><annotation-xml encoding="text/html"><b>a</b></annotation-xml></math>`, `<math><mi>x</mi></math>`},
		{`<video src="data:video/mp4;base64,eA==" controls poster="http://x"></video>`, `<video src="data:video/mp4;base64,eA==" controls=""></video>`},
		{`<audio src="http://x/y.mp3" controls></audio>`, `<audio controls=""></audio>`},
		{`<!-- <b> --><b>a`, `<b>a<p>end</p></b>`},
	} {
		if got := cleaned(t, c[0]); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

func TestScriptsAreMentioned(t *testing.T) {
	data := map[string]any{"text/html": "<b>a</b><script>x()</script>"}
	page := write(t, output(&notebook.Output{Type: notebook.Display, Data: data}), report.Options{})
	if !strings.Contains(page, "This output came with a script") {
		t.Error("the reader is not told of the script")
	}
}

// FuzzHTML holds that no output gets out of its place or brings anything that
// runs or loads, whatever it holds.
func FuzzHTML(f *testing.F) {
	f.Add(`<b onclick=x>a</b></template></div><script>x</script>`)
	f.Add(`<svg><style><img src=x onerror=y></style><a xlink:href="javascript:x">a</a></svg>`)
	f.Add(`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x&gt;">`)
	f.Add(`<noscript><p title="</noscript><img src=x onerror=x>">`)
	f.Fuzz(func(t *testing.T, foreign string) {
		data := map[string]any{"text/html": foreign, "text/markdown": foreign, "text/plain": "plain"}
		for _, mime := range []string{"text/html", "text/markdown"} {
			o := &notebook.Output{Type: notebook.Display, Data: map[string]any{mime: data[mime], "text/plain": "plain"}}
			page := write(t, output(o), report.Options{})
			doc, err := html.Parse(strings.NewReader(page))
			if err != nil {
				t.Fatal(err)
			}
			harmless(t, doc)
		}
	})
}

// harmless looks at the page as a browser would build it.
func harmless(t *testing.T, page *html.Node) {
	t.Helper()
	scripts := 0
	for n := range page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" {
			scripts++
		}
		for _, a := range n.Attr {
			v := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(strings.ToLower(a.Key), "on") || strings.Contains(a.Key, "href") && strings.HasPrefix(v, "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
			if a.Key == "src" && !strings.HasPrefix(v, "data:") {
				t.Errorf("<%s src=%q>", n.Data, a.Val)
			}
		}
	}
	if scripts != 3 { // look, page, and the notebook as data
		t.Errorf("%d scripts in the page, want 3", scripts)
	}
}
