package kernelspec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// ErrForeign is returned instead of touching a kernel that is not ours.
var ErrForeign = errors.New("another kernel has this name")

// ErrNotInstalled is returned by Uninstall when there is nothing to take away.
var ErrNotInstalled = errors.New("no such kernel")

// names are what Jupyter takes for the name of a kernel.
var names = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// folder returns where a kernel of this name stands below a data folder.
func folder(data, name string) (string, error) {
	if !names.MatchString(name) || strings.Trim(name, ".") == "" {
		return "", fmt.Errorf("kernel name %q: want letters, digits, and . _ - only", name)
	}
	return filepath.Join(data, "kernels", strings.ToLower(name)), nil
}

// Install writes s under name below data, a folder that User, Prefix or
// SysPrefix has returned, and returns the folder it wrote. An earlier spec of
// ours is replaced as a whole; one of another kernel is left alone and the error
// is ErrForeign.
func Install(data, name string, s Spec) (string, error) {
	target, err := folder(data, name)
	if err != nil {
		return "", err
	}
	if err := check(target); err != nil && !errors.Is(err, ErrNotInstalled) {
		return "", fmt.Errorf("install kernel: %w", err)
	}
	parent := filepath.Dir(target)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", fmt.Errorf("install kernel: %w%s", err, advice(err))
	}
	fresh, err := os.MkdirTemp(parent, ".interleave-")
	if err != nil {
		return "", fmt.Errorf("install kernel: %w%s", err, advice(err))
	}
	defer os.RemoveAll(fresh) // nothing is left of it after a rename
	if err := errors.Join(os.Chmod(fresh, 0o755), s.Write(fresh)); err != nil {
		return "", fmt.Errorf("install kernel: %w", err)
	}
	if err := errors.Join(os.RemoveAll(target), os.Rename(fresh, target)); err != nil {
		return "", fmt.Errorf("install kernel: %w", err)
	}
	return target, nil
}

// Uninstall takes the kernel of this name away from below data and returns the
// folder it removed. The errors are ErrNotInstalled and ErrForeign, among others.
func Uninstall(data, name string) (string, error) {
	target, err := folder(data, name)
	if err != nil {
		return "", err
	}
	if err := check(target); err != nil {
		return "", fmt.Errorf("uninstall kernel: %w", err)
	}
	if err := os.RemoveAll(target); err != nil {
		return "", fmt.Errorf("uninstall kernel: %w%s", err, advice(err))
	}
	_ = os.Remove(filepath.Dir(target)) // stays if it holds other kernels
	return target, nil
}

// check returns nil where target holds a spec of ours.
func check(target string) error {
	s, err := Read(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if entries, e := os.ReadDir(target); e == nil && len(entries) > 0 {
			return fmt.Errorf("%w: %s has files but no kernel.json", ErrForeign, target)
		}
		return fmt.Errorf("%w: %s", ErrNotInstalled, target)
	case err != nil:
		return err
	case !s.Ours():
		return fmt.Errorf("%w: %s is %q; choose another with --name", ErrForeign, target, s.DisplayName)
	}
	return nil
}

// advice ends an error that another choice of place would avoid.
func advice(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return "; install with --user, or with --prefix into a folder you may write"
	}
	return ""
}
