package pool

import (
	"container/heap"
	"fmt"
	"sync"
)

// Goroutines makes an executor that starts every call at once, in a goroutine
// of its own. In records these have the lowest number that is free.
func Goroutines() Executor { return &goroutines{} }

type goroutines struct {
	Log
	group sync.WaitGroup

	mu     sync.Mutex // guards what follows
	closed bool
	lanes  int   // the highest number given
	free   lanes // lower ones that are free
}

// lanes is a heap of numbers.
type lanes []int

func (l lanes) Len() int           { return len(l) }
func (l lanes) Less(i, j int) bool { return l[i] < l[j] }
func (l lanes) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *lanes) Push(v any)        { *l = append(*l, v.(int)) }
func (l *lanes) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

func (g *goroutines) Submit(j *Job) {
	g.Queue(j)
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		j.Fail(ErrClosed)
		return
	}
	lane := g.lane()
	g.group.Add(1)
	g.mu.Unlock()
	go g.run(j, lane)
}

// lane takes the lowest free number.
func (g *goroutines) lane() int {
	if len(g.free) > 0 {
		return heap.Pop(&g.free).(int)
	}
	g.lanes++
	return g.lanes
}

func (g *goroutines) run(j *Job, lane int) {
	defer g.group.Done()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		heap.Push(&g.free, lane)
	}()
	g.Start(j, fmt.Sprintf("goroutine %d", lane))
	j.Call()
}

func (g *goroutines) Close() error {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.group.Wait()
	return nil
}

// Bounded makes an executor with n workers, which take the calls in the order
// they were submitted. A worker is a goroutine that ends when there is nothing
// to do: a pool that is forgotten leaves nothing behind. It panics when n is
// not positive.
func Bounded(n int) Executor { return &bounded{queue: newQueue(n), most: n} }

type bounded struct {
	Log
	queue *queue
	most  int
	group sync.WaitGroup

	mu    sync.Mutex // guards what follows
	used  int        // the highest number given
	free  lanes      // lower ones that are free
	count int        // workers that run
}

func (b *bounded) Submit(j *Job) {
	b.Queue(j)
	if !b.put(j) {
		j.Fail(ErrClosed)
	}
}

// put queues a job and starts a worker if there may be one more.
func (b *bounded) put(j *Job) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.queue.put(j) {
		return false
	}
	if b.count == b.most {
		return true
	}
	b.count++
	b.used = max(b.used, b.count)
	lane := b.used
	if len(b.free) > 0 {
		lane = heap.Pop(&b.free).(int)
	}
	b.group.Add(1)
	go b.work(lane)
	return true
}

func (b *bounded) work(lane int) {
	again := false
	defer func() {
		if again { // the function ended this goroutine; another takes its place
			go b.work(lane)
			return
		}
		b.group.Done()
	}()
	for j := b.next(lane); j != nil; j = b.next(lane) {
		again = true
		b.Start(j, fmt.Sprintf("worker %d", lane))
		j.Call()
		again = false
	}
}

// next is the next job for a worker; with none, the worker is one no more.
func (b *bounded) next(lane int) *Job {
	b.mu.Lock()
	defer b.mu.Unlock()
	j := b.queue.poll()
	if j == nil {
		b.count--
		heap.Push(&b.free, lane)
	}
	return j
}

func (b *bounded) Close() error {
	b.mu.Lock()
	b.queue.close()
	b.mu.Unlock()
	b.group.Wait()
	return nil
}

// queue is the jobs that wait, without a limit.
type queue struct {
	mu     sync.Mutex // guards what follows
	wake   *sync.Cond
	jobs   []*Job
	closed bool
}

func newQueue(workers int) *queue {
	if workers < 1 {
		panic(fmt.Sprintf("pool: %d workers", workers))
	}
	q := &queue{}
	q.wake = sync.NewCond(&q.mu)
	return q
}

// put reports whether the queue takes the job: it is not closed.
func (q *queue) put(j *Job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.jobs = append(q.jobs, j)
	q.wake.Signal()
	return true
}

// back puts a job before all others, also when the queue is closed.
func (q *queue) back(j *Job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append([]*Job{j}, q.jobs...)
	q.wake.Signal()
}

// take waits for a job; nil when the queue is closed and empty.
func (q *queue) take() *Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) == 0 && !q.closed {
		q.wake.Wait()
	}
	return q.first()
}

// poll is take without waiting: nil when the queue is empty.
func (q *queue) poll() *Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.first()
}

func (q *queue) first() *Job {
	if len(q.jobs) == 0 {
		return nil
	}
	j := q.jobs[0]
	q.jobs[0] = nil
	q.jobs = q.jobs[1:]
	return j
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake.Broadcast()
}
