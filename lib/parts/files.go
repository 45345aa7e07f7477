package parts

import (
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Files is a folder of files with known content.
type Files struct {
	Dir   string
	Paths []string
	Sums  []uint32 // CRC-32 (IEEE) of each file, to check what was read
	Size  int      // bytes of each
	label Label
}

// MakeFiles writes n files of size bytes into a new folder inside dir, or of
// the system's place for temporary files when dir is empty. Their content
// follows from the seed.
func MakeFiles(dir string, n, size int, seed uint64) (*Files, error) {
	dir, err := os.MkdirTemp(dir, "interleave-files-")
	if err != nil {
		return nil, fmt.Errorf("make files: %w", err)
	}
	f := &Files{Dir: dir, Size: size, label: Label{Name: "files", Where: "page cache as it is"}}
	var key [32]byte
	for i := range key {
		key[i] = byte(seed >> (8 * (i % 8)))
	}
	source := rand.NewChaCha8(key)
	content := make([]byte, size)
	for i := range n {
		source.Read(content)
		path := filepath.Join(dir, fmt.Sprintf("%06d", i))
		if err := writeSynced(path, content); err != nil {
			os.RemoveAll(dir)
			return nil, fmt.Errorf("make files: %w", err)
		}
		f.Paths, f.Sums = append(f.Paths, path), append(f.Sums, crc32.ChecksumIEEE(content))
	}
	return f, nil
}

// writeSynced writes a file to the disk: a page that is still to be written
// cannot be dropped from the cache.
func writeSynced(path string, content []byte) error {
	w, err := os.Create(path)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(content); err != nil {
		return err
	}
	return w.Sync()
}

// Close removes the files.
func (f *Files) Close() error { return os.RemoveAll(f.Dir) }

// Label says how much of the files is in memory, as Cold and Warm have found
// it.
func (f *Files) Label() Label { return f.label }

// Cold asks the system to drop the files from its cache, and looks whether it
// has. The share that is still in memory comes back, between 0 and 1: the
// files of some file systems (tmpfs) live there, and a hypervisor or a disk
// may have caches of their own that nobody can drop from here.
func (f *Files) Cold() (cached float64, err error) {
	for _, p := range f.Paths {
		if err := dropCache(p); err != nil {
			return 1, fmt.Errorf("drop %s from the page cache: %w", p, err)
		}
	}
	if cached, err = f.Cached(); err != nil {
		return cached, err
	}
	f.label.Where = fmt.Sprintf("cold page cache (%.0f %% still cached; caches below the system cannot be dropped)", 100*cached)
	if cached > 0.5 {
		f.label.Where = fmt.Sprintf("page cache that cannot be dropped here (%.0f %% cached)", 100*cached)
	}
	return cached, nil
}

// Warm reads all files once.
func (f *Files) Warm() error {
	for i, p := range f.Paths {
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if crc32.ChecksumIEEE(b) != f.Sums[i] {
			return fmt.Errorf("%s has changed", p)
		}
	}
	f.label.Where = "warm page cache"
	return nil
}

// Cached is the share of the files' pages that are in memory.
func (f *Files) Cached() (float64, error) {
	in, all := 0, 0
	for _, p := range f.Paths {
		i, n, err := cachedPages(p, f.Size)
		if err != nil {
			return 0, fmt.Errorf("look which pages of %s are cached: %w", p, err)
		}
		in, all = in+i, all+n
	}
	if all == 0 {
		return 0, nil
	}
	return float64(in) / float64(all), nil
}
