package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/ansi"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

func (r *renderer) outputs(b *strings.Builder, c *notebook.Cell) error {
	hidden := flag(c.Metadata, "collapsed") || flag(c.Metadata, "jupyter", "outputs_hidden") || c.Tagged("hide-output")
	if hidden {
		b.WriteString("<details class=\"outputs\"><summary>output</summary>\n")
	} else {
		b.WriteString("<div class=\"outputs\">\n")
	}
	for _, o := range c.Outputs {
		if err := r.output(b, c, o); err != nil {
			return err
		}
	}
	if hidden {
		b.WriteString("</details>\n")
	} else {
		b.WriteString("</div>\n")
	}
	return nil
}

func (r *renderer) output(b *strings.Builder, c *notebook.Cell, o *notebook.Output) error {
	switch o.Type {
	case notebook.Stream:
		class := "stdout"
		if o.Name == "stderr" {
			class = "stderr"
		}
		terminal(b, class, ansi.Final(o.Text))
	case notebook.Error:
		text := strings.Join(o.Traceback, "\n")
		if strings.TrimSpace(text) == "" {
			text = o.EName + ": " + o.EValue
		}
		terminal(b, "error", text)
	case notebook.Display, notebook.Result:
		return r.bundle(b, c, o)
	}
	return nil
}

// terminal shows text as a terminal would.
func terminal(b *strings.Builder, class, text string) {
	text = strings.TrimRight(text, "\n")
	if text != "" {
		fmt.Fprintf(b, "<pre class=\"out %s\">%s</pre>\n", class, ansi.HTML(text))
	}
}

// shower shows one content of an output and says whether there was anything
// to be seen.
type shower func(b *strings.Builder, c *notebook.Cell, o *notebook.Output, content any) (bool, error)

// bundle shows the richest content of an output that can be shown.
func (r *renderer) bundle(b *strings.Builder, c *notebook.Cell, o *notebook.Output) error {
	for _, way := range []struct {
		mime string
		show shower
	}{
		{r.opt.Charts.MIME, r.chart},
		{"text/html", r.html},
		{"text/markdown", r.text},
		{"image/svg+xml", picture("image/svg+xml")},
		{"image/png", picture("image/png")},
		{"image/jpeg", picture("image/jpeg")},
		{"image/webp", picture("image/webp")},
		{"image/gif", picture("image/gif")},
		{"text/latex", latex},
		{"application/json", object},
		{"text/plain", plainText},
	} {
		content, ok := o.Data[way.mime]
		if !ok || way.mime == "" {
			continue
		}
		shown, err := way.show(b, c, o, content)
		if shown || err != nil {
			return err
		}
	}
	return nil
}

// loader is a script of a chart's HTML; the spec beside it has a type and
// stays.
var loader = regexp.MustCompile(`(?s)<script>.*?</script>`)

func (r *renderer) chart(b *strings.Builder, _ *notebook.Cell, o *notebook.Output, spec any) (bool, error) {
	if r.opt.Charts.HTML == nil {
		return false, nil
	}
	stored, _ := o.Data["text/html"].(string)
	drawn, err := r.opt.Charts.HTML(spec, stored)
	if err != nil {
		return false, nil // another content of the output tells it
	}
	r.charts = true
	fmt.Fprintf(b, "<div class=\"out chart\">%s</div>\n", loader.ReplaceAllString(drawn, ""))
	return true, nil
}

// chartRuntime is the script that makes the charts live, if there are any.
func (r *renderer) chartRuntime() string {
	if !r.charts || r.opt.Charts.Runtime == nil {
		return ""
	}
	r.policy.scripts = append(r.policy.scripts, r.opt.Charts.Sources()...)
	return r.opt.Charts.Runtime()
}

