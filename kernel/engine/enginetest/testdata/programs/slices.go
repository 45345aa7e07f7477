// Slices: aliasing, growth, three-index, copies, arrays of slices.
package main

import (
	"fmt"
	"slices"
	"unsafe"
)

type stack[T any] []T

func (s *stack[T]) push(x T) { *s = append(*s, x) }
func (s *stack[T]) pop() T {
	x := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return x
}

func modify(s []int) { s[0] = 100; s = append(s, 1); s[1] = 200 }

func main() {
	a := []int{1, 2, 3, 4, 5}
	b := a[1:3]
	c := a[1:3:3]
	b = append(b, 99)
	c = append(c, -1)
	fmt.Println(a, b, c, len(b), cap(b), cap(a[2:]))
	modify(a)
	modify(c[:1:1])
	fmt.Println(a, c)
	var nilS []int
	empty := []int{}
	fmt.Println(nilS == nil, empty == nil, len(append(nilS, empty...)), append([]byte("ab"), "cd"...))
	s := make([]int, 3, 10)
	n := copy(s, a[3:])
	n += copy(s[1:], s)
	fmt.Println(s, n, s[:5])
	arr := [...]string{5: "f", 1: "b", "c"}
	p := &arr
	for i := range p {
		p[i] += "!"
	}
	fmt.Printf("%q %d\n", arr[1:4], len(arr))
	grid := make([][]rune, 2)
	for i := range grid {
		grid[i] = []rune("..")
	}
	grid[1][0] = '#'
	fmt.Println(string(grid[0]), string(grid[1]))
	var st stack[string]
	st.push("a")
	st.push("b")
	fmt.Println(st.pop(), len(st), cap(st) >= 2)
	d := slices.Delete([]int{0, 1, 2, 3, 4}, 1, 3)
	i, found := slices.BinarySearch([]int{1, 3, 5}, 4)
	fmt.Println(d, i, found, slices.Equal(a, a[:5]), slices.Compare(a, b) > 0, slices.Replace([]int{1, 2, 3}, 0, 2, 9))
	for ch := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(ch)
	}
	fmt.Println(slices.Concat([]int{1}, nil, []int{2}), slices.IndexFunc(a, func(n int) bool { return n > 150 }))
	ap := (*[2]int)(a)
	ap[0] = -7
	fmt.Println(a[0], [3]int(a[:3]), unsafe.Slice(&a[1], 2), *unsafe.SliceData(a) == a[0])
	str := "héllo"
	bs := []byte(str)
	bs[0] = 'H'
	fmt.Println(str, string(bs), len(str), []rune(str)[1] == 'é', str[1:3], string([]rune(str)[:2]))
	total := 0
	big := make([]int, 0)
	for i := range 100000 {
		big = append(big, i)
	}
	for _, v := range big {
		total += v
	}
	fmt.Println(total, len(big))
}
