// Sorting in all ways, with stability and many types.
package main

import (
	"cmp"
	"container/heap"
	"fmt"
	"math/rand"
	"slices"
	"sort"
	"strings"
)

type person struct {
	name string
	age  int
}
type byAge []person

func (b byAge) Len() int           { return len(b) }
func (b byAge) Less(i, j int) bool { return b[i].age < b[j].age }
func (b byAge) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func quick[T cmp.Ordered](s []T) {
	if len(s) < 2 {
		return
	}
	p, i := s[len(s)/2], 0
	l, r := 0, len(s)-1
	for l <= r {
		for s[l] < p {
			l++
		}
		for s[r] > p {
			r--
		}
		if l <= r {
			s[l], s[r] = s[r], s[l]
			l++
			r--
		}
		i++
	}
	quick(s[:r+1])
	quick(s[l:])
}

func mergeSort[T any](s []T, less func(a, b T) bool) []T {
	if len(s) < 2 {
		return s
	}
	a, b := mergeSort(s[:len(s)/2:len(s)/2], less), mergeSort(s[len(s)/2:], less)
	out := make([]T, 0, len(s))
	for len(a) > 0 && len(b) > 0 {
		if less(b[0], a[0]) {
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	return append(append(out, a...), b...)
}

type intHeap struct{ sort.IntSlice }

func (h *intHeap) Push(x any) { h.IntSlice = append(h.IntSlice, x.(int)) }
func (h *intHeap) Pop() any {
	n := h.Len() - 1
	x := h.IntSlice[n]
	h.IntSlice = h.IntSlice[:n]
	return x
}

func main() {
	people := []person{{"Ann", 30}, {"Bob", 25}, {"Cy", 30}, {"Di", 25}, {"Ed", 41}}
	sort.Stable(sort.Reverse(byAge(people)))
	fmt.Println(people)
	sort.Sort(byAge(people))
	fmt.Println(sort.IsSorted(byAge(people)), people[4].name)
	slices.SortStableFunc(people, func(a, b person) int {
		return cmp.Or(cmp.Compare(len(a.name), len(b.name)), strings.Compare(b.name, a.name))
	})
	fmt.Println(people)
	r := rand.New(rand.NewSource(7))
	xs := r.Perm(1000)
	quick(xs)
	fmt.Println(slices.IsSorted(xs), xs[:3], sort.SearchInts(xs, 500))
	ms := mergeSort(strings.Fields("the quick brown fox jumps"), func(a, b string) bool { return len(a) < len(b) })
	fmt.Println(ms)
	h := &intHeap{r.Perm(20)}
	heap.Init(h)
	for range 5 {
		fmt.Print(heap.Pop(h), " ")
	}
	fmt.Println(h.Len())
	top := slices.MinFunc(people, func(a, b person) int { return cmp.Compare(a.age, b.age) })
	fmt.Println(top, slices.Max([]string{"b", "c", "a"}))
}
