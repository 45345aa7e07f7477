package native_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// cued interrupts a cell when it has written a word.
type cued struct {
	page
	interrupt func()
}

func (c *cued) Stream(s engine.Stream, text string) {
	c.page.Stream(s, text)
	if strings.Contains(text, "now") {
		c.interrupt()
	}
}

// An interrupted measurement hands over what it has: the cell ends by itself,
// shows the partial result and keeps it. One that does not heed its context is
// stopped, and its rounds are shown.
func TestInterruptedMeasurement(t *testing.T) {
	n := open(t, "")
	n.want(`runs := 0`, "")
	interrupted := func(code string) string {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n.count++
		p := &cued{interrupt: cancel}
		err := n.eng.Execute(ctx, engine.Cell{Code: code, Count: n.count}, p)
		if e := (*engine.Error)(nil); !errors.As(err, &e) || e.Name != engine.Interrupted {
			t.Errorf("got %v, want an interrupt", err)
		}
		return p.text()
	}
	out := interrupted(`r, err := bench.Plan{Rounds: 100}.Compare(context.Background(), bench.Case{Name: "heeds", Run: func(ctx context.Context) (any, error) {
	if runs++; runs == 30 {
		fmt.Println("now")
		for ctx.Err() == nil { time.Sleep(time.Millisecond) }
	}
	time.Sleep(20 * time.Millisecond)
	return nil, nil
}})
if err != nil { panic(err) }
r`)
	if !strings.Contains(out, "! partial: interrupted after ") {
		t.Errorf("the partial result was not shown:\n%s", out)
	}
	n.want(`fmt.Sprint(r.Rounds() > 0, " ", strings.HasPrefix(r.Partial, "interrupted after "), " ", r.Machine.Engine)`, "true true native cells")
	out = interrupted(`runs = 0
bench.Plan{Rounds: 100}.Compare(context.Background(), bench.Case{Name: "deaf", Run: func(context.Context) (any, error) {
	if runs++; runs == 30 {
		fmt.Println("now")
		for { runs++ }
	}
	time.Sleep(20 * time.Millisecond)
	return nil, nil
}})`)
	if !strings.Contains(out, "! partial: interrupted after ") {
		t.Errorf("the rounds were not shown:\n%s", out)
	}
}
