package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/report"
	"github.com/interleave-lab/interleave/internal/testneeds"
)

// hostile is what an output may hold to reach out of its place: it runs
// scripts, loads things, leaves the page, covers it, and breaks its markup.
const hostile = `
<script>document.title = "pwned"; fetch("http://evil.example/script")</script>
<img src="x" onerror="document.title='pwned'">
<svg onload="document.title='pwned'"><script>document.title='pwned'</script></svg>
<img src="http://evil.example/img"><link rel="stylesheet" href="http://evil.example/css">
<style>@import "http://evil.example/import"; body{display:none} b{background:url(http://evil.example/bg)}</style>
<iframe src="http://evil.example/frame"></iframe><iframe srcdoc="<script>parent.document.title='pwned'</script>"></iframe>
<object data="http://evil.example/object"></object><embed src="http://evil.example/embed">
<meta http-equiv="refresh" content="0;url=http://evil.example/refresh"><base href="http://evil.example/">
<form action="http://evil.example/form"><input autofocus onfocus="document.title='pwned'"><button>x</button></form>
<video src="http://evil.example/video" autoplay></video><audio src="http://evil.example/audio" autoplay></audio>
<a href="javascript:document.title='pwned'" id="link">a</a>
<template shadowrootmode="open"><script>document.title='pwned'</script></template>
<img name="querySelectorAll"><form name="documentElement"></form>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=document.title='pwned'&gt;">
<b style="position:fixed;inset:0;background:url(http://evil.example/style)">bold</b></div></template></section></main></body></html>
<h1>after</h1>`

// TestInChromium opens a report full of hostile outputs in a real browser, in
// which the hosts of the outputs lead to the test: the page is the only request, no
// foreign script has run, our own has, and the console is empty.
func TestInChromium(t *testing.T) {
	browser := testneeds.Browser(t)
	text := map[string]any{"text/html": hostile, "text/markdown": hostile, "image/svg+xml": hostile}
	n := small(t)
	n.Cells = append(n.Cells, &notebook.Cell{ID: "md", Type: notebook.Markdown, Source: hostile})
	for mime, content := range text {
		n.Cells = append(n.Cells, &notebook.Cell{ID: "h" + mime[:1] + mime[5:7], Type: notebook.Code, Source: "x", Outputs: []*notebook.Output{
			{Type: notebook.Display, Data: map[string]any{mime: content}},
			{Type: notebook.Stream, Name: "stdout", Text: hostile},
			{Type: notebook.Error, EName: hostile, EValue: hostile, Traceback: []string{hostile}},
		}})
	}
	n.Metadata["title"] = "Safe </title><script>document.title='pwned'</script>"
	page := write(t, n, report.Options{Name: hostile})

	v := visit(t, browser, page)
	if want := []string{"/report.html"}; fmt.Sprint(v.requests) != fmt.Sprint(want) {
		t.Errorf("requests %q, want %q", v.requests, want)
	}
	if len(v.console) > 0 {
		t.Errorf("the console says:\n%s", strings.Join(v.console, "\n"))
	}
	if !strings.Contains(v.dom, "<title>Safe &lt;/title&gt;") || strings.Contains(v.dom, "<title>pwned") {
		t.Errorf("title %s", regexp.MustCompile(`<title>.*`).FindString(v.dom))
	}
	if !strings.Contains(v.dom, ">theme: auto</button>") || strings.Contains(v.dom, `class="copy" hidden`) {
		t.Error("the page's own script did not run to its end")
	}
	if strings.Contains(v.dom, `<template shadowrootmode="open"><style>`) {
		t.Error("an HTML output is not in a shadow tree")
	}
}

// visited is what a browser made of a page.
type visited struct {
	dom      string   // after scripts have run
	console  []string // errors and warnings
	requests []string // paths and addresses asked for, of the test's hosts
}

// visit opens the page in the browser.
func visit(t *testing.T, browser, page string) visited {
	t.Helper()
	var v visited
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/report.html" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, page)
		}
		mu.Lock()
		defer mu.Unlock()
		v.requests = append(v.requests, r.URL.Path)
	}))
	defer server.Close()
	profile, err := os.MkdirTemp("", "report-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(profile)
	log := filepath.Join(profile, "net.json")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	address := strings.TrimPrefix(server.URL, "http://")
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
		"--user-data-dir="+profile, "--enable-logging=stderr", "--log-net-log="+log,
		"--host-resolver-rules=MAP *.example "+address, "--virtual-time-budget=3000", "--dump-dom", "http://report.example/report.html")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", browser, err, &stderr)
	}
	v.dom = stdout.String()
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, ":CONSOLE") {
			v.console = append(v.console, strings.TrimSpace(line))
		}
	}
	mu.Lock()
	defer mu.Unlock()
	v.requests = append(v.requests, foreign(t, log)...)
	return v
}

// foreign lists the addresses other than the page's that the browser wanted,
// from its own log: it also tells of those it could not reach.
func foreign(t *testing.T, log string) []string {
	t.Helper()
	raw, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var net struct {
		Events []struct {
			Params struct {
				URL string `json:"url"`
			} `json:"params"`
		} `json:"events"`
	}
	if err := json.Unmarshal(raw, &net); err != nil {
		t.Fatalf("read the browser's log: %v", err)
	}
	var urls []string
	for _, e := range net.Events {
		if strings.Contains(e.Params.URL, "evil.example") {
			urls = append(urls, e.Params.URL)
		}
	}
	return urls
}
