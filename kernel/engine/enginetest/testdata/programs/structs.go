// Structs: comparison, copying, tags, anonymous, zero size, alignment.
package main

import (
	"fmt"
	"unsafe"
)

type point struct{ X, Y int }
type line struct{ A, B point }
type holder struct {
	p    *point
	arr  [2]point
	m    map[point]string
	f    func() int
	next *holder
}
type empty struct{}
type mixed struct {
	a bool
	b int64
	c bool
	d int32
	e string
	f any
	g []int
	_ [0]func()
}
type bits struct {
	_, flag uint8
	_       uint16
	val     uint32
}

func change(l line) line { l.A.X = 99; return l }

func main() {
	l := line{point{1, 2}, point{3, 4}}
	k := l
	k.B.Y++
	fmt.Println(l == k, l == line{A: point{1, 2}, B: point{Y: 4, X: 3}}, change(l), l, k)
	h := holder{p: &l.A, m: map[point]string{{1, 2}: "found"}}
	h.f = func() int { return h.p.X }
	h.next = &h
	h.arr[1] = *h.p
	g := h
	g.p.X = 50
	g.arr[0].X = 7
	fmt.Println(l.A, h.arr, g.arr, h.f(), g.next == &h, h.m[point{1, 2}], len(h.m))
	anon := []struct {
		n int
		s string
	}{{1, "a"}, {n: 2}}
	for i := range anon {
		anon[i].n *= 10
	}
	fmt.Printf("%+v %v\n", anon, struct{}{} == empty{})
	fmt.Println(unsafe.Sizeof(mixed{}), unsafe.Offsetof(mixed{}.d), unsafe.Sizeof(empty{}), unsafe.Sizeof(bits{}), unsafe.Alignof(mixed{}.b))
	var a, b [4]empty
	fmt.Println(a == b, len(a), bits{flag: 1} == bits{flag: 1})
	pp := &point{5, 6}
	ppp := &pp
	(*ppp).X = 8
	(**ppp).Y = 9
	q := *pp
	q.X = 0
	fmt.Println(*pp, q, *(*ppp) == point{8, 9})
	type local struct {
		point
		Z int
	}
	v := local{point{1, 2}, 3}
	v.X = 10
	fmt.Printf("%v %+v %T %#v\n", v, v, v, v.point)
	var i, j any = v, local{point{10, 2}, 3}
	fmt.Println(i == j, i == any(v.point))
	m := map[any]int{v: 1, v.point: 2, l: 3}
	fmt.Println(m[local{point{10, 2}, 3}], m[point{10, 2}], m[l])
	t := struct {
		*point
		name string
	}{&point{1, 1}, "t"}
	t.X++
	fmt.Println(t.X, t.point.Y, t.name)
}
