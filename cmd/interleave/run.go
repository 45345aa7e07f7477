package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/ansi"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/headless"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/params"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/provenance"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/kernelspec"
	"github.com/interleave-lab/interleave/lib/machine"
)

// runOptions are the flags of the run command.
type runOptions struct {
	out, html   string
	junit       string
	annotations bool
	allowErrors bool
	timeout     time.Duration
	params      []params.Param
}

func (o *runOptions) flags(fs *flag.FlagSet) {
	fs.StringVar(&o.out, "o", "", "write the executed notebook to `OUT`, a folder for several, - for standard output")
	fs.StringVar(&o.html, "html", "", "write a report to `FILE`, a folder for several, - for standard output")
	fs.StringVar(&o.junit, "junit", "", "write the cells and their failures to `FILE` as JUnit XML")
	fs.BoolVar(&o.annotations, "annotations", os.Getenv("GITHUB_ACTIONS") == "true", "mark failures on standard output as GitHub Actions does (the default there)")
	fs.BoolVar(&o.allowErrors, "allow-errors", false, "go on after a cell that fails")
	fs.DurationVar(&o.timeout, "timeout", 0, "interrupt a cell that runs longer than `D`, such as 90s")
	fs.Func("p", "set the parameter `NAME=VALUE`; may be repeated", func(s string) error {
		p, err := params.Parse(s)
		o.params = append(o.params, p)
		return err
	})
}

func (a *app) runCommand() *command {
	var o runOptions
	return &command{
		name:  "run",
		usage: "NOTEBOOK... [-o OUT] [--html FILE] [--junit FILE] [--allow-errors] [--timeout D] [-p NAME=VALUE]...",
		short: "run notebooks without a front end",
		long: `
Runs the code cells of each notebook from the first to the last, in the
notebook's folder, and stops at a cell that fails.

  interleave run analysis.ipynb                        see whether it runs
  interleave run analysis.ipynb -o done.ipynb          keep the outputs
  interleave run analysis.ipynb -o analysis.ipynb      keep them in place
  interleave run analysis.ipynb --html report.html     write a report
  interleave run *.ipynb -o out/ --timeout 2m
  interleave run load.ipynb -o out.ipynb -p workers=8 -p pause=20ms
  interleave run load.ipynb --html - > report.html
  interleave run *.ipynb --junit cells.xml             for a build server

A parameter replaces the value that the cell tagged "parameters" gives to a
variable. It is checked against the variable's type: a boolean, a number, a
string or a time.Duration. A cell tagged "skip-execution" does not run, and one
tagged "raises-exception" may fail.

Exit code: 0 when all cells ran, 1 when a cell failed, 2 when the command line
or a notebook is not right and nothing was run, 130 after Ctrl-C. What was
shown up to then is saved in all cases but 2.`,
		flags: o.flags,
		run:   func(ctx context.Context, args []string) error { return a.runNotebooks(ctx, args, o) },
	}
}

// job is one notebook to be run.
type job struct {
	in        string
	notebook  *notebook.Notebook
	out, html string // empty when not asked for
}

// runNotebooks runs one notebook after the other, also after one that failed.
func (a *app) runNotebooks(ctx context.Context, paths []string, o runOptions) error {
	jobs, err := plan(paths, o)
	if err != nil {
		return &usageError{err}
	}
	failed := false
	var suites junitSuites
	for _, j := range jobs {
		err := a.runJob(ctx, j, o, &suites)
		if _, ok := errors.AsType[*headless.CellError](err); ok {
			failed = true // it has been told
		} else if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", j.in, err), suites.writeTo(o.junit))
		}
	}
	if err := suites.writeTo(o.junit); err != nil {
		return err
	}
	if failed {
		return errReported
	}
	return nil
}

// plan reads and checks everything there is before the first cell runs.
func plan(paths []string, o runOptions) ([]job, error) {
	if len(paths) == 0 {
		return nil, errors.New("needs a notebook")
	}
	if o.out == standard && o.html == standard {
		return nil, errors.New("-o - and --html - would both be written to standard output; name a file for one")
	}
	if o.timeout < 0 {
		return nil, fmt.Errorf("--timeout %v is negative", o.timeout)
	}
	var jobs []job
	for _, path := range paths {
		n, err := readGo(path)
		if err != nil {
			return nil, err
		}
		if err := params.Inject(n, o.params); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		jobs = append(jobs, job{in: path, notebook: n})
	}
	return jobs, errors.Join(
		writableFile("--junit", o.junit),
		destine(jobs, "-o", o.out, ".ipynb", func(j *job, path string) { j.out = path }),
		destine(jobs, "--html", o.html, ".html", func(j *job, path string) { j.html = path }),
	)
}

