package native

import (
	"fmt"
	"slices"

	"github.com/interleave-lab/interleave/kernel/worker"
)

// mostCircled bounds the goroutines among which a circle is looked for.
const mostCircled = 64

// circle tells how goroutines which all wait wait for each other: who of them
// has locked, or would later send, receive or be done with what another waits
// for. The runtime knows neither; the source of the cells says so, see step.
// There may be a circle that is not found: through a name that is another one
// elsewhere (a parameter, a field), through a channel in a map, or through a
// library.
//
// A circle through the cell's own goroutine is preferred, then a short one.
func circle(gs []worker.Goroutine, own int64, src *sources) (lines []string) {
	gs = slices.Clone(gs[:min(len(gs), mostCircled)])
	if i := slices.IndexFunc(gs, func(g worker.Goroutine) bool { return g.ID == own }); i > 0 {
		gs[0], gs[i] = gs[i], gs[0]
	}
	cells := bodies{src: src, cells: map[int][]*body{}}
	stands := make([]stand, len(gs))
	for i, g := range gs {
		stands[i] = cells.stand(g)
	}
	path := shortest(len(gs), func(from, to int) bool { return stands[from].needs(stands[to]) != nil })
	for i, at := range path {
		from, to := stands[at], stands[path[(i+1)%len(path)]]
		lines = append(lines, "    "+from.line(to))
	}
	if len(lines) > 0 {
		lines = append([]string{"They wait for each other, as the source has it:"}, lines...)
	}
	return lines
}

// shortest finds a circle in a graph of n nodes: the shortest through the first
// node, or else of all; nil if there is none.
func shortest(n int, edge func(from, to int) bool) (best []int) {
	for start := range n {
		path := around(start, n, edge)
		if path != nil && (best == nil || len(path) < len(best)) {
			best = path
		}
		if best != nil && start == 0 {
			break
		}
	}
	return best
}

// around finds the shortest way from a node back to it.
func around(start, n int, edge func(from, to int) bool) []int {
	before := map[int]int{}
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if edge(at, start) {
			path := []int{at}
			for at != start {
				at = before[at]
				path = append(path, at)
			}
			slices.Reverse(path)
			return path
		}
		for to := range n {
			if _, seen := before[to]; !seen && to != start && edge(at, to) {
				before[to] = at
				queue = append(queue, to)
			}
		}
	}
	return nil
}

// A stand is where a goroutine stands in the source.
type stand struct {
	id     int64
	object int     // what it waits for, as worker.Goroutine numbers it
	waits  []step  // for one of these
	calls  []place // the innermost first
}

// needs is the step of another goroutine that would let this one go on, nil if
// it has none.
func (s stand) needs(other stand) *step {
	for _, w := range s.waits {
		if other.object != s.object && slices.ContainsFunc(other.waits, func(o step) bool { return o.on == w.on }) {
			continue // the name stands for something else there
		}
		for _, p := range other.calls {
			if o := p.frees(w); o != nil {
				return o
			}
		}
	}
	return nil
}

func (s stand) line(other stand) string {
	o := s.needs(other)
	i := slices.IndexFunc(s.waits, func(w step) bool { return w.on == o.on })
	w := s.waits[i]
	whom := fmt.Sprintf("goroutine %d", other.id)
	if other.id == s.id {
		whom = "it"
	}
	return fmt.Sprintf("goroutine %d %s %s at %s; %s %s at %s", s.id, wants[w.kind], w.on, w.where(), whom, gives[o.kind], o.where())
}

var wants = map[kind]string{
	receives: "waits to receive from", sends: "waits to send to", locks: "waits to lock", awaits: "waits for",
}

var gives = map[kind]string{
	receives: "would receive from it", sends: "would send to it", closes: "would close it", locks: "has locked it", finishes: "would call its Done",
}

// stand finds where a goroutine stands.
func (bs *bodies) stand(g worker.Goroutine) stand {
	s := stand{id: g.ID, object: g.Object}
	for _, f := range g.Frames {
		n, ok := f.Cell()
		if !ok {
			continue
		}
		b := bs.body(n, f)
		if b == nil {
			continue
		}
		p := place{b, b.offset(f.Line)}
		if len(s.calls) == 0 {
			s.waits = b.waiting(g.State, f.Line)
		}
		if len(s.waits) > 0 && len(s.calls) == 0 {
			p.at = s.waits[0].at
		}
		s.calls = append(s.calls, p)
	}
	return s
}
