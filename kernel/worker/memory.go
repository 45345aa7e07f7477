package worker

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// LimitMemory bounds the memory of the process, in bytes; 0 takes the limit
// away. Three things together keep it, since none suffices alone: the garbage
// collector works harder from nine tenths of the limit on (GOMEMLIMIT); the
// process is ended when it occupies more than the limit, which is looked at
// every few milliseconds; and the system refuses it private memory beyond the
// limit and a half (RLIMIT_DATA), for what grows faster than that. The address
// space is not limited (RLIMIT_AS): Go reserves much more than it uses.
//
// Programs which cells start inherit the last of these.
func (w *Worker) LimitMemory(ctx context.Context, bytes int64) error {
	_, err := w.ask(ctx, func(id uint64) []byte {
		return wire.AppendJSON(nil, wire.TLimit, wire.Limit{ID: id, Memory: bytes / 10 * 9})
	})
	if err != nil {
		return fmt.Errorf("limit the memory of the worker: %w", err)
	}
	hard := unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}
	if bytes > 0 {
		hard.Cur = uint64(bytes + bytes/2 + runtimesOwn)
	}
	if err := unix.Prlimit(w.PID(), unix.RLIMIT_DATA, &hard, nil); err != nil {
		return fmt.Errorf("limit the memory of the worker: %w", err)
	}
	if w.limit.Swap(bytes) == 0 && bytes > 0 {
		go w.watchMemory()
	}
	return nil
}

// runtimesOwn is what Go's runtime maps beyond the heap: whole arenas, and a
// stack for each thread.
const runtimesOwn = 256 << 20

// watchMemory ends the process when it occupies more than its limit.
func (w *Worker) watchMemory() {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-w.ended:
			return
		case <-tick.C:
		}
		limit := w.limit.Load()
		if limit == 0 {
			return
		}
		if used := occupied(w.PID()); used > limit {
			w.killFor(true, fmt.Sprintf("it used %s of memory, more than its limit of %s", Size(used), Size(limit)))
			return
		}
	}
}

// occupied is how much memory a process occupies that is no file's, in bytes;
// 0 if that is not known.
func occupied(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	f := bytes.Fields(b)
	if len(f) < 3 {
		return 0
	}
	resident, err1 := strconv.ParseInt(string(f[1]), 10, 64)
	shared, err2 := strconv.ParseInt(string(f[2]), 10, 64)
	if err1 != nil || err2 != nil {
		return 0
	}
	return (resident - shared) * int64(os.Getpagesize())
}

// Size writes a number of bytes for people: "1 GB", "512 MB", "1.5 GB".
func Size(bytes int64) string {
	for _, u := range []struct {
		name string
		size int64
	}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"kB", 1 << 10}} {
		if bytes >= u.size {
			return strconv.FormatFloat(float64(bytes*10/u.size)/10, 'f', -1, 64) + " " + u.name
		}
	}
	return strconv.FormatInt(bytes, 10) + " bytes"
}
