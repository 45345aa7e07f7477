package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/atomicfile"
)

// standard is the path that stands for standard output.
const standard = "-"

// write writes what content gives to a file, whole or not at all, or to
// standard output.
func (a *app) write(path string, content func() ([]byte, error)) error {
	data, err := content()
	switch {
	case err != nil:
		return fmt.Errorf("write %s: %w", path, err)
	case path == standard:
		_, err := a.stdout.Write(data)
		return err
	}
	return atomicfile.Write(path, data)
}

// destine gives each job the path its result goes to. One job may name a file
// or a folder; several need a folder, in which each keeps its name. Folders
// that are missing are made, and a place that cannot be written is found out
// before anything runs.
func destine(jobs []job, flag, to, ext string, set func(*job, string)) error {
	switch {
	case to == "":
		return nil
	case to == standard && len(jobs) > 1:
		return fmt.Errorf("%s -: standard output takes one notebook, got %d", flag, len(jobs))
	case to == standard:
		set(&jobs[0], standard)
		return nil
	}
	folder, err := isFolder(to, len(jobs) > 1, ext)
	if err != nil {
		return fmt.Errorf("%s %s: %w", flag, to, err)
	}
	taken := map[string]string{}
	for i := range jobs {
		path := to
		if folder {
			base := filepath.Base(jobs[i].in)
			path = filepath.Join(to, strings.TrimSuffix(base, filepath.Ext(base))+ext)
		}
		if other, ok := taken[path]; ok {
			return fmt.Errorf("%s %s: %s and %s would both be written to %s", flag, to, other, jobs[i].in, path)
		}
		taken[path] = jobs[i].in
		set(&jobs[i], path)
	}
	dir := filepath.Dir(to)
	if folder {
		dir = to
	}
	if err := writable(dir); err != nil {
		return fmt.Errorf("%s %s: %w", flag, to, err)
	}
	return nil
}

func isFolder(to string, several bool, ext string) (bool, error) {
	info, err := os.Stat(to)
	switch {
	case err == nil && info.IsDir():
		return true, nil
	case err == nil && several:
		return false, errors.New("is a file; several notebooks need a folder")
	case strings.HasSuffix(to, string(filepath.Separator)) || several:
		return true, nil
	case err == nil && !info.Mode().IsRegular():
		return false, nil // a device or a pipe
	case filepath.Ext(to) != ext:
		return false, fmt.Errorf("does not end in %s", ext)
	}
	return false, nil
}

// writable makes the folder and tries to write into it.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".interleave-*.tmp")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// writableFile finds out before anything runs that a file cannot be written.
// An empty path is no file.
func writableFile(flag, path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s %s: is a folder; name a file", flag, path)
	}
	if err := writable(filepath.Dir(path)); err != nil {
		return fmt.Errorf("%s %s: %w", flag, path, err)
	}
	return nil
}
