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
func (b *builder) sweep() {
	uses, _ := filepath.Glob(filepath.Join(b.cache, "*.use"))
	age := map[string]time.Time{}
	for _, name := range uses {
		if st, err := os.Stat(name); err == nil {
			age[name] = st.ModTime()
		}
	}
	slices.SortFunc(uses, func(x, y string) int { return cmp.Compare(age[y].UnixNano(), age[x].UnixNano()) })
	n := 0
	for _, name := range uses {
		e := entry{b.cache, strings.TrimSuffix(filepath.Base(name), ".use")}
		if e.key == b.key {
			continue
		}
		if n++; n > kept {
			e.remove()
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
