package yaegi

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/prompt"
	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// Variable is set in the environment of the process that interprets: a program
// which makes engines begins its main with
//
//	if os.Getenv(yaegi.Variable) != "" {
//		yaegi.Child()
//	}
const Variable = "INTERLEAVE_INTERPRETER"

// Child serves the engine that started this process, on standard input and
// output, and does not return.
func Child() {
	c := &child{
		in: json.NewDecoder(bufio.NewReader(os.Stdin)), out: json.NewEncoder(os.Stdout),
		imports: map[string]bool{}, names: map[string]bool{},
		cells: make(chan *cellText, 1), answers: make(chan *answer, 1),
	}
	if err := c.serve(); err != nil {
		fmt.Fprintf(os.Stderr, "interpreter: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child is the process's side of a session.
type child struct {
	in      *json.Decoder
	sending sync.Mutex
	out     *json.Encoder
	interp  *interp.Interpreter
	imports map[string]bool // names imported so far
	names   map[string]bool // declared by cells
	cells   chan *cellText
	answers chan *answer

	stdout, stderr *standard

	mu     sync.Mutex
	cancel context.CancelFunc // ends the cell that runs
	values []any              // of the trailing expression
	frames []string           // where a panic went, as the interpreter tells
}

// start makes the interpreter. It costs some 50 ms, most of it for tables.
func (c *child) start() error {
	var err error
	if c.stdout, err = c.open(engine.Stdout); err != nil {
		return err
	}
	if c.stderr, err = c.open(engine.Stderr); err != nil {
		return err
	}
	os.Stdout, os.Stderr = c.stdout.w, c.stderr.w // also for what libraries print
	display.SetSink(c)
	prompt.SetSource(c.ask)
	c.interp = interp.New(interp.Options{
		Stdin:  bufio.NewReader(&keyboard{ask: c.ask}),
		Stdout: c.stdout.w, Stderr: c.stderr.w,
	})
	show := interp.Exports{"interleave/show/show": {"Values": valueOf(c.keep)}}
	for _, table := range []interp.Exports{stdlib.Symbols, ours, show} {
		if err := c.interp.Use(table); err != nil {
			return err
		}
	}
	_, err = c.interp.Eval(`import ` + cell.Mark + ` "interleave/show"`)
	return err
}

// serve reads requests until the engine closes the pipe.
func (c *child) serve() error {
	if err := c.start(); err != nil {
		return err
	}
	go func() {
		for t := range c.cells {
			c.run(t)
		}
	}()
	for {
		var r request
		switch err := c.in.Decode(&r); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case r.Run != nil:
			c.cells <- r.Run
		case r.Input != nil:
			c.answers <- r.Input
		case r.Interrupt:
			c.mu.Lock()
			if c.cancel != nil {
				c.cancel()
			}
			c.mu.Unlock()
		}
	}
}

func (c *child) send(r reply) {
	c.sending.Lock()
	defer c.sending.Unlock()
	if err := c.out.Encode(r); err != nil {
		os.Exit(1) // the engine is gone
	}
}

func (c *child) run(t *cellText) {
	ctx, cancel := context.WithCancel(context.Background())
	c.mu.Lock()
	c.cancel, c.frames = cancel, nil
	c.mu.Unlock()
	err := c.cell(ctx, t)
	display.Flush()
	c.flush()
	end := c.conclude(ctx, t, err)
	c.mu.Lock()
	c.cancel = nil
	c.mu.Unlock()
	cancel()
	c.send(reply{Done: end})
}

// Show, Update and Clear make a child the sink of package display.
func (c *child) Show(d display.Data)   { c.show(asDisplay, d) }
func (c *child) Update(d display.Data) { c.show(asUpdate, d) }

func (c *child) show(how string, d display.Data) {
	c.flush()
	c.send(reply{Show: pack(how, d)})
}

// Clear is the third method of the sink.
func (c *child) Clear(wait bool) {
	c.flush()
	c.send(reply{Clear: &clearance{wait}})
}

// ask asks the reader for a line.
func (c *child) ask(prompt string, password bool) (string, error) {
	c.flush()
	c.send(reply{Ask: &question{prompt, password}})
	a := <-c.answers
	switch a.Err {
	case "":
		return a.Text, nil
	case engine.ErrNoStdin.Error():
		return "", engine.ErrNoStdin
	}
	return "", errors.New(a.Err)
}

// keyboard is standard input: a line asked for whenever one is read.
type keyboard struct {
	ask  func(string, bool) (string, error)
	rest string
}

func (k *keyboard) Read(b []byte) (int, error) {
	if k.rest == "" {
		line, err := k.ask("", false)
		if err != nil {
			return 0, err
		}
		k.rest = line + "\n"
	}
	n := copy(b, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}
