package worker_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker"
)

func TestHello(t *testing.T) {
	s := start(t)
	s.fine("hello")
	s.fine("raw")
	if got := s.stdout(); got != "hello\nraw\n" {
		t.Errorf("got %q", got)
	}
}

func TestFloodLosesNothing(t *testing.T) {
	s := start(t)
	s.fine("flood")
	var want strings.Builder
	for i := range floodLines {
		fmt.Fprintf(&want, "line %d of the flood, with some more text\n", i)
	}
	if got := s.stdout(); got != want.String() {
		t.Errorf("got %d bytes, want %d", len(got), want.Len())
	}
}

func TestDeathSaysWhy(t *testing.T) {
	s := start(t)
	_, err := s.runContext(t.Context(), "exit")
	var d *worker.Death
	if !errors.As(err, &d) || !errors.Is(err, worker.ErrDied) || d.Reason != "exit status 7" {
		t.Fatalf("got %v", err)
	}
	if got := s.stdout(); got != "last words\n" {
		t.Errorf("got %q", got)
	}
	if d.Tail != "to descriptor 2\n" {
		t.Errorf("tail %q", d.Tail)
	}
}
