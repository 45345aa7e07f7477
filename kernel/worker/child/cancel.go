package child

import (
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
)

// cancels are functions which libraries want called when their cell is
// interrupted, so that they can hand over what they have. See lib/interrupt.
type cancels struct {
	mu  sync.Mutex
	all map[*func()]bool
}

// handOver is how long a cell may take to come to its end by itself after the
// libraries that asked for it were told of the interrupt.
const handOver = 500 * time.Millisecond

// onInterrupt is the source of lib/interrupt.
func (p *process) onInterrupt(f func()) (release func()) {
	r := p.runOf(int(rt.Current().ID()))
	if r == nil {
		return func() {}
	}
	c := &r.cancels
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[*func()]bool{}
	}
	c.all[&f] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.all, &f)
	}
}

// cancel tells the libraries, and returns when the run has ended, when it has
// had its time, or when it is to be stopped by all means.
func (p *process) cancel(r *run) {
	r.cancels.mu.Lock()
	var fs []func()
	for f := range r.cancels.all {
		fs = append(fs, *f)
	}
	r.cancels.mu.Unlock()
	for _, f := range fs {
		f()
	}
	for begin := time.Now(); len(fs) > 0 && time.Since(begin) < handOver; time.Sleep(time.Millisecond) {
		if r.over() || r.isForced() {
			return
		}
	}
}
