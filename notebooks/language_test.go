package notebooks_test

import (
	"slices"
	"testing"
	"time"
)

// The notebooks on what the language has for concurrency, held to what they
// must show whatever the machine.

func TestGenerators(t *testing.T) {
	n := illustrated(t, "02-generators.ipynb", 1)
	var r struct {
		Numbers       []int
		Nanoseconds   []float64
		Leaked, Cured int
	}
	record(t, n, &r)
	if len(r.Numbers) != 21 || r.Numbers[20] != 10946 {
		t.Errorf("numbers %v; want 21, the last 10946", r.Numbers)
	}
	if len(r.Nanoseconds) != 4 || slices.Min(r.Nanoseconds) <= 0 {
		t.Errorf("costs %v; want one for each of four ways", r.Nanoseconds)
	}
	if r.Leaked != 100 || r.Cured != 0 {
		t.Errorf("%d goroutines leaked and %d with a context; want 100 and 0", r.Leaked, r.Cured)
	}
}

func TestWaiting(t *testing.T) {
	n := illustrated(t, "03-waiting.ipynb", 2)
	var r struct {
		Greetings, Said []int
		Cut             []int `json:"said when cut"`
		Patience        int
		Asking, Waiting []time.Duration
	}
	record(t, n, &r)
	if !slices.Equal(r.Said, r.Greetings) {
		t.Errorf("said %v when nobody was cut off, want %v", r.Said, r.Greetings)
	}
	for i, said := range r.Cut {
		if most := min(r.Greetings[i], r.Patience); said > most {
			t.Errorf("greeter %d said %d greetings in %d beats", i+1, said, r.Patience)
		}
	}
	if slices.Min(r.Asking) < 0 || slices.Min(r.Waiting) < 0 || len(r.Asking) != len(r.Waiting) {
		t.Errorf("asking %v, waiting %v", r.Asking, r.Waiting)
	}
}

func TestGoroutineCost(t *testing.T) {
	n := illustrated(t, "04-goroutine-cost.ipynb", 2)
	type cost struct {
		N              int
		Start          time.Duration
		Resident, Told int64
	}
	var r struct {
		Rounds  map[string][]cost
		Threads cost
	}
	record(t, n, &r)
	if len(r.Rounds) != 3 {
		t.Errorf("%d numbers of goroutines, want 3 in a quick run", len(r.Rounds))
	}
	// A goroutine has a stack of 2 KiB and a descriptor; 100,000 of them leave
	// no room for accidents.
	for _, c := range r.Rounds["100000"] {
		if each := c.Told / int64(c.N); each < 2000 || each > 3<<10 {
			t.Errorf("a goroutine takes %d bytes; want 2,000 to 3,072", each)
		}
	}
}
