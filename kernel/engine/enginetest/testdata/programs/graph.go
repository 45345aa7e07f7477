// Shortest paths, topological order and components.
package main

import (
	"container/heap"
	"fmt"
	"math"
	"slices"
	"strings"
)

type graph map[string]map[string]int

func (g graph) edge(a, b string, w int) {
	for _, n := range []string{a, b} {
		if g[n] == nil {
			g[n] = map[string]int{}
		}
	}
	g[a][b] = w
}

func (g graph) nodes() []string {
	var ns []string
	for n := range g {
		ns = append(ns, n)
	}
	slices.Sort(ns)
	return ns
}

type item struct {
	node string
	dist int
}
type queue []item

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].dist < q[j].dist }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(item)) }
func (q *queue) Pop() any {
	old := *q
	n := len(old) - 1
	x := old[n]
	*q = old[:n]
	return x
}

func (g graph) shortest(from string) (map[string]int, map[string]string) {
	dist, prev := map[string]int{}, map[string]string{}
	for n := range g {
		dist[n] = math.MaxInt
	}
	dist[from] = 0
	q := &queue{{from, 0}}
	for q.Len() > 0 {
		it := heap.Pop(q).(item)
		if it.dist > dist[it.node] {
			continue
		}
		for n, w := range g[it.node] {
			if d := it.dist + w; d < dist[n] {
				dist[n], prev[n] = d, it.node
				heap.Push(q, item{n, d})
			}
		}
	}
	return dist, prev
}

func (g graph) order() (out []string, err error) {
	state := map[string]int{}
	var visit func(string) error
	visit = func(n string) error {
		switch state[n] {
		case 1:
			return fmt.Errorf("cycle at %s", n)
		case 2:
			return nil
		}
		state[n] = 1
		var next []string
		for m := range g[n] {
			next = append(next, m)
		}
		slices.Sort(next)
		for _, m := range next {
			if err := visit(m); err != nil {
				return err
			}
		}
		state[n] = 2
		out = append(out, n)
		return nil
	}
	for _, n := range g.nodes() {
		if err := visit(n); err != nil {
			return nil, err
		}
	}
	slices.Reverse(out)
	return out, nil
}

func main() {
	g := graph{}
	for _, e := range []struct {
		a, b string
		w    int
	}{{"a", "b", 7}, {"a", "c", 3}, {"c", "b", 1}, {"b", "d", 2}, {"c", "d", 8}, {"d", "e", 1}} {
		g.edge(e.a, e.b, e.w)
	}
	dist, prev := g.shortest("a")
	for _, n := range g.nodes() {
		path := []string{n}
		for p, ok := prev[n]; ok; p, ok = prev[p] {
			path = append(path, p)
		}
		slices.Reverse(path)
		fmt.Println(n, dist[n], strings.Join(path, ">"))
	}
	fmt.Println(g.order())
	g.edge("e", "a", 1)
	fmt.Println(g.order())
}
