package pool

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync/atomic"
)

// program is what worker processes run.
type program struct {
	functions []string // which it knows
	launch    Launch
	close     func()
}

// Launch makes the command of one worker process. The process is to have
// calls and results as its descriptors 3 and 4 and to call ServeConn with
// them; its environment and its standard streams are set already.
type Launch func(cmd *exec.Cmd) error

// Source finds a program that has some functions registered, by their names as
// in "main.sum", where this process cannot start itself again: in the cells of
// a notebook. It returns what a worker process needs to be started, and what
// to call when no more will be.
type Source func(functions []string) (launch Launch, close func(), err error)

var source atomic.Pointer[Source]

// SetSource names who finds the programs of worker processes. The worker of a
// notebook does so when it starts.
func SetSource(s Source) { source.Store(&s) }

// program returns one that knows the function, and those called before.
func (p *processes) program(function string) (*program, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var functions []string
	if n := len(p.programs); n > 0 {
		functions = p.programs[n-1].functions
	}
	if slices.Contains(functions, function) {
		return p.programs[len(p.programs)-1], nil
	}
	g, err := find(append(slices.Clip(functions), function))
	if err == nil {
		p.programs = append(p.programs, g)
	}
	return g, err
}

func find(functions []string) (*program, error) {
	if s := source.Load(); s != nil {
		launch, closed, err := (*s)(functions)
		return &program{functions, launch, closed}, err
	}
	registry.mu.Lock()
	served := registry.served
	registry.mu.Unlock()
	if !served {
		return nil, errors.New("this program has not called pool.Serve at the start of main (in a test, of TestMain)")
	}
	last := functions[len(functions)-1]
	if _, ok := registered(last); !ok {
		return nil, fmt.Errorf("call pool.Register(%s) before pool.Serve", short(last))
	}
	return &program{functions, itself, func() {}}, nil
}

// itself starts this program again.
func itself(cmd *exec.Cmd) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	cmd.Path, cmd.Args = path, os.Args[:1]
	return nil
}

func (g *program) command(calls, results *os.File) (*exec.Cmd, error) {
	cmd := &exec.Cmd{
		Env:    append(os.Environ(), workerEnv+"=1"),
		Stdout: os.Stdout, Stderr: os.Stderr,
		ExtraFiles: []*os.File{calls, results},
	}
	return cmd, g.launch(cmd)
}
