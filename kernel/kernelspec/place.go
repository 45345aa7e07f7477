package kernelspec

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// User returns the data folder of this user, as jupyter_core finds it:
// JUPYTER_DATA_DIR, or what is usual on the platform.
func User() (string, error) { return host().user() }

// Prefix returns the data folder of an installation: "share/jupyter" below
// prefix, made absolute.
func Prefix(prefix string) (string, error) {
	abs, err := filepath.Abs(prefix)
	if err != nil {
		return "", fmt.Errorf("find data folder below %s: %w", prefix, err)
	}
	return filepath.Join(abs, "share", "jupyter"), nil
}

// SysPrefix returns the data folder of the Python that is first on PATH, and so
// of an active virtual or conda environment.
func SysPrefix(ctx context.Context) (string, error) {
	for _, python := range []string{"python3", "python"} {
		path, err := exec.LookPath(python)
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, path, "-c", "import sys; print(sys.prefix)").Output()
		if err != nil {
			return "", fmt.Errorf("ask %s for its prefix: %w", path, err)
		}
		return Prefix(strings.TrimSpace(string(out)))
	}
	return "", errors.New("find the prefix of Python: no python3 on PATH; name the folder with --prefix")
}

// Places returns the data folders in which Jupyter looks for kernels, as far as
// they do not depend on a Python: those of JUPYTER_PATH first, then the user's,
// then the system's.
func Places() []string { return host().places() }

// Installed returns the folders of our kernels in the given data folders.
func Installed(places []string) []string {
	var found []string
	for _, data := range places {
		specs, err := filepath.Glob(filepath.Join(data, "kernels", "*", "kernel.json"))
		if err != nil { // data holds a pattern that is malformed
			continue
		}
		for _, spec := range specs {
			if s, err := Read(filepath.Dir(spec)); err == nil && s.Ours() {
				found = append(found, filepath.Dir(spec))
			}
		}
	}
	return found
}

// system is what the places depend on.
type system struct {
	goos string
	env  func(string) string
	home func() (string, error)
}

func host() system { return system{runtime.GOOS, os.Getenv, os.UserHomeDir} }

func (s system) user() (string, error) {
	if dir := s.env("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	home, err := s.home()
	if err != nil {
		return "", fmt.Errorf("find the user's data folder: %w; set JUPYTER_DATA_DIR", err)
	}
	switch {
	case s.goos == "darwin" && s.platformDirs():
		return filepath.Join(home, "Library", "Application Support", "Jupyter"), nil
	case s.goos == "darwin":
		return filepath.Join(home, "Library", "Jupyter"), nil
	case s.goos == "windows":
		return s.windows(home), nil
	}
	if xdg := s.env("XDG_DATA_HOME"); xdg != "" {
		return filepath.Join(xdg, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

func (s system) windows(home string) string {
	local, roaming := s.env("LOCALAPPDATA"), s.env("APPDATA")
	switch {
	case s.platformDirs() && local != "":
		return filepath.Join(local, "Jupyter")
	case roaming != "":
		return filepath.Join(roaming, "jupyter")
	}
	config := s.env("JUPYTER_CONFIG_DIR")
	if config == "" {
		config = filepath.Join(home, ".jupyter")
	}
	return filepath.Join(config, "data")
}

// platformDirs is jupyter_core's switch to the folders which the platform
// recommends.
func (s system) platformDirs() bool {
	switch strings.ToLower(s.env("JUPYTER_PLATFORM_DIRS")) {
	case "", "0", "no", "n", "false", "off":
		return false
	}
	return true
}

func (s system) places() []string {
	list := ":"
	if s.goos == "windows" {
		list = ";"
	}
	var places []string
	for _, dir := range strings.Split(s.env("JUPYTER_PATH"), list) {
		if dir != "" {
			places = append(places, dir)
		}
	}
	if user, err := s.user(); err == nil {
		places = append(places, user)
	}
	if s.goos == "windows" {
		if data := s.env("PROGRAMDATA"); data != "" {
			places = append(places, filepath.Join(data, "jupyter"))
		}
		return places
	}
	return append(places, "/usr/local/share/jupyter", "/usr/share/jupyter")
}
