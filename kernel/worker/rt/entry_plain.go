//go:build !interleave

package rt

import (
	"os"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// Linked says that this program has the patched runtime: modules can be
// loaded, goroutines stopped, faults survived.
const Linked = false

// In an ordinary program all goroutines are taken to belong to the record made
// last, and none can be stopped.

type record struct{ id int64 }

var last atomic.Pointer[record]

func runtimeEnter(id int64) unsafe.Pointer {
	r := &record{id}
	last.Store(r)
	return unsafe.Pointer(r)
}

func runtimeSet(rec unsafe.Pointer) {}

func runtimeCurrent() unsafe.Pointer { return unsafe.Pointer(last.Load()) }

func runtimeID(rec unsafe.Pointer) int64 {
	if rec == nil {
		return 0
	}
	return (*record)(rec).id
}

func runtimeCount(unsafe.Pointer) (running, blocked int) { return 0, 0 }

func runtimeSetHook(func(kind int, v any)) {}

func runtimeGoroutine() (id int64, createdBy uintptr) { return 0, 0 }

func runtimeWatch(*uint32) {}

func runtimeStop(unsafe.Pointer) (running, blocked int) { return 0, 0 }

func runtimeForce(int) {}

func runtimeDie() {}

func runtimeLoad(_ unsafe.Pointer, _, _ []uintptr) []uintptr { return nil }

func reflectForget() {}

func reflectUnify([]uintptr) []uintptr { return nil }

func runtimeInit(unsafe.Pointer) {}

func setStdio(func(fd int, b []byte) (int, error), func(b []byte) (int, error)) {}

func runtimeLook(int64, *Look, int) (count, timers int) { return 0, 0 }

func runtimeFindLeaks() bool { return false }

func runtimeMark(unsafe.Pointer) {}

func runtimeSetRoom(func(size uintptr) bool) {}

func runtimeSetPrint(func(b []byte)) {}

func setHeir(func(fd int) *os.File) {}

func runtimeStartLine(*runtime.Frame) int { return 1 }
