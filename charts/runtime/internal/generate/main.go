// Generate writes runtime.js.gz, its notices and the checksum of its inputs
// into the current folder. It is run by go generate in charts/runtime.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/interleave-lab/interleave/charts/runtime/internal/bundle"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	sources := os.DirFS("src")
	b, err := bundle.Build(context.Background(), sources)
	if err != nil {
		return err
	}
	gz, err := bundle.Compress(b.Script)
	if err != nil {
		return err
	}
	inputs, err := bundle.Inputs(sources)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"runtime.js.gz": gz,
		"NOTICES.txt":   b.Notices,
		"inputs.sum":    []byte(inputs + "\n"),
	} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
