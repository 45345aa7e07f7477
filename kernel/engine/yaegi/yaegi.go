// Package yaegi is the engine of a session without a Go toolchain, or on a
// platform which the native engine does not reach: cells are interpreted by
// yaegi, in a process of their own.
//
// It is many times slower and does not have the whole language. What yaegi
// gets wrong (goroutines, select, closures they share) and everything that
// measures time is refused with an error that says how to get the native
// engine, rather than shown wrong.
package yaegi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// Version is the release of yaegi.
const Version = "0.16.1"

// Config says how cells are interpreted.
type Config struct {
	// Program is the executable that calls Child when Variable is set; empty
	// for the running one.
	Program string
	// Dir is the working directory of cells, empty for the current one.
	Dir string
	// Reason says why cells are not compiled, one line for the banner.
	Reason string
}

// Engine interprets. Make one with New. Its process is started by the first
// cell.
type Engine struct {
	cfg Config

	mu   sync.Mutex // held while a cell runs
	proc atomic.Pointer[process]
	told bool // the first cell has said that it is interpreted
}

// New returns an engine.
func New(cfg Config) *Engine { return &Engine{cfg: cfg} }

// Info describes the engine.
func (e *Engine) Info() engine.Info {
	return engine.Info{
		Name:      "interpreted (yaegi " + Version + ")",
		GoVersion: strings.TrimPrefix(strings.Fields(runtime.Version())[0], "go"),
		Banner: "Go, interpreted by yaegi " + Version + ": slow, without goroutines, and nothing is measured.\n" +
			e.cfg.Reason + "\nFor the native engine " + getNative + ".",
	}
}

// process is the interpreter at work.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	sending sync.Mutex
	out     chan reply // closed when the process has ended
	stderr  *tail
	ended   error // set before out is closed
}

func (e *Engine) start() (*process, error) {
	program := e.cfg.Program
	if program == "" {
		exe, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("start the interpreter: %w", err)
		}
		program = exe
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), Variable+"=1")
	cmd.Dir = e.cfg.Dir
	p := &process{cmd: cmd, out: make(chan reply), stderr: &tail{}}
	cmd.Stderr = p.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start the interpreter: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the interpreter: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the interpreter: %w", err)
	}
	p.in = in
	go p.read(out)
	return p, nil
}

func (p *process) read(out io.Reader) {
	defer close(p.out)
	d := json.NewDecoder(out)
	for {
		var r reply
		if err := d.Decode(&r); err != nil {
			break
		}
		p.out <- r
	}
	// A process whose messages end is of no use any more.
	_ = p.cmd.Process.Kill()
	p.ended = p.cmd.Wait()
}

func (p *process) send(r request) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	return json.NewEncoder(p.in).Encode(r)
}

// end closes the pipe, at which the process ends, and takes what it still says.
func (p *process) end() {
	_ = p.in.Close()
	_ = p.cmd.Process.Kill()
	for range p.out {
	}
}

// Execute runs one cell.
func (e *Engine) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	magics, code := cell.SplitMagics(c.Code)
	for _, m := range magics {
		if err := e.magic(m, out); err != nil {
			return err
		}
	}
	if strings.TrimSpace(code) == "" {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.told {
		e.told = true
		out.Stream(engine.Stderr, e.Info().Banner+"\n")
	}
	p := e.proc.Load()
	if p == nil {
		var err error
		if p, err = e.start(); err != nil {
			return err
		}
		e.proc.Store(p)
	}
	stop := context.AfterFunc(ctx, func() { _ = p.send(request{Interrupt: true}) }) // a process that is gone needs none
	defer stop()
	if err := p.send(request{Run: &cellText{code, c.Count}}); err != nil {
		return e.lost(p)
	}
	return e.follow(ctx, p, c, out)
}

