// Patterns of channels: fan-out, fan-in, semaphores, timeouts, tickers.
package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

func produce(ctx context.Context, n int) <-chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := 1; i <= n; i++ {
			select {
			case c <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

func merge[T any](cs ...<-chan T) <-chan T {
	out := make(chan T)
	var wg sync.WaitGroup
	for _, c := range cs {
		wg.Go(func() {
			for v := range c {
				out <- v
			}
		})
	}
	go func() { wg.Wait(); close(out) }()
	return out
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for v := range in {
			out <- v * v
		}
	}()
	return out
}

type semaphore chan struct{}

func (s semaphore) acquire() { s <- struct{}{} }
func (s semaphore) release() { <-s }

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	src := produce(ctx, 20)
	var all []int
	for v := range merge(square(src), square(src), square(src)) {
		all = append(all, v)
	}
	slices.Sort(all)
	fmt.Println(len(all), all[0], all[19])
	cancel()

	sem := make(semaphore, 3)
	var mu sync.Mutex
	running, most := 0, 0
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			sem.acquire()
			defer sem.release()
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			time.Sleep(time.Microsecond)
			mu.Lock()
			running--
			mu.Unlock()
		})
	}
	wg.Wait()
	fmt.Println(most <= 3, running)

	select {
	case <-time.After(time.Millisecond):
		fmt.Println("timeout")
	case <-make(chan int):
	}

	ctx2, stop := context.WithTimeoutCause(context.Background(), time.Nanosecond, errors.New("too slow"))
	defer stop()
	<-ctx2.Done()
	fmt.Println(ctx2.Err(), context.Cause(ctx2))

	ring := make(chan int, 1)
	ring <- 0
	done := make(chan int)
	for id := range 5 {
		go func() {
			for v := range ring {
				if v == 100 {
					done <- id*0 + v
					return
				}
				ring <- v + 1
			}
		}()
	}
	fmt.Println(<-done)

	var nilchan chan int
	closed := make(chan int)
	close(closed)
	select {
	case <-nilchan:
		fmt.Println("never")
	case v, ok := <-closed:
		fmt.Println(v, ok)
	}
}
