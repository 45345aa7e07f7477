package charts

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/diag"
)

// Network is a graph of who waits for whom, or any other.
type Network struct {
	Title string // the finding; computed when empty
	Nodes []Node
	Edges []Edge
	Notes []string // circumstances besides the machine
}

// Node is one member of a Network.
type Node struct {
	ID    string
	Label string // the ID when empty
	Below string // a second line: where, since when
	Kind  string // "goroutine", "mutex": the colour
}

// Edge leads from one node to another, both named by their IDs.
type Edge struct{ From, To, Label string }

// Graph shows nodes and arrows. Without cycles it is drawn in layers, so that
// every arrow leads to the right; with cycles in a circle, and the edges of
// the cycles stand out: in a graph of who waits for whom they are a deadlock.
//
// It takes a Network, or the diag.Graph of who waits for whom among the
// goroutines of the program. What that only guesses says so.
//
// It returns an error when there are no nodes, when an ID is empty or given
// twice, when an edge leads to an unknown node and beyond 80 nodes, which no
// eye could tell apart.
func Graph[G Network | diag.Graph](graph G) (Chart, error) {
	n := networkOf(graph)
	if err := n.check(); err != nil {
		return Chart{}, fmt.Errorf("chart a graph: %w", err)
	}
	cycles := n.cyclic()
	places, height := n.layers(), 0
	if places == nil {
		places, height = n.circle(), 150+40*len(n.Nodes) // a circle needs room between neighbours on its side
	}
	o := frame(n.title(cycles), "")
	o.hide(-0.12, 1.12, -0.08, 1.08)
	o.Series = n.series(places, cycles)
	height = max(height, 150+46*n.tallest(places))
	return build(o, Spec{Table: n.table(), Height: max(360, min(900, height)), Note: honestly(n.Notes)})
}

func networkOf(graph any) Network {
	switch g := graph.(type) {
	case Network:
		return g
	case diag.Graph:
		return waitNetwork(g)
	default:
		return Network{}
	}
}

// waitNetwork has the groups of goroutines with their places and how many they
// are.
func waitNetwork(g diag.Graph) (n Network) {
	for _, d := range g.Nodes {
		node := Node{ID: d.ID, Label: named(d.Label, d.ID), Below: d.Where, Kind: d.Kind}
		if d.Count > 1 {
			node.Label += fmt.Sprintf(" (%d)", d.Count)
		}
		if d.State != "" {
			node.Below = strings.TrimPrefix(node.Below+", "+d.State, ", ")
		}
		n.Nodes = append(n.Nodes, node)
	}
	for _, e := range g.Edges {
		if e.Guess {
			e.Label += "?"
		}
		n.Edges = append(n.Edges, Edge{e.From, e.To, e.Label})
	}
	if slices.ContainsFunc(g.Edges, func(e diag.Edge) bool { return e.Guess }) {
		n.Notes = []string{"edges with a question mark are guessed"}
	}
	return n
}

func (n Network) check() error {
	if len(n.Nodes) == 0 {
		return errors.New("no nodes given")
	}
	if len(n.Nodes) > maxNodes {
		return fmt.Errorf("%d nodes; at most %d can be told apart", len(n.Nodes), maxNodes)
	}
	seen := map[string]bool{}
	for i, d := range n.Nodes {
		if d.ID == "" || seen[d.ID] {
			return fmt.Errorf("node %d: the ID %q is empty or given twice", i+1, d.ID)
		}
		seen[d.ID] = true
	}
	for _, e := range n.Edges {
		for _, id := range []string{e.From, e.To} {
			if !seen[id] {
				return fmt.Errorf("the edge from %q to %q names %q, which is no node", e.From, e.To, id)
			}
		}
	}
	return nil
}

func (n Network) index(id string) int {
	return slices.IndexFunc(n.Nodes, func(d Node) bool { return d.ID == id })
}

