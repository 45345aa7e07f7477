package child

import (
	"hash/maphash"
	"time"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/comm"
)

// watcher looks whether the cell that runs can still go on. Go finds a deadlock
// only when the whole program sleeps, which a worker never does.
type watcher struct {
	p     *process
	begun chan struct{} // holds one value when a run has begun
}

const (
	// watchPeriod is how often a run that lasts is looked at. A deadlock is told
	// after two looks that are the same.
	watchPeriod = 400 * time.Millisecond
	// uncertain is how long goroutines of a cell may wait for others before the
	// author is told, if something else could still wake them; alone is the same
	// for a cell of one goroutine, which often waits for those of other cells.
	uncertain = 1600 * time.Millisecond
	alone     = 10 * time.Second
)

func (w *watcher) begin() {
	select {
	case w.begun <- struct{}{}:
	default:
	}
}

// run is a goroutine of the worker's own. It sleeps while no cell runs.
func (w *watcher) run() {
	for range w.begun {
		var v vigil
		for {
			time.Sleep(watchPeriod)
			r := w.p.current.Load()
			if r == nil || r.over() || r.isAnswered() {
				break
			}
			if r != v.run {
				v = vigil{run: r}
			}
			v.look(w.p)
		}
	}
}

// vigil is what the watcher knows of one run.
type vigil struct {
	run    *run
	same   uint64    // what the goroutines did at the last look
	since  time.Time // when they began to do just that
	judged bool      // the collector was asked since then
	told   bool
}

// look looks once. A run of which something goes on costs a walk over the
// goroutines; only one that has come to rest is looked at with the world
// stopped.
func (v *vigil) look(p *process) {
	if running, waiting := v.run.record.Count(); running > 0 || waiting == 0 {
		v.same = 0
		return
	}
	s := lookAt(0)
	if s.count > len(s.looks) || !v.run.rests(s) {
		v.same = 0
		return
	}
	if now := s.sum(v.run.cell); now != v.same {
		v.same, v.since, v.judged = now, time.Now(), false
		return
	}
	switch {
	case s.asleep(p), v.unreachable():
		p.deadlock(v.run, lookAt(v.run.cell))
	case !v.told && !listening() && time.Since(v.since) > v.limit(s):
		v.told = true
		p.note(wire.Note{Cell: v.run.cell, Kind: wire.Stuck}, s, func(l *rt.Look) bool { return l.Record == int64(v.run.cell) })
	}
}

func (v *vigil) limit(s scene) time.Duration {
	if n := s.of(v.run.cell); n > 1 {
		return uncertain
	}
	return alone
}

// of counts the goroutines of a cell.
func (s scene) of(cell int) (n int) {
	for i := range s.looks {
		if s.looks[i].Record == int64(cell) {
			n++
		}
	}
	return n
}

// rests reports whether all goroutines of the run wait for other goroutines.
func (r *run) rests(s scene) bool {
	for i := range s.looks {
		if l := &s.looks[i]; l.Record == int64(r.cell) && !waitsForOthers(l) {
			return false
		}
	}
	return true
}

// listening reports whether the front end may wake goroutines, by messages over
// a comm.
func listening() bool { return len(comm.List("")) > 0 }

// asleep reports whether nothing that belongs to any cell can go on: what Go
// calls a deadlock. Goroutines of stopped cells, which end at their next step,
// may release something while they do.
func (s scene) asleep(p *process) bool {
	if s.timers > 0 || listening() {
		return false
	}
	for i := range s.looks {
		if !waitsForOthers(&s.looks[i]) {
			return false
		}
	}
	return true
}

var seed = maphash.MakeSeed()

// sum is a number for what the goroutines of a cell do; not zero.
func (s scene) sum(cell int) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for i := range s.looks {
		if l := &s.looks[i]; l.Record == int64(cell) {
			maphash.WriteComparable(&h, [3]uint64{uint64(l.ID), uint64(l.Object), uint64(len(l.PCs()))})
			maphash.WriteComparable(&h, l.Reason)
		}
	}
	return h.Sum64() | 1
}

// unreachable asks the collector, once for each standstill, whether anything
// that may still run can wake the goroutines of the run. A goroutine that waits
// for nothing at all, as in select{}, may be meant to.
func (v *vigil) unreachable() bool {
	if v.judged {
		return false
	}
	v.judged = true
	if !rt.FindLeaks() {
		return false
	}
	s := lookAt(v.run.cell)
	for i := range s.looks {
		if l := &s.looks[i]; l.State != rt.Leaks || l.Object == 0 {
			return false
		}
	}
	return len(s.looks) > 0
}

// deadlock ends a run whose goroutines can never go on. They stay parked, like
// those of an interrupted run.
func (p *process) deadlock(r *run, s scene) {
	gs := s.goroutines(nil)
	report := wire.Report{
		Kind: wire.Fatal, Value: "all goroutines are asleep - deadlock!", Goroutine: r.number,
		Goroutines: gs, Count: s.count,
	}
	for _, g := range gs {
		if g.ID == r.number {
			report.State, report.Frames = g.State, g.Frames
		}
	}
	p.stopped.Store(int64(r.cell), r)
	p.stopRest(r)
	p.answer(r, report)
}

// note tells something about goroutines of a cell.
func (p *process) note(n wire.Note, s scene, keep func(l *rt.Look) bool) {
	n.Goroutines = s.goroutines(keep)
	n.Count = len(n.Goroutines)
	p.channel.send(func(b []byte) []byte { return wire.AppendJSON(b, wire.TNote, n) })
}
