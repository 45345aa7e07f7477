package pool

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// Processes makes an executor with n worker processes, each of which makes one
// call at a time. They start with the first calls, which takes some
// milliseconds each, end with the pool, and do not outlive this program
// however that ends. It panics when n is not positive.
//
// When a worker dies its call is made again, by a new worker, up to three
// times in all. A worker whose call was cancelled and that does not return
// within a second is killed.
func Processes(n int, options ...Option) Executor {
	p := &processes{queue: newQueue(n), codec: Gob}
	for _, o := range options {
		o(p)
	}
	for i := range n {
		p.group.Add(1)
		go p.work(fmt.Sprintf("process %d", i+1))
	}
	return p
}

// Option changes how Processes works.
type Option func(*processes)

// WithJSON has values travel as JSON instead of gob.
func WithJSON() Option { return func(p *processes) { p.codec = JSON } }

// WithEnv adds to the environment of the worker processes, as in
// "GOMAXPROCS=1".
func WithEnv(env ...string) Option { return func(p *processes) { p.env = append(p.env, env...) } }

// What a worker may do before it is given up.
const (
	maxAttempts = 3           // workers that die with the same call
	patience    = time.Second // to return after a cancel
	startLimit  = 30 * time.Second
)

type processes struct {
	Log
	queue *queue
	codec Codec
	env   []string
	group sync.WaitGroup

	mu       sync.Mutex // guards programs
	programs []*program // the last one has all functions that were called
}

func (p *processes) Submit(j *Job) {
	p.Queue(j)
	if !p.queue.put(j) {
		j.Fail(ErrClosed)
	}
}

func (p *processes) Close() error {
	p.queue.close()
	p.group.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.programs {
		g.close()
	}
	p.programs = nil
	return nil
}

// work has jobs done by one worker process at a time.
func (p *processes) work(name string) {
	defer p.group.Done()
	var w *process
	defer func() { w.stop() }()
	for j := p.queue.take(); j != nil; j = p.queue.take() {
		if j.Ended() {
			continue
		}
		var err error
		if w, err = p.ready(w, j.Name()); err != nil {
			j.Fail(fmt.Errorf("call %s in a worker process: %w", j.Name(), err))
			continue
		}
		p.Start(j, name)
		if w.do(j, p.codec) {
			continue
		}
		cause := w.stop()
		w = nil
		if j.Ended() {
			continue
		}
		if j.attempts++; j.attempts == maxAttempts {
			j.Fail(fmt.Errorf("call %s: %w, the last with: %v", j.Name(), ErrWorkersDied, cause))
			continue
		}
		p.Lost(j)
		p.queue.back(j)
	}
}

// ErrWorkersDied is the error of a call that no worker process survived.
var ErrWorkersDied = errors.New("three worker processes have died in this call")

// ready returns a process that knows the function: w if it does.
func (p *processes) ready(w *process, name string) (*process, error) {
	if w != nil && slices.Contains(w.funcs, name) {
		return w, nil
	}
	g, err := p.program(name)
	if err != nil {
		return w, err
	}
	if w != nil {
		w.stop()
	}
	return start(g, p.env)
}

// process is one worker process.
type process struct {
	cmd     *exec.Cmd
	calls   *os.File // to it
	results *os.File // from it
	enc     *gob.Encoder
	answers chan response // closed when the process can answer no more
	funcs   []string
}

// start starts a worker process and waits for its greeting.
func start(g *program, env []string) (*process, error) {
	theirIn, calls, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirIn.Close()
	results, theirOut, err := os.Pipe()
	if err != nil {
		calls.Close()
		return nil, err
	}
	defer theirOut.Close()
	w := &process{calls: calls, results: results, enc: gob.NewEncoder(calls), answers: make(chan response)}
	w.cmd, err = g.command(theirIn, theirOut)
	if err == nil {
		w.cmd.Env = append(w.cmd.Env, env...)
		err = w.cmd.Start()
	}
	if err != nil {
		calls.Close()
		results.Close()
		return nil, fmt.Errorf("start a worker process: %w", err)
	}
	if err := w.greet(); err != nil {
		return nil, errors.Join(err, w.stop())
	}
	return w, nil
}

// greet waits for the first word of the process, then begins to listen.
func (w *process) greet() error {
	late := time.AfterFunc(startLimit, func() { w.cmd.Process.Kill() })
	defer late.Stop()
	d := gob.NewDecoder(w.results)
	var h hello
	if err := d.Decode(&h); err != nil {
		close(w.answers)
		return fmt.Errorf("a worker process did not begin to serve (%v): does main call pool.Serve first?", err)
	}
	w.funcs = h.Funcs
	go func() {
		defer close(w.answers)
		for {
			var r response
			if d.Decode(&r) != nil {
				return
			}
			w.answers <- r
		}
	}()
	return nil
}

// do has a job done. It reports false when the process is of no use any more;
// the job may not have ended then.
func (w *process) do(j *Job, c Codec) bool {
	in, err := j.Input(c)
	if err != nil {
		j.Fail(err)
		return true
	}
	if err := w.enc.Encode(request{ID: j.ID(), Func: j.Name(), JSON: c == JSON, Input: in}); err != nil {
		return false
	}
	select {
	case r, ok := <-w.answers:
		return w.answer(j, c, r, ok)
	case <-j.Context().Done():
	}
	w.enc.Encode(request{ID: j.ID(), Cancel: true})
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case r, ok := <-w.answers:
		return w.answer(j, c, r, ok)
	case <-t.C:
		j.Fail(context.Cause(j.Context()))
		return false
	}
}

func (w *process) answer(j *Job, c Codec, r response, ok bool) bool {
	switch {
	case !ok:
		return false
	case r.Fault != nil && j.Context().Err() != nil: // the other side knows only that it was cancelled
		j.Fail(context.Cause(j.Context()))
	case r.Fault != nil:
		j.Fail(r.Fault.error())
	default:
		j.Complete(c, r.Output)
	}
	return true
}

// stop ends the process and says how it ended.
func (w *process) stop() error {
	if w == nil {
		return nil
	}
	w.calls.Close()
	kill := time.AfterFunc(patience, func() { w.cmd.Process.Kill() })
	defer kill.Stop()
	for range w.answers { // the end of the process ends them
	}
	w.results.Close()
	err := w.cmd.Wait()
	if err == nil {
		err = errors.New("it ended")
	}
	return err
}
