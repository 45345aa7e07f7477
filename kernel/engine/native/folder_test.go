//go:build unix

package native

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSweepLeavesLiveSessionsAlone(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	live, err := newFolder()
	if err != nil {
		t.Fatal(err)
	}
	dead, err := os.MkdirTemp("", folderPattern)
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-time.Hour)
	for _, path := range []string{live.path, dead} {
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	young, err := newFolder() // sweeps
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); !os.IsNotExist(err) {
		t.Errorf("the folder of a dead kernel is still there: %v", err)
	}
	for _, f := range []folder{live, young} {
		if _, err := os.Stat(filepath.Join(f.path, "lock")); err != nil {
			t.Errorf("the folder of a live session: %v", err)
		}
		if err := f.remove(); err != nil {
			t.Errorf("remove: %v", err)
		}
		if _, err := os.Stat(f.path); !os.IsNotExist(err) {
			t.Errorf("%s is still there", f.path)
		}
	}
}
