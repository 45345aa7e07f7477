package child

import (
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
)

// parked are runs that have been stopped and whose goroutines all wait. The
// runtime tells when one of them goes on (rt.Woken); until then they cost
// nothing, however many there are.
type parked struct {
	mu     sync.Mutex
	runs   []*run
	added  bool // since the last look
	looked time.Time
	wake   chan struct{} // holds one value when runs is not empty any more
}

func (ps *parked) add(r *run) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.runs, ps.added = append(ps.runs, r), true
	select {
	case ps.wake <- struct{}{}:
	default:
	}
}

// take returns the runs if there is a reason to look at them. The end of another
// stop may take back what rt.Woken says, so they are looked at now and then
// without one: seldom enough to cost nothing.
func (ps *parked) take() []*run {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	due := time.Since(ps.looked) >= time.Duration(len(ps.runs))*10*time.Millisecond
	if !ps.added && !due && !rt.Woken() {
		return nil
	}
	ps.looked = time.Now()
	runs := ps.runs
	ps.runs, ps.added = nil, false
	return runs
}

func (ps *parked) put(left []*run) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.runs = append(ps.runs, left...)
}

func (ps *parked) none() bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return len(ps.runs) == 0
}

// reap ends what goes on after all; it is a goroutine of the worker's own.
func (p *process) reap() {
	for range p.parked.wake {
		for !p.parked.none() {
			time.Sleep(time.Second)
			if runs := p.parked.take(); runs != nil {
				p.parked.put(p.reapOnce(runs))
			}
		}
	}
}

// reapOnce looks at parked runs and returns those that are parked still.
func (p *process) reapOnce(runs []*run) (left []*run) {
	rt.Stopping(true) // before counting: what is woken later is seen next time
	defer rt.Stopping(false)
	for _, r := range runs {
		switch running, waiting := r.stopAll(time.Now()); {
		case running > 0:
			go p.stopping(r, false)
		case waiting > 0:
			left = append(left, r)
		default:
			p.forget(r)
		}
	}
	return left
}

// forget drops what is kept of a stopped run whose goroutines have ended.
func (p *process) forget(r *run) {
	p.stopped.CompareAndDelete(int64(r.cell), r)
}
