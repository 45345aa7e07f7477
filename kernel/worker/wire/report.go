package wire

import (
	"fmt"
	"strconv"
	"strings"
)

// Report tells how a cell or one of its goroutines ended. The zero value says
// that it ended as it should.
type Report struct {
	Kind Kind
	// Value is what the author gave to panic, the text of a fatal error, or
	// the error of a CellError, as text. It may have several lines.
	Value string
	// TypeName is the type of that value ("string", "*main.myError"), empty
	// where there is none.
	TypeName string
	// Code is the exit code of an Exit.
	Code int
	// Goroutine is the number of the goroutine, as in Go's own tracebacks.
	Goroutine int64
	// State is what an interrupted goroutine was waiting for ("chan receive",
	// "sleep"): it could not be stopped, stays parked and ends at its next
	// step. Empty for goroutines which have ended.
	State string
	// Frames are the calls of the goroutine, the innermost first.
	Frames []Frame
	// More says that there were more frames.
	More bool
	// CreatedBy is the go statement that started the goroutine, zero for the
	// cell itself.
	CreatedBy Frame
	// Goroutines are those of the cell at the moment when it was interrupted
	// or was found to be deadlocked; Count is how many there were.
	Goroutines []Goroutine
	Count      int
}

// Kind says how something ended.
type Kind uint8

// How a cell or a goroutine ends.
const (
	Fine        Kind = iota // returned
	Panic                   // a panic reached the top of the goroutine
	Fatal                   // a fatal error of the runtime, such as concurrent map writes
	Exit                    // os.Exit, log.Fatal
	Overflow                // the stack grew past its limit
	Goexit                  // runtime.Goexit in the cell itself
	CellError               // the trailing expression was a non-nil error
	Interrupted             // the author interrupted the cell
	NoValue                 // the Value of a Run cannot be shown without being compiled
)

var kinds = [...]string{"fine", "panic", "fatal error", "exit", "stack overflow", "goexit", "error", "interrupted", "no value"}

// String names the kind.
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Frame is one call on a stack.
type Frame struct {
	Func string // qualified by the package path: "main.f", "sort.Slice"
	File string // of code in cells "cell[N]"
	Line int
	Kind FrameKind
}

// FrameKind says whose code a frame belongs to.
type FrameKind uint8

// Whose code a frame is. A reader wants Author frames, may want Library
// frames, and need not see Internal ones.
const (
	Author   FrameKind = iota // in a cell
	Library                   // in a package
	Internal                  // in the runtime or in the worker itself
)

// worker is the import path below which the worker's own code lies.
const worker = "github.com/interleave-lab/interleave/kernel/worker/"

// NewFrame returns a frame with its kind.
func NewFrame(function, file string, line int) Frame {
	f := Frame{Func: function, File: file, Line: line, Kind: Library}
	switch _, ok := f.Cell(); {
	case ok:
		f.Kind = Author
	case strings.HasPrefix(function, "runtime."), strings.HasPrefix(function, worker), function == "panic":
		f.Kind = Internal
	}
	return f
}

// Cell is the number of the cell which holds the code of the frame.
func (f Frame) Cell() (n int, ok bool) {
	s, ok := strings.CutPrefix(f.File, "cell[")
	if !ok {
		return 0, false
	}
	s, ok = strings.CutSuffix(s, "]")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
