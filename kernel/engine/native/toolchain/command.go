package toolchain

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// GoCommand is a go command of the release in use, run in dir, for what
// concerns the author's own modules: GOFLAGS, GOPROXY, GOPRIVATE and the rest
// of the environment hold as at a shell.
func (t *Toolchain) GoCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := t.release.goCommand(ctx, dir, args...)
	if flags := os.Getenv("GOFLAGS"); flags != "" {
		cmd.Env = append(cmd.Env, "GOFLAGS="+flags)
	}
	return cmd
}

// Output runs a command and returns what it prints. An error is what the command
// says on standard error, if that is anything, and wraps that of os/exec.
func Output(cmd *exec.Cmd) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return nil, &saidError{text, err}
		}
		return nil, err
	}
	return stdout.Bytes(), nil
}

// saidError is what a command says that failed.
type saidError struct {
	text string
	err  error
}

func (e *saidError) Error() string { return e.text }
func (e *saidError) Unwrap() error { return e.err }

// IsStandard says whether a package belongs to the standard library.
func (t *Toolchain) IsStandard(path string) bool {
	_, ok := slices.BinarySearch(t.manifest.Standard, path)
	return ok
}

// ownFlags are those of GOFLAGS that hold when packages are built for a worker,
// and the tags among them.
func ownFlags(goflags []string) (flags, tags []string) {
	for _, f := range goflags {
		name, value, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		switch name {
		case "tags":
			tags = append(tags, strings.Split(value, ",")...)
		case "mod", "modfile", "modcacherw":
			flags = append(flags, f)
		}
	}
	return flags, tags
}
