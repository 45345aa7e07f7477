package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/lib/result"
)

func (a *app) compareCommand() *command {
	return &command{
		name:  "compare",
		usage: "A B",
		short: "set the results of two machines, or two days, side by side",
		long: `
Compares what was measured twice: two files saved by the results of bench, scale
and load (r.Save("monday.json")), or two runs of a notebook that shows such
results. For every quantity it prints both medians, their ratio with a 95 %
interval, and a verdict: faster, slower, or no difference shown. What makes the
two less than comparable is said below.

  interleave compare monday.json tuesday.json
  interleave compare laptop/run.ipynb server/run.ipynb`,
		run: func(_ context.Context, args []string) error { return a.compare(args) },
	}
}

func (a *app) compare(args []string) error {
	if len(args) != 2 {
		return usagef("needs two files, got %d", len(args))
	}
	left, err := readResults(args[0])
	if err != nil {
		return &usageError{err}
	}
	right, err := readResults(args[1])
	if err != nil {
		return &usageError{err}
	}
	pairs, alone := pairResults(left, right)
	if len(pairs) == 0 {
		return usagef("%s and %s have no result of the same kind and work in common", args[0], args[1])
	}
	for i, p := range pairs {
		sides, err := result.Compare(p[0], p[1])
		if err != nil {
			return &usageError{err}
		}
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		fmt.Fprintln(a.stdout, sides)
	}
	for _, f := range alone {
		fmt.Fprintf(a.stderr, "only on one side: %s, %s\n", f.Kind, f.Work)
	}
	return nil
}

// readResults reads a result file, or all results that a notebook shows.
func readResults(path string) ([]result.File, error) {
	if filepath.Ext(path) != ".ipynb" {
		f, err := result.Load(path)
		return []result.File{f}, err
	}
	n, err := readNotebook(path)
	if err != nil {
		return nil, err
	}
	var files []result.File
	for i, c := range n.Cells {
		for _, o := range c.Outputs {
			f, ok, err := resultIn(o)
			if err != nil {
				return nil, fmt.Errorf("%s: cell %d: %w", path, i+1, err)
			}
			if ok {
				files = append(files, f)
			}
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no cell shows a result of bench, scale or load", path)
	}
	return files, nil
}

// resultIn is the result in an output, if it holds one.
func resultIn(o *notebook.Output) (f result.File, ok bool, err error) {
	v, ok := o.Data[result.MIME]
	if !ok {
		return f, false, nil
	}
	content, err := json.Marshal(v)
	if err == nil {
		f, err = result.Parse(content)
	}
	return f, true, err
}

// pairResults finds to each result on the left the first one on the right of
// the same kind and work that is not taken. Two single results belong together
// whatever their work; Compare says how they differ.
func pairResults(left, right []result.File) (pairs [][2]result.File, alone []result.File) {
	if len(left) == 1 && len(right) == 1 {
		return [][2]result.File{{left[0], right[0]}}, nil
	}
	right = slices.Clone(right)
	for _, l := range left {
		i := slices.IndexFunc(right, func(r result.File) bool { return r.Kind == l.Kind && r.Work == l.Work })
		if i < 0 {
			alone = append(alone, l)
			continue
		}
		pairs = append(pairs, [2]result.File{l, right[i]})
		right = slices.Delete(right, i, i+1)
	}
	return pairs, append(alone, right...)
}
