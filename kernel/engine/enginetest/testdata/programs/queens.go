// Backtracking: queens and permutations and subsets.
package main

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

type board []int

func (b board) safe(col int) bool {
	row := len(b)
	for r, c := range b {
		if c == col || c-col == row-r || col-c == row-r {
			return false
		}
	}
	return true
}

func (b board) String() string {
	var sb strings.Builder
	for _, c := range b {
		sb.WriteString(strings.Repeat(".", c) + "Q" + strings.Repeat(".", len(b)-c-1) + "\n")
	}
	return sb.String()
}

func solutions(n int) iter.Seq[board] {
	return func(yield func(board) bool) {
		var place func(b board) bool
		place = func(b board) bool {
			if len(b) == n {
				return yield(slices.Clone(b))
			}
			for c := range n {
				if b.safe(c) && !place(append(b, c)) {
					return false
				}
			}
			return true
		}
		place(nil)
	}
}

func permutations[T any](s []T) (out [][]T) {
	if len(s) < 2 {
		return [][]T{slices.Clone(s)}
	}
	for i := range s {
		rest := append(slices.Clone(s[:i]), s[i+1:]...)
		for _, p := range permutations(rest) {
			out = append(out, append([]T{s[i]}, p...))
		}
	}
	return
}

func main() {
	for b := range solutions(6) {
		fmt.Print(b)
		break
	}
	for n := range 9 {
		count := 0
		for range solutions(n) {
			count++
		}
		fmt.Print(count, " ")
	}
	fmt.Println()
	ps := permutations([]string{"a", "b", "c"})
	fmt.Println(len(ps), ps)
	for mask := range 1 << 3 {
		var sub []int
		for i := range 3 {
			if mask>>i&1 == 1 {
				sub = append(sub, i)
			}
		}
		fmt.Print(sub)
	}
	fmt.Println()
}
