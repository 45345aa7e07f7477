// Package engine is the contract between the kernel and what runs Go code.
//
// An Engine runs the cells of one session. Optional abilities are interfaces
// of their own (Preparer, Completer, Inspector, Checker, Usage, Stopper, Restarter,
// Commer, Besider),
// found by a type assertion in one place.
package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/interleave-lab/interleave/lib/display"
)

// Cell is one input.
type Cell struct {
	// Code is the text as the author wrote it.
	Code string
	// Count is the execution count; positions are reported as cell[Count]:line.
	// It may repeat: a silent cell and a user expression have the number of a
	// cell that is stored. It names a cell to people and is no key.
	Count int
	// AllowStdin says whether the front end answers input requests.
	AllowStdin bool
}

// Engine runs the cells of one session, one at a time.
type Engine interface {
	// Execute runs one cell and returns after all output which the cell has
	// produced so far has reached out. A fault of the author's is an *Error;
	// any other error is the engine's own. When ctx ends the cell is
	// interrupted: state is kept and the error is an *Error named Interrupted.
	//
	// Goroutines that outlive the cell go on writing to out after Execute has
	// returned, until the engine is closed.
	Execute(ctx context.Context, c Cell, out Output) error
	// Info describes the engine, for kernel_info and banners.
	Info() Info
	// Close ends the session and everything it started.
	Close() error
}

// Info describes an engine.
type Info struct {
	Name      string // "native"
	GoVersion string // "1.26.8", without "go"
	Banner    string // one or more lines for a person, never empty
}

// Output takes what a cell shows. Its methods may be called from several
// goroutines at once and, for goroutines which the cell left behind, after
// Execute has returned. Each call returns when the output has been passed on,
// in order, to whoever reads it.
type Output interface {
	// Stream writes to Stdout or Stderr.
	Stream(name Stream, text string)
	// Display publishes display_data.
	Display(d display.Data)
	// Update publishes update_display_data for d.ID.
	Update(d display.Data)
	// Result publishes the value of the trailing expression (execute_result).
	Result(d display.Data)
	// Clear publishes clear_output.
	Clear(wait bool)
	// Input asks the reader for a line, which comes without its line end.
	// It returns ErrNoStdin where the front end does not answer requests.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// Stream names a standard stream as Jupyter does.
type Stream string

// The two streams.
const (
	Stdout Stream = "stdout"
	Stderr Stream = "stderr"
)

// ErrNoStdin is returned by Output.Input when nobody can be asked.
var ErrNoStdin = fmt.Errorf("this front end does not answer input requests (it runs the notebook unattended): %w", io.EOF)

// Names of errors, used as ename.
const (
	CompileError = "CompileError" // the cell does not parse or check; nothing was changed
	PanicError   = "PanicError"   // a panic reached the top of the cell
	ExitError    = "ExitError"    // os.Exit, log.Fatal or a fatal error of the runtime
	CellError    = "CellError"    // the trailing expression was a non-nil error
	Interrupted  = "Interrupted"  // the author interrupted the cell
	SessionLost  = "SessionLost"  // the worker process ended; values are gone
)

// Error is a fault in an author's cell. It is shown, never logged.
type Error struct {
	Name  string // one of the constants above (ename)
	Value string // one line (evalue)
	// Traceback is what a person reads, line by line, ANSI colours allowed.
	// It is never empty.
	Traceback []string
	// Line and Column are 1-based positions in the cell, 0 when unknown.
	Line, Column int
}

// Error returns the name and the value.
func (e *Error) Error() string { return e.Name + ": " + e.Value }

// Text returns the traceback as one text.
func (e *Error) Text() string { return strings.Join(e.Traceback, "\n") }

// A Preparer builds what it needs ahead of the first cell.
type Preparer interface {
	// Prepare returns when the engine is ready to run a cell at once.
	// Progress, which may be nil, is told what is going on in whole
	// sentences and is not called at all when nothing has to be built.
	Prepare(ctx context.Context, progress func(text string)) error
}

// Completion is the answer to a completion request. Start and End are byte
// offsets into the code.
type Completion struct {
	Start, End int
	Items      []CompletionItem
}

// CompletionItem is one candidate.
type CompletionItem struct {
	Text      string // replaces the range
	Kind      string // "function", "variable", "type", "constant", "package", "keyword", "field", "method"
	Signature string // what follows the name in a declaration, may be empty
}

// A Completer completes code at a byte offset.
type Completer interface {
	Complete(ctx context.Context, code string, offset int) (Completion, error)
}

// An Inspector describes the identifier at a byte offset; the bundle is empty
// when there is nothing to say.
type Inspector interface {
	Inspect(ctx context.Context, code string, offset, detail int) (map[string]any, error)
}

// Status is the answer to an is_complete request.
type Status string

// What a front end does next with the code it has.
const (
	Complete   Status = "complete"
	Incomplete Status = "incomplete"
	Invalid    Status = "invalid"
)

// A Checker says whether code is ready to be executed. Indent is the
// indentation of the next line when the code is incomplete.
type Checker interface {
	IsComplete(code string) (s Status, indent string)
}

// Usage is implemented by engines that have processes of their own, for
// usage_request.
type Usage interface {
	PIDs() []int
}

// A Stopper ends what earlier cells have left running.
type Stopper interface {
	// StopAll stops the goroutines of all cells and says so under the newest.
	// It may be called while a cell runs.
	StopAll(ctx context.Context) error
}

// A Besider runs cells beside the one that runs, for the subshells of a kernel
// (JEP 91).
type Besider interface {
	// ExecuteBeside is Execute for a cell that does not wait for its turn.
	ExecuteBeside(ctx context.Context, c Cell, out Output) error
}

// A Restarter gives up all values and declarations and starts afresh, as
// after Close and a new engine, but at once.
type Restarter interface {
	Restart(ctx context.Context) error
}

// CommMessage is a message over a comm ("Messaging in Jupyter", section "Custom
// Messages"), in either direction.
type CommMessage struct {
	Kind     CommKind
	ID       string          // of the comm
	Target   string          // of CommOpen
	Data     json.RawMessage // a JSON object
	Metadata map[string]any
	Buffers  [][]byte
}

// CommKind says what a message does.
type CommKind string

// The kinds of messages, named as on the wire.
const (
	CommOpen  CommKind = "comm_open"
	CommMsg   CommKind = "comm_msg"
	CommClose CommKind = "comm_close"
)

// A Commer takes messages of the front end for what its cells have opened, also
// while a cell runs.
type Commer interface {
	// Comm takes a message, after those before it, and does not wait. The
	// function that it returns waits until the message was handled.
	Comm(m CommMessage) (handled func(context.Context) error, err error)
}

// A CommOutput is an Output that also takes messages to the front end.
type CommOutput interface {
	Comm(m CommMessage) error
}
