package child

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/display"
)

// run is one execution of a cell's function.
type run struct {
	id      uint64
	cell    int
	program bool
	beside  bool
	record  rt.Record
	number  int64         // of the goroutine that runs the function
	ended   chan struct{} // closed when that goroutine has ended

	once    sync.Once   // closes ended
	atEnd   atomic.Bool // its function has ended; not yet answered, perhaps
	cancels cancels

	settings settings // before a whole program

	mu       sync.Mutex  // guards what follows
	report   wire.Report // what is known so far; the answer when it has ended
	answered bool
	force    bool
	stopping bool // by an interrupt, or because its program has ended

	interrupted bool
	goroutines  []wire.Goroutine // as they were when the run was interrupted
	count       int              // of them all
	ending      []ending         // goroutines that have been stopped and run their deferred calls
}

// runs are the runs whose goroutine has not ended, and the newest.
type runs struct {
	mu   sync.Mutex
	byID map[uint64]*run
}

func (rs *runs) add(r *run) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID == nil {
		rs.byID = map[uint64]*run{}
	}
	for id, old := range rs.byID {
		if old.over() {
			delete(rs.byID, id)
		}
	}
	rs.byID[r.id] = r
}

func (rs *runs) get(id uint64) *run {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.byID[id]
}

// beside is the run of a cell, among those beside the one that is current, that
// has not ended.
func (rs *runs) beside(cell int) *run {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, r := range rs.byID {
		if r.beside && r.cell == cell && !r.over() {
			return r
		}
	}
	return nil
}

// start runs a cell's function in a goroutine of its own and returns as soon
// as that goroutine can be stopped.
func (p *process) start(m wire.Run) {
	r := &run{id: m.ID, cell: m.Cell, program: m.Program, beside: m.Beside, ended: make(chan struct{})}
	f, err := p.function(r, m)
	if err != nil {
		p.done(wire.Done{ID: m.ID, Error: err.Error()})
		return
	}
	p.runs.add(r)
	if !m.Beside {
		p.stdin.forget()
		p.streams.restore()
	}
	ready := make(chan struct{})
	go func() {
		r.record, r.number = rt.Enter(int64(m.Cell)), goroutine()
		p.records.add(r.record)
		if !m.Beside {
			p.current.Store(r) // now: the watcher finds it there
		}
		close(ready)
		p.execute(r, f)
	}()
	<-ready
	if !m.Beside {
		p.watcher.begin()
	}
}

func (p *process) function(r *run, m wire.Run) (func(), error) {
	entry := m.Entry
	switch {
	case m.Value != nil && rt.Linked:
		return func() { r.show(*m.Value) }, nil
	case entry == 0:
		return nil, fmt.Errorf("run a module that has no entry")
	case entry <= uint64(len(p.linked)):
		return p.linked[entry-1], nil
	case !rt.Linked:
		return nil, fmt.Errorf("run code at %#x: this program is not a worker", entry)
	}
	return rt.Func(entry), nil
}

// execute runs f and answers how it ended.
func (p *process) execute(r *run, f func()) {
	debug.SetPanicOnFault(true) // a bad pointer of the author's need not end the session
	returned := false
	defer func() { p.finish(r, returned, recover()) }()
	if r.program {
		r.settings = readSettings()
		rt.Program()
	}
	f()
	returned = true
}

// finish is deferred below the cell's function, whose frames are still there
// when it panicked. It may run methods of the author's to describe a panic,
// which may do anything; so the run is closed by a deferred call of its own.
func (p *process) finish(r *run, returned bool, panicked any) {
	defer func() {
		p.drainHeirs(int64(r.cell))
		rt.Leave()
		r.atEnd.Store(true)
		p.close(r, r.known())
	}()
	defer display.Flush()
	switch {
	case r.known().Kind != wire.Fine: // told by ended or by fail
	case returned && r.wasInterrupted(): // its goroutines have been stopped, it only waited for them
		r.tell(wire.Report{Kind: wire.Interrupted, Value: "interrupted"})
	case returned:
	case panicked != nil:
		r.tell(panicReport(panicked))
	default:
		r.tell(wire.Report{Kind: wire.Goexit, Value: "the cell called runtime.Goexit"})
	}
}

// tell notes how the run ends.
func (r *run) tell(report wire.Report) {
	report.Goroutine = r.number
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report = report
}

func (r *run) known() wire.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.report
}

func (r *run) wasInterrupted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.interrupted
}

// close answers for a run whose goroutine, which calls it, is at its end.
func (p *process) close(r *run, report wire.Report) {
	if r.program {
		p.exit(r)
	} else if report.Kind != wire.Interrupted {
		p.auditor.ended(r)
	}
	p.answer(r, report)
	r.once.Do(func() { close(r.ended) })
}

// exit ends what a whole program has left running, as the end of its process
// would have.
func (p *process) exit(r *run) {
	if _, again := p.exited.LoadOrStore(int64(r.cell), true); !again {
		r.settings.restore()
	}
	r.record.Stop()
	p.stopRest(r)
}

// silenced reports whether the calling goroutine is one of a program that has
// ended.
func (p *process) silenced() bool { return p.silent(rt.Current().ID()) }

func (p *process) silent(cell int64) bool {
	_, ok := p.exited.Load(cell)
	return ok
}

// answer tells the kernel's side how the run ended, the first time.
func (p *process) answer(r *run, report wire.Report) {
	r.mu.Lock()
	told := r.answered
	r.answered = true
	if report.Kind == wire.Interrupted {
		report.Goroutines, report.Count = r.goroutines, r.count
	}
	r.mu.Unlock()
	if !told {
		p.done(wire.Done{ID: r.id, Report: report})
	}
}

// over reports whether the goroutine of the run has ended.
func (r *run) over() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

func (r *run) isAnswered() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answered
}

// fail is called by the cell itself when its trailing error is not nil.
func (p *process) fail(err error) {
	frames, more := callers()
	report := wire.Report{Kind: wire.CellError, Value: display.Plain(err), TypeName: fmt.Sprintf("%T", err), Frames: frames, More: more}
	r := p.runOf(int(rt.Current().ID()))
	if r == nil {
		r = p.current.Load()
	}
	r.tell(report)
}

// ended is called by the runtime, on a goroutine of a cell that ends by a
// fault. It must not panic.
func (p *process) ended(kind int, v any) {
	defer func() { recover() }()
	report := endReport(kind, v)
	r := p.runOf(int(rt.Current().ID()))
	if kind == rt.EndInterrupted {
		p.spare()
	}
	if r != nil && report.Goroutine == r.number {
		r.tell(report)
		if kind == rt.EndExit { // os.Exit runs no deferred calls, and finish is one
			p.close(r, report)
		}
		return
	}
	if report.Kind == wire.Interrupted {
		return // the answer to the interrupt says so
	}
	if r != nil && r.program && !r.isAnswered() {
		p.exit(r) // with any of its goroutines
		p.answer(r, report)
		return
	}
	if p.silenced() {
		return
	}
	p.channel.send(func(b []byte) []byte {
		return wire.AppendJSON(b, wire.TEnded, wire.Ended{Cell: p.cell(), Report: report})
	})
}

// runOf is the newest run, or one beside it, if it is one of the given cell.
func (p *process) runOf(cell int) *run {
	if r := p.current.Load(); r != nil && r.cell == cell {
		return r
	}
	return p.runs.beside(cell)
}
