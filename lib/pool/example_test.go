package pool_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/interleave-lab/interleave/lib/pool"
)

var ctx = context.Background()

func ExampleMap() {
	p := pool.Bounded(8) // or pool.Goroutines(), or pool.Processes(8)
	defer p.Close()
	fmt.Println(pool.Map(ctx, p, half, []int{2, 4, 6}))
	// Output: [1 2 3] <nil>
}

func ExampleGoroutines() {
	p := pool.Goroutines()
	defer p.Close()
	fmt.Println(pool.Submit(ctx, p, half, 10).Result())
	// Output: 5 <nil>
}

func ExampleBounded() {
	p := pool.Bounded(1) // one after the other
	defer p.Close()
	a, b := pool.Submit(ctx, p, wait, time.Millisecond), pool.Submit(ctx, p, wait, time.Millisecond)
	a.Result()
	b.Result()
	fmt.Println(pool.ByWorker(p.Records()).Peak())
	// Output: 1
}

// The main function of this program calls pool.Register(square) and then
// pool.Serve.
func ExampleProcesses() {
	p := pool.Processes(2)
	defer p.Close()
	a, err := pool.Submit(ctx, p, square, 7).Result()
	fmt.Println(a.Square, a.PID != os.Getpid(), err)
	// Output: 49 true <nil>
}

func ExampleWithJSON() {
	p := pool.Processes(1, pool.WithJSON())
	defer p.Close()
	fmt.Println(pool.Submit(ctx, p, half, 8).Result())
	// Output: 4 <nil>
}

func ExampleWithEnv() {
	p := pool.Processes(1, pool.WithEnv("GOMAXPROCS=1"))
	defer p.Close()
	fmt.Println(pool.Submit(ctx, p, half, 8).Result())
	// Output: 4 <nil>
}

func ExampleRegister() {
	pool.Register(half) // before pool.Serve, at the start of main
	p := pool.Processes(1)
	defer p.Close()
	fmt.Println(pool.Submit(ctx, p, half, 3).Result())
	// Output: 0 3 is odd
}

// In a worker process Serve makes calls and does not return.
func ExampleServe() {
	pool.Register(half)
	pool.Serve()
	fmt.Println("this is no worker process")
	// Output: this is no worker process
}

// A worker on the other end of any connection.
func ExampleServeConn() {
	err := pool.ServeConn(emptyReader{}, io.Discard)
	fmt.Println(err)
	// Output: <nil>
}

type emptyReader struct{}

func (emptyReader) Read([]byte) (int, error) { return 0, io.EOF }

func ExampleSubmit() {
	p := pool.Goroutines()
	defer p.Close()
	a := pool.Submit(ctx, p, half, 10)
	b := pool.Submit(ctx, p, half, 20) // at the same time
	x, _ := a.Result()
	y, _ := b.Result()
	fmt.Println(x + y)
	// Output: 15
}

func ExampleFuture_Result() {
	p := pool.Goroutines()
	defer p.Close()
	_, err := pool.Submit(ctx, p, explode, "no paper").Result()
	var panicked *pool.PanicError
	fmt.Println(errors.As(err, &panicked), err)
	// Output: true panic: no paper
}

func ExampleFuture_Wait() {
	p := pool.Goroutines()
	defer p.Close()
	work, stop := context.WithCancel(ctx)
	defer stop() // before the pool is closed
	f := pool.Submit(work, p, wait, time.Hour)
	brief, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	_, err := f.Wait(brief)
	fmt.Println(err)
	// Output: context deadline exceeded
}

func ExampleFuture_Done() {
	p := pool.Goroutines()
	defer p.Close()
	select {
	case <-pool.Submit(ctx, p, half, 2).Done():
		fmt.Println("done")
	case <-time.After(time.Minute):
		fmt.Println("late")
	}
	// Output: done
}

