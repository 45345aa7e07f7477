package load_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/load"
)

// counting counts what is shown.
type counting struct{ shown atomic.Int64 }

func (c *counting) Show(display.Data)   { c.shown.Add(1) }
func (c *counting) Update(display.Data) {}
func (c *counting) Clear(bool)          {}

func TestQuiet(t *testing.T) {
	shown := &counting{}
	defer display.SetSink(display.SetSink(shown))
	synctest.Test(t, func(t *testing.T) {
		for _, quiet := range []bool{false, true} {
			shown.shown.Store(0)
			target := load.Func(func(context.Context) error { time.Sleep(time.Second); return nil })
			if _, err := (load.Plan{Quiet: quiet}).Closed(t.Context(), target, 1, 10*time.Second); err != nil {
				t.Fatal(err)
			}
			if got := shown.shown.Load() > 0; got == quiet {
				t.Errorf("quiet %v: progress was shown: %v", quiet, got)
			}
		}
	})
}
