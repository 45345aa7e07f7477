//go:build unix

package native

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// folder holds the files of one session. Its lock tells other kernels that
// the session lives; folders of killed kernels are swept by the next one.
type folder struct {
	path string
	lock *os.File
}

const folderPattern = "interleave-session-*"

func newFolder() (folder, error) {
	sweep(os.TempDir())
	path, err := os.MkdirTemp("", folderPattern)
	if err != nil {
		return folder{}, fmt.Errorf("make a folder for the session: %w", err)
	}
	lock, err := lockFolder(path)
	if err != nil {
		return folder{}, errors.Join(fmt.Errorf("lock the folder of the session: %w", err), os.RemoveAll(path))
	}
	return folder{path, lock}, nil
}

func (f folder) remove() error { return errors.Join(os.RemoveAll(f.path), f.lock.Close()) }

func lockFolder(path string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// sweep removes the folders of sessions whose kernel is gone. Young ones are
// left alone: their lock may be about to be taken.
func sweep(dir string) {
	const young = time.Minute
	paths, _ := filepath.Glob(filepath.Join(dir, folderPattern))
	for _, path := range paths {
		st, err := os.Stat(path)
		if err != nil || time.Since(st.ModTime()) < young {
			continue
		}
		if lock, err := lockFolder(path); err == nil {
			os.RemoveAll(path)
			lock.Close()
		}
	}
}
