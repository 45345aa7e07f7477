package toolchain

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
)

// Config says where to find and keep things. Only Source is required.
type Config struct {
	// Go is the go command; empty: the one in PATH.
	Go string
	// Dir is where the session is: the go.mod there, or above it, has a say in
	// which release is used, as it has for go build. Empty: the current folder.
	Dir string
	// Cache is the folder to build into; empty: interleave in the user's
	// cache folder.
	Cache string
	// Source holds go.mod, go.sum, kernel/worker and the libraries of this
	// module.
	Source fs.FS
	// Race builds worker and cells with the race detector, for which a C
	// compiler is needed once. Cells take about twice as long to build, code
	// runs 2 to 20 times slower and takes 5 to 10 times the memory.
	Race bool
	// Progress is told what is going on, in whole sentences, while something
	// is built. It may be nil and is not called otherwise.
	Progress func(text string)
}

// Toolchain is a set of built tools. Its methods may be called from several
// goroutines.
type Toolchain struct {
	entry
	manifest manifest
	release  release
	compile  *tool
	link     *tool

	repairing sync.Mutex // guards inUse and manifest.Files
	builder   *builder
	inUse     *lock

	prebuilding sync.Mutex            // held by Prebuild
	ahead       atomic.Pointer[Image] // of the bundle, once Prebuild has made it
}

// Open returns the tools for the user's Go installation, building what the
// cache does not have yet: about a minute on two cores the first time, some
// milliseconds later. Two processes may open at once; one builds, the other
// waits.
func Open(ctx context.Context, cfg Config) (*Toolchain, error) {
	b, err := newBuilder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	use, err := b.prepare(ctx)
	if errors.Is(err, overlay.ErrMismatch) {
		use, err = b.instead(ctx, err)
	}
	if err != nil {
		return nil, err
	}
	m, err := b.entry.readManifest()
	if err != nil {
		return nil, errors.Join(err, use.release())
	}
	t := b.toolchain(m)
	t.inUse = use
	return t, nil
}

func (b *builder) toolchain(m manifest) *Toolchain {
	t := &Toolchain{entry: b.entry, manifest: m, release: b.release, builder: b}
	t.compile = newTool(t.path("compile"), t.repair)
	t.link = newTool(t.path("link"), t.repair)
	return t
}

// Close ends the tools that wait for work.
func (t *Toolchain) Close() error {
	t.compile.close()
	t.link.close()
	t.repairing.Lock()
	defer t.repairing.Unlock()
	return t.inUse.release()
}

// BuildID is the identity of the worker. What was linked for another must not
// be loaded into it.
func (t *Toolchain) BuildID() string { return t.key }

// Worker is the path of the worker executable.
func (t *Toolchain) Worker() string { return t.path("worker") }

// ModuleDir is a module in which the libraries of this module, and what they
// require, can be resolved.
func (t *Toolchain) ModuleDir() string { return t.path(moduleDir) }

// GoVersion is the release that cells are compiled with, as in "1.26.8".
func (t *Toolchain) GoVersion() string { return strings.TrimPrefix(t.release.Version, "go") }

// Root is the folder of that release, with its sources below src.
func (t *Toolchain) Root() string { return t.release.Root }

// lang is the language version of cells, as in "go1.26".
func (t *Toolchain) lang() string { return version.Lang(t.release.Version) }

// Warm starts a compiler and a linker ahead of the next cell. It takes about
// 10 ms of one core, in the background; each waits with a few megabytes.
func (t *Toolchain) Warm() {
	t.compile.warm()
	t.link.warm()
}

// Has reports whether the worker has a package.
func (t *Toolchain) Has(path string) bool { return path == "unsafe" || t.manifest.Exports[path] != "" }

// Export returns the export data of a package of the worker, for
// go/importer.ForCompiler. The error is fs.ErrNotExist for a package it lacks.
func (t *Toolchain) Export(path string) (io.ReadCloser, error) {
	name, ok := t.manifest.Exports[path]
	if !ok {
		return nil, fmt.Errorf("export data of %s: %w", path, fs.ErrNotExist)
	}
	f, err := os.Open(t.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		if err := t.Ready(context.Background()); err != nil {
			return nil, err
		}
		return os.Open(t.path(name))
	}
	return f, err
}

// Packages lists the import paths a cell may use: all of the standard library
// and what else is in the worker. Those for which Has is false need an image.
func (t *Toolchain) Packages() []string { return t.manifest.Importable }

// entry is one folder of the cache.
type entry struct {
	cache string // the folder of all entries
	key   string
}

func (e entry) dir() string             { return filepath.Join(e.cache, e.key) }
func (e entry) path(name string) string { return filepath.Join(e.dir(), filepath.FromSlash(name)) }
