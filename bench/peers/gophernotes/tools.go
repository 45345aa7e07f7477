//go:build tools

// Package peers pins what the benchmark compares Interleave with.
package peers

import _ "github.com/gopherdata/gophernotes"