// reaches says for each pair of nodes whether edges lead from one to the other.
func (n Network) reaches() [][]bool {
	r := make([][]bool, len(n.Nodes))
	for i := range r {
		r[i] = make([]bool, len(n.Nodes))
	}
	for _, e := range n.Edges {
		r[n.index(e.From)][n.index(e.To)] = true
	}
	for k := range r { // Warshall
		for i := range r {
			if r[i][k] {
				for j := range r {
					r[i][j] = r[i][j] || r[k][j]
				}
			}
		}
	}
	return r
}

// cyclic says of each edge whether it is part of a cycle.
func (n Network) cyclic() []bool {
	reaches := n.reaches()
	on := make([]bool, len(n.Edges))
	for i, e := range n.Edges {
		on[i] = e.From == e.To || reaches[n.index(e.To)][n.index(e.From)]
	}
	return on
}

// layers puts every node right of all that lead to it; nil when there is a
// cycle.
func (n Network) layers() [][2]float64 {
	depth := make([]int, len(n.Nodes))
	for changed, rounds := true, 0; changed; rounds++ {
		if changed = false; rounds > len(n.Nodes) {
			return nil
		}
		for _, e := range n.Edges {
			if from, to := n.index(e.From), n.index(e.To); depth[to] <= depth[from] {
				depth[to], changed = depth[from]+1, true
			}
		}
	}
	return n.spread(depth)
}

// spread gives every node a row within its layer, near the nodes that lead to
// it. An arrow that passes a layer takes a row there as well, so that it does
// not run through a box.
func (n Network) spread(depth []int) [][2]float64 {
	deepest := slices.Max(depth)
	places := make([][2]float64, len(depth))
	for d := range deepest + 1 {
		type slot struct {
			node int // -1 for an arrow that passes
			want float64
		}
		var slots []slot
		for i := range depth {
			if depth[i] == d {
				slots = append(slots, slot{i, n.pull(i, places)})
			}
		}
		for _, e := range n.Edges {
			if from, to := n.index(e.From), n.index(e.To); depth[from] < d && depth[to] > d {
				slots = append(slots, slot{-1, places[from][1]})
			}
		}
		slices.SortStableFunc(slots, func(a, b slot) int { return cmp.Compare(a.want, b.want) })
		for row, s := range slots {
			if s.node >= 0 {
				places[s.node] = [2]float64{place((float64(d) + 0.5) / float64(deepest+1)), place((float64(row) + 0.5) / float64(len(slots)))}
			}
		}
	}
	return places
}

// pull is the middle of the rows of those that lead to a node.
func (n Network) pull(node int, places [][2]float64) float64 {
	sum, count := 0.0, 0
	for _, e := range n.Edges {
		if n.index(e.To) == node {
			sum, count = sum+places[n.index(e.From)][1], count+1
		}
	}
	if count == 0 {
		return 0.5
	}
	return sum / float64(count)
}

// circle puts every node beside those it leads to, members of cycles first, so
// that few arrows cross. Two nodes stand side by side, where there is room for
// the words on both arrows.
func (n Network) circle() [][2]float64 {
	var order []int
	var follow func(i int)
	follow = func(i int) {
		if slices.Contains(order, i) {
			return
		}
		order = append(order, i)
		for _, e := range n.Edges {
			if n.index(e.From) == i {
				follow(n.index(e.To))
			}
		}
	}
	for i, on := range n.cyclic() {
		if on {
			follow(n.index(n.Edges[i].From))
		}
	}
	for i := range n.Nodes {
		follow(i)
	}
	places := make([][2]float64, len(n.Nodes))
	first := -math.Pi / 2
	if len(order) == 2 {
		first = math.Pi
	}
	for at, i := range order {
		sin, cos := math.Sincos(first + 2*math.Pi*float64(at)/float64(len(places)))
		places[i] = [2]float64{place(0.5 + 0.42*cos), place(0.5 + 0.44*sin)}
	}
	return places
}

