package rt

import (
	"runtime"
	"unsafe"
	"weak"
)

// Look describes a goroutine of a cell at one moment.
type Look struct {
	ID        int64
	Record    int64 // the id of its record
	record    uintptr
	CreatedBy uintptr // the address after the go statement that started it, 0 if unknown
	State     LookState
	Timed     bool    // a timer will wake it
	Reason    string  // what it waits for, as in Go's tracebacks
	Object    uintptr // the first channel or semaphore that it waits for, 0 if unknown
	n         int
	pcs       [48]uintptr
}

// LookState says what a goroutine does.
type LookState uint8

// The states. Leaks is known after FindLeaks only.
const (
	Runs LookState = iota
	Runnable
	InSyscall
	Waits
	Leaks // waits for good
)

// PCs are the calls of the goroutine, the innermost first, 48 at most, as
// runtime.Callers gives them.
func (l *Look) PCs() []uintptr { return l.pcs[:min(l.n, len(l.pcs))] }

// Of reports whether the goroutine carries the record.
func (l *Look) Of(r Record) bool { return l.record == uintptr(r.p) }

// Goroutines describes the goroutines of the records with an id, of all
// records if it is 0; those of the worker itself have none. Count is how many
// there are, which may be more than most; timers is how many functions cells
// have given to time.AfterFunc that are still to come. The world stands still
// for about 1 µs a goroutine.
func Goroutines(id int64, most int) (looks []Look, count, timers int) {
	if most < 1 {
		most = 1
	}
	looks = make([]Look, most)
	count, timers = runtimeLook(id, &looks[0], most)
	return looks[:min(count, most)], count, timers
}

// FindLeaks finds goroutines which wait for good, for Goroutines to tell, and
// reports whether this Go release can do so. It costs a garbage collection.
func FindLeaks() bool { return runtimeFindLeaks() }

// Mark marks the record for good: its goroutines end at their next step.
func (r Record) Mark() { runtimeMark(r.p) }

// WeakRecord is a Record that is forgotten when no goroutine and no timer
// carries it any more.
type WeakRecord struct{ p weak.Pointer[byte] }

// Weak returns the record without keeping it.
func (r Record) Weak() WeakRecord { return WeakRecord{weak.Make((*byte)(r.p))} }

// Record returns the record, the zero Record if it is forgotten.
func (w WeakRecord) Record() Record { return Record{unsafe.Pointer(w.p.Value())} }

// OnRoom names the function which says whether a large block of memory can be
// had. A goroutine of a cell that asks for one that cannot ends by EndFatal.
func OnRoom(f func(size uintptr) bool) { runtimeSetRoom(f) }

// StartLine is the line where the function of a frame begins.
func StartLine(f runtime.Frame) int { return runtimeStartLine(&f) }
