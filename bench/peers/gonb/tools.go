//go:build tools

// Package peers pins what the benchmark compares Interleave with.
package peers

import (
	_ "github.com/janpfeifer/gonb"
	_ "golang.org/x/tools/cmd/goimports"
	_ "golang.org/x/tools/gopls"
)
