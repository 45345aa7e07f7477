// Generic code in many forms.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

type Number interface {
	~int | ~int64 | ~float64
}

func Map[T, U any](s iter.Seq[T], f func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for x := range s {
			if !yield(f(x)) {
				return
			}
		}
	}
}

func Filter[T any](s iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for x := range s {
			if keep(x) && !yield(x) {
				return
			}
		}
	}
}

func Reduce[T, A any](s iter.Seq[T], a A, f func(A, T) A) A {
	for x := range s {
		a = f(a, x)
	}
	return a
}

func Sum[T Number](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

type Set[T comparable] map[T]struct{}

func SetOf[T comparable](xs ...T) Set[T] {
	s := Set[T]{}
	for _, x := range xs {
		s[x] = struct{}{}
	}
	return s
}
func (s Set[T]) Union(o Set[T]) Set[T] {
	r := maps.Clone(s)
	maps.Copy(r, o)
	return r
}
func Sorted[T cmp.Ordered](s Set[T]) []T { return slices.Sorted(maps.Keys(s)) }

type Option[T any] struct {
	v  T
	ok bool
}

func Some[T any](v T) Option[T] { return Option[T]{v, true} }
func (o Option[T]) OrElse(v T) T {
	if o.ok {
		return o.v
	}
	return v
}
func (o Option[T]) String() string {
	if !o.ok {
		return "None"
	}
	return fmt.Sprintf("Some(%v)", o.v)
}

type Queue[T any] struct {
	items []T
	onPop func(T)
}

func (q *Queue[T]) Push(xs ...T) *Queue[T] { q.items = append(q.items, xs...); return q }
func (q *Queue[T]) Pop() (T, error) {
	var zero T
	if len(q.items) == 0 {
		return zero, errors.New("empty")
	}
	x := q.items[0]
	q.items = q.items[1:]
	if q.onPop != nil {
		q.onPop(x)
	}
	return x, nil
}

type Numeric[T Number] struct{ vals []T }

func (n Numeric[T]) Mean() float64 { return float64(Sum(n.vals...)) / float64(len(n.vals)) }

type Celsius float64

type Shape interface {
	comparable
	Area() float64
}
type Square struct{ s float64 }

func (s Square) Area() float64 { return s.s * s.s }

func Largest[S Shape](shapes ...S) (best S) {
	for _, s := range shapes {
		if s.Area() > best.Area() || best == *new(S) {
			best = s
		}
	}
	return
}

type Pair[A, B any] struct {
	First  A
	Second B
}

func Zip[A, B any](a []A, b []B) (r []Pair[A, B]) {
	for i := range min(len(a), len(b)) {
		r = append(r, Pair[A, B]{a[i], b[i]})
	}
	return
}

func main() {
	evens := Filter(slices.Values([]int{1, 2, 3, 4, 5, 6}), func(n int) bool { return n%2 == 0 })
	fmt.Println(slices.Collect(Map(evens, func(n int) string { return strings.Repeat("*", n) })))
	fmt.Println(Reduce(evens, "", func(a string, n int) string { return a + fmt.Sprint(n) }))
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[Celsius](20, 0.5), Sum[int]())
	fmt.Println(Sorted(SetOf(3, 1).Union(SetOf(2, 1))), len(SetOf("a", "a")))
	fmt.Println(Some(5), Option[string]{}, Some("x").OrElse("y"), Option[[]int]{}.OrElse([]int{1}))
	popped := 0
	q := (&Queue[string]{onPop: func(string) { popped++ }}).Push("a", "b")
	a, _ := q.Pop()
	b, _ := q.Pop()
	_, err := q.Pop()
	fmt.Println(a, b, err, popped)
	fmt.Println(Numeric[int]{[]int{1, 2, 4}}.Mean(), Numeric[Celsius]{[]Celsius{10, 20}}.Mean())
	fmt.Println(Largest(Square{2}, Square{3}, Square{1}))
	fmt.Printf("%v %T\n", Zip([]int{1, 2}, []string{"a", "b"}), Zip[int8, error](nil, nil))
	fmt.Printf("%T %T\n", Some(SetOf(1.5)), &Queue[Option[Celsius]]{})
}