func ExampleThen() {
	p := pool.Goroutines()
	defer p.Close()
	f := pool.Submit(ctx, p, half, 10)
	text := pool.Then(f, func(i int) (string, error) { return fmt.Sprintf("half is %d", i), nil })
	fmt.Println(text.Result())
	// Output: half is 5 <nil>
}

func ExampleAll() {
	p := pool.Goroutines()
	defer p.Close()
	fmt.Println(pool.All(pool.Submit(ctx, p, half, 2), pool.Submit(ctx, p, half, 4)).Result())
	// Output: [1 2] <nil>
}

func ExampleCompleted() {
	p := pool.Goroutines()
	defer p.Close()
	work, stop := context.WithCancel(ctx)
	defer stop() // before the pool is closed
	slow := pool.Submit(work, p, wait, time.Hour)
	fast := pool.Submit(ctx, p, wait, 0)
	for i, f := range pool.Completed(slow, fast) {
		fmt.Println(i, f == fast)
		break
	}
	// Output: 1 true
}

func ExampleByWorker() {
	p := pool.Bounded(1)
	defer p.Close()
	pool.Submit(ctx, p, half, 2).Result()
	for _, s := range pool.ByWorker(p.Records()).Spans {
		fmt.Println(s.Lane, s.Kind, s.Item)
	}
	// Output: worker 1 run pool_test.half(2)
}

func ExampleByCall() {
	p := pool.Bounded(1)
	defer p.Close()
	pool.Submit(ctx, p, half, 3).Result()
	for _, s := range pool.ByCall(p.Records()).Spans {
		fmt.Println(s.Lane, s.Kind)
	}
	// Output:
	// call 1 queued
	// call 1 error
}

// sequential is an executor of another module: one call after the other, on
// the goroutine that submits it.
type sequential struct{ pool.Log }

func (s *sequential) Submit(j *pool.Job) {
	s.Queue(j)
	s.Start(j, "me")
	j.Call()
}

func (s *sequential) Close() error { return nil }

func ExampleExecutor() {
	var p pool.Executor = &sequential{}
	defer p.Close()
	fmt.Println(pool.Map(ctx, p, half, []int{2, 4}))
	fmt.Println(p.Records()[1].Worker)
	// Output:
	// [1 2] <nil>
	// me
}

// elsewhere is an executor that makes calls at the other end of something.
type elsewhere struct{ pool.Log }

func (e *elsewhere) Submit(j *pool.Job) {
	e.Queue(j)
	in, err := j.Input(pool.JSON)
	if err != nil {
		j.Fail(err)
		return
	}
	e.Start(j, "far away")
	e.Lost(j) // and again, somewhere else
	e.Start(j, "farther")
	fmt.Println(j.ID() > 0, j.Name(), string(in), j.Context().Err(), j.Ended())
	j.Complete(pool.JSON, []byte(`{"V": 21}`))
}

func (e *elsewhere) Close() error { return nil }

func ExampleJob() {
	p := &elsewhere{}
	fmt.Println(pool.Submit(ctx, p, half, 42).Result())
	fmt.Println(len(p.Records()[0].Lost), p.Records()[0].Worker, p.Dropped())
	// Output:
	// true github.com/interleave-lab/interleave/lib/pool_test.half {"V":42} <nil> false
	// 21 <nil>
	// 1 farther 0
}

func ExampleLog_Queue() {
	p := &sequential{} // embeds a Log, and calls its methods
	pool.Submit(ctx, p, half, 2)
	fmt.Println(len(p.Records()))
	// Output: 1
}

func ExampleLog_Start() {
	p := &sequential{}
	pool.Submit(ctx, p, half, 2)
	fmt.Println(p.Records()[0].Worker)
	// Output: me
}

func ExampleLog_Lost() {
	p := &elsewhere{} // loses each call once
	pool.Submit(ctx, p, half, 42)
	fmt.Println(p.Records()[0].Lost[0].Worker)
	// Output:
	// true github.com/interleave-lab/interleave/lib/pool_test.half {"V":42} <nil> false
	// far away
}

