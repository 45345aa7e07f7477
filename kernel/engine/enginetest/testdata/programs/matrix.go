// Matrices: generics, arrays of arrays, slices of slices, big results.
package main

import "fmt"

type number interface{ ~int | ~float64 | ~complex128 }

type Matrix[T number] [][]T

func New[T number](rows, cols int, f func(i, j int) T) Matrix[T] {
	m := make(Matrix[T], rows)
	cells := make([]T, rows*cols)
	for i := range m {
		m[i], cells = cells[:cols:cols], cells[cols:]
		for j := range m[i] {
			m[i][j] = f(i, j)
		}
	}
	return m
}

func (m Matrix[T]) Mul(n Matrix[T]) Matrix[T] {
	return New(len(m), len(n[0]), func(i, j int) (s T) {
		for k := range n {
			s += m[i][k] * n[k][j]
		}
		return
	})
}

func Pow[T number](m Matrix[T], e int) Matrix[T] {
	r := New(len(m), len(m), func(i, j int) T {
		if i == j {
			return 1
		}
		return 0
	})
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = r.Mul(m)
		}
		m = m.Mul(m)
	}
	return r
}

type vec [3]float64

func (v vec) dot(o vec) (s float64) {
	for i := range v {
		s += v[i] * o[i]
	}
	return
}

func transpose(a [2][3]int) (t [3][2]int) {
	for i, r := range a {
		for j, v := range r {
			t[j][i] = v
		}
	}
	return
}

func main() {
	fib := Matrix[int]{{1, 1}, {1, 0}}
	fmt.Println(Pow(fib, 50)[0][1], Pow(fib, 0))
	rot := Matrix[complex128]{{1i}}
	fmt.Println(Pow(rot, 2), Pow(rot, 3))
	h := New(3, 3, func(i, j int) float64 { return 1 / float64(i+j+1) })
	fmt.Printf("%.3f\n", h.Mul(h))
	a := [2][3]int{{1, 2, 3}, {4, 5, 6}}
	b := transpose(a)
	a[0][0] = 100
	fmt.Println(a, b, vec{1, 2, 3}.dot(vec{4, 5, 6}))
	p := &a[1]
	p[2]++
	s := a[1][:]
	s[0] = -1
	fmt.Println(a, len(s), cap(s[1:]))
}