// readNotebook reads a notebook in any language.
func readNotebook(path string) (*notebook.Notebook, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fmt.Errorf("read notebook %s: it is a folder; name the notebooks in it", path)
	}
	return notebook.ReadFile(path)
}

// readGo reads a notebook in Go, or one that does not say what it is in.
func readGo(path string) (*notebook.Notebook, error) {
	n, err := readNotebook(path)
	if err != nil {
		return nil, err
	}
	if l := n.Language(); l != "" && l != "go" {
		return nil, fmt.Errorf("read notebook %s: its language is %s, not Go", path, l)
	}
	return n, nil
}

// runJob runs a notebook, tells of a cell that failed and saves what there is.
func (a *app) runJob(ctx context.Context, j job, o runOptions, suites *junitSuites) (err error) {
	dir, err := filepath.Abs(filepath.Dir(j.in))
	if err != nil {
		return err
	}
	e := a.newEngine(dir)
	defer func() { err = errors.Join(err, e.Close()) }()
	p := newProgress(a.stderr)
	p.title(j.in)
	if err := prepare(ctx, e, p); err != nil {
		return err
	}
	start := time.Now()
	suite := suites.suite(j.in, start)
	runErr := headless.Run(ctx, j.notebook, headless.Config{
		Engine: e, AllowErrors: o.allowErrors, Timeout: o.timeout,
		Watch: func(e headless.Event) {
			p.cell(e)
			suite.cell(e)
			if o.annotations {
				annotate(a.stdout, j.in, e)
			}
		},
	})
	took := time.Since(start)
	if cell, ok := errors.AsType[*headless.CellError](runErr); ok {
		a.tell(j, cell)
	}
	if err := a.save(j, e.Info(), start, took, status(ctx, runErr), o); err != nil {
		return err
	}
	p.done(took, j.out, j.html)
	return runErr
}

// prepare makes the engine ready and shows what it builds on its first use.
func prepare(ctx context.Context, e engine.Engine, p *progress) error {
	builder, ok := e.(engine.Preparer)
	if !ok {
		return nil
	}
	defer p.built()
	return builder.Prepare(ctx, p.building)
}

func status(ctx context.Context, err error) provenance.Status {
	switch {
	case err == nil:
		return provenance.Passed
	case ctx.Err() != nil:
		return provenance.Stopped
	default:
		return provenance.Failed
	}
}

// tell shows the error of a cell as the notebook shows it.
func (a *app) tell(j job, e *headless.CellError) {
	text := strings.TrimRight(e.Err.Text(), "\n")
	if !colours(a.stderr) {
		text = ansi.Strip(text)
	}
	fmt.Fprintf(a.stderr, "\n%s: cell %d, In [%d], failed:\n%s\n\n", j.in, e.Number, e.Count, text)
}

// save records the run in the notebook and writes what was asked for.
func (a *app) save(j job, info engine.Info, start time.Time, took time.Duration, s provenance.Status, o runOptions) error {
	m := machine.Read()
	m.Go = "go" + info.GoVersion
	run := provenance.Run{
		Interleave: version(),
		Engine:     info.Name,
		Machine:    m,
		Started:    start.UTC().Truncate(time.Millisecond),
		Seconds:    took.Round(time.Millisecond).Seconds(),
		Status:     s,
	}
	for _, p := range o.params {
		if run.Parameters == nil {
			run.Parameters = map[string]string{}
		}
		run.Parameters[p.Name] = p.Value
	}
	if err := provenance.Record(j.notebook, run); err != nil {
		return err
	}
	language(j.notebook, info)
	if j.out != "" {
		if err := a.write(j.out, j.notebook.Encode); err != nil {
			return err
		}
	}
	if j.html != "" {
		return a.write(j.html, func() ([]byte, error) { return reportOf(j.in, j.notebook) })
	}
	return nil
}

// language writes the metadata by which front ends and nbconvert know Go.
func language(n *notebook.Notebook, info engine.Info) {
	if _, ok := n.Metadata["kernelspec"]; !ok {
		notebook.Set(n.Metadata, map[string]any{
			"name": kernelspec.Name, "display_name": "Go (Interleave)", "language": "go",
		}, "kernelspec")
	}
	notebook.Set(n.Metadata, map[string]any{
		"name":               "go",
		"version":            info.GoVersion,
		"mimetype":           "text/x-go",
		"file_extension":     ".go",
		"pygments_lexer":     "go",
		"codemirror_mode":    "go",
		"nbconvert_exporter": "script",
	}, "language_info")
}
