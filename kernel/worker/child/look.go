package child

import (
	"runtime"
	"strings"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// described is how many goroutines one answer describes; the others are only
// counted.
const described = 1000

// deep is how many frames are given of each of many goroutines.
const deep = 12

// scene is what goroutines of cells do at one moment.
type scene struct {
	looks  []rt.Look
	count  int // of all; more than looks when they are many
	timers int // functions that time.AfterFunc is still to call
}

// lookAt describes the goroutines of a cell, of all cells if it is 0.
func lookAt(cell int) scene {
	var s scene
	s.looks, s.count, s.timers = rt.Goroutines(int64(cell), described)
	return s
}

// goroutines describes those looks which keep wants.
func (s scene) goroutines(keep func(l *rt.Look) bool) []wire.Goroutine {
	var gs []wire.Goroutine
	objects := map[uintptr]int{}
	for i := range s.looks {
		l := &s.looks[i]
		if keep != nil && !keep(l) {
			continue
		}
		g := describe(l)
		if l.Object != 0 {
			if objects[l.Object] == 0 {
				objects[l.Object] = len(objects) + 1
			}
			g.Object = objects[l.Object]
		}
		gs = append(gs, g)
	}
	return gs
}

func describe(l *rt.Look) wire.Goroutine {
	g := wire.Goroutine{ID: l.ID, Cell: int(max(l.Record, 0)), State: l.Reason, Leaked: l.State == rt.Leaks}
	g.Frames = trim(framesOf(l))
	if len(g.Frames) > deep {
		g.Frames = g.Frames[:deep]
	}
	if l.CreatedBy != 0 {
		g.CreatedBy = creator(l.CreatedBy)
	}
	return g
}

func framesOf(l *rt.Look) (frames []wire.Frame) {
	for it, next := runtime.CallersFrames(l.PCs()), true; next; {
		var f runtime.Frame
		if f, next = it.Next(); f.Function != "" || f.File != "" {
			frames = append(frames, wire.NewFrame(f.Function, f.File, nearestLine(f)))
		}
	}
	return frames
}

// waitsForOthers reports whether only another goroutine of a cell can wake it.
// One that shows something or asks for input waits for the kernel's side.
func waitsForOthers(l *rt.Look) bool {
	if l.State < rt.Waits || l.Timed || !(wire.Goroutine{State: l.Reason}).WaitsForOthers() {
		return false
	}
	for _, f := range framesOf(l) {
		if strings.HasPrefix(f.Func, "runtime.") || strings.HasPrefix(f.Func, "sync.") || strings.HasPrefix(f.Func, "internal/") {
			continue
		}
		return f.Kind != wire.Internal && !strings.HasPrefix(f.Func, ownLibrary)
	}
	return true
}

// ownLibrary is where what cells call to show and to ask lies; what it waits
// for is none of theirs.
const ownLibrary = "github.com/interleave-lab/interleave/lib/display."

// answerLook answers a question for goroutines.
func (p *process) answerLook(m wire.Look) {
	go func() {
		rt.FindLeaks()
		s := lookAt(m.Cell)
		gs := s.goroutines(nil)
		for i := range gs {
			gs[i].Stopped = p.isStopped(int64(gs[i].Cell))
		}
		p.done(wire.Done{ID: m.ID, Goroutines: gs, Count: s.count})
	}()
}
