package toolchain

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
)

// Installation is the Go installation as it would be used.
type Installation struct {
	Command string // the go command
	Release string // its release, "go1.26.8"
	Root    string // GOROOT
	Fetched bool   // the go command has fetched the release into the module cache
	// Instead is the release that would be asked for in place of this one, and
	// Why says why; both are empty when it is used.
	Instead, Why string
	// Linker, Compiler and Library count the changes that are made to it; Fault
	// is the first that does not fit.
	Linker, Compiler, Library int
	Fault                     error
}

// Look asks the go command about its release as Open does, without fetching,
// building or changing anything.
func Look(ctx context.Context, cfg Config) (Installation, error) {
	command := cfg.Go
	if command == "" {
		command = "go"
	}
	path, err := exec.LookPath(command)
	if err != nil {
		return Installation{}, ErrNoGo
	}
	r, err := askGo(ctx, path, cfg.Dir, os.Environ())
	if err != nil {
		return Installation{Command: path}, err
	}
	i := Installation{Command: path, Release: r.Version, Root: r.Root, Fetched: r.inModuleCache()}
	built := runtime.Version()
	switch {
	case overlay.Check(r.Version) != nil:
		i.Instead, i.Why = readable(built), "has not been tested with this version"
		return i, nil
	case newer(r.Version, built):
		i.Instead, i.Why = readable(built), "is newer than "+built+", with which this version was built"
	}
	i.Fault = (&builder{release: r}).fits()
	i.Linker = len(overlay.Linker().Edits(r.Version))
	i.Compiler = len(overlay.Compiler().Edits(r.Version))
	i.Library = len(overlay.Library().Edits(r.Version))
	return i, nil
}

// HasRace reports whether the worker with the race detector is built.
func (t *Toolchain) HasRace() bool {
	b := *t.builder
	b.race = true
	if err := b.use(b.release); err != nil {
		return false
	}
	_, err := os.Stat(filepath.Join(b.dir(), manifestFile))
	return err == nil
}
