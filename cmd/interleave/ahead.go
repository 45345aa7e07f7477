package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/export"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// linkAhead links what the notebooks in a folder import, so that their cells
// find it built: without the race detector and, where there is a C compiler,
// with it. Nothing else of the notebooks runs.
func (a *app) linkAhead(ctx context.Context, folder string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.ipynb"))
	if err != nil || len(files) == 0 {
		return usagef("--for %s: it holds no notebook", folder)
	}
	modes := []string{""}
	if lookC(ctx).state == fine {
		modes = append(modes, "%race on")
	}
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), ".") {
			continue
		}
		n, err := readGo(file)
		if err != nil {
			return &usageError{err}
		}
		cells, err := importsOf(ctx, n, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, mode := range modes {
			if err := a.importAll(ctx, filepath.Dir(file), mode, cells); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		fmt.Fprintf(a.stderr, "  what %s imports is linked\n", filepath.Base(file))
	}
	return nil
}

// importsOf lists the imports of each cell of a notebook.
func importsOf(ctx context.Context, n *notebook.Notebook, file string) (cells [][]string, err error) {
	err = withPackages(ctx, filepath.Dir(file), func(p *export.Packages) error {
		cells = export.Imports(n, p)
		return nil
	})
	return cells, err
}

// importAll imports packages in a session of their own, cell by cell, as the
// notebook will: images are linked for what was imported before.
func (a *app) importAll(ctx context.Context, dir, mode string, cells [][]string) (err error) {
	e := a.newEngine(dir)
	defer func() { err = errors.Join(err, e.Close()) }()
	if err := prepare(ctx, e, newProgress(a.stderr)); err != nil {
		return err
	}
	code := []string{mode}
	for _, paths := range cells {
		if len(paths) > 0 {
			code = append(code, "import (\n\t_ \""+strings.Join(paths, "\"\n\t_ \"")+"\"\n)")
		}
	}
	for i, c := range code {
		if c == "" {
			continue
		}
		if err := e.Execute(ctx, engine.Cell{Code: c, Count: i + 1}, engine.Discard{}); err != nil {
			return err
		}
	}
	return nil
}
