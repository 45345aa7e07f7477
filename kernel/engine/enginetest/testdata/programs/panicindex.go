// Ends by a runtime error deep in calls.
package main

import "fmt"

type stack struct{ items []int }

func (s *stack) pop() int {
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v
}

func main() {
	s := &stack{[]int{1, 2}}
	fmt.Println(s.pop(), s.pop())
	fmt.Println(s.pop())
}
