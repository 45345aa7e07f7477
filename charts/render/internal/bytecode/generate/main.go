// Generate writes code.gz into the current folder. It is run by go generate in
// charts/runtime, after the script itself has been built.
package main

import (
	"fmt"
	"os"

	"github.com/interleave-lab/interleave/charts/render/internal/bytecode"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	file, err := bytecode.File()
	if err != nil {
		return err
	}
	return os.WriteFile("code.gz", file, 0o644)
}
