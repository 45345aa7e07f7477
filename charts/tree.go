package charts

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/interleave-lab/interleave/lib/scope"
)

// maxNodes is how many nodes of a tree or a graph are drawn.
const maxNodes = 80

// Tree shows a scope and everything that ran inside as a tree from left to
// right: what each was, how long it ran, and by the colour how it ended.
//
// It returns an error for a record that ends before it begins. Of more than
// 80 nodes the first are drawn, and the subtitle says so.
func Tree(r scope.Record) (Chart, error) {
	nodes, err := scopeNodes(r)
	if err != nil {
		return Chart{}, fmt.Errorf("chart a tree of scopes: %w", err)
	}
	all := len(nodes)
	nodes = nodes[:min(all, maxNodes)]
	o := frame(treeTitle(nodes[0].record, all, outcomes(r)), treeSubtitle(len(nodes), all))
	rows, depth := 0, 0
	for _, n := range nodes {
		rows, depth = max(rows, int(n.y)+1), max(depth, n.depth+1)
	}
	o.hide(-0.02, float64(depth)-0.12, -0.6, float64(rows)-0.4)
	o.Series = treeSeries(nodes)
	return build(o, Spec{Table: scopeTable(r), Height: 130 + 46*rows, Width: max(760, min(1400, 210*depth))})
}

// ScopeGantt shows the same record over time: a row for each scope and child,
// children below their parents.
//
// Its errors are those of Tree.
func ScopeGantt(r scope.Record) (Chart, error) {
	if _, err := scopeNodes(r); err != nil {
		return Chart{}, fmt.Errorf("chart scopes over time: %w", err)
	}
	c, err := Gantt(r.Timeline())
	if err != nil {
		return Chart{}, err
	}
	return c, nil
}

// node is one box of a tree, with its place: columns by depth, rows by leaves.
type node struct {
	record scope.Record
	depth  int
	y      float64
	parent int // -1 for the root
}

// scopeNodes lays the tree out: every leaf has a row, a parent stands in the
// middle of its children.
func scopeNodes(r scope.Record) (nodes []node, err error) {
	row := 0.0
	var walk func(r scope.Record, depth, parent int) float64
	walk = func(r scope.Record, depth, parent int) float64 {
		if r.To < r.From || r.From < 0 {
			err = errors.Join(err, fmt.Errorf("%q runs from %v to %v", r.Name, r.From, r.To))
		}
		me := len(nodes)
		nodes = append(nodes, node{record: r, depth: depth, parent: parent})
		if len(r.Children) == 0 {
			nodes[me].y = row
			row++
			return nodes[me].y
		}
		first, last := 0.0, 0.0
		for i, c := range r.Children {
			y := walk(c, depth+1, me)
			if i == 0 {
				first = y
			}
			last = y
		}
		nodes[me].y = (first + last) / 2
		return nodes[me].y
	}
	walk(r, 0, -1)
	return nodes, err
}

// outcomes counts how the scopes and children ended.
func outcomes(r scope.Record) string {
	count := map[scope.Outcome]int{}
	for _, c := range r.All() {
		count[c.Outcome]++
	}
	var parts []string
	for _, o := range outcomeOrder {
		if count[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[o], o))
		}
	}
	return strings.Join(parts, ", ")
}

var outcomeOrder = []scope.Outcome{scope.OK, scope.Failed, scope.Panicked, scope.Cancelled, scope.Cut, scope.LeftBehind, scope.Running}

func treeTitle(root scope.Record, all int, ended string) string {
	return fmt.Sprintf("%s took %s: %d inside and itself ended %s", named(root.Name, "the scope"), human(root.Duration()), all-1, ended)
}

func treeSubtitle(drawn, all int) string {
	if drawn < all {
		return fmt.Sprintf("the first %d of %d are drawn", drawn, all)
	}
	return "time is how long each ran; colours say how it ended"
}

// hide makes the axes an invisible plane for boxes and arrows.
func (o *option) hide(left, right, top, bottom float64) {
	x := axis{XAxis: opts.XAxis{Type: "value", Show: opts.Bool(false), Min: left, Max: right}}
	y := axis{XAxis: opts.XAxis{Type: "value", Show: opts.Bool(false), Min: top, Max: bottom, Inverse: opts.Bool(true)}}
	o.XAxis, o.YAxis = []axis{x}, []axis{y}
}

// treeSeries are the lines, then the boxes, a series for each outcome so that
// the legend tells the colours.
func treeSeries(nodes []node) []series {
	var boxes [][]any
	var colors []string
	for _, n := range nodes {
		ended := string(n.record.Outcome)
		if text, _, _ := strings.Cut(n.record.Error, "\n"); text != "" {
			ended = text
		}
		boxes = append(boxes, []any{n.depth, n.y, named(n.record.Name, "scope"), human(n.record.Duration()) + ", " + ended})
		colors = append(colors, kindColor(string(n.record.Outcome), 0))
	}
	look := map[string]any{"left": true, "widest": 178, "ink": "$text", "mutedColor": "$muted", "paperColor": "$paper", "color": "$grey"}
	var edges [][]int
	var at [][]float64
	for i, n := range nodes {
		if n.parent >= 0 {
			edges = append(edges, []int{n.parent, i})
			at = append(at, []float64{float64(n.depth), n.y})
		}
	}
	lines := drawn("elbow", "", with(look, "nodes", boxes, "edges", edges), at, map[string]any{"x": 0, "y": 1})
	all := []series{lines}
	for _, o := range outcomeOrder {
		var places [][]float64
		var mine [][]any
		var fills []string
		for i, n := range nodes {
			if n.record.Outcome == o {
				places, mine, fills = append(places, []float64{float64(n.depth), n.y}), append(mine, boxes[i]), append(fills, colors[i])
			}
		}
		if len(places) > 0 {
			s := drawn("node", string(o), with(look, "nodes", mine, "colors", fills), places, map[string]any{"x": 0, "y": 1})
			s.ItemStyle, s.Z = &opts.ItemStyle{Color: fills[0]}, 4
			all = append(all, s)
		}
	}
	return all
}

// with is a copy of arguments and more of them, given as names and values.
func with(args map[string]any, more ...any) map[string]any {
	all := map[string]any{}
	for k, v := range args {
		all[k] = v
	}
	for i := 0; i+1 < len(more); i += 2 {
		all[more[i].(string)] = more[i+1]
	}
	return all
}

func scopeTable(r scope.Record) Table {
	t := Table{Columns: []Column{{"scope", ""}, {"from", "s"}, {"to", "s"}, {"time", "s"}, {"ended", ""}, {"error", ""}}}
	for path, c := range r.All() {
		line, _, _ := strings.Cut(c.Error, "\n")
		t.Rows = append(t.Rows, []any{strings.Join(path, "/"), seconds(c.From), seconds(c.To), seconds(time.Duration(c.To - c.From)), string(c.Outcome), line})
	}
	return t
}
