package native

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// raceCell runs the cell with the race detector, which needs a process that was
// built for it. The session's stays as it is: a second one gets all that the
// cell needs, but for values, and ends with the cell.
func raceCell(e *Engine, ctx context.Context, m call) error {
	if m.arg != "" {
		return fault("%%race takes no arguments; %race on and %race off are for all cells")
	}
	if e.cfg.Race {
		return e.inside(ctx, m, m.body)
	}
	s := e.live()
	if s == nil {
		return ErrClosed
	}
	unit, err := s.standalone(m)
	if err != nil {
		return err
	}
	tools, err := e.racing.open(ctx, e.cfg, func(text string) { m.out.Stream(engine.Stderr, text+"\n") })
	if err != nil {
		return fault(fmt.Sprintf("%%%%race: %v", err))
	}
	b, err := e.beside(ctx, s, tools)
	if err != nil {
		return err
	}
	return errors.Join(b.run(ctx, e, unit), b.close())
}

// standalone compiles a cell for another process.
func (s *session) standalone(m call) (*cell.Unit, error) {
	s.known.mu.Lock()
	unit, err := s.known.scope.Standalone(m.body, m.count)
	s.known.mu.Unlock()
	switch {
	case err != nil:
		return nil, understood(err)
	case len(unit.Variables) > 0:
		list := strings.Join(slices.Compact(unit.Variables), ", ")
		return nil, fault(fmt.Sprintf("%%%%race runs the cell in a process of its own, which does not have the values of %s: set them in this cell, or turn the detector on for all cells with %%race on", list))
	}
	return unit, nil
}

// racing are the tools that build for the race detector, opened when a cell
// first asks for them.
type racing struct {
	mu    sync.Mutex
	tools *toolchain.Toolchain
}

func (r *racing) open(ctx context.Context, cfg Config, progress func(string)) (*toolchain.Toolchain, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tools != nil {
		return r.tools, nil
	}
	cfg.Race = true
	tools, err := openTools(ctx, cfg, progress)
	if err != nil {
		return nil, err
	}
	if err := tools.Ready(ctx); err != nil {
		return nil, errors.Join(err, tools.Close())
	}
	r.tools = tools
	return tools, nil
}

func (r *racing) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tools == nil {
		return nil
	}
	err := r.tools.Close()
	r.tools = nil
	return err
}

// beside is a second process for one cell.
type beside struct {
	program
	worker *worker.Worker
	races  *races
}

func (e *Engine) beside(ctx context.Context, s *session, tools *toolchain.Toolchain) (*beside, error) {
	dir, err := os.MkdirTemp(s.dir.path, "race")
	if err != nil {
		return nil, err
	}
	b := &beside{program: program{session: s, tools: tools, dir: dir}, races: &races{outputs: &e.outputs}}
	if b.link, err = tools.NewSession(dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	b.worker, err = worker.Start(ctx, worker.Options{
		Path: tools.Worker(), BuildID: tools.BuildID(), Dir: e.cfg.Dir, Env: raceEnv(e.cfg.Env), Handler: b.races,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start a process with the race detector: %w", err), b.link.Close(), os.RemoveAll(dir))
	}
	return b, nil
}

func (b *beside) close() error {
	return errors.Join(b.worker.Close(), b.link.Close(), os.RemoveAll(b.dir))
}

// run loads the cell and runs it. Its output is that of the cell in the
// session; reports of races come with it, and a line that says that there were
// none.
func (b *beside) run(ctx context.Context, e *Engine, unit *cell.Unit) error {
	if err := b.images(ctx, unit.Imports); err != nil {
		return err
	}
	linked, err := b.cell(ctx, unit)
	if err != nil {
		return err
	}
	for _, m := range b.modules {
		conflicts, err := b.worker.Load(ctx, m)
		if err != nil || len(conflicts) > 0 {
			return interruptedOr(ctx, fmt.Errorf("load the cell with the race detector: %d conflicts, %w", len(conflicts), err))
		}
	}
	e.serial++
	out := e.outputs.of(e.serial - 1)
	e.outputs.add(e.serial, out)
	r, err := b.worker.Run(ctx, worker.Run{Cell: e.serial, Entry: linked.Module.Entry, Program: unit.Program})
	if errors.Is(err, worker.ErrDied) {
		text := fmt.Sprintf("the process with the race detector ended: %v; the session and its values are as they were", err)
		return &engine.Error{Name: engine.ExitError, Value: text, Traceback: []string{text}}
	}
	if err := e.ended(r, err); err != nil {
		return err
	}
	if b.races.none() {
		out.Stream(engine.Stderr, "%%race: no data race was seen in this run\n")
	}
	return nil
}
