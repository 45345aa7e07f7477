// Package report writes a notebook as one HTML file that needs nothing else:
// no network, no fonts, no files beside it.
//
// What a notebook shows may come from anywhere, so nothing in it is trusted
// unless the caller says so.
// HTML of outputs and of Markdown is reduced to what cannot run; HTML outputs
// stand in a shadow tree of their own, where their styles end; and the page's
// content security policy lets only the scripts run whose hashes it lists.
package report

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/provenance"
)

// Options add to a report. The zero value is useful.
type Options struct {
	// Name is the file name the notebook gets when a reader downloads it; its
	// base is the title of a notebook that has none.
	Name string
	// Files holds the images the notebook's Markdown names by relative paths;
	// nil for none.
	Files fs.FS
	// Trusted lets the HTML and the scripts of the notebook be what they are:
	// they run in the page. They reach no network all the same.
	Trusted bool
	// Site links the report to others; nil for a report that stands alone.
	Site *Site
	// Charts draws charts; the zero value leaves them to the other contents of
	// their outputs.
	Charts Charts
}

// Charts knows how to draw the outputs of one MIME type.
type Charts struct {
	MIME string
	// HTML draws a chart, or takes its picture from the text/html that is
	// stored beside the spec ("" for none). The result is trusted, but its
	// scripts are dropped: Runtime finds the charts of the page.
	HTML func(spec any, stored string) (html string, err error)
	// Runtime is a script element, put at the end of a page with charts.
	Runtime func() string
	// Sources are what the page's policy must list in script-src to let the
	// runtime run: hashes of the element and of what it adds to the page.
	Sources func() []string
}

// Site is the place of a report among others. Addresses are relative.
type Site struct {
	Index          Link  // the page that lists the reports
	Previous, Next *Link // nil at the ends
	// Page returns the address of the report of a notebook that Markdown links
	// to, or "" when it has none.
	Page func(notebook string) string
}

// Link is an address with its words.
type Link struct{ Title, Address string }

//go:embed page.html
var pageText string

//go:embed page.css
var pageCSS string

//go:embed shadow.css
var shadowCSS string

//go:embed page.js
var pageJS string

// themeJS runs before anything is painted, so that a page chosen dark is never
// light for a moment.
const themeJS = `try{var t=localStorage.getItem("interleave-theme");if(t)document.documentElement.dataset.theme=t}catch(e){}`

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what the template shows.
type page struct {
	Policy      string
	Title       string
	Contents    []heading
	Body        template.HTML
	Run         *run
	Site        *Site
	Style       template.HTML
	Theme       template.HTML
	Script      template.HTML
	Charts      template.HTML
	Download    template.HTML
	Environment []fact
}

// Write writes the report. It takes a few milliseconds, and about 50 more for
// each chart that has no picture yet.
func Write(w io.Writer, n *notebook.Notebook, opt Options) error {
	r := newRenderer(n, opt)
	body, err := r.cells()
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	download, err := embedded(n, opt.Name)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	p := page{
		Title:       r.title(),
		Contents:    r.contents,
		Body:        template.HTML(body),
		Run:         describeRun(n),
		Site:        opt.Site,
		Style:       r.policy.style(pageCSS),
		Theme:       r.policy.script(themeJS),
		Script:      r.policy.script(pageJS),
		Charts:      template.HTML(r.chartRuntime()),
		Download:    download,
		Environment: environment(n),
	}
	p.Policy = r.policy.String()
	if err := pageTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// title is the notebook's own title, its first large heading or its name.
func (r *renderer) title() string {
	if t := r.notebook.Title(); t != "" {
		return t
	}
	for _, h := range r.contents {
		if h.Level == 1 {
			return h.Text
		}
	}
	if r.opt.Name != "" {
		return strings.TrimSuffix(r.opt.Name, ".ipynb")
	}
	return "Notebook"
}

// embedded is the notebook itself, compressed, as a data block of the page.
func embedded(n *notebook.Notebook, name string) (template.HTML, error) {
	raw, err := n.Encode()
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := z.Write(raw); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	if name == "" {
		name = "notebook.ipynb"
	}
	return template.HTML(fmt.Sprintf(`<script type="application/gzip" class="notebook" data-name="%s">%s</script>`,
		template.HTMLEscapeString(name), base64.StdEncoding.EncodeToString(b.Bytes()))), nil
}

// run is the line above the report when the run did not pass.
type run struct{ Trouble string }

func describeRun(n *notebook.Notebook) *run {
	p, ok := provenance.Read(n)
	if !ok {
		return nil
	}
	switch p.Status {
	case provenance.Failed:
		return &run{"A cell failed: what follows it did not run."}
	case provenance.Stopped:
		return &run{"The run was stopped: not every cell ran."}
	}
	return nil
}
