package native

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/worker"
)

// most is how many kinds of goroutines a text lists; the others are counted.
const mostListed = 12

// alike are goroutines that do the same at the same place.
type alike struct {
	worker.Goroutine // the first of them
	n                int
}

// grouped puts goroutines together that a reader cannot tell apart: those with
// the same state, place and origin.
func grouped(gs []worker.Goroutine) (all []alike) {
	at := map[string]int{}
	for _, g := range gs {
		key := fmt.Sprint(g.State, g.Leaked, g.Stopped, g.Place(), g.CreatedBy)
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key] = i
			all = append(all, alike{Goroutine: g})
		}
		all[i].n++
	}
	return all
}

// goroutineLines lists goroutines, those that are alike once, each with where it
// is, the line of the cell, and where it was started. Count is how many there
// are of which gs describes some.
func goroutineLines(gs []worker.Goroutine, count int, src *sources) (lines []string) {
	groups := grouped(gs)
	shown := 0
	for _, a := range groups[:min(len(groups), mostListed)] {
		lines = append(lines, a.lines(src)...)
		shown += a.n
	}
	if rest := max(count, len(gs)) - shown; rest > 0 {
		lines = append(lines, fmt.Sprintf("%s    (%d more are not listed)%s", faint, rest, plain))
	}
	return lines
}

func (a alike) lines(src *sources) []string {
	who := fmt.Sprintf("goroutine %d", a.ID)
	if a.n > 1 {
		who = fmt.Sprintf("%d goroutines", a.n)
	}
	line := fmt.Sprintf("    %s: %s", who, a.doing())
	if n, ok := a.CreatedBy.Cell(); ok {
		line += fmt.Sprintf(", started at cell[%d]:%d", n, a.CreatedBy.Line)
	}
	if a.Stopped {
		line += "; it was stopped and ends at its next step"
	}
	lines := []string{line}
	if cell, ok := a.Place().Cell(); ok {
		if text := strings.TrimSpace(src.line(cell, a.Place().Line)); text != "" {
			lines = append(lines, "        "+text)
		}
	}
	return lines
}

// doing says what the goroutine does and where.
func (a alike) doing() string {
	state := a.State
	if a.Waits() {
		state = "waits: " + state
	}
	if a.Leaked {
		state = "blocked for good: " + a.State
	}
	p := a.Place()
	switch _, own := p.Cell(); {
	case own:
		return fmt.Sprintf("%s at %s:%d", state, p.File, p.Line)
	case p.Func != "":
		return fmt.Sprintf("%s in %s", state, p.Func)
	}
	return state
}

// noteText is what stands under a cell about goroutines that wait.
func noteText(n worker.Note, src *sources) string {
	head := ""
	switch n.Kind {
	case worker.Leaked:
		head = fmt.Sprintf("%s of this cell %s blocked for good: nothing that can still run is able to reach what %s for.",
			plural(n.Count, "goroutine"), is(n.Count), waitsFor(n.Count))
	case worker.Left:
		head = fmt.Sprintf("%s of this cell %s left waiting for others (this Go release cannot tell whether for good; Go 1.26 can).",
			plural(n.Count, "goroutine"), is(n.Count))
	case worker.Stuck:
		head = "Nothing of this cell goes on: each of its goroutines waits for another one. Goroutines of other cells, timers or the network may still wake them; otherwise interrupt the cell."
	}
	return strings.Join(append([]string{head}, goroutineLines(n.Goroutines, n.Count, src)...), "\n") + "\n"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func is(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func waitsFor(n int) string {
	if n == 1 {
		return "it waits"
	}
	return "they wait"
}

// byCell puts goroutines in order of their cells.
func byCell(gs []worker.Goroutine) map[int][]worker.Goroutine {
	cells := map[int][]worker.Goroutine{}
	for _, g := range gs {
		cells[g.Cell] = append(cells[g.Cell], g)
	}
	for _, of := range cells {
		slices.SortFunc(of, func(a, b worker.Goroutine) int { return int(a.ID - b.ID) })
	}
	return cells
}
