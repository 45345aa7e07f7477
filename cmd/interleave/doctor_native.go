//go:build linux && amd64

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

func lookGo(ctx context.Context) finding {
	path, err := exec.LookPath("go")
	if err != nil {
		return finding{missing, "no go command on PATH", "install Go from https://go.dev/dl/ and add its bin folder to PATH"}
	}
	cmd := exec.CommandContext(ctx, path, "env", "GOVERSION")
	cmd.Dir = os.TempDir() // no go.mod there decides about the release
	out, err := cmd.Output()
	if err != nil {
		return finding{missing, fmt.Sprintf("%s env GOVERSION: %v", path, err), "install Go from https://go.dev/dl/"}
	}
	release := strings.TrimSpace(string(out))
	if overlay.Check(release) != nil {
		known := overlay.Tested[len(overlay.Tested)-1]
		return finding{note, fmt.Sprintf("%s (%s) has not been tested with this version", release, path),
			"the go command will be asked for " + known + "; get it now with: GOTOOLCHAIN=" + known + " go version"}
	}
	return finding{fine, fmt.Sprintf("%s (%s)", release, path), ""}
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
	case began:
		return finding{note, "linker and worker are not built yet; the first cell will wait for them",
			"build them now with: interleave install --user"}
	case err != nil:
		return finding{missing, err.Error(), ""}
	}
	text := "for Go " + t.GoVersion()
	if err := t.Close(); err != nil {
		return finding{note, text + ": " + err.Error(), ""}
	}
	return finding{fine, text, ""}
}
