package echo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// Engine echoes. Make one with New.
type Engine struct {
	background sync.WaitGroup
	closed     chan struct{}
	once       sync.Once
	lines      lines

	mu    sync.Mutex // guards gates
	gates map[string]chan struct{}
}

// New returns an engine.
func New() *Engine {
	return &Engine{closed: make(chan struct{}), gates: make(map[string]chan struct{})}
}

// Release lets the command "hold name" go on, now or when it comes.
func (e *Engine) Release(name string) { close(e.gate(name)) }

func (e *Engine) gate(name string) chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gates[name] == nil {
		e.gates[name] = make(chan struct{})
	}
	return e.gates[name]
}

// Info describes the engine.
func (e *Engine) Info() engine.Info {
	return engine.Info{Name: "echo", GoVersion: "1.26", Banner: "A toy that repeats what it is given."}
}

// Close ends what the engine does in the background and waits for it.
func (e *Engine) Close() error {
	e.once.Do(func() { close(e.closed) })
	e.background.Wait()
	return nil
}

// cell is a cell that runs.
type cell struct {
	*Engine
	engine.Cell
	engine.Output
	line int
}

// Execute runs the commands of c.
func (e *Engine) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	r := &cell{Engine: e, Cell: c, Output: out}
	for i, line := range strings.Split(c.Code, "\n") {
		r.line = i + 1
		if err := r.run(ctx, line); err != nil {
			return r.fault(err)
		}
	}
	return nil
}

// ExecuteBeside is Execute: cells of this engine know nothing of each other.
func (e *Engine) ExecuteBeside(ctx context.Context, c engine.Cell, out engine.Output) error {
	return e.Execute(ctx, c, out)
}

// commands are what a line may begin with.
var commands = map[string]func(c *cell, ctx context.Context, arg string) error{
	"print":     (*cell).print,
	"eprint":    (*cell).eprint,
	"write":     (*cell).write,
	"result":    (*cell).result,
	"show":      (*cell).show,
	"both":      (*cell).both,
	"named":     (*cell).named,
	"update":    (*cell).update,
	"turn":      (*cell).turn,
	"clear":     func(c *cell, _ context.Context, _ string) error { c.Clear(false); return nil },
	"clearwait": func(c *cell, _ context.Context, _ string) error { c.Clear(true); return nil },
	"open":      (*cell).open,
	"tell":      (*cell).tell,
	"hang":      (*cell).hang,
	"ask":       (*cell).ask,
	"secret":    (*cell).secret,
	"flood":     (*cell).flood,
	"zigzag":    (*cell).zigzag,
	"many":      (*cell).many,
	"fail":      func(_ *cell, _ context.Context, arg string) error { return errors.New(arg) },
	"panic":     func(_ *cell, _ context.Context, arg string) error { panic(arg) },
	"hold":      (*cell).hold,
	"sleep":     (*cell).sleep,
}

func (c *cell) run(ctx context.Context, line string) error {
	name, arg, _ := strings.Cut(line, " ")
	switch name {
	case "go":
		c.start(arg)
		return nil
	case "await":
		gate, command, _ := strings.Cut(arg, " ")
		if err := c.hold(ctx, gate); err != nil {
			return err
		}
		return c.run(ctx, command)
	}
	if f, ok := commands[name]; ok {
		return f(c, ctx, arg)
	}
	if line != "" {
		return c.print(ctx, line)
	}
	return nil
}

// start runs a command that may outlive its cell.
func (c *cell) start(line string) {
	ctx, cancel := context.WithCancel(context.Background())
	c.background.Go(func() {
		defer cancel()
		if err := c.run(ctx, line); err != nil {
			c.Stream(engine.Stderr, err.Error()+"\n")
		}
	})
}

// fault makes the author's error of err.
func (c *cell) fault(err error) error {
	name := engine.CellError
	if errors.Is(err, context.Canceled) {
		name = engine.Interrupted
	}
	at := fmt.Sprintf("cell[%d]:%d", c.Count, c.line)
	return &engine.Error{
		Name:      name,
		Value:     err.Error(),
		Traceback: []string{at, name + ": " + err.Error()},
		Line:      c.line,
		Column:    1,
	}
}

func (c *cell) print(_ context.Context, text string) error {
	c.Stream(engine.Stdout, text+"\n")
	return nil
}

func (c *cell) eprint(_ context.Context, text string) error {
	c.Stream(engine.Stderr, text+"\n")
	return nil
}

func (c *cell) write(_ context.Context, text string) error {
	c.Stream(engine.Stdout, text)
	return nil
}

func (c *cell) result(_ context.Context, text string) error {
	c.Result(bundle("text/plain", text))
	return nil
}

func (c *cell) show(_ context.Context, arg string) error {
	mime, text, _ := strings.Cut(arg, " ")
	c.Display(bundle(mime, text))
	return nil
}

func (c *cell) both(_ context.Context, arg string) error {
	mime, text, _ := strings.Cut(arg, " ")
	c.Display(display.Data{Bundle: map[string]any{mime: map[string]any{}, "text/plain": text}})
	return nil
}

func (c *cell) named(_ context.Context, arg string) error {
	c.Display(identified(arg))
	return nil
}

func (c *cell) update(_ context.Context, arg string) error {
	c.Update(identified(arg))
	return nil
}

func (c *cell) turn(_ context.Context, arg string) error {
	count, ids, _ := strings.Cut(arg, " ")
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	for i := range n {
		for _, id := range strings.Fields(ids) {
			c.Update(identified(id + " " + strconv.Itoa(i)))
		}
	}
	return nil
}

func identified(arg string) display.Data {
	id, text, _ := strings.Cut(arg, " ")
	d := bundle("text/plain", text)
	d.ID = id
	return d
}

func bundle(mime, text string) display.Data {
	return display.Data{Bundle: map[string]any{mime: text}}
}

func (c *cell) ask(ctx context.Context, prompt string) error {
	line, err := c.Input(ctx, prompt, false)
	if err != nil {
		return err
	}
	return c.print(ctx, line)
}

func (c *cell) secret(ctx context.Context, prompt string) error {
	line, err := c.Input(ctx, prompt, true)
	if err != nil {
		return err
	}
	return c.print(ctx, strconv.Itoa(len(line)))
}

func (c *cell) flood(ctx context.Context, arg string) error {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return err
	}
	for i := range n {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.Stream(engine.Stdout, fmt.Sprintf("line %d\n", i))
	}
	return nil
}

func (c *cell) zigzag(_ context.Context, arg string) error {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return err
	}
	for i := range n {
		c.Stream(engine.Stdout, fmt.Sprintf("out %d\n", i))
		c.Stream(engine.Stderr, fmt.Sprintf("err %d\n", i))
	}
	return nil
}

func (c *cell) many(ctx context.Context, arg string) error {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return err
	}
	for i := range n {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.Display(bundle("text/plain", strconv.Itoa(i)))
	}
	return nil
}

func (c *cell) hold(ctx context.Context, name string) error {
	select {
	case <-c.gate(name):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.closed:
		return errors.New("the engine was closed")
	}
}

func (c *cell) sleep(ctx context.Context, arg string) error {
	d, err := time.ParseDuration(arg)
	if err != nil {
		return err
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-c.closed:
		return errors.New("the engine was closed")
	}
}
