package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/provenance"
)

//go:embed index.html
var indexText string

var indexTemplate = template.Must(template.New("index").Parse(indexText))

// Page is a report in the list of a site.
type Page struct {
	Link
	File     string // the notebook it was made from, as people know it
	Notebook *notebook.Notebook
}

// When says when the notebook was run and how that ended, as far as it tells.
func (p Page) When() string {
	run, ok := provenance.Read(p.Notebook)
	if !ok {
		return ""
	}
	when := run.Started.UTC().Format("2006-01-02 15:04 UTC")
	if p.Trouble() {
		return when + ", " + string(run.Status)
	}
	return when
}

// Trouble says that the run did not pass.
func (p Page) Trouble() bool { return describeRun(p.Notebook) != nil }

// Took is how long the run took.
func (p Page) Took() string {
	run, ok := provenance.Read(p.Notebook)
	if !ok {
		return ""
	}
	return short(seconds(run.Seconds))
}

// Title is what a report of a notebook is called: the notebook's own title,
// its first large heading or its name.
func Title(n *notebook.Notebook, name string) (string, error) {
	r := newRenderer(n, Options{Name: name})
	for _, c := range n.Cells {
		if c.Type != notebook.Markdown {
			continue
		}
		if _, err := r.markdown(c, c.Source); err != nil {
			return "", fmt.Errorf("title of %s: %w", name, err)
		}
	}
	return r.title(), nil
}

// WriteIndex writes the page that lists the reports of a site. Like them it
// asks for nothing else.
func WriteIndex(w io.Writer, title string, pages []Page) error {
	var p policy
	content := struct {
		Title        string
		Theme, Style template.HTML
		Pages        []Page
		Policy       string
	}{Title: title, Theme: p.script(themeJS), Style: p.style(pageCSS), Pages: pages}
	content.Policy = p.String()
	if err := indexTemplate.Execute(w, content); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	return nil
}
