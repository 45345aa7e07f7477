package child

import (
	"math"
	"runtime/debug"
	"syscall"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// room reports whether the system gives out a block of that size, by asking
// for it. Nothing is touched, so it costs two system calls.
func room(size uintptr) bool {
	if size > math.MaxInt {
		return true // Go itself refuses
	}
	b, err := syscall.Mmap(-1, 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return false
	}
	syscall.Munmap(b)
	return true
}

// limit sets how much memory the garbage collector tries to stay below.
func (p *process) limit(m wire.Limit) {
	limit := m.Memory
	if limit == 0 {
		limit = math.MaxInt64
	}
	debug.SetMemoryLimit(limit)
	p.done(wire.Done{ID: m.ID})
}