// html shows foreign HTML in a shadow tree: its styles end there, and it
// cannot be drawn beyond its box (contain, in page.css).
func (r *renderer) html(b *strings.Builder, c *notebook.Cell, _ *notebook.Output, content any) (bool, error) {
	text, _ := content.(string)
	if r.opt.Trusted {
		fmt.Fprintf(b, "<div class=\"out\">%s</div>\n", whole(text))
		return strings.TrimSpace(text) != "", nil
	}
	var styles []string
	clean := &cleaner{image: r.image(c), style: func(css string) { styles = append(styles, css) }}
	text = clean.clean(text)
	if !clean.shows {
		return false, nil
	}
	for _, css := range styles {
		r.policy.style(css)
	}
	fmt.Fprintf(b, "<div class=\"out html\"><template shadowrootmode=\"open\">%s%s</template></div>\n", r.policy.style(shadowCSS), text)
	if clean.script {
		b.WriteString("<p class=\"note\">This output came with a script, which a report does not run.</p>\n")
	}
	return true, nil
}

func (r *renderer) text(b *strings.Builder, c *notebook.Cell, _ *notebook.Output, content any) (bool, error) {
	source, _ := content.(string)
	text, err := r.markdownOutput(c, source)
	if err != nil || text == "" {
		return false, err
	}
	fmt.Fprintf(b, "<div class=\"out text\">%s</div>\n", text)
	return true, nil
}

// markdownOutput renders Markdown that an output brought: its headings are not
// in the contents.
func (r *renderer) markdownOutput(c *notebook.Cell, source string) (string, error) {
	contents := r.contents
	defer func() { r.contents = contents }()
	return r.markdown(c, source)
}

// picture shows an image at the size its metadata give.
func picture(mime string) shower {
	return func(b *strings.Builder, _ *notebook.Cell, o *notebook.Output, content any) (bool, error) {
		text, _ := content.(string)
		src := dataURI(mime, text)
		if src == "" || text == "" {
			return false, nil
		}
		size, _ := o.Metadata[mime].(map[string]any)
		fmt.Fprintf(b, `<img class="out" alt="%s"`, html.EscapeString(alternative(o)))
		for _, side := range []string{"width", "height"} {
			if n, ok := size[side].(json.Number); ok {
				fmt.Fprintf(b, ` %s="%s"`, side, html.EscapeString(n.String()))
			}
		}
		fmt.Fprintf(b, " src=\"%s\">\n", src)
		return true, nil
	}
}

// alternative is the text of an output for those who do not see its picture.
func alternative(o *notebook.Output) string {
	text, _ := o.Data["text/plain"].(string)
	if text = strings.TrimSpace(ansi.Strip(text)); text != "" {
		return text
	}
	return "output of the cell"
}

func latex(b *strings.Builder, _ *notebook.Cell, _ *notebook.Output, content any) (bool, error) {
	source, _ := content.(string)
	source = strings.Trim(strings.TrimSpace(source), "$")
	if source == "" {
		return false, nil
	}
	fmt.Fprintf(b, "<div class=\"out formula\">%s</div>\n", formula(source, true))
	return true, nil
}

// longJSON is the number of lines from which a JSON value is folded.
const longJSON = 25

func object(b *strings.Builder, _ *notebook.Cell, _ *notebook.Output, content any) (bool, error) {
	raw, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return false, nil
	}
	code, err := highlight(string(raw), "json")
	if n := bytes.Count(raw, []byte("\n")) + 1; n < longJSON {
		fmt.Fprintf(b, "<div class=\"out json\">%s</div>\n", code)
	} else {
		fmt.Fprintf(b, "<details class=\"out folded\"><summary>JSON, %d lines</summary>%s</details>\n", n, code)
	}
	return true, err
}

// plainText shows a text; for the value of a cell also its type, when the
// engine told it.
func plainText(b *strings.Builder, _ *notebook.Cell, o *notebook.Output, content any) (bool, error) {
	text, _ := content.(string)
	if o.Type != notebook.Result {
		terminal(b, "display", text)
		return true, nil
	}
	ours, _ := o.Metadata["interleave"].(map[string]any)
	if name, ok := ours["type"].(string); ok {
		fmt.Fprintf(b, "<div title=\"%s\">", html.EscapeString(name))
		defer b.WriteString("</div>\n")
	}
	terminal(b, "result", text)
	return true, nil
}
