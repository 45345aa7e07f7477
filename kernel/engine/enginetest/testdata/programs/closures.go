// Closures over loops, parameters, results and receivers.
package main

import (
	"fmt"
	"sort"
)

type op func(float64, float64) (float64, error)

func compose[A, B, C any](f func(A) B, g func(B) C) func(A) C {
	return func(a A) C { return g(f(a)) }
}

func curry(f func(a, b, c int) int) func(int) func(int) func(int) int {
	return func(a int) func(int) func(int) int {
		return func(b int) func(int) int {
			return func(c int) int { return f(a, b, c) }
		}
	}
}

type counter struct{ n int }

func (c *counter) next() int { c.n++; return c.n }

func generate() (func() int, func()) {
	state := 0
	return func() int { state++; return state }, func() { state = 0 }
}

func deferred() (r int) {
	defer func() { r *= 2 }()
	for i := range 3 {
		defer func() { r += i }()
	}
	return 10
}

func main() {
	ops := map[string]op{
		"+": func(a, b float64) (float64, error) { return a + b, nil },
		"/": func(a, b float64) (float64, error) {
			if b == 0 {
				return 0, fmt.Errorf("divide %v by zero", a)
			}
			return a / b, nil
		},
	}
	var names []string
	for k := range ops {
		names = append(names, k)
	}
	sort.Strings(names)
	for _, k := range names {
		fmt.Println(ops[k](6, 0))
	}
	fmt.Println(compose(func(s string) int { return len(s) }, func(n int) string { return fmt.Sprint(n * n) })("four"))
	fmt.Println(curry(func(a, b, c int) int { return a*100 + b*10 + c })(1)(2)(3))
	var fs [3]func() int
	for i := range fs {
		fs[i] = func() int { i += 10; return i }
	}
	fmt.Println(fs[0](), fs[0](), fs[1](), fs[2]())
	next, reset := generate()
	next()
	next()
	a := next()
	reset()
	fmt.Println(a, next())
	c := counter{5}
	f := c.next
	c.n = 50
	fmt.Println(f(), c.next(), deferred())
	fib := func() func() int {
		x, y := 0, 1
		return func() int {
			defer func() { x, y = y, x+y }()
			return x
		}
	}()
	for range 10 {
		fmt.Print(fib(), " ")
	}
	fmt.Println()
	func(args ...any) { fmt.Println(len(args), args) }(1, "b", nil)
}
