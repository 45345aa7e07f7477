// Panics, recovery, and their order.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

type fault struct{ code int }

func (f fault) Error() string { return fmt.Sprint("fault ", f.code) }

func guard(name string, f func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			fmt.Println(name, "fine")
		case runtime.Error:
			fmt.Println(name, "runtime:", r)
		case error:
			fmt.Println(name, "error:", r)
		default:
			fmt.Printf("%s %T: %v\n", name, r, r)
		}
	}()
	f()
}

type t struct{ p *t }

func nested() (log []string) {
	defer func() {
		log = append(log, fmt.Sprint("outer got ", recover()))
	}()
	defer func() {
		defer func() {
			log = append(log, fmt.Sprint("inner got ", recover()))
			panic("third")
		}()
		panic("second")
	}()
	panic("first")
}

func retry(n int) (tries int, err error) {
	for tries = 1; ; tries++ {
		err = func() (err error) {
			defer func() {
				if r := recover(); r != nil {
					err = fmt.Errorf("try %d: %v", tries, r)
				}
			}()
			if tries < n {
				panic("again")
			}
			return nil
		}()
		if err == nil {
			return
		}
		fmt.Println(err)
	}
}

func main() {
	var (
		m    map[string]int
		s    []int
		x    *t
		zero int
		any1 any = "text"
		arr  [3]int
		idx  = 5
	)
	guard("index", func() { _ = s[idx] })
	guard("array", func() { arr[idx%8]++ })
	guard("slice", func() { _ = arr[idx:] })
	guard("slice3", func() { _ = s[:0:idx] })
	guard("nilmap", func() { m["a"] = 1 })
	guard("nilptr", func() { x.p.p = nil })
	guard("divide", func() { zero = 1 / zero })
	guard("assert", func() { _ = any1.(int) })
	guard("assert2", func() { _ = any1.(fmt.Stringer) })
	guard("close", func() { var c chan int; close(c) })
	guard("make", func() { _ = make([]int, zero-1) })
	guard("error", func() { panic(fault{7}) })
	guard("value", func() { panic(3.5) })
	guard("struct", func() { panic(struct{ A int }{1}) })
	guard("wrapped", func() { panic(fmt.Errorf("w: %w", os.ErrClosed)) })
	guard("convert", func() { _ = [2]int(s) })
	guard("none", func() {})
	guard("uncomparable", func() { var a, b any = s, s; _ = a == b })
	guard("repeat", func() { strings.Repeat("x", -1) })
	guard("goexit value", func() { panic(errors.ErrUnsupported) })
	for _, l := range nested() {
		fmt.Println(l)
	}
	fmt.Println(retry(3))
}
