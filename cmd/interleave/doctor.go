package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-lab/interleave/charts/labextension"
	"github.com/interleave-lab/interleave/kernel/kernelspec"
	"github.com/interleave-lab/interleave/lib/machine"
)

func (a *app) doctorCommand() *command {
	return &command{
		name:  "doctor",
		short: "say what is missing and how to get it",
		long: `
Looks at everything the kernel needs and changes nothing. Exit code 1 when
something is missing without which cells are not compiled.`,
		run: a.doctor,
	}
}

// finding is what a look at one thing has shown.
type finding struct {
	state state
	text  string
	fix   string // what to type, or to do
}

type state string

const (
	fine    state = "ok"
	note    state = "note" // works, but one should know
	missing state = "missing"
)

// checks look at one thing each.
var checks = []struct {
	name string
	look func(context.Context) finding
}{
	{"platform", lookPlatform},
	{"engine", lookEngine},
	{"Go", lookGo},
	{"changes", lookChanges},
	{"cache", lookCache},
	{"build", lookBuild},
	{"kernel", lookKernel},
	{"charts", lookCharts},
	{"Jupyter", lookJupyter},
	{"processors", lookProcessors},
	{"C compiler", lookC},
}

func (a *app) doctor(ctx context.Context, args []string) error {
	if err := none(args); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "interleave %s\n", version())
	ill := false
	for _, c := range checks {
		f := c.look(ctx)
		if err := context.Cause(ctx); err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "%-8s %-11s %s\n", f.state, c.name, f.text)
		if f.fix != "" {
			fmt.Fprintf(a.stdout, "%21s%s\n", "", f.fix)
		}
		ill = ill || f.state == missing
	}
	if ill {
		return errReported
	}
	return nil
}

func lookPlatform(context.Context) finding {
	return finding{fine, runtime.GOOS + "/" + runtime.GOARCH, ""}
}

// lookEngine says whether cells are compiled.
func lookEngine(context.Context) finding {
	if reason := whyInterpreted(); reason != "" {
		return finding{note, "cells are interpreted: slow, without goroutines, nothing is measured. " + reason,
			"install Go from https://go.dev/dl/ on linux/amd64, or use a container"}
	}
	return finding{fine, "cells are compiled and linked in place", ""}
}

func lookCache(context.Context) finding {
	dir, err := cacheFolder()
	if err != nil {
		return finding{missing, err.Error(), "set HOME or XDG_CACHE_HOME"}
	}
	if err := writable(dir); err != nil {
		return finding{missing, err.Error(), "make it writable, or set XDG_CACHE_HOME to a folder that is"}
	}
	text := fmt.Sprintf("%s (%d MB)", dir, size(dir)>>20)
	if n := len(builds(dir)); n > 1 {
		return finding{fine, fmt.Sprintf("%s, %d builds of linker and worker; old ones go by themselves beyond 1 GB", text, n),
			"all of them go with: interleave uninstall --cache"}
	}
	return finding{fine, text, ""}
}

// builds are the folders of what the cache holds for releases of Go and
// versions of this command. Beside each, a file says when it was last used.
func builds(cache string) (folders []string) {
	entries, err := os.ReadDir(cache)
	if err != nil {
		return nil // there is none
	}
	for _, e := range entries {
		folder := filepath.Join(cache, e.Name())
		if _, err := os.Stat(folder + ".use"); err == nil && e.IsDir() {
			folders = append(folders, folder)
		}
	}
	return folders
}

// cacheFolder is where the engine keeps what it builds.
func cacheFolder() (string, error) {
	base, err := os.UserCacheDir()
	return filepath.Join(base, "interleave"), err
}

// size is how many bytes the files below a folder have.
func size(dir string) (bytes int64) {
	// What cannot be read counts as nothing: the number is for a person.
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}

// ourKernels are the folders of our kernels, wherever Jupyter looks for them.
func ourKernels(ctx context.Context) []string {
	places := kernelspec.Places()
	if env, err := kernelspec.SysPrefix(ctx); err == nil && !slices.Contains(places, env) {
		places = append(places, env)
	}
	return kernelspec.Installed(places)
}

