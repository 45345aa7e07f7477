// A generic search tree with iterators both ways.
package main

import (
	"cmp"
	"fmt"
	"iter"
	"strings"
)

type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	n    int
}

type node[K cmp.Ordered, V any] struct {
	k           K
	v           V
	left, right *node[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).k); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			(*p).v = v
			return
		}
	}
	*p = &node[K, V]{k: k, v: v}
	t.n++
}

func (t *Tree[K, V]) Delete(k K) bool {
	p := &t.root
	for *p != nil && (*p).k != k {
		if k < (*p).k {
			p = &(*p).left
		} else {
			p = &(*p).right
		}
	}
	d := *p
	if d == nil {
		return false
	}
	switch {
	case d.left == nil:
		*p = d.right
	case d.right == nil:
		*p = d.left
	default:
		q := &d.right
		for (*q).left != nil {
			q = &(*q).left
		}
		m := *q
		*q = m.right
		m.left, m.right = d.left, d.right
		*p = m
	}
	t.n--
	return true
}

func (t *Tree[K, V]) All() iter.Seq2[K, V] {
	var walk func(n *node[K, V], yield func(K, V) bool) bool
	walk = func(n *node[K, V], yield func(K, V) bool) bool {
		return n == nil || walk(n.left, yield) && yield(n.k, n.v) && walk(n.right, yield)
	}
	return func(yield func(K, V) bool) { walk(t.root, yield) }
}

func (t *Tree[K, V]) depth() int {
	var d func(*node[K, V]) int
	d = func(n *node[K, V]) int {
		if n == nil {
			return 0
		}
		return 1 + max(d(n.left), d(n.right))
	}
	return d(t.root)
}

func main() {
	var t Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog and runs away from the bear") {
		t.Put(w, i)
	}
	for k, v := range t.All() {
		fmt.Print(k, ":", v, " ")
	}
	fmt.Println(t.n, t.depth())
	fmt.Println(t.Delete("the"), t.Delete("the"), t.Delete("quick"), t.n)
	next, stop := iter.Pull2(t.All())
	defer stop()
	for range 3 {
		k, v, ok := next()
		fmt.Println(k, v, ok)
	}
	for k := range t.All() {
		if k > "f" {
			fmt.Println("first after f:", k)
			break
		}
	}
	var ints Tree[int, struct{}]
	for i := range 1000 {
		ints.Put(i*7919%1000, struct{}{})
	}
	sum := 0
	for k := range ints.All() {
		sum += k
	}
	fmt.Println(ints.n, sum)
}
