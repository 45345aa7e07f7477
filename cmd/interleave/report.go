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

func (a *app) reportCommand() *command {
	var out string
	return &command{
		name:  "report",
		usage: "NOTEBOOK [-o FILE]",
		short: "write a notebook as one HTML file",
		long: `
Writes the notebook with the outputs it has, as one HTML file that needs no
network and no other file. Without -o the file stands beside the notebook.

  interleave report done.ipynb
  interleave report done.ipynb -o report.html`,
		flags: func(fs *flag.FlagSet) {
			fs.StringVar(&out, "o", "", "write to `FILE`, into a folder, or to standard output (-)")
		},
		run: func(_ context.Context, args []string) error { return a.report(args, out) },
	}
}

func (a *app) report(args []string, out string) error {
	if len(args) != 1 {
		return usagef("needs one notebook, got %d", len(args))
	}
	n, err := readNotebook(args[0])
	if err != nil {
		return &usageError{err}
	}
	if out == "" {
		out = filepath.Dir(args[0]) + string(filepath.Separator)
	}
	jobs := []job{{in: args[0]}}
	if err := destine(jobs, "-o", out, ".html", func(j *job, path string) { j.html = path }); err != nil {
		return &usageError{err}
	}
	if err := a.write(jobs[0].html, func() ([]byte, error) { return reportOf(args[0], n) }); err != nil {
		return err
	}
	if jobs[0].html != standard {
		fmt.Fprintln(a.stdout, jobs[0].html)
	}
	return nil
}

// reportOf is the report of a notebook that was read from in.
func reportOf(in string, n *notebook.Notebook) ([]byte, error) {
	folder, err := os.OpenRoot(filepath.Dir(in)) // for the images beside it
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	var b bytes.Buffer
	err = report.Write(&b, n, report.Options{
		Name:  filepath.Base(in),
		Files: folder.FS(),
		Charts: report.Charts{
			MIME:    render.MIME,
			HTML:    chartHTML,
			Runtime: render.Runtime,
			Sources: render.RuntimeSources,
		},
	})
	return b.Bytes(), err
}

// chartHTML draws a chart from its spec alone: the HTML that is stored beside
// it in the notebook may come from anywhere. It is an error when there is no
// picture; the report then shows what is stored, as it shows all foreign HTML.
func chartHTML(spec any) (string, error) {
	d := render.Expand(display.Data{Bundle: map[string]any{render.MIME: spec}})
	html, ok := d.Bundle["text/html"].(string)
	if !ok || !strings.Contains(html, "<img") {
		return "", errors.New("the chart was not drawn")
	}
	return html, nil
}
