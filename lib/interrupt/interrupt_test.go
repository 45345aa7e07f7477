package interrupt_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/interleave-lab/interleave/lib/interrupt"
)

// A measurement goes on until it is told to stop, and keeps what it has.
func ExampleContext() {
	// In a notebook the kernel is the source. Here it is one that interrupts
	// as soon as it is asked.
	interrupt.SetSource(func(f func()) func() { f(); return func() {} })
	defer interrupt.SetSource(nil)

	ctx, stop := interrupt.Context(context.Background())
	defer stop()
	rounds := 0
	for ctx.Err() == nil {
		rounds++
	}
	fmt.Println(rounds, "rounds,", context.Cause(ctx))
	// Output: 0 rounds, interrupted
}

// A source keeps the functions it is given and calls them when its time comes.
func ExampleSetSource() {
	var pending []func()
	interrupt.SetSource(func(f func()) (release func()) {
		pending = append(pending, f)
		return func() { pending = nil }
	})
	defer interrupt.SetSource(nil)

	ctx, stop := interrupt.Context(context.Background())
	pending[0]()
	fmt.Println(context.Cause(ctx))
	stop()
	fmt.Println(len(pending), "pending")
	// Output:
	// interrupted
	// 0 pending
}

func TestWithoutSourceTheParentRules(t *testing.T) {
	gone := errors.New("gone")
	parent, cancel := context.WithCancelCause(context.Background())
	ctx, stop := interrupt.Context(parent)
	defer stop()
	if ctx.Err() != nil {
		t.Fatalf("ended at once: %v", context.Cause(ctx))
	}
	cancel(gone)
	if <-ctx.Done(); context.Cause(ctx) != gone {
		t.Errorf("cause %v, want %v", context.Cause(ctx), gone)
	}
}

func TestStopReleasesAndEnds(t *testing.T) {
	released := 0
	interrupt.SetSource(func(func()) func() { return func() { released++ } })
	defer interrupt.SetSource(nil)
	ctx, stop := interrupt.Context(context.Background())
	stop()
	if released != 1 || ctx.Err() == nil {
		t.Errorf("released %d times, error %v; want 1 and an ended context", released, ctx.Err())
	}
}
