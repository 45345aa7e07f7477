package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// destine gives each job the path its result goes to. One job may name a file
// or a folder; several need a folder, in which each keeps its name. Folders
// that are missing are made, and a place that cannot be written is found out
// before anything runs.
func destine(jobs []job, flag, to, ext string, set func(*job, string)) error {
	if to == "" {
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
