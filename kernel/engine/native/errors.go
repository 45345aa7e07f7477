package native

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// ANSI colours of tracebacks, as front ends show them.
const (
	red   = "\x1b[31m"
	faint = "\x1b[2m"
	plain = "\x1b[0m"
)

// understood is err as an author is to see it: what was found in his code is a
// compile error of the cell.
func understood(err error) error {
	if faults, ok := errors.AsType[*cell.Errors](err); ok {
		return compileError(faults)
	}
	return err
}

func compileError(e *cell.Errors) *engine.Error {
	first := e.List[0]
	value := first.Msg
	if n := len(e.List); n > 1 {
		value += fmt.Sprintf(" (and %d more)", n-1)
	}
	return &engine.Error{
		Name: engine.CompileError, Value: value, Line: first.Line, Column: first.Column,
		Traceback: strings.Split(strings.TrimRight(e.Text(), "\n"), "\n"),
	}
}

// compilerError is for what the compiler refuses although go/types did not:
// rare, such as a stack frame that is too large. Its lines name cell and line.
func compilerError(err error, u *cell.Unit) error {
	var missing *toolchain.EmbedError
	if errors.As(err, &missing) {
		return embedError(missing, u)
	}
	var ce *toolchain.CompileError
	if !errors.As(err, &ce) || len(ce.Lines) == 0 {
		return fmt.Errorf("compile the cell: %w", err)
	}
	_, msg, _ := strings.Cut(ce.Lines[0], ": ")
	return &engine.Error{Name: engine.CompileError, Value: msg, Traceback: ce.Lines}
}

// embedError is for a go:embed directive whose files are not there.
func embedError(err *toolchain.EmbedError, u *cell.Unit) error {
	e := &engine.Error{Name: engine.CompileError, Value: err.Error()}
	for _, embed := range u.Embeds {
		if slices.Contains(embed.Patterns, err.Pattern) {
			e.Line = embed.Line
		}
	}
	e.Traceback = []string{
		fmt.Sprintf("cell[%d]:%d: %v", u.Number, e.Line, err),
		"    files to embed are looked for in the notebook's folder; %cd leads elsewhere",
	}
	return e
}

// linkError tells the author of a definition that would let old and new code
// disagree about memory.
func linkError(err error) error {
	var refused *toolchain.LinkRefused
	if !errors.As(err, &refused) {
		return fmt.Errorf("link the cell: %w", err)
	}
	text := refused.Error() + ": nothing was changed; give the new one another name, or restart the session"
	return &engine.Error{Name: engine.CompileError, Value: text, Traceback: []string{text}}
}

// names of reports as errors
var names = map[worker.Kind]string{
	worker.Panic:       engine.PanicError,
	worker.Fatal:       engine.ExitError,
	worker.Exit:        engine.ExitError,
	worker.Overflow:    engine.ExitError,
	worker.Goexit:      engine.ExitError,
	worker.CellError:   engine.CellError,
	worker.Interrupted: engine.Interrupted,
}

// reportError makes a report of the worker readable: what happened, the
// author's frames with their lines first, the rest folded away.
func reportError(r worker.Report, src *sources) *engine.Error {
	e := &engine.Error{Name: names[r.Kind], Value: value(r)}
	for line := range strings.SplitSeq(headline(r), "\n") {
		e.Traceback = append(e.Traceback, red+line+plain)
	}
	own := slices.DeleteFunc(slices.Clone(r.Frames), func(f worker.Frame) bool { return f.Kind != worker.Author })
	if len(own) > 0 {
		e.Line = own[0].Line
	}
	e.Traceback = append(e.Traceback, frameLines(own, src)...)
	if n, ok := r.CreatedBy.Cell(); ok {
		e.Traceback = append(e.Traceback, fmt.Sprintf("    in goroutine %d, started at cell[%d]:%d", r.Goroutine, n, r.CreatedBy.Line))
	}
	if r.State != "" {
		e.Traceback = append(e.Traceback, fmt.Sprintf("    still waiting: %s; it ends at its next step", r.State))
	}
	e.Traceback = append(e.Traceback, others(r, src)...)
	if r.Kind == worker.Fatal && r.State != "" { // a deadlock
		e.Traceback = append(e.Traceback, circle(r.Goroutines, r.Goroutine, src)...)
	}
	if folded := len(r.Frames) - len(own); folded > 0 {
		e.Traceback = append(e.Traceback, fmt.Sprintf("%s    (%d frames of the library and the runtime are not shown)%s", faint, folded, plain))
	}
	if c := consequence(r); c != "" {
		e.Traceback = append(e.Traceback, faint+c+plain)
	}
	return e
}

