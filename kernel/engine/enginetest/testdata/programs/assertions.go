// Type assertions and switches of every kind.
package main

import (
	"errors"
	"fmt"
	"io"
)

type animal interface{ Sound() string }
type named interface{ Name() string }
type dog struct{ name string }
type cat struct{}

func (d dog) Sound() string  { return "woof" }
func (d dog) Name() string   { return d.name }
func (c *cat) Sound() string { return "meow" }

type errNo int

func (e errNo) Error() string { return fmt.Sprint("errno ", int(e)) }
func (e errNo) Is(target error) bool {
	return target == io.EOF && e == 0
}

func describe(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case animal:
		if n, ok := v.(named); ok {
			return n.Name() + " says " + v.Sound()
		}
		return "someone says " + v.Sound()
	case error:
		return "error: " + v.Error()
	case []any:
		s := ""
		for _, e := range v {
			s += "(" + describe(e) + ")"
		}
		return s
	case map[string]int, chan int:
		return fmt.Sprintf("%T of %d", v, lenOf(v))
	case func() string:
		return v()
	case interface{ Len() int }:
		return "len"
	case bool, int, float64:
		return fmt.Sprintf("%v is %[1]T", v)
	default:
		return fmt.Sprintf("unknown %T", v)
	}
}

func lenOf(x any) int {
	switch v := x.(type) {
	case map[string]int:
		return len(v)
	case chan int:
		return cap(v)
	}
	return -1
}

func main() {
	for _, x := range []any{nil, dog{"rex"}, &cat{}, cat{}, errNo(3), []any{1, true, nil}, map[string]int{"a": 1}, make(chan int, 4), func() string { return "called" }, 2.5, struct{}{}, &[]int{1}} {
		fmt.Println(describe(x))
	}
	var e error = errNo(0)
	var no errNo
	fmt.Println(errors.Is(e, io.EOF), errors.Is(errNo(1), io.EOF), errors.As(fmt.Errorf("w: %w", e), &no), no)
	defer func() {
		r := recover()
		_, isErr := r.(error)
		fmt.Println(r, isErr)
	}()
	var a animal = dog{}
	_ = a.(*cat)
}
