//go:build !(linux && amd64)

package main

import (
	"runtime"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// newEngine returns the interpreter: cells are compiled on linux/amd64 only.
func newEngine(dir string) engine.Engine { return newInterpreter(dir, whyInterpreted()) }

// whyInterpreted says why cells are not compiled.
func whyInterpreted() string {
	return "Cells are compiled on linux/amd64 only; this is " + runtime.GOOS + "/" + runtime.GOARCH + "."
}