// others tells what the other goroutines of the cell did when it was
// interrupted or found to be deadlocked.
func others(r worker.Report, src *sources) []string {
	gs := slices.DeleteFunc(slices.Clone(r.Goroutines), func(g worker.Goroutine) bool { return g.ID == r.Goroutine })
	count := r.Count - (len(r.Goroutines) - len(gs))
	if count <= 0 {
		return nil
	}
	return append([]string{fmt.Sprintf("The cell had %s beside its own:", plural(count, "goroutine"))}, goroutineLines(gs, count, src)...)
}

// frameLines shows frames of cells, each with its line; the same frame many
// times in a row, as in a deep recursion, is shown once and counted.
func frameLines(frames []worker.Frame, src *sources) (lines []string) {
	for len(frames) > 0 {
		f, n := frames[0], 1
		for n < len(frames) && frames[n] == f {
			n++
		}
		frames = frames[n:]
		lines = append(lines, strings.TrimRight(fmt.Sprintf("    %s:%d  %s", f.File, f.Line, function(f.Func)), " "))
		cell, _ := f.Cell()
		if text := strings.TrimSpace(src.line(cell, f.Line)); text != "" {
			lines = append(lines, "        "+text)
		}
		if n > 1 {
			lines = append(lines, fmt.Sprintf("%s        (%d times more)%s", faint, n-1, plain))
		}
	}
	return lines
}

// value is the report in one line.
func value(r worker.Report) string {
	if r.Kind == worker.Exit {
		return fmt.Sprintf("exit status %d", r.Code)
	}
	line, _, _ := strings.Cut(r.Value, "\n")
	return line
}

func headline(r worker.Report) string {
	switch r.Kind {
	case worker.Panic:
		return "panic: " + r.Value
	case worker.Fatal, worker.Overflow:
		return "fatal error: " + r.Value
	case worker.Exit:
		return value(r)
	default:
		return r.Value
	}
}

// consequence says what an ordinary program would have done.
func consequence(r worker.Report) string {
	switch {
	case r.Kind == worker.Fatal && r.State != "":
		return "A program would have ended here with exit status 2; in this session the goroutines of the cell stay parked and everything else lives on."
	case r.Kind == worker.Goexit:
		return "In a program the main goroutine would have ended here, and the program with exit status 2 once no other goroutine is left; this session lives on."
	}
	switch r.Kind {
	case worker.Panic, worker.Fatal, worker.Overflow:
		return fmt.Sprintf("A program would have ended here with exit status 2; in this session goroutine %d has ended and everything else lives on.", r.Goroutine)
	case worker.Exit:
		return fmt.Sprintf("A program would have ended here with exit status %d; this session lives on.", r.Code)
	}
	return ""
}

// function is the author's name of a function: main.f is f, and the function
// of a cell needs no name.
func function(name string) string {
	name = strings.TrimPrefix(name, "main.")
	if strings.HasPrefix(name, cell.Mark) {
		return ""
	}
	return name
}

func lostError(cause error, lost []string) *engine.Error {
	reason := cause.Error()
	var death *worker.Death
	if errors.As(cause, &death) {
		reason = death.Reason
	}
	value := "the process that held the values has ended: " + reason
	e := &engine.Error{Name: engine.SessionLost, Value: value, Traceback: []string{
		red + value + plain,
		"A new one runs. Everything declared is kept; values and goroutines are lost.",
	}}
	if len(lost) > 0 {
		e.Traceback = append(e.Traceback, "Variables that are zero again: "+strings.Join(lost, ", ")+". Run the cells that set them.")
	}
	return e
}
