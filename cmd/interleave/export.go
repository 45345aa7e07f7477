package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/export"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

func (a *app) exportCommand() *command {
	var out string
	return &command{
		name:  "export",
		usage: "NOTEBOOK [-o FILE|FOLDER]",
		short: "write a notebook as a Go program",
		long: `
Writes the cells of a notebook, in order, as a program that prints what they
show: tables and texts as they are, of a chart its title and table. Variables of
the cell tagged "parameters" become flags.

  interleave export analysis.ipynb -o main.go
  go build -o analysis main.go && ./analysis -quick

A file builds in a module that requires the packages which the notebook imports.
A folder becomes a module of its own that holds the libraries, too:

  interleave export analysis.ipynb -o analysis/
  cd analysis && go build

What only a session can do, such as running a command of the shell, is refused
with its cell; magics that change no result are left out and named.`,
		flags: func(fs *flag.FlagSet) {
			fs.StringVar(&out, "o", standard, "write to `FILE`, a folder, or standard output (-)")
		},
		run: func(ctx context.Context, args []string) error { return a.export(ctx, args, out) },
	}
}

func (a *app) export(ctx context.Context, args []string, out string) error {
	if len(args) != 1 {
		return usagef("needs one notebook, got %d", len(args))
	}
	n, err := readGo(args[0])
	if err != nil {
		return &usageError{err}
	}
	folder := out != standard && filepath.Ext(out) != ".go"
	if folder {
		if err := emptyFolder(out); err != nil {
			return &usageError{err}
		}
	}
	p, err := programOf(ctx, n, args[0])
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	for _, note := range p.Notes {
		fmt.Fprintf(a.stderr, "note: %s\n", note)
	}
	source := func() ([]byte, error) { return p.Source, nil }
	if !folder {
		return a.write(out, source)
	}
	if err := export.WriteModule(out, strings.TrimSuffix(filepath.Base(args[0]), ".ipynb"), p, interleave.Source); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s\nBuild it with: cd %s && go build\n", filepath.Join(out, "main.go"), out)
	return nil
}

// programOf makes a program of the notebook that was read from a file.
func programOf(ctx context.Context, n *notebook.Notebook, file string) (p export.Program, err error) {
	err = withPackages(ctx, filepath.Dir(file), func(packages *export.Packages) error {
		p, err = export.New(n, filepath.Base(file), packages)
		return err
	})
	return p, err
}

// withPackages finds the packages that a notebook in a folder may import.
func withPackages(ctx context.Context, dir string, use func(*export.Packages) error) error {
	scratch, err := os.MkdirTemp("", "interleave-export-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	packages, err := export.Find(ctx, dir, scratch, interleave.Source)
	if err != nil {
		return err
	}
	return use(packages)
}

// emptyFolder makes the folder and refuses one that holds something.
func emptyFolder(dir string) error {
	if err := writable(dir); err != nil {
		return err
	}
	list, err := os.ReadDir(dir)
	if err == nil && len(list) > 0 {
		err = fmt.Errorf("the folder %s is not empty", dir)
	}
	return err
}
