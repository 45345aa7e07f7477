package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Await waits until the tools that were started ahead have come to rest, or
// ends them.
func (t *Toolchain) Await(ahead bool) {
	for _, tool := range []*tool{t.compile, t.link} {
		if ahead {
			tool.warm()
			tool.settle()
			continue
		}
		if w := tool.take(); w != nil {
			w.stdin.Close()
			w.cmd.Wait()
		}
	}
}

// settle waits until the process that waits has done its own start.
func (t *tool) settle() {
	t.mu.Lock()
	pid := t.ready.cmd.Process.Pid
	t.mu.Unlock()
	for last := ""; ; {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return
		}
		f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+2:]))
		now := f[0] + f[11] + f[12]
		if now == last && f[0] == "S" {
			return
		}
		last = now
		time.Sleep(5 * time.Millisecond)
	}
}

// WaitingPIDs are the processes that were started ahead.
func (t *Toolchain) WaitingPIDs() []int {
	var pids []int
	for _, tool := range []*tool{t.compile, t.link} {
		tool.mu.Lock()
		if tool.ready != nil {
			pids = append(pids, tool.ready.cmd.Process.Pid)
		}
		tool.mu.Unlock()
	}
	return pids
}

// Sweep is what is done after a build of key.
func Sweep(cache, key string, limit int64) { entry{cache, key}.sweep(limit) }

// SweepImages is what is done when key is opened.
func SweepImages(cache, key string, limit int64) { entry{cache, key}.sweepImages(limit) }

// Use takes the lock that keeps key.
func Use(cache, key string) (release func() error, err error) {
	l, err := tryLock(filepath.Join(cache, key+".use"), true)
	return l.release, err
}

// WaitLock is waitLock for a lock of one's own.
func WaitLock(ctx context.Context, name string, waiting func()) (release func() error, err error) {
	l, err := waitLock(ctx, name, false, waiting)
	return l.release, err
}

// FindRelease says which release would be used, and where it is.
func FindRelease(ctx context.Context, c Config) (version, root string, err error) {
	r, err := findRelease(ctx, c.Go, c.Dir, c.Progress)
	return r.Version, r.Root, err
}

// Verify checks the files of a folder of the cache against what they were when
// stamped was called.
func Verify(cache, key string) (verify func() error, err error) {
	e := entry{cache, key}
	files, err := e.stamps(".")
	return func() error { return e.verify(files) }, err
}

// Running are the processes of a tool that run now.
func Running(name string) (pids []int) {
	children, _ := filepath.Glob("/proc/self/task/*/children")
	for _, c := range children {
		b, _ := os.ReadFile(c)
		for _, pid := range strings.Fields(string(b)) {
			exe, _ := os.Readlink("/proc/" + pid + "/exe")
			if n, err := strconv.Atoi(pid); err == nil && filepath.Base(exe) == name {
				pids = append(pids, n)
			}
		}
	}
	return pids
}

// ForRelease is forRelease.
var ForRelease = forRelease

// Readable is readable.
var Readable = readable

// LinkTree is linkTree.
var LinkTree = linkTree

// Preloaded is preloaded.
var Preloaded = preloaded