// lookCharts looks for the extension beside each kernel.
func lookCharts(ctx context.Context) finding {
	folders := ourKernels(ctx)
	if len(folders) == 0 {
		return finding{note, "the extension that makes charts live comes with the kernel", ""}
	}
	for _, folder := range folders {
		data := filepath.Dir(filepath.Dir(folder))
		switch err := labextension.Check(data); {
		case errors.Is(err, labextension.ErrForeign):
			return finding{note, err.Error() + "; charts are pictures", "take it away, then: interleave install --user (or the flags it was installed with)"}
		case err != nil:
			return finding{note, err.Error() + "; charts are pictures, or drawn by another version", "interleave install --user (or the flags it was installed with), then reload open pages"}
		}
	}
	return finding{fine, "live in JupyterLab and Notebook, by the extension " + labextension.Name, ""}
}

func lookKernel(ctx context.Context) finding {
	folders := ourKernels(ctx)
	if len(folders) == 0 {
		return finding{missing, "not installed", "interleave install --user"}
	}
	exe, err := os.Executable()
	if err != nil {
		return finding{missing, err.Error(), ""}
	}
	for _, folder := range folders {
		err := starts(folder, exe)
		if errors.Is(err, fs.ErrNotExist) {
			return finding{missing, err.Error(), "point it here with: interleave install --user (or the flags it was installed with)"}
		}
		if err != nil {
			return finding{note, err.Error(), "point it here with: interleave install --user (or the flags it was installed with)"}
		}
	}
	return finding{fine, strings.Join(folders, ", "), ""}
}

// starts checks that the kernel in a folder starts the executable.
func starts(folder, exe string) error {
	spec, err := kernelspec.Read(folder)
	if err != nil {
		return err
	}
	if len(spec.Argv) == 0 {
		return fmt.Errorf("%s starts nothing", folder)
	}
	theirs, err := os.Stat(spec.Argv[0])
	if err != nil {
		return fmt.Errorf("%s starts a program that is not there: %w", folder, err)
	}
	ours, err := os.Stat(exe)
	if err != nil {
		return err
	}
	if !os.SameFile(theirs, ours) {
		return fmt.Errorf("%s starts %s, not this executable (%s)", folder, spec.Argv[0], exe)
	}
	return nil
}

func lookJupyter(ctx context.Context) finding {
	for _, name := range []string{"jupyter-lab", "jupyter-notebook", "jupyter-console", "jupyter-nbconvert", "jupyter"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, path, "--version").Output()
		if err != nil {
			return finding{note, fmt.Sprintf("%s does not run: %v", path, failure(err)), "pip install --upgrade jupyterlab"}
		}
		first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		return finding{fine, fmt.Sprintf("%s %s (%s)", name, first, path), ""}
	}
	return finding{note, "no jupyter command on PATH; interleave run works without it", "pip install jupyterlab"}
}

// failure adds what a command said to its error.
func failure(err error) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		lines := strings.Split(strings.TrimSpace(string(exit.Stderr)), "\n")
		return fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
	return err
}

func lookProcessors(context.Context) finding { return processors(machine.Read()) }

// processors says whether more than one is ours.
func processors(s machine.Stamp) finding {
	text := fmt.Sprintf("%d logical cores", s.Cores)
	if s.Quota > 0 {
		text += ", of which a control group grants the time of " + strconv.FormatFloat(s.Quota, 'g', 3, 64)
	}
	if s.Cores < 2 || s.Quota > 0 && s.Quota < 2 {
		return finding{note, text, "cells run, but nothing can be faster on more cores here; grant more with, say: docker run --cpus 4"}
	}
	return finding{fine, text, ""}
}

func lookC(context.Context) finding {
	for _, name := range []string{"gcc", "clang", "cc"} {
		if path, err := exec.LookPath(name); err == nil {
			return finding{fine, path + ": sessions with the race detector can be built", ""}
		}
	}
	return finding{note, "none; cells do not need one, the race detector does", "apt-get install gcc libc6-dev (or what your system has)"}
}
