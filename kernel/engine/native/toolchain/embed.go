package toolchain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// EmbedError is returned by Compile for a go:embed pattern that finds no
// files. Its text is that of the go command.
type EmbedError struct {
	Pattern string
	Err     error
}

func (e *EmbedError) Error() string { return fmt.Sprintf("pattern %s: %v", e.Pattern, e.Err) }

// Unwrap returns the reason.
func (e *EmbedError) Unwrap() error { return e.Err }

// embedConfig is what the compiler reads: which files a pattern stands for,
// and where they are.
type embedConfig struct {
	Patterns map[string][]string
	Files    map[string]string
}

// writeEmbedConfig resolves patterns in a folder as the go command does in
// that of a package, and writes the result.
func writeEmbedConfig(name, dir string, patterns []string) error {
	c := embedConfig{Patterns: map[string][]string{}, Files: map[string]string{}}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("embed files: %w", err)
	}
	for _, p := range patterns {
		files, err := resolveEmbed(dir, p)
		if err != nil {
			return &EmbedError{Pattern: p, Err: err}
		}
		c.Patterns[p] = files
		for _, f := range files {
			c.Files[f] = filepath.Join(dir, filepath.FromSlash(f))
		}
	}
	b, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("embed files: %w", err)
	}
	if err := os.WriteFile(name, b, 0o666); err != nil {
		return fmt.Errorf("embed files: %w", err)
	}
	return nil
}

// resolveEmbed lists the files a pattern stands for, relative to dir, with
// slashes, sorted.
func resolveEmbed(dir, pattern string) ([]string, error) {
	glob, all := strings.CutPrefix(pattern, "all:")
	if glob == "." || !fs.ValidPath(glob) {
		return nil, errors.New("invalid pattern syntax")
	}
	fsys := os.DirFS(dir)
	matches, err := fs.Glob(fsys, glob)
	if err != nil {
		return nil, errors.New("invalid pattern syntax")
	}
	var files []string
	for _, m := range matches {
		fsFiles, err := embedded(fsys, m, all)
		if err != nil {
			return nil, err
		}
		files = append(files, fsFiles...)
	}
	if len(files) == 0 {
		return nil, errors.New("no matching files found")
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// embedded lists what a match brings: itself, or the files below it.
func embedded(fsys fs.FS, match string, all bool) ([]string, error) {
	if slices.ContainsFunc(strings.Split(match, "/"), badEmbedName) {
		return nil, fmt.Errorf("cannot embed %s: invalid name", match)
	}
	st, err := fs.Lstat(fsys, match)
	if err != nil {
		return nil, err
	}
	switch {
	case st.Mode().IsRegular():
		return []string{match}, nil
	case !st.IsDir():
		return nil, fmt.Errorf("cannot embed irregular file %s", match)
	}
	files, err := below(fsys, match, all)
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("cannot embed directory %s: contains no embeddable files", match)
	}
	return files, err
}

// below lists the files in a folder, without hidden ones and other modules.
func below(fsys fs.FS, dir string, all bool) (files []string, err error) {
	err = fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		hidden := name != dir && (badEmbedName(base) || !all && (base[0] == '.' || base[0] == '_'))
		switch {
		case hidden && d.IsDir():
			return fs.SkipDir
		case d.IsDir() && name != dir && exists(fsys, path.Join(name, "go.mod")):
			return fs.SkipDir
		case !hidden && d.Type().IsRegular():
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return err == nil
}

// badEmbedName: folders of version control are never embedded.
func badEmbedName(name string) bool {
	switch name {
	case "", ".bzr", ".hg", ".git", ".svn":
		return true
	}
	return false
}
