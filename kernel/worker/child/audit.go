package child

import (
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// auditor tells of goroutines which cells have left behind and which wait for
// good. It asks the garbage collector: what nothing that may still run can
// reach is never sent to, unlocked or closed again.
type auditor struct {
	p     *process
	later chan struct{} // holds one value when a cell has ended

	mu    sync.Mutex
	known map[int64]*suspect // by goroutine
	last  time.Time          // when the collector was asked
	took  time.Duration      // by that
}

// suspect is a goroutine that waits for others though its cell has ended.
type suspect struct {
	told  bool
	seen  int // at how many looks
	asked int // the next of these at which the collector is asked: 1, 2, 4, ...
}

const (
	// settling is how long goroutines that a cell has just started may take to
	// get where they wait before the cell is answered.
	settling = 10 * time.Millisecond
	// share is the part of all time which the auditor's collections may take.
	share = 50
)

// ended is called at the end of a run, on its goroutine, which is one of the
// worker's own by then. Goroutines that wait for good already are told of
// before the cell is answered, so that the note is among its output.
func (a *auditor) ended(r *run) {
	if rt.Current() != (rt.Record{}) { // os.Exit: it is still one of the cell
		a.wake()
		return
	}
	running, waiting := r.record.Count()
	for begin := time.Now(); running > 0 && time.Since(begin) < settling; running, waiting = r.record.Count() {
		time.Sleep(time.Millisecond)
	}
	if running+waiting == 0 {
		return
	}
	if running == 0 {
		a.audit(r.cell)
	}
	a.wake()
}

func (a *auditor) wake() {
	select {
	case a.later <- struct{}{}:
	default:
	}
}

// run is a goroutine of the worker's own: it looks at all cells when one has
// ended, and again when goroutines that were running have had some time.
func (a *auditor) run() {
	for range a.later {
		for _, pause := range []time.Duration{50 * time.Millisecond, 500 * time.Millisecond, 3 * time.Second} {
			time.Sleep(pause)
			a.audit(0)
		}
	}
}

// audit looks at the goroutines of a cell, of all cells if it is 0.
func (a *auditor) audit(cell int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := lookAt(cell)
	if !a.suspicious(s, cell == 0) {
		return
	}
	begin := time.Now()
	can := rt.FindLeaks()
	a.last, a.took = time.Now(), time.Since(begin)
	if can {
		s = lookAt(cell)
	}
	a.tell(s, can)
}

// suspicious reports whether the collector is to be asked: there are
// goroutines whose turn it is, and the last time is long enough ago.
func (a *auditor) suspicious(s scene, all bool) (ask bool) {
	there := map[int64]bool{}
	for i := range s.looks {
		l := &s.looks[i]
		there[l.ID] = true
		if !a.candidate(l) {
			continue
		}
		k := a.known[l.ID]
		if k == nil {
			if a.known == nil {
				a.known = map[int64]*suspect{}
			}
			k = &suspect{asked: 1}
			a.known[l.ID] = k
		}
		if k.told {
			continue
		}
		if k.seen++; k.seen >= k.asked {
			ask = true
		}
	}
	for id := range a.known {
		if all && !there[id] {
			delete(a.known, id)
		}
	}
	return ask && time.Since(a.last) >= share*a.took
}

// candidate: it waits for others, its cell has ended, and nobody has stopped
// it.
func (a *auditor) candidate(l *rt.Look) bool {
	if l.Record <= 0 || a.p.isStopped(l.Record) || !waitsForOthers(l) {
		return false
	}
	r := a.p.current.Load()
	return r == nil || int64(r.cell) != l.Record || r.atEnd.Load() || r.isAnswered()
}

// tell tells of the goroutines that wait for good, by cell.
func (a *auditor) tell(s scene, can bool) {
	cells := map[int64]bool{}
	for i := range s.looks {
		l := &s.looks[i]
		k := a.known[l.ID]
		if k == nil || k.told || !a.candidate(l) {
			continue
		}
		k.asked = 2 * k.seen
		if l.State == rt.Leaks || !can {
			cells[l.Record] = true
		}
	}
	kind := wire.Leaked
	if !can {
		kind = wire.Left
	}
	for cell := range cells {
		a.p.note(wire.Note{Cell: int(cell), Kind: kind}, s, func(l *rt.Look) bool {
			k := a.known[l.ID]
			if l.Record != cell || k == nil || k.told || can && l.State != rt.Leaks || !a.candidate(l) {
				return false
			}
			k.told = true
			return true
		})
	}
}
