package toolchain

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// stamp is a file of the cache as it was when it was complete.
type stamp struct {
	Size int64
	Time int64 // when it was written, in nanoseconds
	Sum  uint32
}

func (e entry) stamp(name string) (stamp, error) {
	st, err := os.Stat(e.path(name))
	if err != nil {
		return stamp{}, err
	}
	sum, err := checksum(e.path(name))
	return stamp{Size: st.Size(), Time: st.ModTime().UnixNano(), Sum: sum}, err
}

// stamps of files and of all files in folders, by name.
func (e entry) stamps(names ...string) (map[string]stamp, error) {
	all := map[string]stamp{}
	for _, name := range names {
		err := filepath.WalkDir(e.path(name), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			rel, err := filepath.Rel(e.dir(), file)
			if err != nil {
				return err
			}
			all[filepath.ToSlash(rel)], err = e.stamp(rel)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// verify reports the first file that is not what it was. A file that was
// written at another time, by a copy of the cache perhaps, is read whole.
// Cost: 0.3 ms for an entry.
func (e entry) verify(files map[string]stamp) error {
	for name, want := range files {
		st, err := os.Stat(e.path(name))
		if err != nil {
			return fmt.Errorf("read the cache: %w", err)
		}
		if st.Size() != want.Size {
			return fmt.Errorf("read the cache: %s has %d bytes instead of %d", e.path(name), st.Size(), want.Size)
		}
		if st.ModTime().UnixNano() == want.Time {
			continue
		}
		sum, err := checksum(e.path(name))
		if err != nil {
			return fmt.Errorf("read the cache: %w", err)
		}
		if sum != want.Sum {
			return fmt.Errorf("read the cache: %s has been changed", e.path(name))
		}
	}
	return nil
}

func checksum(name string) (uint32, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	_, err = io.Copy(h, f)
	return h.Sum32(), err
}

// ErrChanged is returned when the cache was removed or damaged while a worker
// of it runs, and what was built in its place is not the same.
var ErrChanged = errors.New("the tools that belong to the running worker are gone from the cache and could not be built again as they were: restart the session")

// Ready makes sure that the files of the cache are there, and builds them again
// if somebody has removed or changed them meanwhile. Cost: 0.3 ms.
func (t *Toolchain) Ready(ctx context.Context) error {
	_, err := t.repair(ctx)
	return err
}

// repair builds the cache again if its files are not what they were, and
// reports whether it had to.
func (t *Toolchain) repair(ctx context.Context) (repaired bool, err error) {
	t.repairing.Lock()
	defer t.repairing.Unlock()
	if t.verify(t.manifest.Files) == nil {
		return false, nil
	}
	t.builder.progress("The Go tools in the cache were removed or changed while they were in use; building them again.")
	use, err := t.builder.prepare(ctx)
	if err != nil {
		return false, fmt.Errorf("build the tools again that were removed from the cache: %w", err)
	}
	t.inUse.release() // of a file that is gone
	t.inUse = use
	m, err := t.readManifest()
	if err != nil {
		return false, err
	}
	for _, name := range []string{"worker", "worker.idx"} {
		if m.Files[name].Sum != t.manifest.Files[name].Sum {
			return false, ErrChanged
		}
	}
	t.manifest.Files = m.Files
	return true, nil
}

// readOnly reports whether an error says that a folder cannot be written to.
func readOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission)
}

// cacheError adds what to do to an error about the cache.
func (e entry) cacheError(what string, err error) error {
	err = fmt.Errorf("%s: %w", what, err)
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%w\nthe disk of %s is full: free 300 MB, or set XDG_CACHE_HOME to a folder with more room", err, e.cache)
	case readOnly(err):
		return fmt.Errorf("%w\n%s cannot be written to: make it writable, or set XDG_CACHE_HOME to a folder that is", err, e.cache)
	}
	return err
}

// execError adds the likely reason when a program of the cache may not be run.
func execError(path string, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return fmt.Errorf("%w\nis the file system of %s mounted noexec? Set XDG_CACHE_HOME to a folder where programs may be run", err, filepath.Dir(path))
}
