package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/interleave-lab/interleave/charts/labextension"
	"github.com/interleave-lab/interleave/kernel/kernelspec"
)

// place says where a kernel is installed and under which name.
type place struct {
	user, sysPrefix bool
	prefix, name    string
}

func (p *place) flags(fs *flag.FlagSet) {
	fs.BoolVar(&p.user, "user", false, "for this user (the default)")
	fs.StringVar(&p.prefix, "prefix", "", "below `DIR`, in share/jupyter")
	fs.BoolVar(&p.sysPrefix, "sys-prefix", false, "for the Python that is first on PATH: a virtual or conda environment")
	fs.StringVar(&p.name, "name", kernelspec.Name, "under the name `N`, which notebooks refer to")
}

// data is the folder of Jupyter's data the flags choose.
func (p *place) data(ctx context.Context) (string, error) {
	chosen := 0
	for _, on := range []bool{p.user, p.sysPrefix, p.prefix != ""} {
		if on {
			chosen++
		}
	}
	switch {
	case chosen > 1:
		return "", usagef("choose one of --user, --prefix and --sys-prefix")
	case p.prefix != "":
		return kernelspec.Prefix(p.prefix)
	case p.sysPrefix:
		return kernelspec.SysPrefix(ctx)
	}
	return kernelspec.User()
}

func (a *app) installCommand() *command {
	var p place
	var alias, notebooks string
	return &command{
		name:  "install",
		usage: "[--user | --prefix DIR | --sys-prefix] [--name N] [--alias N] [--for FOLDER]",
		short: "make the kernel known to Jupyter",
		long: `
Builds what cells need (once, about a minute), tells Jupyter where this
executable is, and makes charts live in JupyterLab and Notebook, which needs
neither pip nor npm. Run it again after moving or updating the executable, and
reload the pages that are open.

  interleave install --user           for you
  interleave install --sys-prefix     into the active Python environment
  interleave install --prefix /usr    for everybody

Notebooks name the kernel they were written for. Those of another Go kernel
open with this one under an alias; uninstall --name N takes it away.

  interleave install --user --alias gophernotes

Packages that the worker lacks are linked when a cell first imports them. For an
image or a class room, do it ahead for a folder of notebooks, also with the race
detector where there is a C compiler:

  interleave install --user --for notebooks/`,
		flags: func(fs *flag.FlagSet) {
			p.flags(fs)
			fs.StringVar(&alias, "alias", "", "also under the name `N`, for notebooks of another kernel")
			fs.StringVar(&notebooks, "for", "", "link ahead what the notebooks in `FOLDER` import")
		},
		run: func(ctx context.Context, args []string) error { return a.install(ctx, args, p, alias, notebooks) },
	}
}

func (a *app) install(ctx context.Context, args []string, p place, alias, notebooks string) error {
	if err := none(args); err != nil {
		return err
	}
	exe, err := executable()
	if err != nil {
		return err
	}
	data, err := p.data(ctx)
	if err != nil {
		return err
	}
	spec, err := kernelspec.New(exe, version())
	if err != nil {
		return err
	}
	if err := a.build(ctx); err != nil {
		return err
	}
	if notebooks != "" {
		if err := a.linkAhead(ctx, notebooks); err != nil {
			return err
		}
	}
	folder, err := kernelspec.Install(data, p.name, spec)
	if err != nil {
		return err
	}
	if alias != "" {
		if _, err := kernelspec.Install(data, alias, spec); err != nil {
			return err
		}
	}
	if err := labextension.Install(data, version()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "installed %q in %s; charts are live in JupyterLab and Notebook\nStart Jupyter and choose it, or see whether all is well with: interleave doctor\n", spec.DisplayName, folder)
	return nil
}

// build makes the engine ready for its first cell, so that nobody waits for it
// in a notebook.
func (a *app) build(ctx context.Context) error {
	e := a.newEngine("")
	p := newProgress(a.stderr)
	err := prepare(ctx, e, p)
	if ahead, ok := e.(prebuilder); ok && err == nil {
		if err := ahead.Prebuild(ctx, p.building); err != nil && ctx.Err() == nil {
			fmt.Fprintf(a.stderr, "  charts are linked when a cell first imports them, as they could not be now: %v\n", err)
		}
		p.built()
	}
	return errors.Join(err, e.Close())
}

// prebuilder links ahead what a cell would wait for when it first imports it.
type prebuilder interface {
	Prebuild(ctx context.Context, progress func(text string)) error
}

// executable is the path of this program, if it is one that stays.
func executable() (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this executable: %w", err)
	}
	if strings.Contains(exe, string(filepath.Separator)+"go-build") {
		return "", usagef("this executable is a temporary one of go run; install it first with: go install ./cmd/interleave")
	}
	return exe, nil
}

func (a *app) uninstallCommand() *command {
	var p place
	var cache bool
	return &command{
		name:  "uninstall",
		usage: "[--user | --prefix DIR | --sys-prefix] [--name N] [--cache]",
		short: "take the kernel away from Jupyter",
		long: `
Removes what install has written with the same flags, and names the folder of
what was built for it, which stays: another kernel of ours may use it. With
--cache that goes, too, and nothing is left but this executable.`,
		flags: func(fs *flag.FlagSet) {
			p.flags(fs)
			fs.BoolVar(&cache, "cache", false, "remove also what was built; sessions that run lose it")
		},
		run: func(ctx context.Context, args []string) error { return a.uninstall(ctx, args, p, cache) },
	}
}

func (a *app) uninstall(ctx context.Context, args []string, p place, cache bool) error {
	if err := none(args); err != nil {
		return err
	}
	data, err := p.data(ctx)
	if err != nil {
		return err
	}
	folder, err := kernelspec.Uninstall(data, p.name)
	if len(kernelspec.Installed([]string{data})) == 0 { // another kernel of ours needs it still
		err = errors.Join(err, labextension.Uninstall(data))
	}
	if errors.Is(err, kernelspec.ErrNotInstalled) && cache {
		return a.forget(true) // the kernel went before
	}
	if errors.Is(err, kernelspec.ErrNotInstalled) {
		if others := kernelspec.Installed(kernelspec.Places()); len(others) > 0 {
			return fmt.Errorf("%w; ours are in %s", err, strings.Join(others, ", "))
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "removed %s\n", folder)
	return a.forget(cache)
}

// forget removes the folder of what was built, or names it.
func (a *app) forget(remove bool) error {
	cache, err := cacheFolder()
	if err != nil {
		return err
	}
	if _, err := os.Stat(cache); err != nil {
		return nil // nothing was built
	}
	if !remove {
		fmt.Fprintf(a.stdout, "what was built stays in %s; remove it, too, with: interleave uninstall --cache\n", cache)
		return nil
	}
	if err := os.RemoveAll(cache); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "removed %s\n", cache)
	return nil
}
