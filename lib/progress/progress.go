// Package progress tells how far long work has come.
//
// In a cell a bar is an output that keeps itself up to date and ends as one
// line, so that a stored notebook stays tidy; in a plain program it is one line
// on standard error, if that is a terminal. Elsewhere nothing is written.
package progress

import (
	"fmt"
	"iter"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
)

// appearAfter is how long work takes before its bar is shown: what is over at
// once leaves no trace.
const appearAfter = 300 * time.Millisecond

// Bar is the state of one piece of work. Its methods may be called from
// several goroutines at once, and on a nil Bar, where they do nothing.
type Bar struct {
	name  string
	total int64 // 0 when unknown
	start time.Time
	now   atomic.Int64
	note  atomic.Pointer[string]

	done chan struct{} // closed by Done
	once sync.Once
	over sync.WaitGroup // the goroutine that shows the bar
}

// Start begins work of so many steps, 0 when nobody knows. The bar appears
// when the work has taken 0.3 s. Done must be called in the end.
//
//	b := progress.Start("rounds", 40)
//	defer b.Done()
func Start(name string, total int) *Bar {
	b := &Bar{name: name, total: int64(max(0, total)), start: time.Now(), done: make(chan struct{})}
	if show := place(); show != nil {
		b.over.Go(func() { b.watch(show) })
	}
	return b
}

// Over is a loop over items with a bar: it yields what range would.
//
//	for i, url := range progress.Over("fetch", urls) { ... }
func Over[T any](name string, items []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		b := Start(name, len(items))
		defer b.Done()
		for i, item := range slices.All(items) {
			if !yield(i, item) {
				return
			}
			b.Add(1)
		}
	}
}

// Add counts n more steps. It takes a few nanoseconds.
func (b *Bar) Add(n int) {
	if b != nil {
		b.now.Add(int64(n))
	}
}

// Set says that n steps are done.
func (b *Bar) Set(n int) {
	if b != nil {
		b.now.Store(int64(n))
	}
}

// Note says what is being done, such as "64 workers". It stands beside the bar
// until the work is done.
func (b *Bar) Note(text string) {
	if b != nil {
		b.note.Store(&text)
	}
}

// Done ends the work, whether all its steps are done or not, and returns when
// its last line is shown. Further calls do nothing.
func (b *Bar) Done() {
	if b != nil {
		b.once.Do(func() { close(b.done) })
		b.over.Wait()
	}
}

// A screen is where a bar is shown, again and again, and a last time.
type screen interface {
	show(s State, last bool)
}

// place is where bars are shown, nil when nobody would see them.
func place() screen {
	switch {
	case display.Attached():
		return &cell{}
	case terminal(os.Stderr):
		return &line{out: os.Stderr}
	default:
		return nil
	}
}

// watch shows the bar until the work is done.
func (b *Bar) watch(on screen) {
	select {
	case <-b.done:
		return
	case <-time.After(appearAfter):
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		on.show(b.State(), false)
		select {
		case <-b.done:
			on.show(b.State(), true)
			return
		case <-tick.C:
		}
	}
}

// State is how far the work has come.
type State struct {
	Name    string
	Done    int
	Total   int // 0 when unknown
	Elapsed time.Duration
	Note    string
}

// State returns the state of this moment; the zero State for a nil Bar.
func (b *Bar) State() State {
	if b == nil {
		return State{}
	}
	s := State{Name: b.name, Done: int(b.now.Load()), Total: int(b.total), Elapsed: time.Since(b.start)}
	if note := b.note.Load(); note != nil {
		s.Note = *note
	}
	return s
}

// Share is the part that is done, from 0 to 1; 0 when the total is unknown.
func (s State) Share() float64 {
	if s.Total <= 0 {
		return 0
	}
	return min(1, max(0, float64(s.Done)/float64(s.Total)))
}

// Left is the time the rest takes if it goes on as before; 0 when that cannot
// be said.
func (s State) Left() time.Duration {
	if share := s.Share(); share > 0 {
		return time.Duration(float64(s.Elapsed) * (1 - share) / share)
	}
	return 0
}

// count is "12/40", or "12" when the total is unknown.
func (s State) count() string {
	if s.Total == 0 {
		return fmt.Sprint(s.Done)
	}
	return fmt.Sprintf("%d/%d", s.Done, s.Total)
}

// String is one line for a person: "rounds 12/40, 30 %, 1.2 s, 2.8 s left:
// 64 workers".
func (s State) String() string {
	text := s.Name + " " + s.count()
	if s.Total > 0 {
		text += fmt.Sprintf(", %.0f %%", 100*s.Share())
	}
	text += ", " + short(s.Elapsed)
	if left := s.Left(); left > 0 {
		text += ", " + short(left) + " left"
	}
	if s.Note != "" {
		text += ": " + s.Note
	}
	return text
}

// Final is the line that stays: "rounds 40/40 in 3.2 s".
func (s State) Final() string {
	text := fmt.Sprintf("%s %s in %s", s.Name, s.count(), short(s.Elapsed))
	if s.Total > 0 && s.Done < s.Total {
		text += ", not finished"
	}
	return text
}

// short is a duration with two or three digits, such as 3.2 s and 2m5s.
func short(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	default:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
}
