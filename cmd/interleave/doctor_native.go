//go:build linux && amd64

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

func lookGo(ctx context.Context) finding {
	i, err := toolchain.Look(ctx, toolchain.Config{})
	switch {
	case errors.Is(err, toolchain.ErrNoGo):
		return finding{missing, "no go command on PATH", "install Go from https://go.dev/dl/ and add its bin folder to PATH"}
	case err != nil:
		return finding{missing, err.Error(), "install Go from https://go.dev/dl/"}
	case i.Instead != "":
		return finding{note, fmt.Sprintf("%s (%s) %s", i.Release, i.Command, i.Why),
			"the go command will be asked for " + i.Instead + "; get it now with: GOTOOLCHAIN=" + i.Instead + " go version"}
	}
	text := fmt.Sprintf("%s (%s), tested", i.Release, i.Command)
	if i.Fetched {
		text += ", fetched by the go command"
	}
	return finding{fine, text, ""}
}

// lookChanges says whether what makes cells live fits the release.
func lookChanges(ctx context.Context) finding {
	i, err := toolchain.Look(ctx, toolchain.Config{})
	switch {
	case err != nil || i.Linker == 0:
		return finding{note, "the linker, compiler and runtime of this Go are not looked at", ""}
	case i.Fault != nil:
		return finding{note, i.Fault.Error(), "another patch release will be asked for; or put one from https://go.dev/dl/ first on PATH"}
	}
	return finding{fine, fmt.Sprintf("%d fit %s: %d in its linker, %d in its compiler, %d in runtime, reflect and os, survival and interrupt among them",
		i.Linker+i.Compiler+i.Library, i.Release, i.Linker, i.Compiler, i.Library), ""}
}

// lookBuild opens the toolchain and gives up as soon as it begins to build.
func lookBuild(ctx context.Context) finding {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := false
	t, err := toolchain.Open(ctx, toolchain.Config{Source: interleave.Source, Progress: func(string) {
		began = true
		cancel()
	}})
	switch {
	case began && anyBuild():
		return finding{note, "what the cache holds was built for another Go or another version of this command; the first cell will wait for new ones",
			"build them now with: interleave install --user"}
	case began:
		return finding{note, "linker and worker are not built yet; the first cell will wait for them",
			"build them now with: interleave install --user"}
	case err != nil:
		return finding{missing, err.Error(), ""}
	}
	text := "for Go " + t.GoVersion()
	if t.HasRace() {
		text += ", with the race detector, too"
	}
	if err := t.Close(); err != nil {
		return finding{note, text + ": " + err.Error(), ""}
	}
	return finding{fine, text, ""}
}

// anyBuild says whether the cache holds a linker and a worker.
func anyBuild() bool {
	dir, err := cacheFolder()
	return err == nil && len(builds(dir)) > 0
}
