package display_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
)

// tape keeps what was shown, each with its mark and moment.
type tape struct {
	mu    sync.Mutex
	texts []string
	live  []bool
	at    []time.Time
}

func (s *tape) take(d display.Data) {
	s.mu.Lock()
	defer s.mu.Unlock()
	about, _ := d.Metadata["interleave"].(map[string]any)
	s.texts = append(s.texts, fmt.Sprint(d.Bundle["text/plain"]))
	s.live = append(s.live, about["live"] == true)
	s.at = append(s.at, time.Now())
}

func (s *tape) Show(d display.Data)   { s.take(d) }
func (s *tape) Update(d display.Data) { s.take(d) }
func (s *tape) Clear(bool)            {}

func taped(t *testing.T, work func(t *testing.T)) *tape {
	t.Helper()
	s := &tape{}
	previous := display.SetSink(s)
	defer display.SetSink(previous)
	synctest.Test(t, work)
	return s
}

func TestSetIsCoalesced(t *testing.T) {
	s := taped(t, func(t *testing.T) {
		h := display.Live(0)
		for i := range 1000 {
			h.Set(i + 1)
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
	})
	if n := len(s.texts); n < 15 || n > 23 {
		t.Errorf("%d outputs for 1000 values in 1 s, want about 20", n)
	}
	for i := 2; i < len(s.at); i++ {
		if gap := s.at[i].Sub(s.at[i-1]); gap < 50*time.Millisecond {
			t.Errorf("output %d comes %v after the one before", i, gap)
		}
	}
	last := len(s.texts) - 1
	if s.texts[1] != "1" || s.texts[last] != "1000" || !s.live[last-1] || s.live[last] {
		t.Errorf("texts %q, live %v", s.texts, s.live)
	}
}

// At the end of a cell the last value is there, also of goroutines that go on;
// theirs follow later.
func TestFlush(t *testing.T) {
	s := taped(t, func(t *testing.T) {
		h := display.Live(0)
		for i := range 5 {
			h.Set(i + 1)
		}
		display.Flush()
		h.Set(6)
		time.Sleep(time.Second)
		display.Flush()
	})
	if got := fmt.Sprint(s.texts, s.live); got != "[0 5 6 6] [false false true false]" {
		t.Errorf("got %s", got)
	}
}

func TestSetThenUpdate(t *testing.T) {
	s := taped(t, func(t *testing.T) {
		h := display.Live("a")
		h.Set("b")
		h.Update("c")
		time.Sleep(time.Second)
	})
	if s.texts[len(s.texts)-1] != "c" || s.live[len(s.live)-1] {
		t.Errorf("texts %q, live %v: want c to stay", s.texts, s.live)
	}
}

func TestSetFromManyGoroutines(t *testing.T) {
	s := taped(t, func(t *testing.T) {
		h := display.Live(0)
		var group sync.WaitGroup
		for g := range 8 {
			group.Go(func() {
				for i := range 500 {
					h.Set(g*1000 + i)
					time.Sleep(time.Duration(g+1) * time.Millisecond)
				}
			})
		}
		group.Wait()
		h.Set("end")
		time.Sleep(time.Second)
	})
	if last := s.texts[len(s.texts)-1]; last != "end" {
		t.Errorf("the last output is %q", last)
	}
}

// What shows itself is asked when it is shown, and may panic.
func TestSetFaulty(t *testing.T) {
	s := taped(t, func(t *testing.T) {
		h := display.Live(0)
		h.Set((*faultyDisplay)(nil))
		time.Sleep(time.Second)
	})
	if s.texts[1] != "%!v(PANIC=Display method: nothing to see)" {
		t.Errorf("texts %q", s.texts)
	}
}

func ExampleHandle_Set() {
	h := display.Live("0 %")
	h.Set("50 %") // in a cell this does not wait
	// Output:
	// 0 %
	// 50 %
}
