package toolchain_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// aged makes a folder or file that was used some days ago.
func aged(t *testing.T, name string, days int, folder bool) {
	t.Helper()
	dir := name
	if !folder {
		dir = filepath.Dir(name)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if !folder {
		if err := os.WriteFile(name, make([]byte, 100), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Now().Add(-time.Duration(days) * 24 * time.Hour)
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func there(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// The newest entries stay, up to a size, and those in use.
func TestSweep(t *testing.T) {
	cache := t.TempDir()
	for i := range 6 {
		key := fmt.Sprint("key", i)
		aged(t, filepath.Join(cache, key, "worker"), i, false)
		aged(t, filepath.Join(cache, key+".use"), i, false)
		aged(t, filepath.Join(cache, key+".lock"), i, false)
	}
	if err := os.WriteFile(filepath.Join(cache, "key1", "manifest.json"), []byte(`{"Root": "`+filepath.Join(cache, "goroot-used")+`"}`), 0o666); err != nil {
		t.Fatal(err)
	}
	aged(t, filepath.Join(cache, "goroot-used"), 3, true)
	aged(t, filepath.Join(cache, "goroot-unused"), 3, true)
	aged(t, filepath.Join(cache, "build-old"), 3, true)
	aged(t, filepath.Join(cache, "build-new"), 0, true)
	release, err := toolchain.Use(cache, "key4")
	if err != nil {
		t.Fatal(err)
	}
	toolchain.Sweep(cache, "key5", 300)
	for i, want := range []bool{true, true, false, false, true, true} {
		for _, suffix := range []string{"", ".use", ".lock"} {
			if there(filepath.Join(cache, fmt.Sprint("key", i, suffix))) != want {
				t.Errorf("key%d%s is there: %v", i, suffix, !want)
			}
		}
	}
	if there(filepath.Join(cache, "build-old")) || !there(filepath.Join(cache, "build-new")) {
		t.Error("the wrong rest of a build was removed")
	}
	if !there(filepath.Join(cache, "goroot-used")) || there(filepath.Join(cache, "goroot-unused")) {
		t.Error("the wrong links to a release were removed")
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	toolchain.Sweep(cache, "key5", 300)
	if there(filepath.Join(cache, "key4")) {
		t.Error("key4 is not in use any more and still there")
	}
}

func TestSweepImages(t *testing.T) {
	cache := t.TempDir()
	for name, days := range map[string]int{"old": 40, "young": 10, "new": 3} {
		aged(t, filepath.Join(cache, "key", "image", name, "index"), days, false)
		aged(t, filepath.Join(cache, "key", "image", name), days, true)
	}
	check := func(want map[string]bool) {
		t.Helper()
		for name, kept := range want {
			if there(filepath.Join(cache, "key", "image", name)) != kept {
				t.Errorf("image %s is there: %v", name, !kept)
			}
		}
	}
	toolchain.SweepImages(cache, "key", 1000)
	check(map[string]bool{"old": false, "young": true, "new": true})
	toolchain.SweepImages(cache, "key", 100)
	check(map[string]bool{"young": false, "new": true})
}
