package notebooks_test

import (
	"testing"
	"time"
)

// The notebooks on databases, on how goroutines end and on virtual time, on
// Python beside Go and on machines beside each other, held to what they must
// show whatever the machine.

func TestStructuredConcurrency(t *testing.T) {
	n := run(t, "60-structured-concurrency.ipynb")
	if got := pictures(t, n); got != 4 {
		t.Errorf("%d charts were drawn, want 4", got)
	}
	var r struct {
		Outcomes []struct {
			Way          string
			Left, Errors int
		}
		Cut        bool
		Left       int
		Waiting    float64
		Exact      time.Duration
		Overshoots []time.Duration
		Answers    []struct {
			Took time.Duration
			Got  string
		}
		Orphan string
	}
	record(t, n, &r)
	// Who returns at the first error leaves the two others; errgroup hears the
	// first error only, a scope both.
	for i, want := range [][2]int{{2, 1}, {0, 1}, {0, 2}} {
		if o := r.Outcomes[i]; o.Left != want[0] || o.Errors != want[1] {
			t.Errorf("%s: %d left, %d errors heard; want %d and %d", o.Way, o.Left, o.Errors, want[0], want[1])
		}
	}
	if !r.Cut || r.Left != 0 || r.Exact != 0 {
		t.Errorf("cut %v, %d left, %v late in virtual time; want true, 0, 0", r.Cut, r.Left, r.Exact)
	}
	if len(r.Overshoots) != 20 || len(r.Answers) != 4 || r.Answers[1].Got != "near" || r.Orphan != "deaf" {
		t.Errorf("%d overshoots, answers %v, orphan %q", len(r.Overshoots), r.Answers, r.Orphan)
	}
}
