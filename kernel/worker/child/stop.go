package child

import (
	"runtime"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// patience is how long a goroutine that waits for something may take to go on
// by itself before it is left behind.
const patience = 30 * time.Millisecond

// stop interrupts a run. The run is answered as soon as its goroutine has
// ended, or has been found to wait for something that does not come.
func (p *process) stop(m wire.Stop) {
	r := p.runs.get(m.Run)
	if r == nil || r.over() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.force = r.force || m.Force
	r.interrupted = true
	if !r.stopping {
		r.stopping = true
		p.stopped.Store(int64(r.cell), r)
		go p.stopping(r, true)
	}
}

// stopRest ends the goroutines which a run has left behind. When it returns none
// of them that waits goes on any more.
func (p *process) stopRest(r *run) {
	r.record.Mark()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.stopping {
		r.stopping = true
		go p.stopping(r, false)
	}
}

// stopping ends the goroutines of a run; it is a goroutine of the worker's
// own. Running ones are poked every few milliseconds. Those that wait are
// parked: they end when they go on.
func (p *process) stopping(r *run, answer bool) {
	rt.Leave() // it may have been started by a goroutine of the cell
	if answer {
		r.remember()
		p.cancel(r)
	}
	s := stopper{run: r}
	defer s.relax()
	for begin := time.Now(); ; {
		s.urge() // before counting: what is woken later is seen next time
		running, waiting := r.stopAll(time.Now())
		answered := !answer || r.over() || r.isAnswered()
		if running == 0 && answered {
			if waiting > 0 {
				p.parked.add(r)
			} else {
				p.forget(r)
			}
			return
		}
		s.force(time.Since(begin))
		time.Sleep(pause(time.Since(begin)))
		if !answered && time.Since(begin) > r.patience() {
			p.leaveBehind(r)
		}
	}
}

// patience is how long to wait for the goroutine of the run. One that has been
// stopped runs its deferred calls, and what they print belongs to the cell.
func (r *run) patience() time.Duration {
	if r.known().Kind == wire.Fine {
		return patience
	}
	return deferred
}

// remember notes what the goroutines of the run do.
func (r *run) remember() {
	s := lookAt(r.cell)
	gs := s.goroutines(nil)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.goroutines, r.count = gs, s.count
}

// stopper is what one stop has switched on in the runtime.
type stopper struct {
	run    *run
	urging bool
	level  int
}

func (s *stopper) urge() {
	if !s.urging {
		s.urging = true
		rt.Stopping(true)
	}
}

// force goes further the longer it takes, and all the way when the kernel's
// side wants it.
func (s *stopper) force(since time.Duration) {
	level := 0
	if since > skipping {
		level = 1
	}
	if s.run.isForced() {
		level = 2
	}
	forces.change(s.level, level)
	s.level = level
}

func (s *stopper) relax() {
	if s.urging {
		s.urging = false
		rt.Stopping(false)
	}
	forces.change(s.level, 0)
	s.level = 0
}

// skipping is when a loop without calls is stopped although its function has
// deferred calls, which are lost.
const skipping = 250 * time.Millisecond

// forces counts the stops of each level; the highest counts.
var forces forcing

type forcing struct {
	mu sync.Mutex
	n  [3]int
}

func (f *forcing) change(from, to int) {
	if from == to {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n[from]--
	f.n[to]++
	level := 0
	for l := 1; l < len(f.n); l++ {
		if f.n[l] > 0 {
			level = l
		}
	}
	rt.Force(level)
}

// ending is a record of goroutines that have been stopped and are to run their
// deferred calls undisturbed.
type ending struct {
	record rt.Record
	since  time.Time
}

const (
	// deferred is how long deferred calls may take before they are stopped too.
	deferred = time.Second
	// together is how long goroutines which end share a record.
	together = 50 * time.Millisecond
)

// spare is called on a goroutine that has been stopped. It gives it a record
// that is not marked, or its deferred calls would be stopped at once.
func (p *process) spare() {
	v, ok := p.stopped.Load(rt.Current().ID())
	if !ok {
		return
	}
	r := v.(*run)
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if n := len(r.ending); n > 0 && now.Sub(r.ending[n-1].since) < together {
		r.ending[n-1].record.Join()
		return
	}
	record := rt.Enter(int64(r.cell))
	p.records.add(record)
	r.ending = append(r.ending, ending{record, now})
}

// stopAll stops the goroutines of the run, and those whose deferred calls have
// taken too long. It counts all that are left.
func (r *run) stopAll(now time.Time) (running, waiting int) {
	running, waiting = r.record.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	left := r.ending[:0]
	for _, e := range r.ending {
		count := e.record.Count
		if r.force || now.Sub(e.since) > deferred {
			count = e.record.Stop
		}
		active, blocked := count()
		running, waiting = running+active, waiting+blocked
		if active+blocked > 0 || now.Sub(e.since) < together {
			left = append(left, e)
		}
	}
	clear(r.ending[len(left):])
	r.ending = left
	return running, waiting
}

// pause is how long to wait before looking again.
func pause(since time.Duration) time.Duration {
	longest := 20 * time.Millisecond
	if since > 10*time.Second { // it is in a system call, say
		longest = time.Second
	}
	return min(max(since/50, time.Millisecond), longest)
}

func (r *run) isForced() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.force
}

// leaveBehind answers for a run whose goroutine waits for something. It stays
// parked and ends at its next step, if it ever gets there.
func (p *process) leaveBehind(r *run) {
	g, ok := goroutineByNumber(r.number)
	if !ok || !g.waits() {
		return
	}
	p.answer(r, wire.Report{
		Kind: wire.Interrupted, Value: "interrupted", Goroutine: r.number,
		State: g.state, Frames: trim(g.frames), More: g.more,
	})
}

// goroutineByNumber finds a goroutine among all. It stops the world for as
// long as it takes to write down a megabyte of stacks at most.
func goroutineByNumber(n int64) (stack, bool) {
	for size := 64 << 10; ; size *= 8 {
		buf := make([]byte, size)
		buf = buf[:runtime.Stack(buf, true)]
		if g, ok := findStack(buf, n, len(buf) == size); ok || len(buf) < size || size > 32<<20 {
			return g, ok
		}
	}
}
