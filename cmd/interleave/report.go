package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/report"
	"github.com/interleave-lab/interleave/lib/display"
)

// reportOptions are the flags of the report command.
type reportOptions struct {
	out     string
	trusted bool
}

func (a *app) reportCommand() *command {
	var o reportOptions
	return &command{
		name:  "report",
		usage: "NOTEBOOK|FOLDER [-o FILE] [--trusted]",
		short: "write a notebook as one HTML file, a folder as a site",
		long: `
Writes the notebook with the outputs it has, as one HTML file that needs no
network and no other file. Without -o the file stands beside the notebook.

  interleave report done.ipynb
  interleave report done.ipynb -o report.html

Of a folder, every notebook in it becomes such a file in the folder -o names,
with an index.html that lists them. Links between notebooks become links
between their reports.

  interleave report notebooks/ -o site/

Nothing in a notebook can run in the report: scripts in its Markdown and its
outputs are left out. With --trusted they stay and run when the report is
opened; use it for notebooks that you would run yourself. A report reaches no
network in either case.`,
		flags: func(fs *flag.FlagSet) {
			fs.StringVar(&o.out, "o", "", "write to `FILE`, into a folder, or to standard output (-)")
			fs.BoolVar(&o.trusted, "trusted", false, "keep the scripts of the notebook")
		},
		run: func(_ context.Context, args []string) error { return a.report(args, o) },
	}
}

func (a *app) report(args []string, o reportOptions) error {
	if len(args) != 1 {
		return usagef("needs one notebook or folder, got %d", len(args))
	}
	if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
		return a.site(args[0], o)
	}
	n, err := readNotebook(args[0])
	if err != nil {
		return &usageError{err}
	}
	out := o.out
	if out == "" {
		out = filepath.Dir(args[0]) + string(filepath.Separator)
	}
	jobs := []job{{in: args[0]}}
	if err := destine(jobs, "-o", out, ".html", func(j *job, path string) { j.html = path }); err != nil {
		return &usageError{err}
	}
	opt := report.Options{Trusted: o.trusted}
	if err := a.write(jobs[0].html, func() ([]byte, error) { return reportWith(args[0], n, opt) }); err != nil {
		return err
	}
	if jobs[0].html != standard {
		fmt.Fprintln(a.stdout, jobs[0].html)
	}
	return nil
}

// reportOf is the report of a notebook that was read from in.
func reportOf(in string, n *notebook.Notebook) ([]byte, error) {
	return reportWith(in, n, report.Options{})
}

// reportWith is reportOf with options; those that every report has are filled
// in.
func reportWith(in string, n *notebook.Notebook, opt report.Options) ([]byte, error) {
	folder, err := os.OpenRoot(filepath.Dir(in)) // for the images beside it
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	opt.Name, opt.Files = filepath.Base(in), folder.FS()
	opt.Charts = report.Charts{MIME: render.MIME, HTML: chartHTML, Runtime: render.Runtime, Sources: render.RuntimeSources}
	var b bytes.Buffer
	err = report.Write(&b, n, opt)
	return b.Bytes(), err
}

// chartHTML makes a chart from its spec: of the HTML that is stored beside it
// in the notebook, which may come from anywhere, only the picture is taken. It
// is an error when there is no picture and none can be drawn; the report then
// shows what is stored, as it shows all foreign HTML.
func chartHTML(spec any, stored string) (string, error) {
	if html, err := render.Stored(spec, stored); err == nil {
		return html, nil
	}
	d := render.Expand(display.Data{Bundle: map[string]any{render.MIME: spec}})
	html, ok := d.Bundle["text/html"].(string)
	if !ok || !strings.Contains(html, "<img") {
		return "", errors.New("the chart was not drawn")
	}
	return html, nil
}
