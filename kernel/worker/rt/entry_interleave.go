//go:build interleave

package rt

import (
	"os"
	"runtime"
	"unsafe"
)

// Linked says that this program has the patched runtime: modules can be
// loaded, goroutines stopped, faults survived.
const Linked = true

// The functions below are defined by package runtime of the worker, see
// kernel/engine/native/overlay.

// runtimeEnter makes a new cell record and gives it to the calling goroutine.
// Goroutines which it starts, and functions of its time.AfterFunc, inherit it.
func runtimeEnter(id int64) unsafe.Pointer

// runtimeSet gives the calling goroutine a record made earlier, nil for none.
func runtimeSet(rec unsafe.Pointer)

// runtimeCurrent is the record of the calling goroutine, nil for none.
func runtimeCurrent() unsafe.Pointer

// runtimeID is the id of a record, 0 for nil.
func runtimeID(rec unsafe.Pointer) int64

// runtimeCount counts the goroutines that carry the record.
func runtimeCount(rec unsafe.Pointer) (running, blocked int)

// runtimeSetHook names what is called on a goroutine that ends by a fault.
func runtimeSetHook(f func(kind int, v any))

// runtimeGoroutine is the number of the calling goroutine and the address
// after the go statement that started it.
func runtimeGoroutine() (id int64, createdBy uintptr)

// runtimeWatch names a word which is set to 1 when a goroutine of a marked
// record that has waited goes on.
func runtimeWatch(word *uint32)

// runtimeStop marks the record for good and pokes its running goroutines.
func runtimeStop(rec unsafe.Pointer) (running, blocked int)

// runtimeForce says how far runtimeStop goes: from 1 on it skips deferred calls
// of one function if need be, from 2 on it ends goroutines in library code too.
func runtimeForce(level int)

// runtimeDie ends the calling goroutine when its record is marked.
func runtimeDie()

// runtimeLoad adds the module whose segments have been mapped.
func runtimeLoad(md unsafe.Pointer, fixes, moves []uintptr) (conflicts []uintptr)

// reflectForget makes packages forget what they know of types' methods.
func reflectForget()

// reflectUnify finds the types that package reflect has made already.
func reflectUnify(types []uintptr) (same []uintptr)

// runtimeInit runs the package initialisers of a loaded module.
func runtimeInit(md unsafe.Pointer)

// setStdio leads what is written to os.Stdout and os.Stderr, and reads of
// os.Stdin, to the given functions.
func setStdio(write func(fd int, b []byte) (int, error), read func(b []byte) (int, error))

// runtimeLook is Goroutines.
func runtimeLook(id int64, room *Look, size int) (count, timers int)

// runtimeFindLeaks is FindLeaks.
func runtimeFindLeaks() bool

// runtimeMark marks a record without poking its goroutines.
func runtimeMark(rec unsafe.Pointer)

// runtimeSetRoom names what is asked before a large block is allocated.
func runtimeSetRoom(f func(size uintptr) bool)

// runtimeSetPrint leads what goroutines of cells print with print and println
// to a function.
func runtimeSetPrint(f func(b []byte))

// setHeir names what gives programs which cells start a pipe for descriptor 1
// or 2.
func setHeir(f func(fd int) *os.File)

// runtimeStartLine is the line where the function of a frame begins.
func runtimeStartLine(f *runtime.Frame) int
