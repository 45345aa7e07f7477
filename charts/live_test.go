package charts_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/timeline"
)

// outputs are what was shown and updated.
type outputs struct {
	mu  sync.Mutex
	all []display.Data
}

func (o *outputs) Show(d display.Data) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all = append(o.all, d)
}

func (o *outputs) Update(d display.Data) { o.Show(d) }
func (o *outputs) Clear(bool)            {}

// Of a thousand states from four goroutines in a second about 20 are passed on,
// all of one output, and the last one stays.
func TestLive(t *testing.T) {
	o := &outputs{}
	defer display.SetSink(display.SetSink(o))
	at := func(value float64) charts.Chart {
		c, err := charts.QueueDepth(timeline.Track{Name: "queue", Points: []timeline.Point{{Value: value}}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	synctest.Test(t, func(t *testing.T) {
		live := charts.Live(at(0))
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for i := range 250 {
					live.Update(at(float64(i)))
					time.Sleep(4 * time.Millisecond)
				}
			})
		}
		group.Wait()
		live.Update(at(4711))
		display.Flush()
		if len(live.Display().Bundle) != 0 {
			t.Error("the handle shows the chart once more")
		}
	})
	if n := len(o.all); n < 15 || n > 25 {
		t.Errorf("%d states were passed on, want about 20", n)
	}
	last := o.all[len(o.all)-1]
	if text, _ := last.Bundle["text/plain"].(string); !strings.Contains(text, "4711") || last.ID == "" || last.ID != o.all[0].ID {
		t.Errorf("the last state is %q of %q", text, last.ID)
	}
}
