package scope_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/lib/scope"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errNo = errors.New("no")

// sleep waits in a way that a context ends.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestFirstErrorCancelsSiblings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := scope.Run(t.Context(), func(s *scope.Scope) error {
			s.Go("slow", func(ctx context.Context) error { return sleep(ctx, time.Hour) })
			s.Go("bad", func(ctx context.Context) error {
				if err := sleep(ctx, time.Second); err != nil {
					return err
				}
				return errNo
			})
			return nil
		})
		var child *scope.ChildError
		if !errors.As(err, &child) || child.Child != "bad" || !errors.Is(err, errNo) {
			t.Errorf("got %v, want bad: no", err)
		}
		if got := time.Since(start); got != time.Second {
			t.Errorf("took %v, want 1s", got)
		}
	})
}

func TestErrorsAreJoined(t *testing.T) {
	other := errors.New("other")
	err := scope.Run(t.Context(), func(s *scope.Scope) error {
		s.Go("a", func(context.Context) error { return errNo })
		s.Go("b", func(ctx context.Context) error { <-ctx.Done(); return other })
		s.Go("c", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		s.Go("d", func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) })
		<-s.Context().Done()
		return s.Context().Err()
	})
	if got, want := err.Error(), "a: no\nb: other"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEndOfTheContext(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if err := scope.Run(ctx, func(s *scope.Scope) error { return nil }); err != nil {
		t.Errorf("a scope that has done its work: %v", err)
	}
	err := scope.Run(ctx, func(s *scope.Scope) error {
		s.Go("wait", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		return nil
	})
	if err != cause {
		t.Errorf("got %v, want the cause of the context's end", err)
	}
}

func TestCancelIsNoError(t *testing.T) {
	err := scope.Run(t.Context(), func(s *scope.Scope) error {
		s.Go("wait", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		s.Cancel()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// caught runs f and returns what it panics with.
func caught(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

func TestPanicOfAChild(t *testing.T) {
	var ended atomic.Bool
	v := caught(func() {
		scope.Run(t.Context(), func(s *scope.Scope) error {
			s.Go("outer", func(ctx context.Context) error {
				return scope.Run(ctx, func(s *scope.Scope) error {
					s.Go("inner", explode)
					return nil
				})
			})
			s.Go("sibling", func(ctx context.Context) error { <-ctx.Done(); ended.Store(true); return nil })
			return nil
		})
	})
	p, ok := v.(*scope.Panic)
	if !ok || p.Child != "outer/inner" || p.Value != any(errNo) || !errors.Is(p, errNo) {
		t.Fatalf("got %#v", v)
	}
	if !strings.Contains(p.Error(), "explode") {
		t.Errorf("the stack of the child is missing: %v", p)
	}
	if !ended.Load() {
		t.Error("the sibling was not waited for")
	}
}

func explode(context.Context) error { panic(errNo) }

func TestPanicOfTheFunction(t *testing.T) {
	var ended atomic.Bool
	v := caught(func() {
		scope.Run(t.Context(), func(s *scope.Scope) error {
			s.Go("child", func(ctx context.Context) error { <-ctx.Done(); ended.Store(true); return nil })
			panic("mine")
		})
	})
	if v != "mine" || !ended.Load() {
		t.Errorf("got %v, child ended: %v", v, ended.Load())
	}
}

func TestGoexit(t *testing.T) {
	err := scope.Run(t.Context(), func(s *scope.Scope) error {
		s.Go("leaves", func(context.Context) error { runtime.Goexit(); return nil })
		return nil
	})
	if !errors.Is(err, scope.ErrGoexit) {
		t.Errorf("got %v", err)
	}
}

func TestGoAfterTheEnd(t *testing.T) {
	var kept *scope.Scope
	scope.Run(t.Context(), func(s *scope.Scope) error { kept = s; return nil })
	if v := caught(func() { kept.Go("late", explode) }); v == nil || v == any(errNo) {
		t.Errorf("got %v, want a panic that says the scope has ended", v)
	}
}

func TestLeftBehind(t *testing.T) {
	free := make(chan int)
	var r scope.Record
	err := scope.Run(t.Context(), func(s *scope.Scope) error {
		s.Go("deaf", func(context.Context) error { deaf(free); return nil })
		s.Go("hears", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		s.Cancel()
		return nil
	}, scope.Grace(20*time.Millisecond), scope.Keep(&r))
	var left *scope.LeftBehindError
	if !errors.As(err, &left) || len(left.Children) != 1 {
		t.Fatalf("got %v", err)
	}
	c := left.Children[0]
	if c.Name != "deaf" || !strings.Contains(c.State, "chan receive") || !strings.Contains(c.Where, "scope_test.deaf") {
		t.Errorf("got %q %q %q", c.Name, c.State, c.Where)
	}
	if r.Children[0].Outcome != scope.LeftBehind || r.Children[1].Outcome != scope.Cancelled {
		t.Errorf("record:\n%v", r)
	}
	close(free)
}

func deaf(c chan int) { <-c }

func TestMoveOnAfter(t *testing.T) {
	wait := func(d time.Duration) func(context.Context) error {
		return func(ctx context.Context) error { return sleep(ctx, d) }
	}
	tests := map[string]struct {
		limit time.Duration
		f     func(ctx context.Context) error
		cut   bool
		err   error
		took  time.Duration
	}{
		"in time":      {time.Second, wait(time.Millisecond), false, nil, time.Millisecond},
		"cut":          {time.Second, wait(time.Hour), true, nil, time.Second},
		"error":        {time.Second, func(context.Context) error { return errNo }, false, errNo, 0},
		"cut in scope": {time.Second, inScope(wait(time.Hour)), true, nil, time.Second},
		"error after the cut": {time.Second, func(ctx context.Context) error {
			return errors.Join(sleep(ctx, time.Hour), errNo)
		}, true, errNo, time.Second},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				cut, err := scope.MoveOnAfter(t.Context(), c.limit, c.f)
				if cut != c.cut || !errors.Is(err, c.err) || time.Since(start) != c.took {
					t.Errorf("got %v %v after %v, want %v %v after %v", cut, err, time.Since(start), c.cut, c.err, c.took)
				}
			})
		})
	}
}

func inScope(f func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		return scope.Run(ctx, func(s *scope.Scope) error {
			s.Go("one", f)
			s.Go("two", f)
			return nil
		})
	}
}

func TestMoveOnAfterInsideADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		cut, err := scope.MoveOnAfter(ctx, time.Minute, func(ctx context.Context) error { return sleep(ctx, time.Hour) })
		if cut || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v %v: the outer deadline is not this one's", cut, err)
		}
	})
}

func TestRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		after := func(d time.Duration, err error) func(context.Context) (time.Duration, error) {
			return func(ctx context.Context) (time.Duration, error) { return d, errors.Join(sleep(ctx, d), err) }
		}
		start := time.Now()
		v, err := scope.Race(t.Context(), after(3*time.Second, nil), after(time.Second, errNo), after(2*time.Second, nil))
		if v != 2*time.Second || err != nil || time.Since(start) != 2*time.Second {
			t.Errorf("got %v %v after %v", v, err, time.Since(start))
		}
		if _, err := scope.Race(t.Context(), after(1, errNo), after(2, errNo)); err == nil || strings.Count(err.Error(), "no") != 2 {
			t.Errorf("all fail: %v", err)
		}
		if _, err := scope.Race[int](t.Context()); err == nil {
			t.Error("a race of nobody has no winner")
		}
	})
}

func TestMap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, peak atomic.Int64
		start := time.Now()
		got, err := scope.Map(t.Context(), 4, count(8), func(ctx context.Context, i int) (int, error) {
			peak.Store(max(peak.Load(), now.Add(1)))
			defer now.Add(-1)
			return i * i, sleep(ctx, time.Second)
		})
		if want := []int{0, 1, 4, 9, 16, 25, 36, 49}; err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v %v, want %v", got, err, want)
		}
		if time.Since(start) != 2*time.Second || peak.Load() != 4 {
			t.Errorf("8 waits of 1s, 4 at a time: %v, %d at a time", time.Since(start), peak.Load())
		}
	})
}

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func TestMapStopsAtAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var started atomic.Int64
		got, err := scope.Map(t.Context(), 2, count(1e9), func(ctx context.Context, i int) (int, error) {
			started.Add(1)
			if i == 5 {
				return 0, errNo
			}
			return i, sleep(ctx, time.Second)
		})
		if !errors.Is(err, errNo) || !slices.Equal(got, []int{0, 1, 2, 3}) || started.Load() > 8 {
			t.Errorf("got %v %v after %d starts", got, err, started.Load())
		}
	})
}

func TestStreamStopsAtABreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		for v, err := range scope.Stream(t.Context(), 3, count(1e9), func(ctx context.Context, i int) (int, error) {
			return i, sleep(ctx, time.Millisecond)
		}) {
			if v != n || err != nil {
				t.Fatalf("result %d: %d %v", n, v, err)
			}
			if n++; n == 10 {
				break
			}
		}
		if n != 10 {
			t.Errorf("%d results", n)
		}
	})
}

func TestRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r scope.Record
		scope.Run(t.Context(), func(s *scope.Scope) error {
			s.Go("fetch", func(ctx context.Context) error {
				cut, err := scope.MoveOnAfter(ctx, 2*time.Second, func(ctx context.Context) error { return sleep(ctx, time.Hour) })
				if !cut {
					t.Error("not cut")
				}
				return err
			})
			s.Go("store", func(ctx context.Context) error {
				if err := sleep(ctx, 3*time.Second); err != nil {
					return err
				}
				return errNo
			})
			s.Go("slow", func(ctx context.Context) error { return sleep(ctx, time.Hour) })
			return nil
		}, scope.Name("shop"), scope.Keep(&r))
		var got []string
		for path, c := range r.All() {
			got = append(got, fmt.Sprint(strings.Join(path, "/"), " ", c.From, " ", c.To, " ", c.Outcome))
		}
		want := []string{
			"shop 0s 3s error", "shop/fetch 0s 2s ok", "shop/fetch/move on after 2s 0s 2s cut",
			"shop/store 0s 3s error", "shop/slow 0s 3s cancelled",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if lanes := r.Timeline().Lanes(); len(lanes) != len(want) {
			t.Errorf("lanes: %q", lanes)
		}
	})
}

// tree starts children that fail, panic, are cut or start children themselves.
func tree(ctx context.Context, r *rand.Rand, depth int, running *atomic.Int64) error {
	seed := func() *rand.Rand { return rand.New(rand.NewPCG(r.Uint64(), r.Uint64())) }
	return scope.Run(ctx, func(s *scope.Scope) error {
		for i := range r.IntN(4) {
			r := seed()
			s.Go(fmt.Sprint(i), func(ctx context.Context) error {
				running.Add(1)
				defer running.Add(-1)
				return branch(ctx, r, depth, running)
			})
		}
		if r.IntN(20) == 0 {
			panic("in the function")
		}
		return nil
	})
}

func branch(ctx context.Context, r *rand.Rand, depth int, running *atomic.Int64) error {
	pause := time.Duration(r.IntN(100)) * time.Microsecond
	switch k := r.IntN(10); {
	case k == 0:
		return errors.Join(sleep(ctx, pause), errNo)
	case k == 1:
		sleep(ctx, pause)
		panic(errNo)
	case k == 2:
		_, err := scope.MoveOnAfter(ctx, pause, func(ctx context.Context) error { return tree(ctx, r, depth-1, running) })
		return err
	case k == 3:
		runtime.Goexit()
	case k < 8 && depth > 0:
		return tree(ctx, r, depth-1, running)
	}
	return sleep(ctx, pause)
}

func grow(ctx context.Context, n int, running *atomic.Int64) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		caught(func() { tree(ctx, r, 4, running) })
	}
}

func TestTreesLeaveNothing(t *testing.T) {
	const trees = 10_000
	synctest.Test(t, func(t *testing.T) { // which fails when a goroutine is left
		var running atomic.Int64
		grow(t.Context(), trees, &running)
		if n := running.Load(); n != 0 {
			t.Errorf("%d children are still running", n)
		}
	})
}

func TestTreesLeaveNothingInRealTime(t *testing.T) {
	var running atomic.Int64
	grow(t.Context(), 200, &running)
	if n := running.Load(); n != 0 {
		t.Errorf("%d children are still running", n)
	}
	goleak.VerifyNone(t)
}

func BenchmarkGo(b *testing.B) {
	nothing := func(context.Context) error { return nil }
	scope.Run(b.Context(), func(s *scope.Scope) error {
		for b.Loop() {
			s.Go("child", nothing)
		}
		return nil
	})
}

// The largest overshoot of the deadlines, beside that of bare timers, which is
// what the machine adds.
func BenchmarkMoveOnAfter(b *testing.B) {
	const limit = 5 * time.Millisecond
	var most, bare []time.Duration
	for b.Loop() {
		start := time.Now()
		cut, err := scope.MoveOnAfter(b.Context(), limit, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		if !cut || err != nil {
			b.Fatal(cut, err)
		}
		most = append(most, time.Since(start)-limit)
		start = time.Now()
		<-time.After(limit)
		bare = append(bare, time.Since(start)-limit)
	}
	for name, all := range map[string][]time.Duration{"overshoot": most, "bare": bare} {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2].Seconds()*1000, name+"-median-ms")
		b.ReportMetric(all[len(all)-1].Seconds()*1000, name+"-max-ms")
	}
}
