// Package standin builds the programs that stand in for servers which are not
// installed. They are modules of their own, so that nobody who does not use
// them fetches, builds or links what they need.
package standin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// sources has a folder for each program; the files end in .txt, or the folders
// would be modules and could not be embedded.
//
//go:embed miniredis ferretdb
var sources embed.FS

// Build returns the path of a program, which it builds when it is not in the
// cache of this user yet. The first time that takes a second for miniredis and
// a minute or two for ferretdb, and their sources are fetched.
func Build(ctx context.Context, name string) (string, error) {
	dir, err := folder(name)
	if err != nil {
		return "", fmt.Errorf("build %s: %w", name, err)
	}
	program := filepath.Join(dir, name)
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	unlock, err := lock(dir + ".lock")
	if err != nil {
		return "", fmt.Errorf("build %s: %w", name, err)
	}
	defer unlock()
	if _, err := os.Stat(program); err == nil { // another process was first
		return program, nil
	}
	if err := build(ctx, name, program); err != nil {
		return "", fmt.Errorf("build %s: %w", name, err)
	}
	return program, nil
}

// folder is where a program of these sources and this release is kept.
func folder(name string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintln(h, runtime.GOOS, runtime.GOARCH)
	err = fs.WalkDir(sources, name, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := sources.ReadFile(p)
		fmt.Fprintf(h, "%s %d\n%s", p, len(b), b)
		return err
	})
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "interleave", "standin", fmt.Sprintf("%s-%.8x", name, h.Sum(nil)))
	return dir, os.MkdirAll(dir, 0o755)
}

func build(ctx context.Context, name, program string) error {
	goTool, err := goCommand()
	if err != nil {
		return err
	}
	src, err := os.MkdirTemp("", "interleave-"+name+"-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(src)
	if err := extract(name, src); err != nil {
		return err
	}
	temp := program + ".new"
	cmd := exec.CommandContext(ctx, goTool, "build", "-trimpath", "-o", temp, ".")
	cmd.Dir = src
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=off", "CGO_ENABLED=0", "GO111MODULE=on")
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("%w\n%s", err, bytes.TrimSpace(out))
	}
	return os.Rename(temp, program)
}

func extract(name, dir string) error {
	files, err := sources.ReadDir(name)
	if err != nil {
		return err
	}
	for _, f := range files {
		b, err := sources.ReadFile(path.Join(name, f.Name()))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, strings.TrimSuffix(f.Name(), ".txt")), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// goCommand finds the go command.
func goCommand() (string, error) {
	if p, err := exec.LookPath("go"); err == nil {
		return p, nil
	}
	if root := os.Getenv("GOROOT"); root != "" {
		p := filepath.Join(root, "bin", "go")
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	return "", errors.New("no go command in PATH to build it with; see https://go.dev/doc/install")
}
