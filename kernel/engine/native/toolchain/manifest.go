package toolchain

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// manifest describes a built entry. It is written when all else is on disk.
type manifest struct {
	Release    string
	Root       string            // GOROOT
	Files      map[string]stamp  // by path relative to the entry
	Exports    map[string]string // files with export data, by import path
	Importable []string          // what cells may import, sorted
	Standard   []string          // all packages of the standard library
}

const manifestFile = "manifest.json"

// readManifest returns the manifest of an entry whose files are as they were
// built.
func (e entry) readManifest() (manifest, error) {
	var m manifest
	b, err := os.ReadFile(e.path(manifestFile))
	if err != nil {
		return m, fmt.Errorf("read the cache: %w", err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("read %s: %w", e.path(manifestFile), err)
	}
	return m, e.verify(m.Files)
}

// writeManifest completes the entry.
func (e entry) writeManifest(m manifest) error {
	files, err := e.stamps("link", "compile", "worker", "worker.idx", "export", moduleDir)
	if err != nil {
		return fmt.Errorf("complete the cache: %w", err)
	}
	m.Files = files
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return fmt.Errorf("complete the cache: %w", err)
	}
	return writeFile(e.path(manifestFile), b)
}

// writeFile writes a file that is either whole or not there: to another name,
// through to the disk, renamed.
func writeFile(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Chmod(0o644) // others may use the cache who cannot write to it
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
