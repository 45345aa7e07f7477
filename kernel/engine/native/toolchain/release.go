package toolchain

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
)

// release is a Go installation.
type release struct {
	Version    string // "go1.26.8"
	Root       string // GOROOT
	ModCache   string
	OS, Arch   string
	Level      string // GOAMD64
	Experiment string

	command string // the go command that was asked
	race    bool   // packages are built with the race detector
}

// ErrNoGo is returned when there is no go command.
var ErrNoGo = errors.New("no Go toolchain was found; install Go from https://go.dev/dl/ or name the go command")

// ErrPlatform is returned where the native engine cannot link.
var ErrPlatform = errors.New("the native engine runs on linux/amd64 only")

// findRelease asks the go command in a folder what it is: PATH, GOTOOLCHAIN and
// the go.mod there decide, as for go build. A release that cannot be used as it
// is gives way to one that can, which the go command may have to download.
func findRelease(ctx context.Context, command, dir string, progress func(string)) (release, error) {
	path, err := exec.LookPath(cmp.Or(command, "go"))
	if err != nil {
		return release{}, fmt.Errorf("%w (%v)", ErrNoGo, err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return release{}, fmt.Errorf("%w (%v)", ErrNoGo, err)
	}
	r, err := askGo(ctx, path, dir, os.Environ())
	if err != nil {
		return r, err
	}
	r.command = path
	if r.OS != "linux" || r.Arch != "amd64" {
		return r, fmt.Errorf("%w, not on %s/%s", ErrPlatform, r.OS, r.Arch)
	}
	switch {
	case overlay.Check(r.Version) != nil:
		return r.instead(ctx, readable(runtime.Version()), "is not one that this version of Interleave knows", progress)
	case newer(r.Version, runtime.Version()):
		other, err := r.instead(ctx, readable(runtime.Version()), "is newer than the Go that Interleave was built with, "+version.Lang(runtime.Version())+
			"; to use it, build again: go install "+modulePath+"/cmd/interleave@latest", progress)
		if errors.Is(err, ErrRelease) {
			progress("It cannot be had now. " + r.Version + " is used, but for what is new in its language and packages that make use of it.")
			return r, nil
		}
		return other, err
	}
	return r, nil
}

// ErrRelease is returned for a release of Go with which the engine does not
// work, when one with which it does could not be had either.
var ErrRelease = overlay.ErrUntested

// instead returns another release, which the go command fetches if need be.
func (r release) instead(ctx context.Context, want, because string, progress func(string)) (release, error) {
	progress(fmt.Sprintf("%s %s. Asking for %s.", r.Version, because, want))
	other, err := askGo(ctx, r.command, os.TempDir(), append(os.Environ(), "GOTOOLCHAIN="+want, "GOWORK=off"))
	if ctx.Err() != nil {
		return r, err
	}
	if err == nil {
		err = overlay.Check(other.Version) // an old go command does not know GOTOOLCHAIN
	}
	if err != nil {
		return r, fmt.Errorf("%w: %s %s, and %s could not be had: %w\ninstall one of Go %s from https://go.dev/dl/ and put it first on PATH, or connect to the network",
			ErrRelease, r.Version, because, want, err, known())
	}
	other.command = r.command
	return other, nil
}

// known lists the minor versions which the engine knows, for a person.
func known() string {
	var list []string
	for _, t := range overlay.Tested {
		list = append(list, strings.TrimPrefix(version.Lang(t), "go"))
	}
	return strings.Join(list, ", ")
}

// readable is the newest tested release that a program built with another
// understands: its go/types knows the language up to its own.
func readable(built string) string {
	for _, t := range slices.Backward(overlay.Tested) {
		if !newer(t, built) {
			return t
		}
	}
	return overlay.Newest()
}

// newer reports whether a release has a newer language than another. What is
// no release, as a development version, counts as the newest.
func newer(release, than string) bool {
	return version.IsValid(than) && version.Compare(version.Lang(release), version.Lang(than)) > 0
}

func askGo(ctx context.Context, path, dir string, env []string) (release, error) {
	cmd := exec.CommandContext(ctx, path, "env", "-json", "GOVERSION", "GOROOT", "GOMODCACHE", "GOHOSTOS", "GOHOSTARCH", "GOAMD64", "GOEXPERIMENT")
	cmd.Env = append(env, "GOOS=", "GOARCH=")
	cmd.Dir = dir
	out, err := Output(cmd)
	if err != nil {
		return release{}, fmt.Errorf("ask %s for its release: %w", path, err)
	}
	var v map[string]string
	if err := json.Unmarshal(out, &v); err != nil {
		return release{}, fmt.Errorf("ask %s for its release: %w", path, err)
	}
	return release{
		Version: v["GOVERSION"], Root: v["GOROOT"], ModCache: v["GOMODCACHE"],
		OS: v["GOHOSTOS"], Arch: v["GOHOSTARCH"], Level: v["GOAMD64"], Experiment: v["GOEXPERIMENT"],
	}, nil
}

// env is the environment for go commands: of the user's own, only what leads
// to modules and caches counts.
func (r release) env() []string {
	var env []string
	for _, kv := range os.Environ() {
		switch name, _, _ := strings.Cut(kv, "="); name {
		case "GOFLAGS", "GOROOT", "GOOS", "GOARCH", "GOAMD64", "GOTOOLCHAIN", "GOEXPERIMENT", "CGO_ENABLED", "GODEBUG", "GOTOOLDIR", "GOGC", "GOMEMLIMIT":
		default:
			env = append(env, kv)
		}
	}
	return append(env, "GOROOT="+r.Root, "GOOS="+r.OS, "GOARCH="+r.Arch, "GOAMD64="+r.Level, "GOEXPERIMENT="+r.Experiment, "GOTOOLCHAIN=local", "CGO_ENABLED=0")
}

// goCommand is a command of the release itself, run in dir.
func (r release) goCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(r.Root, "bin", "go"), args...)
	cmd.Dir, cmd.Env = dir, r.env()
	return cmd
}

// inModuleCache reports whether the release was fetched by the go command,
// whose files go build -overlay does not replace.
func (r release) inModuleCache() bool {
	rel, err := filepath.Rel(r.ModCache, r.Root)
	return err == nil && r.ModCache != "" && !strings.HasPrefix(rel, "..")
}

// linked returns the release with a root made of links to the original files.
func (r release) linked(dir string) (release, error) {
	original := r.Root
	r.Root = dir
	if _, err := os.Stat(filepath.Join(dir, "VERSION")); err == nil {
		return r, nil
	}
	if err := os.RemoveAll(dir); err != nil { // links to a release that was removed
		return r, fmt.Errorf("link the Go release: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".")
	if err != nil {
		return r, fmt.Errorf("link the Go release: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := linkTree(original, tmp); err != nil {
		return r, fmt.Errorf("link the Go release: %w", err)
	}
	if err := os.Rename(tmp, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return r, fmt.Errorf("link the Go release: %w", err)
	}
	return r, nil
}

// linkTree makes a tree of links to the files of another, without the parts of
// a release that are of no use for building.
func linkTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		switch {
		case rel == "test" || rel == "api" || rel == "doc" || rel == "misc":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		}
		return linkFile(name, filepath.Join(to, rel))
	})
}

// linkFile makes a hard link, or on another disk a symbolic one. A file that
// may be embedded is copied then: the go command does not embed through links.
func linkFile(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	switch filepath.Ext(from) {
	case ".go", ".s", ".h", ".a", "":
		return os.Symlink(from, to)
	}
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o666)
}
