//go:build !race

package render_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/internal/testneeds"
)

// In a browser, under a policy that allows nothing but our two scripts, a
// picture becomes a live chart, and the loader may run again.
func TestBrowser(t *testing.T) {
	output := render.Expand(chart(t, "twenty items").Display()).Bundle["text/html"].(string)
	page := fmt.Sprintf(`<!doctype html><html data-theme="dark"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src %s">
</head><body>%s%s%s</body></html>`, strings.Join(render.RuntimeSources(), " "), output, output, render.Runtime())
	dom := browse(t, page)
	if n := strings.Count(dom, "_echarts_instance_=\""); n != 2 {
		t.Errorf("%d charts are live, want 2", n)
	}
	if !strings.Contains(dom, `role="img" aria-label="Twenty items: concurrent is 3× faster`) {
		t.Error("the live chart has no words for a screen reader")
	}
	if !strings.Contains(dom, "#58A6E8") && !strings.Contains(dom, "rgb(88,166,232)") {
		t.Error("the live chart does not wear the dark look of its page")
	}
}

// Without the runtime the picture stays.
func TestBrowserWithoutRuntime(t *testing.T) {
	output := render.Expand(chart(t, "twenty items").Display()).Bundle["text/html"].(string)
	dom := browse(t, `<!doctype html><meta charset="utf-8">`+output+`<script>document.title=document.querySelector("img").naturalWidth</script>`)
	if strings.Contains(dom, "_echarts_instance_") || !strings.Contains(dom, "data:image/svg+xml") {
		t.Error("the static picture is gone")
	}
}

// The keyboard walks along the points and shows their tooltips; the look
// follows the page.
func TestBrowserKeyboardAndLook(t *testing.T) {
	output := render.Expand(chart(t, "twenty items").Display()).Bundle["text/html"].(string)
	dom := browse(t, `<!doctype html><html data-theme="light"><meta charset="utf-8">`+output+render.Runtime()+`<script>
setTimeout(function () {
	document.documentElement.dataset.theme = "dark";
	setTimeout(function () {
		var node = document.querySelector(".interleave-chart [tabindex]");
		for (var i = 0; i < 2; i++) node.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
	}, 300);
}, 1500)</script>`)
	if !strings.Contains(dom, "Twenty items, concurrent: 1 s") && !strings.Contains(dom, "twenty items, concurrent: 1 s") {
		t.Error("two steps to the right do not show the tooltip of the second bar")
	}
	if !strings.Contains(dom, "#58A6E8") && !strings.Contains(dom, "rgb(88,166,232)") {
		t.Error("the chart does not follow the look of its page")
	}
}

// browse loads a page in Chromium and returns what has become of it.
func browse(t *testing.T, page string) string {
	t.Helper()
	chromium := testneeds.Browser(t)
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		"--virtual-time-budget=5000", "--dump-dom", "file://"+file)
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	return string(dom)
}
