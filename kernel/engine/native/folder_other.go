//go:build !unix

package native

import (
	"fmt"
	"os"
)

// folder holds the files of one session.
type folder struct{ path string }

func newFolder() (folder, error) {
	path, err := os.MkdirTemp("", "interleave-session-*")
	if err != nil {
		return folder{}, fmt.Errorf("make a folder for the session: %w", err)
	}
	return folder{path}, nil
}

func (f folder) remove() error { return os.RemoveAll(f.path) }
