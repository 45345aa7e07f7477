// Range over functions in every way to leave a loop.
package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

func count(name string, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("[", name, " done]")
		for i := range n {
			if !yield(i) {
				fmt.Print("[", name, " stopped]")
				return
			}
		}
	}
}

func twice(yield func() bool) { _ = yield() && yield() }

func find(want int) (found string) {
	defer func() { found += "!" }()
	for i := range count("outer", 5) {
		for j := range count("inner", 5) {
			if i*j == want {
				return fmt.Sprint(i, "x", j)
			}
		}
	}
	return "none"
}

func labels() {
outer:
	for i := range count("a", 4) {
		for j := range count("b", 4) {
			switch {
			case j == 2:
				continue outer
			case i == 2:
				break outer
			}
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
}

func deferring() {
	for i := range count("d", 2) {
		defer fmt.Print("deferred ", i, ";")
	}
	fmt.Print("end of function;")
}

func panicking() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered %v", r)
		}
	}()
	for i := range count("p", 3) {
		if i == 1 {
			panic("in the body")
		}
	}
	return nil
}

func misbehaving(yield func(int) bool) {
	yield(1)
	yield(2)
}

type list[T any] struct {
	head T
	tail *list[T]
}

func (l *list[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := 0; l != nil; i, l = i+1, l.tail {
			if !yield(i, l.head) {
				return
			}
		}
	}
}

func main() {
	fmt.Println(find(6))
	fmt.Println(find(7))
	labels()
	deferring()
	fmt.Println()
	fmt.Println(panicking())
	n := 0
	for range twice {
		n++
	}
	fmt.Println(n)
	func() {
		defer func() { fmt.Println("caught:", recover()) }()
		for range misbehaving {
			break
		}
	}()
	l := &list[string]{"a", &list[string]{"b", nil}}
	for i, s := range l.All() {
		fmt.Print(i, s, " ")
	}
	fmt.Println()
	next, stop := iter.Pull(count("pull", 5))
	a, _ := next()
	b, ok := next()
	stop()
	c, ok2 := next()
	fmt.Println(a, b, ok, c, ok2)
	fmt.Println(slices.Collect(maps.Values(map[string]int{"x": 1})), slices.Sorted(strings.SplitSeq("c,a,b", ",")))
	for i := range 3 {
		defer func() { fmt.Print(i, ".") }()
	}
	for i := range uint8(3) {
		fmt.Printf("%T%d ", i, i)
	}
	fmt.Println()
}
