// Synchronisation: mutexes, conditions, once, atomics, maps, pools, errors.
package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

type queue[T any] struct {
	mu    sync.Mutex
	avail *sync.Cond
	items []T
}

func newQueue[T any]() *queue[T] {
	q := &queue[T]{}
	q.avail = sync.NewCond(&q.mu)
	return q
}
func (q *queue[T]) put(x T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, x)
	q.avail.Signal()
}
func (q *queue[T]) take() T {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.avail.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

type cache struct {
	sync.RWMutex
	m map[int]int
}

func (c *cache) get(k int, compute func(int) int) int {
	c.RLock()
	v, ok := c.m[k]
	c.RUnlock()
	if ok {
		return v
	}
	c.Lock()
	defer c.Unlock()
	if v, ok := c.m[k]; ok {
		return v
	}
	c.m[k] = compute(k)
	return c.m[k]
}

type config struct{ version int }

func main() {
	q := newQueue[int]()
	var sum atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for x := q.take(); x >= 0; x = q.take() {
				sum.Add(int64(x))
			}
		})
	}
	for i := range 1000 {
		q.put(i)
	}
	for range 4 {
		q.put(-1)
	}
	wg.Wait()
	fmt.Println(sum.Load())

	c := &cache{m: map[int]int{}}
	var computed atomic.Int32
	for i := range 100 {
		wg.Go(func() {
			c.get(i%10, func(k int) int { computed.Add(1); return k * k })
		})
	}
	wg.Wait()
	fmt.Println(len(c.m), computed.Load(), c.m[9])

	var cfg atomic.Pointer[config]
	cfg.Store(&config{1})
	for range 50 {
		wg.Go(func() {
			for {
				old := cfg.Load()
				if cfg.CompareAndSwap(old, &config{old.version + 1}) {
					return
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(cfg.Load().version)

	once := sync.OnceValues(func() (int, error) { computed.Add(1000); return 7, nil })
	once()
	v, err := once()
	fmt.Println(v, err, computed.Load())
	p := sync.OnceFunc(func() { panic("once") })
	for range 2 {
		func() {
			defer func() { fmt.Print(recover(), " ") }()
			p()
		}()
	}
	fmt.Println()

	var m sync.Map
	for i := range 100 {
		wg.Go(func() {
			v, _ := m.LoadOrStore(i%7, new(atomic.Int32))
			v.(*atomic.Int32).Add(1)
		})
	}
	wg.Wait()
	total := int32(0)
	m.Range(func(_, v any) bool { total += v.(*atomic.Int32).Load(); return true })
	fmt.Println(total)

	ctx, cancel := context.WithCancel(context.Background())
	var ended atomic.Int32
	for range 10 {
		wg.Go(func() {
			select {
			case <-ctx.Done():
				ended.Add(1)
			case <-time.After(time.Minute):
			}
		})
	}
	cancel()
	wg.Wait()
	fmt.Println(ended.Load(), ctx.Err())
}
