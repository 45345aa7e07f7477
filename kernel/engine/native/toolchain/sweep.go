package toolchain

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// cacheLimit is how many bytes all entries may have which nobody uses: that of
// a release the user goes back to need not be built again. An entry has about
// 80 MB.
const cacheLimit = 1 << 30

func touch(name string) { os.Chtimes(name, time.Time{}, time.Now()) }

// sweep removes the oldest entries that nobody uses and that are more than
// limit. What cannot be removed now will be another time.
func (e entry) sweep(limit int64) {
	e.sweepRest()
	var total int64
	for _, other := range e.others() {
		if total += size(other.dir()); total > limit {
			other.remove()
		}
	}
	e.sweepRoots()
}

// others are the other entries of the cache, the one used last first.
func (e entry) others() []entry {
	uses, _ := filepath.Glob(filepath.Join(e.cache, "*.use"))
	age := map[entry]int64{}
	var list []entry
	for _, name := range uses {
		other := entry{e.cache, strings.TrimSuffix(filepath.Base(name), ".use")}
		if st, err := os.Stat(name); err == nil && other.key != e.key {
			age[other] = st.ModTime().UnixNano()
			list = append(list, other)
		}
	}
	slices.SortFunc(list, func(x, y entry) int { return cmp.Compare(age[y], age[x]) })
	return list
}

// size is how many bytes the files below a folder have; what is removed
// meanwhile has none.
func size(dir string) (bytes int64) {
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}

// sweepRoots removes links to releases with which no entry is built any more.
func (e entry) sweepRoots() {
	roots, _ := filepath.Glob(filepath.Join(e.cache, "goroot-*"))
	used := map[string]bool{}
	for _, other := range append(e.others(), e) {
		if m, err := other.readManifest(); err == nil {
			used[m.Root] = true
		}
	}
	for _, root := range roots {
		if !used[root] && older(root, 24*time.Hour) {
			os.RemoveAll(root)
		}
	}
}

func older(name string, age time.Duration) bool {
	st, err := os.Stat(name)
	return err == nil && time.Since(st.ModTime()) > age
}

// Images are kept for imageAge after they were last loaded, and for imageYoung
// if all of them have more than imageLimit bytes: a session may live that long.
const (
	imageAge   = 30 * 24 * time.Hour
	imageYoung = 7 * 24 * time.Hour
	imageLimit = 512 << 20
)

// sweepImages removes images which have not been used for long, and what was
// left of making some.
func (e entry) sweepImages(limit int64) {
	images, _ := filepath.Glob(e.path("image/*"))
	age := imageAge
	if size(e.path("image")) > limit {
		age = imageYoung
	}
	for _, dir := range images {
		if older(dir, age) {
			os.RemoveAll(dir)
		}
	}
}

// sweepRest removes what builds left behind which were killed.
func (e entry) sweepRest() {
	for _, pattern := range []string{"build-*", "goroot-*.*"} {
		names, _ := filepath.Glob(filepath.Join(e.cache, pattern))
		for _, name := range names {
			if older(name, 24*time.Hour) {
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
