package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
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
}

// ErrNoGo is returned when there is no go command.
var ErrNoGo = errors.New("no Go toolchain was found; install Go from https://go.dev/dl/ or name the go command")

// ErrPlatform is returned where the native engine cannot link.
var ErrPlatform = errors.New("the native engine runs on linux/amd64 only")

// findRelease asks the go command what it is. For an untested release it asks
// for a tested one, which the go command may have to download.
func findRelease(ctx context.Context, command string, progress func(string)) (release, error) {
	if command == "" {
		command = "go"
	}
	path, err := exec.LookPath(command)
	if err != nil {
		return release{}, fmt.Errorf("%w (%v)", ErrNoGo, err)
	}
	r, err := askGo(ctx, path, os.Environ())
	if err != nil {
		return r, err
	}
	if r.OS != "linux" || r.Arch != "amd64" {
		return r, fmt.Errorf("%w, not on %s/%s", ErrPlatform, r.OS, r.Arch)
	}
	if unknown := overlay.Check(r.Version); unknown != nil {
		want := overlay.Tested[len(overlay.Tested)-1]
		progress(fmt.Sprintf("%s has not been tested with Interleave; asking for %s.", r.Version, want))
		if r, err = askGo(ctx, path, append(os.Environ(), "GOTOOLCHAIN="+want)); err != nil {
			return r, fmt.Errorf("%w; asking for a tested one: %w", unknown, err)
		}
		return r, overlay.Check(r.Version)
	}
	return r, nil
}

func askGo(ctx context.Context, path string, env []string) (release, error) {
	cmd := exec.CommandContext(ctx, path, "env", "-json", "GOVERSION", "GOROOT", "GOMODCACHE", "GOHOSTOS", "GOHOSTARCH", "GOAMD64", "GOEXPERIMENT")
	cmd.Env = append(env, "GOWORK=off", "GOOS=", "GOARCH=")
	cmd.Dir = os.TempDir() // no go.mod there decides about the release
	out, err := output(cmd)
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

// output runs a command and returns what it prints; an error carries what it
// says on standard error.
func output(cmd *exec.Cmd) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return nil, fmt.Errorf("%w\n%s", err, text)
		}
		return nil, err
	}
	return stdout.Bytes(), nil
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
