package progress_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/progress"
)

// notebook takes what a bar shows.
type notebook struct {
	mu    sync.Mutex
	shown []string // text/plain, of Show and Update
	html  string   // the last text/html
	ids   map[string]bool
}

func (n *notebook) take(d display.Data) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ids == nil {
		n.ids = map[string]bool{}
	}
	n.ids[d.ID] = true
	n.shown = append(n.shown, d.Bundle["text/plain"].(string))
	n.html = d.Bundle["text/html"].(string)
}

func (n *notebook) Show(d display.Data)   { n.take(d) }
func (n *notebook) Update(d display.Data) { n.take(d) }
func (n *notebook) Clear(bool)            {}

// in runs work in virtual time whose outputs go to the notebook returned.
func in(t *testing.T, work func()) *notebook {
	t.Helper()
	n := &notebook{}
	previous := display.SetSink(n)
	defer display.SetSink(previous)
	synctest.Test(t, func(*testing.T) {
		work()
		display.Flush()
	})
	return n
}

func TestBar(t *testing.T) {
	n := in(t, func() {
		b := progress.Start("rounds", 40)
		defer b.Done()
		b.Note("<64> workers")
		for range 40 {
			time.Sleep(100 * time.Millisecond)
			b.Add(1)
		}
	})
	if len(n.ids) != 1 {
		t.Errorf("%d outputs were shown, want one that is updated", len(n.ids))
	}
	if first := n.shown[0]; !strings.HasPrefix(first, "rounds ") || !strings.HasSuffix(first, " left: <64> workers") {
		t.Errorf("first is %q", first)
	}
	if last := n.shown[len(n.shown)-1]; last != "rounds 40/40 in 4.0 s" {
		t.Errorf("last is %q", last)
	}
	if want := "<small>rounds 40/40 in 4.0 s</small>"; n.html != want {
		t.Errorf("what stays is %q, want %q", n.html, want)
	}
	if len(n.shown) < 20 || len(n.shown) > 82 {
		t.Errorf("%d states were shown in 4 s", len(n.shown))
	}
}

func TestShortWorkShowsNothing(t *testing.T) {
	n := in(t, func() {
		b := progress.Start("rounds", 2)
		time.Sleep(200 * time.Millisecond)
		b.Done()
		b.Done()
	})
	if len(n.shown) != 0 {
		t.Errorf("shown: %q", n.shown)
	}
}

func TestUnknownTotalAndUnfinished(t *testing.T) {
	n := in(t, func() {
		a, b := progress.Start("items", 0), progress.Start("steps", 10)
		a.Set(7)
		b.Set(5)
		time.Sleep(time.Second)
		a.Done()
		b.Done()
	})
	all := strings.Join(n.shown, "\n")
	for _, want := range []string{"items 7, 0.3 s", "items 7 in 1.0 s", "steps 5/10, 50 %, 0.5 s, 0.5 s left", "steps 5/10 in 1.0 s, not finished"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
}

// A bar is escaped, and hostile steps do no harm.
func TestHTML(t *testing.T) {
	n := &notebook{}
	previous := display.SetSink(n)
	defer display.SetSink(previous)
	synctest.Test(t, func(t *testing.T) {
		b := progress.Start(`<b>"`, 3)
		b.Set(-5)
		time.Sleep(time.Second)
		n.mu.Lock()
		if strings.Contains(n.html, "<b>") || !strings.Contains(n.html, `value="0"`) {
			t.Errorf("html is %s", n.html)
		}
		n.mu.Unlock()
		b.Done()
	})
}

func TestNilBar(t *testing.T) {
	var b *progress.Bar
	b.Add(1)
	b.Set(2)
	b.Note("x")
	b.Done()
	if s := b.State(); s != (progress.State{}) {
		t.Errorf("state %+v", s)
	}
}

func TestConcurrentUse(t *testing.T) {
	in(t, func() {
		b := progress.Start("items", 1000)
		defer b.Done()
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				for range 100 {
					b.Add(1)
					b.Note("busy")
					time.Sleep(10 * time.Millisecond)
				}
			})
		}
		group.Wait()
		if s := b.State(); s.Done != 1000 || s.Share() != 1 {
			t.Errorf("state %+v", s)
		}
	})
}

func BenchmarkAdd(b *testing.B) {
	bar := progress.Start("items", b.N)
	defer bar.Done()
	for b.Loop() {
		bar.Add(1)
	}
}
