package child

import (
	"runtime"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

const (
	// patience is how long a goroutine that waits for something may take to
	// go on by itself before it is left behind.
	patience = 50 * time.Millisecond
	// persistence is how long goroutines of a cell are poked at most. Those
	// left then are in code that cannot be stopped, and end when they leave it.
	persistence = 20 * time.Second
)

// stop interrupts a run. The run is answered as soon as its goroutine has
// ended, or has been found to wait for something that does not come.
func (p *process) stop(m wire.Stop) {
	r := p.runs.get(m.Run)
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.force = r.force || m.Force
	if !r.stopping {
		r.stopping = true
		go p.stopping(r, true)
	}
}

// stopRest ends what a whole program has left running, as its end would have.
func (p *process) stopRest(r *run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.stopping {
		r.stopping = true
		go p.stopping(r, false)
	}
}

// stopping pokes the goroutines of a run until none is running. It is a
// goroutine of the worker's own.
func (p *process) stopping(r *run, answer bool) {
	rt.Leave() // it may have been started by a goroutine of the cell
	rt.Stopping(true)
	defer rt.Stopping(false)
	forced := false
	defer func() {
		if forced {
			rt.Force(false)
		}
	}()
	begin := time.Now()
	for {
		running, _ := r.record.Stop()
		if running == 0 && (r.over() || !answer || r.isAnswered()) || time.Since(begin) > persistence {
			return
		}
		if r.forced() && !forced {
			forced = true
			rt.Force(true)
		}
		time.Sleep(pause(time.Since(begin)))
		if answer && time.Since(begin) > patience && !r.isAnswered() {
			p.leaveBehind(r)
		}
	}
}

func pause(since time.Duration) time.Duration {
	return min(max(since/10, time.Millisecond), 20*time.Millisecond)
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
