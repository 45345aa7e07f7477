package child

import (
	"sync"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// records are the records of cells that some goroutine or timer still carries.
// They are held weakly: what nobody carries is forgotten.
type records struct {
	mu    sync.Mutex
	byID  map[int64][]rt.WeakRecord
	sweep int // how many ids there may be before they are looked through
}

func (rs *records) add(r rt.Record) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID == nil {
		rs.byID = map[int64][]rt.WeakRecord{}
	}
	id := r.ID()
	rs.byID[id] = append(rs.byID[id], r.Weak())
	if len(rs.byID) >= max(rs.sweep, 64) {
		rs.forget()
		rs.sweep = 2 * len(rs.byID)
	}
}

// forget drops what nobody carries.
func (rs *records) forget() {
	for id, ws := range rs.byID {
		left := ws[:0]
		for _, w := range ws {
			if w.Record() != (rt.Record{}) {
				left = append(left, w)
			}
		}
		if rs.byID[id] = left; len(left) == 0 {
			delete(rs.byID, id)
		}
	}
}

// of returns the records with an id, of all cells if it is 0.
func (rs *records) of(id int64) (all []rt.Record) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for i, ws := range rs.byID {
		if i != id && (id != 0 || i < 0) {
			continue
		}
		for _, w := range ws {
			if r := w.Record(); r != (rt.Record{}) {
				all = append(all, r)
			}
		}
	}
	return all
}

// stopCells stops the goroutines of cells, also those which their timers would
// start, and answers which there were.
func (p *process) stopCells(m wire.StopCells) {
	cells := m.Cells
	if m.All {
		cells = []int{0}
	}
	done := wire.Done{ID: m.ID}
	for _, c := range cells {
		s := lookAt(c)
		mine := func(l *rt.Look) bool { return l.Record > 0 && !p.isStopped(l.Record) }
		gs := s.goroutines(mine)
		done.Goroutines, done.Count = append(done.Goroutines, gs...), done.Count+len(gs)+s.count-len(s.looks)
		for _, record := range p.records.of(int64(c)) {
			r := &run{cell: int(record.ID()), record: record}
			p.stopped.LoadOrStore(record.ID(), r)
			p.stopRest(r)
		}
	}
	p.done(done)
}

// isStopped reports whether the goroutines of the cell have been told to end.
func (p *process) isStopped(id int64) bool {
	_, ok := p.stopped.Load(id)
	return ok
}
