package rt

import (
	"os"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Record says to which cell a goroutine belongs. The runtime keeps it with the
// goroutine and passes it on to those which that one starts. The zero Record
// is that of the worker's own goroutines.
type Record struct{ p unsafe.Pointer }

// Enter makes the calling goroutine one of a new record. The id is the
// caller's to choose, and is not zero.
func Enter(id int64) Record { return Record{runtimeEnter(id)} }

// Leave makes the calling goroutine one of the worker's own.
func Leave() { runtimeSet(nil) }

// Current is the record of the calling goroutine.
func Current() Record { return Record{runtimeCurrent()} }

// Join makes the calling goroutine one of r.
func (r Record) Join() { runtimeSet(r.p) }

// ID is the id of the record, 0 for the zero Record.
func (r Record) ID() int64 { return runtimeID(r.p) }

// Count counts the goroutines of the record.
func (r Record) Count() (running, blocked int) { return runtimeCount(r.p) }

// Stop marks the record for good: its goroutines end at their next step, those
// which are running are poked. It is called again while any are running.
func (r Record) Stop() (running, blocked int) { return runtimeStop(r.p) }

// Kinds of ends, as the runtime numbers them.
const (
	EndPanic       = 0 // v is what was given to panic
	EndFatal       = 1 // v is the text of a fatal error, a string
	EndExit        = 2 // v is the code given to os.Exit, an int
	EndInterrupted = 3 // v is a string
	EndOverflow    = 4 // v is a string
)

// OnEnd names the function which is called on a goroutine of a cell that ends
// by a fault, with its frames still there. It must not panic.
func OnEnd(f func(kind int, v any)) { runtimeSetHook(f) }

// Goroutine is the number of the calling goroutine and the address after the
// go statement that started it; 0 in a program which is not a worker.
func Goroutine() (id int64, createdBy uintptr) { return runtimeGoroutine() }

// checking is not zero while Check has to look closer. The runtime sets it
// when a goroutine of a marked record that has waited goes on.
var checking uint32

// stops guards checking against being reset while a stop goes on.
var stops struct {
	sync.Mutex
	n int
}

// Stopping begins a stop, or ends it: while one goes on Check looks closer.
func Stopping(on bool) {
	stops.Lock()
	defer stops.Unlock()
	if on {
		stops.n++
		runtimeWatch(&checking)
		atomic.StoreUint32(&checking, 1)
		return
	}
	if stops.n--; stops.n == 0 {
		atomic.StoreUint32(&checking, 0)
	}
}

// Woken reports whether Check looks closer now: a stop goes on, or a goroutine
// of a marked record that has waited went on.
func Woken() bool { return atomic.LoadUint32(&checking) != 0 }

// Force says how far Stop goes. A loop without calls in a function that defers
// is stopped from level 1 on, without the deferred calls of that function;
// library code is from level 2 on. 0 is where it begins.
func Force(level int) { runtimeForce(level) }

// Load adds a module whose segments have been mapped to the running program;
// md is the address of its moduledata. The pairs of fixes, moves and conflicts
// are those of wire.Module and wire.Conflict. Nothing was added when there are
// conflicts. Calls must not overlap.
func Load(md uint64, fixes, moves []uintptr) (conflicts []uintptr) {
	conflicts = runtimeLoad(pointer(md), fixes, moves)
	if len(conflicts) == 0 && len(fixes) > 0 {
		reflectForget()
	}
	return conflicts
}

// Made returns triples for those types of a module which package reflect has
// made already: the module's, the one made, and the size of its description.
func Made(types []uintptr) []uintptr { return reflectUnify(types) }

// Memory is what lies at an address outside of Go's heap.
func Memory(addr, size uint64) []byte { return unsafe.Slice((*byte)(pointer(addr)), size) }

// Init runs the package initialisers of a loaded module, on the calling
// goroutine.
func Init(md uint64) { runtimeInit(pointer(md)) }

// Func is the function whose code is at an address.
func Func(entry uint64) func() {
	code := uintptr(entry)
	closure := &code
	return *(*func())(unsafe.Pointer(&closure))
}

// pointer makes an address outside of Go's heap a pointer.
func pointer(addr uint64) unsafe.Pointer {
	a := uintptr(addr)
	return *(*unsafe.Pointer)(unsafe.Pointer(&a))
}

var stdio struct {
	write func(fd int, b []byte) (int, error)
	read  func(b []byte) (int, error)
}

// Stdio leads what cells write to os.Stdout and os.Stderr (descriptors 1 and
// 2), also by println, and read from os.Stdin to the given functions.
func Stdio(write func(fd int, b []byte) (int, error), read func(b []byte) (int, error)) {
	stdio.write, stdio.read = write, read
	setStdio(write, read)
	runtimeSetPrint(func(b []byte) { write(2, b) })
}

// Heirs names the function which gives a program that the calling goroutine
// starts with os.Stdout (1) or os.Stderr (2) a pipe in their place; the file is
// closed when the program has it. Nil means that the program gets the stream.
func Heirs(f func(fd int) *os.File) { setHeir(f) }

// Write is what os.Stdout.Write and os.Stderr.Write are in a worker. A program
// whose package os is not the worker's may call it itself.
func Write(fd int, b []byte) (int, error) { return stdio.write(fd, b) }

// Read is what os.Stdin.Read is in a worker.
func Read(b []byte) (int, error) { return stdio.read(b) }
