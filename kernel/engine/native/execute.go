package native

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// Execute compiles the cell, links it into the worker and runs it there.
// Nothing has changed when it returns a CompileError.
func (e *Engine) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	e.run.Lock()
	defer e.run.Unlock()
	tools, err := e.open(ctx, func(text string) { out.Stream(engine.Stderr, text+"\n") })
	if err != nil {
		return err
	}
	if _, err := e.session(ctx, tools); err != nil {
		return err
	}
	e.serial++
	e.sources.add(c.Count, c.Code)
	e.outputs.add(e.serial, out)
	e.outputs.number(e.serial, c.Count)
	e.outputs.newest(out)
	err = e.cell(ctx, tools, c, out)
	if errors.Is(err, worker.ErrDied) {
		return e.replace(ctx, err)
	}
	return err
}

// cell runs the magics of a cell and then its Go code.
func (e *Engine) cell(ctx context.Context, tools *toolchain.Toolchain, c engine.Cell, out engine.Output) error {
	e.timing = false
	code, err := e.magics(ctx, c, out)
	if err != nil || strings.TrimSpace(code) == "" {
		return err
	}
	if e.timing {
		defer func() { out.Stream(engine.Stderr, e.took.String()+"\n") }()
	}
	s, err := e.session(ctx, tools) // %reset has made another
	if err != nil {
		return err
	}
	if err := e.declareDisplay(ctx, s, code, out); err != nil {
		return err
	}
	return e.execute(ctx, s, code, c.Count, out)
}

// execute runs Go code as the cell with the newest serial number.
func (e *Engine) execute(ctx context.Context, s *session, code string, count int, out engine.Output) error {
	defer func() { // not while the cell runs: it may be measuring something
		s.tools.Warm()
		s.mods.nearby.search(s.mods.root())
	}()
	e.took = Took{}
	t := timer{took: &e.took, at: time.Now()}
	if done, err := e.showValue(ctx, s, code, &t); done {
		return err
	}
	for _, path := range s.mods.changed() {
		out.Stream(engine.Stderr, fmt.Sprintf("package %s has changed since it was linked into this session, which keeps the old code; to use the new one: %%reset, and run the notebook again\n", path))
	}
	run, err := e.prepare(ctx, s, code, count, e.serial, out, &t)
	if err != nil {
		return interruptedOr(ctx, err)
	}
	r, err := s.worker.Run(ctx, run)
	t.ran()
	return e.ended(r, err)
}

// prepare compiles and loads a cell, one at a time, and tells its notices.
func (e *Engine) prepare(ctx context.Context, s *session, code string, count, serial int, out engine.Output, t *timer) (worker.Run, error) {
	e.build.Lock()
	defer e.build.Unlock()
	unit, err := s.compile(ctx, code, count, t)
	if err != nil {
		return worker.Run{}, err
	}
	unit, entry, err := s.load(ctx, unit, serial, cmp.Or(*e.folder.Load(), "."), t)
	if err != nil {
		return worker.Run{}, err
	}
	for _, n := range unit.Notices {
		out.Stream(engine.Stderr, n+"\n")
	}
	return worker.Run{Cell: serial, Entry: entry, Program: unit.Program}, nil
}

// ended is what the end of a run means for its cell.
func (e *Engine) ended(r worker.Report, err error) error {
	switch {
	case err != nil:
		return err
	case r.Kind == worker.Fine, r.Kind == worker.Exit && r.Code == 0:
		return nil
	}
	return reportError(r, &e.sources)
}

// replace starts a new worker in place of one that died, unless the engine was
// closed meanwhile. What was declared stays declared; values are lost.
func (e *Engine) replace(ctx context.Context, cause error) error {
	s := e.live()
	if s == nil {
		return cause
	}
	e.build.Lock() // a cell beside may be about to be committed
	defer e.build.Unlock()
	lost := s.forget()
	fresh, err := start(context.WithoutCancel(ctx), s.tools, s.dir, s.known, e.cfg, &e.outputs)
	if err != nil {
		return errors.Join(cause, err, e.drop())
	}
	s.worker.Close() // it has ended: this only frees what is left of it
	e.outputs.hangUp()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return errors.Join(cause, fresh.worker.Close())
	}
	e.sess = fresh
	return lostError(cause, lost)
}

// forget makes the scope know that no variable has its value any more.
func (s *session) forget() []string {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	return s.known.scope.Forget()
}

func interruptedOr(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	const text = "interrupted before the cell ran; nothing has changed"
	return &engine.Error{Name: engine.Interrupted, Value: text, Traceback: []string{text}}
}
