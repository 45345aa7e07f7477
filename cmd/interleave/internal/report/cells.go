package report

import (
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/yuin/goldmark"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

// renderer makes the body of one report.
type renderer struct {
	notebook *notebook.Notebook
	opt      Options
	md       goldmark.Markdown
	ids      map[string]bool // of headings
	contents []heading
	policy   policy
	charts   bool // the page has one
}

func newRenderer(n *notebook.Notebook, opt Options) *renderer {
	r := &renderer{notebook: n, opt: opt, ids: map[string]bool{"report": true}, policy: policy{trusted: opt.Trusted}}
	for _, c := range n.Cells {
		r.ids["cell-"+c.ID] = true
	}
	r.md = newMarkdown()
	return r
}

func (r *renderer) cells() (string, error) {
	var b strings.Builder
	for i, c := range r.notebook.Cells {
		if c.Tagged("remove-cell") {
			continue
		}
		if err := r.cell(&b, c); err != nil {
			return "", fmt.Errorf("cell %d: %w", i+1, err)
		}
	}
	return b.String(), nil
}

func (r *renderer) cell(b *strings.Builder, c *notebook.Cell) error {
	switch c.Type {
	case notebook.Markdown:
		text, err := r.markdown(c, c.Source)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "<section class=\"cell text\">\n%s</section>\n", text)
	case notebook.Code:
		return r.code(b, c)
	default: // raw cells are for other programs; a reader may see their text
		if strings.TrimSpace(c.Source) != "" {
			fmt.Fprintf(b, "<section class=\"cell raw\"><pre>%s</pre></section>\n", html.EscapeString(c.Source))
		}
	}
	return nil
}

func (r *renderer) code(b *strings.Builder, c *notebook.Cell) error {
	if strings.TrimSpace(c.Source) == "" && len(c.Outputs) == 0 {
		return nil
	}
	fmt.Fprintf(b, "<section class=\"cell code\" id=\"cell-%s\">\n", html.EscapeString(c.ID))
	if !c.Tagged("remove-input") {
		if err := r.input(b, c); err != nil {
			return err
		}
	}
	if !c.Tagged("remove-output") && len(c.Outputs) > 0 {
		if err := r.outputs(b, c); err != nil {
			return err
		}
	}
	b.WriteString("</section>\n")
	return nil
}

// input is the foldable source of a cell with its count and how long it ran.
func (r *renderer) input(b *strings.Builder, c *notebook.Cell) error {
	language := r.notebook.Language()
	if language == "" {
		language = "go"
	}
	source, err := highlight(c.Source, language)
	if err != nil {
		return err
	}
	open := " open"
	if c.Tagged("hide-input") || flag(c.Metadata, "jupyter", "source_hidden") {
		open = ""
	}
	fmt.Fprintf(b, `<details class="input"%s><summary><span class="count">%s</span>`, open, label(c))
	b.WriteString(`<button class="copy" hidden>copy</button>`)
	if took := duration(c); took != "" {
		fmt.Fprintf(b, `<span class="took" title="how long this cell ran">%s</span>`, took)
	}
	fmt.Fprintf(b, "</summary>%s</details>\n", source)
	return nil
}

func label(c *notebook.Cell) string {
	if c.Count == 0 {
		return "In [ ]"
	}
	return fmt.Sprintf("In [%d]", c.Count)
}

// duration is how long the cell ran, empty when the notebook does not tell.
func duration(c *notebook.Cell) string {
	times, _ := c.Metadata["execution"].(map[string]any)
	start, ok := moment(times, "iopub.execute_input")
	if !ok {
		return ""
	}
	end, ok := moment(times, "shell.execute_reply")
	if !ok || end.Before(start) {
		return ""
	}
	return short(end.Sub(start))
}

func moment(times map[string]any, key string) (time.Time, bool) {
	s, _ := times[key].(string)
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

// short writes a duration for a person.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.2f s", d.Seconds())
	default:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
}

// flag is a boolean in the metadata.
func flag(m map[string]any, path ...string) bool {
	for _, key := range path[:len(path)-1] {
		m, _ = m[key].(map[string]any)
	}
	on, _ := m[path[len(path)-1]].(bool)
	return on
}
