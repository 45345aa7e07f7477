package diag

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Node is a group of goroutines that do the same, or something they wait for.
type Node struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Kind  string `json:"kind"`            // "goroutine", or "mutex", "channel", "waitgroup", "network" ...
	State string `json:"state,omitempty"` // of goroutines
	Where string `json:"where,omitempty"` // of goroutines: the place in the source
	Count int    `json:"count"`           // goroutines in the group; 1 for others
}

// Edge says that From waits for To, or that To holds what From is.
type Edge struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Label string `json:"label"` // "waits for", "held by", "done by"
	Guess bool   `json:"guess"` // concluded from signs, not known
}

// Graph says who waits for whom.
type Graph struct {
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"edges"`
}

// WaitFor is the graph of the goroutines of the program as they are now, the
// calling one left out.
//
// Known are what a goroutine waits for, the address of what it waits for in
// package sync, and the holder of a Mutex of this package. Guessed are the
// holder of another mutex (a goroutine that has its address among the
// arguments of a call it is in) and the goroutines that a WaitGroup waits for
// (those which the waiting goroutine has started). Which channel a goroutine
// waits for the runtime does not say: there is one node for each place.
func WaitFor() Graph {
	me := current()
	return graphOf(slices.DeleteFunc(Goroutines(), func(g Goroutine) bool { return g.ID == me }), holders())
}

// waited is what a goroutine waits for.
type waited struct {
	kind string
	addr uint64 // 0: not known
	name string
}

// waiting maps functions of package sync to what one waits for in them. The
// first argument is the address.
var waiting = []struct{ function, kind string }{
	{"sync.(*RWMutex).", "rwmutex"}, {"sync.(*Mutex).", "mutex"}, {"internal/sync.(*Mutex).", "mutex"},
	{"sync.(*WaitGroup).Wait", "waitgroup"}, {"sync.(*Cond).Wait", "cond"}, {"sync.(*Once).", "once"},
}

// waits finds what a goroutine waits for; the kind is empty when it does not
// wait.
func (g Goroutine) waits() (w waited) {
	switch {
	case g.State == "running", g.State == "runnable", g.State == "syscall":
		return w
	case strings.HasPrefix(g.State, "chan"), strings.HasPrefix(g.State, "select"):
		return waited{kind: "channel", name: g.State + " at " + g.Where}
	case g.State == "IO wait":
		return waited{kind: "network", name: "network"}
	case g.State == "sleep":
		return waited{kind: "timer", name: "timer"}
	}
	for _, f := range g.frames {
		if !ofSync(f.function) {
			break
		}
		for _, k := range waiting { // the innermost call has its arguments at hand
			if strings.HasPrefix(f.function, k.function) && len(f.args) > 0 {
				return waited{kind: k.kind, addr: f.args[0]}
			}
		}
	}
	return waited{kind: "other", name: g.State}
}

// ofSync reports whether a function is part of waiting for a lock.
func ofSync(function string) bool { return library(function) || strings.HasPrefix(function, ourMutex) }

const ourMutex = "github.com/interleave-lab/interleave/lib/diag.(*Mutex)."

func (w waited) id() string {
	if w.addr != 0 {
		return fmt.Sprintf("%s %#x", w.kind, w.addr)
	}
	return w.kind + " " + w.name
}

// graphOf makes the graph of goroutines. The holders of mutexes are known by
// address.
func graphOf(all []Goroutine, holds map[uint64]held) Graph {
	b := builder{nodes: map[string]Node{}, group: map[uint64]string{}, holds: holds}
	for _, c := range clusters(all) {
		b.add(c)
	}
	for _, c := range clusters(all) {
		b.connect(c[0], all)
	}
	g := Graph{Nodes: slices.Collect(maps.Values(b.nodes)), Edges: b.edges}
	slices.SortFunc(g.Nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	return g
}

type builder struct {
	nodes map[string]Node
	group map[uint64]string // of each goroutine
	holds map[uint64]held
	edges []Edge
}

func (b *builder) add(c []Goroutine) {
	id := fmt.Sprintf("goroutine %d", c[0].ID)
	label := strings.TrimPrefix(c[0].Func[strings.LastIndex(c[0].Func, "/")+1:], "main.")
	if len(c) > 1 {
		label = fmt.Sprintf("%s × %d", label, len(c))
	}
	b.nodes[id] = Node{ID: id, Label: label, Kind: "goroutine", State: c[0].State, Where: c[0].Where, Count: len(c)}
	for _, g := range c {
		b.group[g.ID] = id
	}
}

// connect adds what a goroutine waits for, and who holds that.
func (b *builder) connect(g Goroutine, all []Goroutine) {
	w := g.waits()
	if w.kind == "" {
		return
	}
	h, known := b.holds[w.addr]
	label := w.id()
	if known && h.name != "" {
		label = h.name
	}
	fresh := b.nodes[w.id()].ID == ""
	b.nodes[w.id()] = Node{ID: w.id(), Label: label, Kind: w.kind, Count: 1}
	b.edge(Edge{From: b.group[g.ID], To: w.id(), Label: "waits for"})
	if w.addr == 0 || !fresh {
		return
	}
	if known {
		b.edge(Edge{From: w.id(), To: b.group[h.by], Label: "held by"})
		return
	}
	for _, other := range all {
		switch {
		case w.kind == "waitgroup" && other.Parent == g.ID:
			b.edge(Edge{From: w.id(), To: b.group[other.ID], Label: "done by", Guess: true})
		case w.kind != "waitgroup" && w.kind != "cond" && other.waits().addr != w.addr && other.mentions(w.addr):
			b.edge(Edge{From: w.id(), To: b.group[other.ID], Label: "held by", Guess: true})
		}
	}
}

func (b *builder) edge(e Edge) {
	if e.From != "" && e.To != "" && !slices.Contains(b.edges, e) {
		b.edges = append(b.edges, e)
	}
}

// mentions reports whether a goroutine has the address of a lock, or of a
// struct that it is likely a field of, among its arguments outside of the
// standard library.
func (g Goroutine) mentions(addr uint64) bool {
	const near = 256 // bytes into the struct
	for _, f := range g.frames {
		if library(f.function) {
			continue
		}
		for _, a := range f.args {
			if a <= addr && addr-a < near {
				return true
			}
		}
	}
	return false
}

// Cycles are the circles of the graph, each by the ids of its nodes: goroutines
// that wait for each other. One without guesses is a deadlock.
func (g Graph) Cycles() [][]string {
	next := map[string][]string{}
	for _, e := range g.Edges {
		next[e.From] = append(next[e.From], e.To)
	}
	var cycles [][]string
	var walk func(path []string)
	walk = func(path []string) {
		for _, to := range next[path[len(path)-1]] {
			switch i := slices.Index(path, to); {
			case i == 0:
				cycles = append(cycles, slices.Clone(path))
			case i < 0 && to > path[0]: // each circle is found from its smallest node only
				walk(append(path, to))
			}
		}
	}
	for _, n := range g.Nodes {
		walk([]string{n.ID})
	}
	return cycles
}

// Certain reports whether none of the edges between the nodes of a cycle is a
// guess.
func (g Graph) Certain(cycle []string) bool {
	for i, from := range cycle {
		to := cycle[(i+1)%len(cycle)]
		sure := slices.ContainsFunc(g.Edges, func(e Edge) bool { return e.From == from && e.To == to && !e.Guess })
		if !sure {
			return false
		}
	}
	return true
}

// String lists the edges, and the cycles first.
func (g Graph) String() string {
	labels := map[string]string{}
	for _, n := range g.Nodes {
		labels[n.ID] = n.Label
		if n.Kind == "goroutine" {
			labels[n.ID] = fmt.Sprintf("%s (%s)", n.Label, n.ID)
		}
	}
	var b strings.Builder
	for _, c := range g.Cycles() {
		var names []string
		for _, id := range append(c, c[0]) {
			names = append(names, labels[id])
		}
		kind := "deadlock"
		if !g.Certain(c) {
			kind = "possible deadlock"
		}
		fmt.Fprintf(&b, "%s: %s\n", kind, strings.Join(names, " → "))
	}
	for _, e := range g.Edges {
		guess := ""
		if e.Guess {
			guess = " (a guess)"
		}
		fmt.Fprintf(&b, "%s %s %s%s\n", labels[e.From], e.Label, labels[e.To], guess)
	}
	return b.String()
}
