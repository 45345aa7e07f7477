// Method values, expressions, sets, and methods on every kind of type.
package main

import (
	"fmt"
	"sort"
)

type num int
type fn func(int) int
type dict map[string]num
type vec []num
type arr [2]num
type pipe chan num
type ptr struct{ *num }
type gen[T any] struct{ v T }

func (n num) twice() num     { return n * 2 }
func (n *num) inc() *num     { *n++; return n }
func (f fn) apply(n int) int { return f(n) }
func (d dict) total() (t num) {
	for _, v := range d {
		t += v
	}
	return
}
func (v vec) Len() int           { return len(v) }
func (v vec) Less(i, j int) bool { return v[i] < v[j] }
func (v vec) Swap(i, j int)      { v[i], v[j] = v[j], v[i] }
func (v *vec) push(n num)        { *v = append(*v, n) }
func (a arr) sum() num           { return a[0] + a[1] }
func (p pipe) drain() (t num) {
	close(p)
	for v := range p {
		t += v
	}
	return
}
func (g gen[T]) get() T   { return g.v }
func (g *gen[T]) set(v T) { g.v = v }
func (p ptr) both() num   { return p.twice() + *p.inc() }

type getter[T any] interface{ get() T }
type setter[T any] interface {
	getter[T]
	set(T)
}

func main() {
	n := num(5)
	n.inc().inc()
	f := n.twice
	n = 100
	fmt.Println(f(), n.twice(), num.twice(3), *(*num).inc(&n))
	fmt.Println(fn(func(i int) int { return i + 1 }).apply(41), dict{"a": 1, "b": 2}.total())
	v := vec{3, 1, 2}
	v.push(0)
	sort.Sort(sort.Reverse(v))
	fmt.Println(v, arr{1, 2}.sum())
	p := make(pipe, 3)
	p <- 1
	p <- 2
	fmt.Println(p.drain())
	k := num(10)
	fmt.Println(ptr{&k}.both(), k)
	g := &gen[string]{"a"}
	var s setter[string] = g
	s.set("b")
	get := getter[string].get
	fmt.Println(get(g), gen[int]{7}.get(), (*gen[int]).get(&gen[int]{8}))
	table := []func() num{num(1).twice, num(2).twice, k.twice}
	for _, t := range table {
		fmt.Print(t(), " ")
	}
	fmt.Println()
	var np *num
	defer func() { fmt.Println("recovered:", recover()) }()
	fmt.Println(np.twice())
}
