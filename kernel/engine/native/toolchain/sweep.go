package toolchain

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// kept is how many unused entries the cache keeps, the newest: that of a
// release the user goes back to need not be built again. An entry has about
// 100 MB.
const kept = 2

func touch(name string) { os.Chtimes(name, time.Time{}, time.Now()) }

// sweep removes the oldest entries that nobody uses. What cannot be removed
// now will be another time.
func (e entry) sweep() {
	e.sweepRest()
	uses, _ := filepath.Glob(filepath.Join(e.cache, "*.use"))
	age := map[string]time.Time{}
	for _, name := range uses {
		if st, err := os.Stat(name); err == nil {
			age[name] = st.ModTime()
		}
	}
	slices.SortFunc(uses, func(x, y string) int { return cmp.Compare(age[y].UnixNano(), age[x].UnixNano()) })
	n := 0
	for _, name := range uses {
		other := entry{e.cache, strings.TrimSuffix(filepath.Base(name), ".use")}
		if other.key == e.key {
			continue
		}
		if n++; n > kept {
			other.remove()
		}
	}
}

// imageAge is how long an image is kept that no session loads.
const imageAge = 30 * 24 * time.Hour

// sweepImages removes images which have not been used for long, and what was
// left of making some.
func (e entry) sweepImages() {
	images, _ := filepath.Glob(e.path("image/*"))
	for _, dir := range images {
		if st, err := os.Stat(dir); err == nil && time.Since(st.ModTime()) > imageAge {
			os.RemoveAll(dir)
		}
	}
}

// sweepRest removes what builds left behind which were killed.
func (e entry) sweepRest() {
	for _, pattern := range []string{"build-*", "goroot-*.*"} {
		names, _ := filepath.Glob(filepath.Join(e.cache, pattern))
		for _, name := range names {
			if st, err := os.Stat(name); err == nil && time.Since(st.ModTime()) > 24*time.Hour {
				os.RemoveAll(name)
			}
		}
	}
}

// remove deletes an entry unless it is in use.
func (e entry) remove() {
	use, err := tryLock(e.dir()+".use", false)
	if err != nil {
		return
	}
	defer use.release()
	if os.RemoveAll(e.dir()) == nil {
		os.Remove(e.dir() + ".lock")
		os.Remove(e.dir() + ".use")
	}
}
