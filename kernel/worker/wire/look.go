package wire

import "strings"

// Goroutine describes a goroutine of a cell at one moment.
type Goroutine struct {
	ID   int64
	Cell int // 0 for goroutines which initialisers of packages started
	// State is "running", "system call", or what the goroutine waits for, in
	// the words of Go's tracebacks ("chan receive", "sync.Mutex.Lock").
	State string
	// Object numbers what it waits for: goroutines of one answer that have the
	// same number wait for the same channel, mutex or the like. 0 if unknown.
	Object int
	// Leaked says that it waits for good: nothing that may still run can reach
	// what it waits for.
	Leaked bool
	// Stopped says that it was told to end, and does so at its next step.
	Stopped bool
	// Frames are its calls, the innermost first, without those of the runtime
	// at either end.
	Frames []Frame
	// CreatedBy is the go statement that started it, zero for the cell itself.
	CreatedBy Frame
}

// Waits reports whether it does nothing until something else happens.
func (g Goroutine) Waits() bool { return g.State != "running" && g.State != "system call" }

// WaitsForOthers reports whether it waits for what only another goroutine can
// do: no timer, no network, no system call.
func (g Goroutine) WaitsForOthers() bool {
	if strings.HasSuffix(g.State, "(durable)") { // time in its bubble will go on
		return false
	}
	for _, s := range []string{"chan ", "select", "sync.", "semacquire"} {
		if strings.HasPrefix(g.State, s) {
			return true
		}
	}
	return false
}

// Place is its innermost call in a cell, or its innermost call.
func (g Goroutine) Place() Frame {
	for _, f := range g.Frames {
		if f.Kind == Author {
			return f
		}
	}
	if len(g.Frames) > 0 {
		return g.Frames[0]
	}
	return Frame{}
}

// Look asks for the goroutines of a cell, or of all cells if Cell is 0.
type Look struct {
	ID   uint64
	Cell int
}

// StopCells asks for the goroutines of cells to be stopped, of all if All. The
// answer names those that were there.
type StopCells struct {
	ID    uint64
	Cells []int
	All   bool
}

// Limit asks for a soft limit of memory in bytes, none if it is 0.
type Limit struct {
	ID     uint64
	Memory int64
}

// NoteKind says what a Note tells.
type NoteKind uint8

// The kinds of a Note.
const (
	// Leaked: the cell has ended, these of its goroutines wait for good.
	Leaked NoteKind = iota
	// Left: the same, but this Go release cannot tell whether for good.
	Left
	// Stuck: the cell runs, all of its goroutines wait for others, and only
	// goroutines of other cells or timers could still wake them.
	Stuck
)

// Note tells something about a cell that is no fault.
type Note struct {
	Cell       int
	Kind       NoteKind
	Goroutines []Goroutine
	Count      int // of all; more than there are Goroutines when they are many
}
