package toolchain_test

import (
	"io/fs"
	"slices"
	"strings"
)

// part is a file system that shows some of another: as embedded sources do.
type part struct {
	fs.FS
	names []string
}

func sub(fsys fs.FS, names ...string) fs.FS { return part{fsys, names} }

func (p part) shows(name string) bool {
	return name == "." || slices.ContainsFunc(p.names, func(n string) bool {
		return name == n || strings.HasPrefix(name, n+"/") || strings.HasPrefix(n, name+"/")
	})
}

func (p part) Open(name string) (fs.File, error) {
	if !p.shows(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return p.FS.Open(name)
}

// ReadDir lists what is shown.
func (p part) ReadDir(name string) ([]fs.DirEntry, error) {
	es, err := fs.ReadDir(p.FS, name)
	return slices.DeleteFunc(es, func(e fs.DirEntry) bool {
		full := e.Name()
		if name != "." {
			full = name + "/" + full
		}
		return !p.shows(full)
	}), err
}
