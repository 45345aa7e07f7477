package child

import (
	"runtime"
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
		go p.stopping(r, true)
	}
}

// stopRest ends the goroutines which a run has left behind.
func (p *process) stopRest(r *run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.stopping {
		r.stopping = true
		go p.stopping(r, false)
	}
}

// stopping ends the goroutines of a run; it is a goroutine of the worker's
// own. Running ones are poked every few milliseconds. For the sake of those
// that wait, it lasts until they have gone on and ended as well: they would
// escape if loops did not check any more. It then looks once a second.
func (p *process) stopping(r *run, answer bool) {
	rt.Leave() // it may have been started by a goroutine of the cell
	rt.Stopping(true)
	defer rt.Stopping(false)
	begin, forced := time.Now(), false
	for {
		running, waiting := r.record.Stop()
		answered := !answer || r.over() || r.isAnswered()
		if answered && running == 0 && waiting == 0 {
			break
		}
		if !forced && r.forced() {
			forced = true
			rt.Force(true)
		}
		time.Sleep(pause(time.Since(begin), running > 0 || !answered))
		if !answered && time.Since(begin) > patience {
			p.leaveBehind(r)
		}
	}
	if forced {
		rt.Force(false)
	}
}

// pause is how long to wait before looking again.
func pause(since time.Duration, urgent bool) time.Duration {
	longest := time.Second
	if urgent {
		longest = 20 * time.Millisecond
	}
	return min(max(since/50, time.Millisecond), longest)
}

func (r *run) forced() bool {
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
