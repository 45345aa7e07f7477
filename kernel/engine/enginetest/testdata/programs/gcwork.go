// Work for the collector: lists, maps, finalizers of a kind, big slices.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

type node struct {
	next *node
	data []byte
	tags map[string]int
	f    func() int
}

func build(n int) *node {
	var head *node
	for i := range n {
		head = &node{head, make([]byte, i%64), map[string]int{fmt.Sprint(i): i}, func() int { return i }}
	}
	return head
}

func (n *node) check(want int) {
	for ; n != nil; n = n.next {
		want--
		if n.f() != want || len(n.data) != want%64 || n.tags[fmt.Sprint(want)] != want {
			panic(fmt.Sprint("corrupt at ", want))
		}
	}
	if want != 0 {
		panic("lost nodes")
	}
}

func main() {
	lists := make([]*node, 0, 8)
	for i := range 8 {
		lists = append(lists, build(300*(i+1)))
		runtime.GC()
	}
	for i, l := range lists {
		l.check(300 * (i + 1))
	}
	done := make(chan int)
	for g := range 4 {
		go func() {
			l := build(500)
			runtime.Gosched()
			for range 20 {
				_ = strings.Repeat("garbage", 1000)
			}
			l.check(500)
			done <- g
		}()
	}
	sum := 0
	for range 4 {
		sum += <-done
	}
	matrix := make([][]float64, 200)
	for i := range matrix {
		matrix[i] = make([]float64, 200)
		for j := range matrix[i] {
			matrix[i][j] = float64(i * j)
		}
	}
	runtime.GC()
	total := 0.0
	for _, r := range matrix {
		for _, v := range r {
			total += v
		}
	}
	fmt.Println(sum, total)
}