// tallest is how many boxes stand above each other.
func (n Network) tallest(places [][2]float64) int {
	most, column := 0, map[float64]int{}
	for _, p := range places {
		column[p[0]]++
		most = max(most, column[p[0]])
	}
	return max(most, len(places)/2)
}

func (n Network) title(cyclic []bool) string {
	if n.Title != "" {
		return n.Title
	}
	var on []string
	for i, e := range n.Edges {
		if cyclic[i] && !slices.Contains(on, e.From) {
			on = append(on, e.From)
		}
	}
	text := fmt.Sprintf("%d nodes, %d edges", len(n.Nodes), len(n.Edges))
	if len(on) == 0 {
		return text + ", no cycle"
	}
	return fmt.Sprintf("%s: %d wait in a cycle, so none of them can go on", text, len(on))
}

// series are the arrows, then the boxes by kind.
func (n Network) series(places [][2]float64, cyclic []bool) []series {
	var boxes [][]any
	for i, d := range n.Nodes {
		boxes = append(boxes, []any{places[i][0], places[i][1], named(d.Label, d.ID), d.Below})
	}
	look := map[string]any{"widest": 180, "ink": "$text", "mutedColor": "$muted", "paperColor": "$paper", "bend": 0.08}
	all := n.arrows(places, boxes, cyclic, look)
	var kinds []string
	for _, d := range n.Nodes {
		if !slices.Contains(kinds, d.Kind) {
			kinds = append(kinds, d.Kind)
		}
	}
	for k, kind := range kinds {
		var at [][2]float64
		var mine [][]any
		var fills []string
		for i, d := range n.Nodes {
			if d.Kind == kind {
				at, mine, fills = append(at, places[i]), append(mine, boxes[i]), append(fills, nodeColor(k))
			}
		}
		s := drawn("node", kind, with(look, "nodes", mine, "colors", fills, "round", k == 0), at, map[string]any{"x": 0, "y": 1})
		s.ItemStyle, s.Z = &opts.ItemStyle{Color: nodeColor(k)}, 4
		all = append(all, s)
	}
	return all
}

// nodeColor leaves vermillion to cycles.
func nodeColor(k int) string {
	return []string{"$blue", "$green", "$purple", "$amber", "$sky"}[k%5]
}

// arrows are two series, so that the legend tells the edges of cycles.
func (n Network) arrows(places [][2]float64, boxes [][]any, cyclic []bool, look map[string]any) (all []series) {
	for _, kind := range []struct {
		name, color string
		cycle       bool
	}{{"", "$grey", false}, {"part of a cycle", "$vermillion", true}} {
		var at [][2]float64
		var edges [][]any
		var colors []string
		for i, e := range n.Edges {
			if cyclic[i] == kind.cycle {
				from, to := n.index(e.From), n.index(e.To)
				at, edges, colors = append(at, places[to]), append(edges, []any{from, to, e.Label}), append(colors, kind.color)
			}
		}
		if len(edges) > 0 {
			s := drawn("edge", kind.name, with(look, "nodes", boxes, "edges", edges, "colors", colors), at, map[string]any{"x": 0, "y": 1})
			s.ItemStyle, s.Z = &opts.ItemStyle{Color: kind.color}, 2
			all = append(all, s)
		}
	}
	return all
}

func (n Network) table() Table {
	t := Table{Columns: []Column{{"from", ""}, {"edge", ""}, {"to", ""}}}
	for _, e := range n.Edges {
		t.Rows = append(t.Rows, []any{e.From, e.Label, e.To})
	}
	for _, d := range n.Nodes {
		alone := !slices.ContainsFunc(n.Edges, func(e Edge) bool { return e.From == d.ID || e.To == d.ID })
		if alone {
			t.Rows = append(t.Rows, []any{d.ID, strings.TrimSpace(d.Kind + " without edges"), ""})
		}
	}
	return t
}
