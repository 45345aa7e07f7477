// Package interleave holds the sources that the interleave command carries
// along: what runs inside the worker process and what cells import. The
// native engine writes them to its cache and builds them with the author's
// own Go toolchain, so that a command and the libraries of its cells are
// always of one version.
package interleave

import "embed"

// Source holds go.mod, go.sum and the folders kernel/worker, lib and charts
// (without what only the kernel process needs) of this module.
//
//go:embed go.mod go.sum lib kernel/worker charts/*.go
var Source embed.FS
