package pool_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/lib/pool"
)

// The functions of worker processes, which are this test program started
// again.

type answer struct{ In, Square, PID int }

func square(_ context.Context, i int) (answer, error) { return answer{i, i * i, os.Getpid()}, nil }

func half(_ context.Context, i int) (int, error) {
	if i%2 != 0 {
		return 0, fmt.Errorf("%d is odd", i)
	}
	return i / 2, nil
}

func wait(ctx context.Context, d time.Duration) (string, error) {
	select {
	case <-time.After(d):
		return "slept", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func explode(_ context.Context, what string) (int, error) { panic(what) }

func die(_ context.Context, _ struct{}) (int, error) { os.Exit(3); return 0, nil }

func leave(_ context.Context, _ struct{}) (int, error) { runtime.Goexit(); return 0, nil }

func deaf(_ context.Context, _ struct{}) (int, error) { time.Sleep(time.Hour); return 0, nil }

func anything(_ context.Context, v any) (any, error) { return v, nil }

func giveUp(_ context.Context, i int) (int, error) { return 0, context.DeadlineExceeded }

func unregistered(_ context.Context, i int) (int, error) { return i, nil }

func TestMain(m *testing.M) {
	pool.Register(square)
	pool.Register(half)
	pool.Register(wait)
	pool.Register(explode)
	pool.Register(die)
	pool.Register(leave)
	pool.Register(deaf)
	pool.Register(anything)
	pool.Register(giveUp)
	pool.Serve()
	goleak.VerifyTestMain(m)
}

// backends are all executors of the package, four at a time where they have
// a limit.
func backends(t *testing.T, f func(t *testing.T, p pool.Executor)) {
	for name, make := range map[string]func() pool.Executor{
		"goroutines": pool.Goroutines,
		"bounded":    func() pool.Executor { return pool.Bounded(4) },
		"processes":  func() pool.Executor { return pool.Processes(4) },
		"json":       func() pool.Executor { return pool.Processes(2, pool.WithJSON()) },
	} {
		t.Run(name, func(t *testing.T) {
			p := make()
			defer func() {
				if err := p.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}()
			f(t, p)
		})
	}
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestMap(t *testing.T) {
	backends(t, func(t *testing.T, p pool.Executor) {
		got, err := pool.Map(t.Context(), p, square, numbers(50))
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range got {
			if a.In != i || a.Square != i*i {
				t.Fatalf("result %d is %+v", i, a)
			}
		}
	})
}

func TestErrors(t *testing.T) {
	backends(t, func(t *testing.T, p pool.Executor) {
		if _, err := pool.Map(t.Context(), p, half, []int{2, 3, 4}); err == nil || err.Error() != "3 is odd" {
			t.Errorf("got %v, want 3 is odd", err)
		}
		_, err := pool.Submit(t.Context(), p, explode, "bang").Result()
		var panicked *pool.PanicError
		if !errors.As(err, &panicked) || panicked.Value != "bang" || !strings.Contains(panicked.Stack, "explode") {
			t.Errorf("got %v, want a panic with its stack", err)
		}
		if _, err := pool.Submit(t.Context(), p, leave, struct{}{}).Result(); err == nil || !strings.Contains(err.Error(), "Goexit") {
			t.Errorf("got %v, want that the function has left", err)
		}
		if v, err := pool.Submit(t.Context(), p, half, 8).Result(); v != 4 || err != nil {
			t.Errorf("after the faults: %v %v", v, err)
		}
	})
}

func TestCancel(t *testing.T) {
	backends(t, func(t *testing.T, p pool.Executor) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		if _, err := pool.Submit(ctx, p, wait, time.Hour).Result(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the end of the context", err)
		}
		if v, err := pool.Submit(t.Context(), p, wait, 0).Result(); v != "slept" || err != nil {
			t.Errorf("after the cancel: %v %v", v, err)
		}
	})
}

func TestClosed(t *testing.T) {
	backends(t, func(t *testing.T, p pool.Executor) {
		before := pool.Submit(t.Context(), p, wait, time.Millisecond)
		p.Close()
		if v, err := before.Result(); v != "slept" || err != nil {
			t.Errorf("submitted before: %v %v", v, err)
		}
		if _, err := pool.Submit(t.Context(), p, half, 2).Result(); !errors.Is(err, pool.ErrClosed) {
			t.Errorf("submitted after: %v", err)
		}
	})
}

func TestQueuedCallsEndWithTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool.Bounded(1)
		first := pool.Submit(t.Context(), p, wait, time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := pool.Submit(ctx, p, wait, time.Hour).Result()
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != time.Second {
			t.Errorf("got %v after %v", err, took)
		}
		first.Result()
		p.Close()
	})
}

func TestBoundedTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool.Bounded(4)
		start := time.Now()
		if _, err := pool.Map(t.Context(), p, wait, slices.Repeat([]time.Duration{time.Second}, 8)); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("8 waits of 1s by 4 workers took %v", took)
		}
		p.Close()
		records := p.Records()
		if peak := pool.ByWorker(records).Peak(); peak != 4 {
			t.Errorf("%d at a time", peak)
		}
		last := records[7]
		if last.Queued != 0 || last.Waited() != time.Second || last.Ran() != time.Second || last.Func != "github.com/interleave-lab/interleave/lib/pool_test.wait" {
			t.Errorf("the last call: %+v", last)
		}
		if got := pool.ByCall(records); len(got.Spans) != 16 || got.Total() != 2*time.Second {
			t.Errorf("by call: %+v", got)
		}
	})
}

// A pool that is forgotten holds no goroutine; goleak looks for those.
func TestBoundedThatIsForgotten(t *testing.T) {
	for range 10 {
		if _, err := pool.Map(t.Context(), pool.Bounded(3), half, []int{2, 4, 6, 8, 10}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFutures(t *testing.T) {
	p := pool.Goroutines()
	defer p.Close()
	double := func(i int) (int, error) { return 2 * i, nil }
	f := pool.Submit(t.Context(), p, half, 10)
	if v, err := pool.Then(pool.Then(f, double), double).Result(); v != 20 || err != nil {
		t.Errorf("then: %v %v", v, err)
	}
	bad := pool.Submit(t.Context(), p, half, 3)
	never := func(i int) (int, error) { t.Error("called after an error"); return 0, nil }
	if _, err := pool.Then(bad, never).Result(); err == nil {
		t.Error("the error is lost")
	}
	if _, err := pool.Then(f, func(int) (int, error) { panic("no") }).Result(); err == nil {
		t.Error("the panic is lost")
	}
	if _, err := pool.Then(f, func(int) (int, error) { runtime.Goexit(); return 0, nil }).Result(); err == nil {
		t.Error("the end of the goroutine is lost")
	}
	if v, err := pool.All(f, pool.Submit(t.Context(), p, half, 4)).Result(); err != nil || !slices.Equal(v, []int{5, 2}) {
		t.Errorf("all: %v %v", v, err)
	}
	if _, err := pool.All(f, bad).Result(); err == nil {
		t.Error("all: the error is lost")
	}
	if v, err := pool.All[int]().Result(); len(v) != 0 || err != nil {
		t.Errorf("all of none: %v %v", v, err)
	}
}

func TestCompleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool.Goroutines()
		slow, fast := pool.Submit(t.Context(), p, wait, 2*time.Second), pool.Submit(t.Context(), p, wait, time.Second)
		var order []int
		for i := range pool.Completed(slow, fast) {
			order = append(order, i)
		}
		if !slices.Equal(order, []int{1, 0}) {
			t.Errorf("came as %v", order)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		f := pool.Submit(t.Context(), p, wait, 2*time.Second)
		if _, err := f.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a wait with a limit: %v", err)
		}
		<-f.Done()
		p.Close()
	})
}

func TestCallThatNobodySurvives(t *testing.T) {
	p := pool.Processes(2)
	defer p.Close()
	_, err := pool.Submit(t.Context(), p, die, struct{}{}).Result()
	if !errors.Is(err, pool.ErrWorkersDied) || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
	if v, err := pool.Submit(t.Context(), p, half, 2).Result(); v != 1 || err != nil {
		t.Errorf("afterwards: %v %v", v, err)
	}
}

func TestDeafCallIsKilled(t *testing.T) {
	p := pool.Processes(1)
	defer p.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := pool.Submit(ctx, p, deaf, struct{}{}).Result(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if v, err := pool.Submit(t.Context(), p, half, 2).Result(); v != 1 || err != nil {
		t.Errorf("afterwards: %v %v", v, err)
	}
}

func TestWhatCannotTravel(t *testing.T) {
	p := pool.Processes(1)
	defer p.Close()
	for name, err := range map[string]error{
		"not registered": second(pool.Submit(t.Context(), p, unregistered, 1).Result()),
		"literal":        second(pool.Submit(t.Context(), p, func(context.Context, int) (int, error) { return 0, nil }, 1).Result()),
		"channel":        second(pool.Submit(t.Context(), p, anything, any(make(chan int))).Result()),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := pool.Submit(t.Context(), p, unregistered, 1).Result(); err == nil || !strings.Contains(err.Error(), "pool.Register(pool_test.unregistered)") {
		t.Errorf("got %v, want what to do", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestManyGoroutines(t *testing.T) {
	p := pool.Goroutines()
	var n atomic.Int64
	add := func(context.Context, int) (int64, error) { return n.Add(1), nil }
	if _, err := pool.Map(t.Context(), p, add, numbers(20_000)); err != nil || n.Load() != 20_000 {
		t.Errorf("%d calls, %v", n.Load(), err)
	}
	p.Close()
}

func BenchmarkSubmit(b *testing.B) {
	for name, p := range map[string]pool.Executor{"goroutines": pool.Goroutines(), "bounded": pool.Bounded(2), "processes": pool.Processes(2)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := pool.Submit(b.Context(), p, half, 2).Result(); err != nil {
					b.Fatal(err)
				}
			}
		})
		p.Close()
	}
}
