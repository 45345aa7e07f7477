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
	Files      map[string]int64  // sizes, by path relative to the entry
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
	for name, size := range m.Files {
		st, err := os.Stat(e.path(name))
		if err != nil {
			return m, fmt.Errorf("read the cache: %w", err)
		}
		if st.Size() != size {
			return m, fmt.Errorf("read the cache: %s has %d bytes instead of %d", e.path(name), st.Size(), size)
		}
	}
	return m, nil
}

// writeManifest completes the entry.
func (e entry) writeManifest(m manifest) error {
	m.Files = map[string]int64{}
	for _, name := range append([]string{"link", "compile", "worker", "worker.idx"}, values(m.Exports)...) {
		st, err := os.Stat(e.path(name))
		if err != nil {
			return fmt.Errorf("complete the cache: %w", err)
		}
		m.Files[name] = st.Size()
	}
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return fmt.Errorf("complete the cache: %w", err)
	}
	return writeFile(e.path(manifestFile), b)
}

func values(m map[string]string) []string {
	var vs []string
	for _, v := range m {
		vs = append(vs, v)
	}
	return vs
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
