package render

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/runtime"
)

// maxRows is the length of the table under a picture.
const maxRows = 100

// page is the text/html of a chart: picture, table, spec, loader.
func page(spec charts.Spec, svg string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div class="interleave-chart" style="max-width:960px">`)
	fmt.Fprintf(&b, `<img alt="%s" width="%d" height="%d" style="display:block;width:100%%;max-width:%dpx;height:auto" src="data:image/svg+xml;base64,%s">`,
		html.EscapeString(spec.Alt), spec.Width, spec.Height, spec.Width, base64.StdEncoding.EncodeToString([]byte(svg)))
	table(&b, spec.Table)
	fmt.Fprintf(&b, `<script type="application/json">%s</script>%s</div>`, inert(spec), runtime.Loader())
	return b.String()
}

// failure is shown instead of a picture that could not be drawn.
func failure(spec charts.Spec, err error) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div><p><strong>%s</strong></p><p>No picture: %s</p>`, html.EscapeString(spec.Alt), html.EscapeString(err.Error()))
	table(&b, spec.Table)
	fmt.Fprintf(&b, `<p><small>%s</small></p></div>`, html.EscapeString(spec.Note))
	return b.String()
}

// inert is a spec that may stand inside a script element: encoding/json
// escapes <, > and & and the line separators.
func inert(spec charts.Spec) []byte {
	raw, err := json.Marshal(spec)
	if err != nil {
		return []byte("null") // it was encoded before it was drawn
	}
	return raw
}

func table(b *strings.Builder, t charts.Table) {
	if len(t.Columns) == 0 {
		return
	}
	b.WriteString(`<details><summary><small>numbers</small></summary><table><thead><tr>`)
	for _, c := range t.Columns {
		fmt.Fprintf(b, `<th scope="col">%s</th>`, html.EscapeString(c.String()))
	}
	b.WriteString(`</tr></thead><tbody>`)
	for i := range t.Rows[:min(len(t.Rows), maxRows)] {
		b.WriteString("<tr>")
		for j := range t.Columns {
			align := ""
			if t.Numeric(j) {
				align = ` style="text-align:right"`
			}
			fmt.Fprintf(b, `<td%s>%s</td>`, align, html.EscapeString(t.Cell(i, j)))
		}
		b.WriteString("</tr>")
	}
	b.WriteString(`</tbody></table>`)
	if more := len(t.Rows) - maxRows; more > 0 {
		fmt.Fprintf(b, `<p>and %d more rows</p>`, more)
	}
	b.WriteString(`</details>`)
}

// unpack is the script of Runtime around its packed part.
const unpack = `(function(){if(window.interleaveCharts||!window.DecompressionStream)return;` +
	`var a=Uint8Array.from(atob("%s"),function(c){return c.charCodeAt(0)});` +
	`new Response(new Blob([a]).stream().pipeThrough(new DecompressionStream("gzip"))).text().then(function(t){` +
	`var s=document.createElement("script");s.textContent=t;document.head.appendChild(s)})})()`

var packed = sync.OnceValue(func() string {
	return fmt.Sprintf(unpack, base64.StdEncoding.EncodeToString(runtime.Compressed()))
})

// Runtime is one script element that makes every chart of a page live, for
// pages that include it once, anywhere. It follows the page's light or dark
// look (data-theme of the root element, JupyterLab's and VS Code's marks, else
// the reader's system) and needs no network. A content security policy must
// allow it by RuntimeSources (or 'unsafe-inline'), and allow
// "style-src 'unsafe-inline'; img-src data:".
//
// It has about 530 KB and is unpacked by the browser; one without
// DecompressionStream keeps the static pictures.
func Runtime() string { return "<script>" + packed() + "</script>" }

// RuntimeSources are the sources a policy's script-src needs for Runtime
// (Content Security Policy Level 3, 2.3.1): the hash of the element, and that
// of the script it unpacks.
var RuntimeSources = sync.OnceValue(func() []string {
	var sources []string
	for _, script := range []string{packed(), runtime.Script()} {
		sum := sha256.Sum256([]byte(script))
		sources = append(sources, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	return sources
})
