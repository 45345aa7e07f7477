// Sieves: by array, by goroutines, by iterators.
package main

import (
	"fmt"
	"iter"
	"math/big"
)

func sieve(n int) (ps []int) {
	composite := make([]bool, n+1)
	for i := 2; i <= n; i++ {
		if composite[i] {
			continue
		}
		ps = append(ps, i)
		for j := i * i; j <= n; j += i {
			composite[j] = true
		}
	}
	return
}

func generate(ch chan<- int) {
	for i := 2; ; i++ {
		ch <- i
	}
}

func filter(in <-chan int, out chan<- int, p int) {
	for {
		if i := <-in; i%p != 0 {
			out <- i
		}
	}
}

func lazy() iter.Seq[int] {
	return func(yield func(int) bool) {
		multiples := map[int][]int{}
		for i := 2; ; i++ {
			fs := multiples[i]
			delete(multiples, i)
			if len(fs) == 0 {
				if !yield(i) {
					return
				}
				fs = []int{i}
			}
			for _, f := range fs {
				multiples[i+f] = append(multiples[i+f], f)
			}
		}
	}
}

func take[T any](s iter.Seq[T], n int) (out []T) {
	for x := range s {
		if len(out) == n {
			break
		}
		out = append(out, x)
	}
	return
}

func main() {
	ps := sieve(10000)
	fmt.Println(len(ps), ps[len(ps)-1])
	ch := make(chan int)
	go generate(ch)
	for range 30 {
		p := <-ch
		fmt.Print(p, " ")
		next := make(chan int)
		go filter(ch, next, p)
		ch = next
	}
	fmt.Println()
	fmt.Println(take(lazy(), 15))
	for i, p := range ps {
		if !big.NewInt(int64(p)).ProbablyPrime(10) {
			fmt.Println("wrong", i, p)
		}
	}
}