// follow passes on what the cell shows, until it ends.
func (e *Engine) follow(ctx context.Context, p *process, c engine.Cell, out engine.Output) error {
	for r := range p.out {
		switch {
		case r.Stream != nil:
			out.Stream(engine.Stream(r.Stream.Name), r.Stream.Text)
		case r.Show != nil:
			show(out, r.Show)
		case r.Clear != nil:
			out.Clear(r.Clear.Wait)
		case r.Ask != nil:
			if err := p.send(request{Input: input(ctx, c, out, r.Ask)}); err != nil {
				return e.lost(p)
			}
		case r.Done != nil:
			if text := p.stderr.take(); text != "" {
				out.Stream(engine.Stderr, text)
			}
			return r.Done.err()
		}
	}
	return e.lost(p)
}

func show(out engine.Output, b *bundle) {
	switch b.How {
	case asUpdate:
		out.Update(b.unpack())
	case asResult:
		out.Result(b.unpack())
	default:
		out.Display(b.unpack())
	}
}

func input(ctx context.Context, c engine.Cell, out engine.Output, q *question) *answer {
	if !c.AllowStdin {
		return &answer{Err: engine.ErrNoStdin.Error()}
	}
	text, err := out.Input(ctx, q.Prompt, q.Password)
	if err != nil {
		return &answer{Err: err.Error()}
	}
	return &answer{Text: text}
}

func (c *conclusion) err() error {
	if c.Name == "" {
		return nil
	}
	return &engine.Error{Name: c.Name, Value: c.Value, Traceback: c.Traceback, Line: c.Line, Column: c.Column}
}

// lost says that the process is gone, with all values.
func (e *Engine) lost(p *process) error {
	e.proc.Store(nil)
	p.end()
	reason := "it ended"
	if p.ended != nil {
		reason = p.ended.Error()
	}
	lines := []string{"The interpreter's process is gone (" + reason + "), and all values and declarations with it.", "Run the cells that made them again."}
	if text := strings.TrimSpace(p.stderr.take()); text != "" {
		lines = append(lines, strings.Split(text, "\n")...)
	}
	return &engine.Error{Name: engine.SessionLost, Value: "the interpreter ended: " + reason, Traceback: lines}
}

// magic does what a line with a percent sign asks for.
func (e *Engine) magic(line string, out engine.Output) error {
	name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch name {
	case "%reset":
		return e.Restart(context.Background())
	case "%help":
		out.Stream(engine.Stdout, "%help   this text\n%reset  forget all values and declarations\nMore magics come with the native engine: "+getNative+".\n")
		return nil
	}
	text := name + " is not there in an interpreted session (%help lists what is)"
	return &engine.Error{Name: engine.CompileError, Value: text, Traceback: []string{text + ";", getNative}}
}

// Restart forgets everything.
func (e *Engine) Restart(context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.proc.Swap(nil); p != nil {
		p.end()
	}
	return nil
}

// Close ends the session.
func (e *Engine) Close() error { return e.Restart(context.Background()) }

// IsComplete says whether code is ready to be run.
func (e *Engine) IsComplete(code string) (engine.Status, string) {
	s, indent := cell.IsComplete(code)
	return engine.Status(s), indent
}

// Complete offers the names of a package after its dot, and packages.
func (e *Engine) Complete(_ context.Context, code string, offset int) (engine.Completion, error) {
	if offset < 0 || offset > len(code) {
		return engine.Completion{}, errors.New("complete: the cursor is outside of the code")
	}
	start := strings.LastIndexFunc(code[:offset], func(r rune) bool { return !identifier(r) }) + 1
	typed := code[start:offset]
	c := engine.Completion{Start: start, End: offset}
	if start > 0 && code[start-1] == '.' {
		head := code[:start-1]
		name := head[strings.LastIndexFunc(head, func(r rune) bool { return !identifier(r) })+1:]
		for _, n := range exported(packagesByName[name]) {
			if strings.HasPrefix(n, typed) {
				c.Items = append(c.Items, engine.CompletionItem{Text: n, Kind: "function"})
			}
		}
		return c, nil
	}
	c.Items = packageItems(typed)
	return c, nil
}

// PIDs lists the interpreter's process, for usage_request.
func (e *Engine) PIDs() []int {
	if p := e.proc.Load(); p != nil {
		return []int{p.cmd.Process.Pid}
	}
	return nil
}