func ExampleLog_Records() {
	p := &sequential{}
	pool.Submit(ctx, p, half, 3)
	fmt.Println(p.Records()[0].Item, p.Records()[0].Error)
	// Output: 3 3 is odd
}

func ExampleLog_Dropped() {
	p := &sequential{}
	pool.Submit(ctx, p, half, 2)
	fmt.Println(p.Dropped())
	// Output: 0
}

// failing is an executor that refuses all calls.
type failing struct{ pool.Log }

func (f *failing) Submit(j *pool.Job) {
	f.Queue(j)
	j.Fail(fmt.Errorf("no connection for %s(%d bytes)", j.Name()[len(j.Name())-4:], inputSize(j)))
}

func (f *failing) Close() error { return nil }

func inputSize(j *pool.Job) int {
	b, _ := j.Input(pool.JSON)
	return len(b)
}

func ExampleJob_Fail() {
	_, err := pool.Submit(ctx, &failing{}, half, 2).Result()
	fmt.Println(err)
	// Output: no connection for half(7 bytes)
}

func ExampleJob_Call() {
	fmt.Println(pool.Submit(ctx, &sequential{}, half, 2).Result())
	// Output: 1 <nil>
}

// asked is an executor that tells what it knows of a job.
type asked struct{ pool.Log }

func (a *asked) Submit(j *pool.Job) {
	in, err := j.Input(pool.JSON)
	fmt.Println(j.ID() > 0, j.Name()[len(j.Name())-4:], string(in), err, j.Context().Err(), j.Ended())
	j.Complete(pool.JSON, []byte(`{"V": 1}`))
	fmt.Println(j.Ended())
}

func (a *asked) Close() error { return nil }

func ask() {
	pool.Submit(ctx, &asked{}, half, 2)
}

func ExampleJob_ID() {
	ask()
	// Output:
	// true half {"V":2} <nil> <nil> false
	// true
}

func ExampleJob_Name() {
	ask()
	// Output:
	// true half {"V":2} <nil> <nil> false
	// true
}

func ExampleJob_Input() {
	ask()
	// Output:
	// true half {"V":2} <nil> <nil> false
	// true
}

func ExampleJob_Context() {
	ask()
	// Output:
	// true half {"V":2} <nil> <nil> false
	// true
}

func ExampleJob_Ended() {
	ask()
	// Output:
	// true half {"V":2} <nil> <nil> false
	// true
}

func ExampleJob_Complete() {
	ask()
	// Output:
	// true half {"V":2} <nil> <nil> false
	// true
}

func ExamplePanicError_Error() {
	fmt.Println(&pool.PanicError{Value: "no paper"})
	// Output: panic: no paper
}

func ExampleRemoteError_Error() {
	p := pool.Processes(1)
	defer p.Close()
	_, err := pool.Submit(ctx, p, half, 3).Result()
	var remote *pool.RemoteError
	fmt.Println(errors.As(err, &remote), remote)
	// Output: true 3 is odd
}

func ExampleRemoteError_Unwrap() {
	p := pool.Processes(1)
	defer p.Close()
	_, err := pool.Submit(ctx, p, giveUp, 1).Result()
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

func ExampleRecord_Waited() {
	fmt.Println(pool.Record{Queued: time.Second, Started: 3 * time.Second}.Waited())
	// Output: 2s
}

func ExampleRecord_Ran() {
	fmt.Println(pool.Record{Started: 3 * time.Second, Ended: 4 * time.Second}.Ran())
	// Output: 1s
}

// Not run: it would have all later pools of this program ask for programs.
func ExampleSetSource() {
	pool.SetSource(func(functions []string) (pool.Launch, func(), error) {
		return nil, nil, fmt.Errorf("no program has %v", functions)
	})
}
