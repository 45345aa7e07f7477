package scope_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/scope"
)

func ExampleRun() {
	err := scope.Run(context.Background(), func(s *scope.Scope) error {
		s.Go("producer", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		s.Go("consumer", func(ctx context.Context) error { return errors.New("no room") })
		return nil
	})
	fmt.Println(err)
	// Output: consumer: no room
}

func ExampleScope_Go() {
	squares := make(chan int, 3)
	err := scope.Run(context.Background(), func(s *scope.Scope) error {
		for i := range 3 {
			s.Go(fmt.Sprintf("square %d", i), func(ctx context.Context) error {
				squares <- i * i
				return nil
			})
		}
		return nil
	})
	close(squares)
	fmt.Println(len(squares), err)
	// Output: 3 <nil>
}

func ExampleScope_Context() {
	err := scope.Run(context.Background(), func(s *scope.Scope) error {
		s.Go("check", func(context.Context) error { return errors.New("bad input") })
		<-s.Context().Done() // ended by the child's error
		return nil
	})
	fmt.Println(err)
	// Output: check: bad input
}

func ExampleScope_Cancel() {
	err := scope.Run(context.Background(), func(s *scope.Scope) error {
		s.Go("ticker", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		s.Cancel() // enough of it; no error
		return nil
	})
	fmt.Println(err)
	// Output: <nil>
}

func ExamplePanic() {
	defer func() {
		p := recover().(*scope.Panic)
		fmt.Println(p.Child, p.Value)
	}()
	scope.Run(context.Background(), func(s *scope.Scope) error {
		s.Go("divide", func(context.Context) error { panic("by zero") })
		return nil
	})
	// Output: divide by zero
}

func ExampleMoveOnAfter() {
	cut, err := scope.MoveOnAfter(context.Background(), 10*time.Millisecond, func(ctx context.Context) error {
		select {
		case <-time.After(time.Hour):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	fmt.Println(cut, err)
	// Output: true <nil>
}

func ExampleRace() {
	ask := func(name string, d time.Duration) func(context.Context) (string, error) {
		return func(ctx context.Context) (string, error) {
			select {
			case <-time.After(d):
				return name, nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
	}
	fmt.Println(scope.Race(context.Background(), ask("far", time.Hour), ask("near", time.Millisecond)))
	// Output: near <nil>
}

func ExampleMap() {
	words := slices.Values([]string{"a", "b", "c"})
	fmt.Println(scope.Map(context.Background(), 2, words, func(_ context.Context, w string) (string, error) {
		return strings.ToUpper(w), nil
	}))
	// Output: [A B C] <nil>
}

func ExampleStream() {
	numbers := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
	square := func(_ context.Context, i int) (int, error) { return i * i, nil }
	for v, err := range scope.Stream(context.Background(), 4, numbers, square) {
		if v > 20 || err != nil {
			break
		}
		fmt.Print(v, " ")
	}
	// Output: 0 1 4 9 16
}

func ExampleKeep() {
	var life scope.Record
	scope.Run(context.Background(), func(s *scope.Scope) error {
		s.Go("fetch", func(context.Context) error { return errors.New("404") })
		return nil
	}, scope.Name("site"), scope.Keep(&life))
	for path, r := range life.All() {
		fmt.Println(strings.Join(path, "/"), r.Outcome)
	}
	// Output:
	// site error
	// site/fetch error
}

func ExampleGrace() {
	end := make(chan bool)
	defer close(end)
	err := scope.Run(context.Background(), func(s *scope.Scope) error {
		s.Go("deaf", func(context.Context) error { <-end; return nil })
		s.Cancel()
		return nil
	}, scope.Grace(10*time.Millisecond))
	var left *scope.LeftBehindError
	fmt.Println(errors.As(err, &left), left.Children[0].Name, left.Children[0].State)
	// Output: true deaf chan receive
}

func ExampleName() {
	var life scope.Record
	scope.Run(context.Background(), func(s *scope.Scope) error { return nil }, scope.Name("checkout"), scope.Keep(&life))
	fmt.Println(life.Name)
	// Output: checkout
}

func ExampleRecord_Timeline() {
	var life scope.Record
	scope.Run(context.Background(), func(s *scope.Scope) error {
		s.Go("fetch", func(context.Context) error { return nil })
		return nil
	}, scope.Keep(&life))
	fmt.Println(life.Timeline().Lanes(), life.Timeline().Kinds())
	// Output: [scope scope/fetch] [ok]
}

func ExampleRecord_All() {
	r := scope.Record{Name: "a", Children: []scope.Record{{Name: "b"}, {Name: "c"}}}
	for path := range r.All() {
		fmt.Print(path, " ")
	}
	// Output: [a] [a b] [a c]
}

func ExampleChildError_Error() {
	fmt.Println(&scope.ChildError{Child: "fetch", Err: errors.New("404")})
	// Output: fetch: 404
}

func ExampleChildError_Unwrap() {
	err := &scope.ChildError{Child: "fetch", Err: context.DeadlineExceeded}
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

func ExamplePanic_Error() {
	p := &scope.Panic{Child: "divide", Value: "by zero", Stack: []byte("goroutine 7 ...")}
	fmt.Println(strings.Split(p.Error(), "\n")[0])
	// Output: panic in child divide: by zero
}

func ExamplePanic_Unwrap() {
	p := &scope.Panic{Child: "read", Value: context.Canceled}
	fmt.Println(errors.Is(p, context.Canceled))
	// Output: true
}

func ExampleLeftBehindError_Error() {
	fmt.Println(&scope.LeftBehindError{Grace: time.Second, Children: []scope.Straggler{
		{Name: "deaf", State: "chan receive", Where: "main.listen cell[2]:4"},
	}})
	// Output: 1 left behind 1s after the cancel: deaf (chan receive at main.listen cell[2]:4)
}

func ExampleRecord_Duration() {
	fmt.Println(scope.Record{From: time.Second, To: 3 * time.Second}.Duration())
	// Output: 2s
}

func ExampleRecord_String() {
	fmt.Print(scope.Record{Name: "site", To: time.Second, Outcome: scope.OK, Children: []scope.Record{
		{Name: "fetch", To: time.Second, Outcome: scope.Cut},
	}})
	// Output:
	// site                             0s         1s  ok
	//   fetch                          0s         1s  cut
}
