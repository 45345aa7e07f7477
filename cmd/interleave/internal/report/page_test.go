package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/report"
	"github.com/interleave-lab/interleave/internal/testneeds"
)

// reader is a script that does what a reader of the page may do, and leaves
// what came of it in the title.
const reader = `
const $ = (s) => document.querySelector(s), seen = {};
addEventListener("load", async () => {
  const theme = () => document.documentElement.dataset.theme || "auto";
  seen.themes = [theme()];
  for (let i = 0; i < 3; i++) { $("button.theme").click(); seen.themes.push(theme()); }
  const open = () => document.querySelectorAll("details.input[open]").length;
  seen.open = [open()];
  for (let i = 0; i < 2; i++) { $("button.fold").click(); seen.open.push(open()); }
  seen.fold = $("button.fold").textContent;
  const copied = [];
  document.execCommand = () => { copied.push(document.activeElement.value); return true; };
  Object.defineProperty(navigator, "clipboard", { value: undefined });
  $("button.copy").click();
  seen.copied = copied[0];
  seen.stayed = open();
  const saved = new Promise((resolve) => {
    const make = URL.createObjectURL;
    let content;
    URL.createObjectURL = (blob) => { content = blob; return make.call(URL, blob); };
    HTMLAnchorElement.prototype.click = function () { content.text().then((text) => resolve([this.download, text])); };
  });
  $("button.download").click();
  [seen.file, seen.notebook] = await saved;
  document.title = JSON.stringify(seen);
});`

func TestButtons(t *testing.T) {
	browser := testneeds.Browser(t)
	n := small(t)
	page := write(t, n, report.Options{Name: "small.ipynb"})
	sum := sha256.Sum256([]byte(reader))
	page = strings.Replace(page, "script-src ", "script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"' ", 1)
	page = strings.Replace(page, "</body>", "<script>"+reader+"</script></body>", 1)
	v := visit(t, browser, page)
	m := regexp.MustCompile(`<title>(.*)</title>`).FindStringSubmatch(v.dom)
	if m == nil {
		t.Fatal("the page has no title")
	}
	var seen struct {
		Themes                       []string
		Open                         []int
		Fold, Copied, File, Notebook string
		Stayed                       int
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &seen); err != nil {
		t.Fatalf("%v in %s; console %q", err, m[1], v.console)
	}
	if got := strings.Join(seen.Themes, " "); got != "auto light dark auto" {
		t.Errorf("themes %s", got)
	}
	if len(seen.Open) != 3 || seen.Open[0] != 1 || seen.Open[1] != 0 || seen.Open[2] != 2 || seen.Fold != "fold code" {
		t.Errorf("cells open %v, then the button says %q; want 1, 0, 2 and fold code", seen.Open, seen.Fold)
	}
	if seen.Copied != n.Cells[1].Source || seen.Stayed != 2 {
		t.Errorf("copied %q, %d cells open", seen.Copied, seen.Stayed)
	}
	if want, err := n.Encode(); err != nil || seen.File != "small.ipynb" || seen.Notebook != string(want) {
		t.Errorf("downloaded %q, %d bytes; want the notebook, %d", seen.File, len(seen.Notebook), len(want))
	}
}

// TestChartsComeAlive holds that the charts' own script runs under the page's
// policy.
func TestChartsComeAlive(t *testing.T) {
	browser := testneeds.Browser(t)
	chart, err := charts.ItemLatency(charts.Latencies{Name: "a", Times: []time.Duration{1e6, 2e6, 3e6}})
	if err != nil {
		t.Fatal(err)
	}
	spec, err := notebook.Plain(chart.Display().Bundle[render.MIME])
	if err != nil {
		t.Fatal(err)
	}
	page := write(t, output(&notebook.Output{Type: notebook.Display, Data: map[string]any{render.MIME: spec}}), report.Options{
		Charts: report.Charts{MIME: render.MIME, Runtime: render.Runtime, Sources: render.RuntimeSources, HTML: drawn},
	})
	v := visit(t, browser, page)
	if len(v.requests) != 1 || len(v.console) > 0 {
		t.Errorf("requests %q, console %q", v.requests, v.console)
	}
	if chart := regexp.MustCompile(`(?s)<div class="interleave-chart".*?<svg`); !chart.MatchString(v.dom) {
		t.Errorf("the chart is not alive: %s", body.FindString(v.dom))
	}
}

// drawn is what render.Expand makes of a chart, without the picture, which
// takes a minute under the race detector.
func drawn(spec any, _ string) (string, error) {
	raw, err := json.Marshal(spec)
	return `<div class="interleave-chart"><img alt="" src="data:,"><script type="application/json">` + string(raw) + `</script></div>`, err
}
