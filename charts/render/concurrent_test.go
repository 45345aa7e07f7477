package render_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/render"
	"github.com/interleave-lab/interleave/lib/bench"
)

// chart is a chart with a work of that name.
func chart(t testing.TB, work string) charts.Chart {
	t.Helper()
	c, err := bench.Between(work,
		bench.Sample{Name: "sequential", Rounds: []time.Duration{3 * time.Second}},
		bench.Sample{Name: "concurrent", Rounds: []time.Duration{time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	chart, err := charts.SeqVsConc(c)
	if err != nil {
		t.Fatal(err)
	}
	return chart
}

func TestConcurrentUse(t *testing.T) {
	var group sync.WaitGroup
	for i := range 3 {
		work := fmt.Sprint("work ", i)
		in := chart(t, work).Display()
		group.Go(func() {
			if html, _ := render.Expand(in).Bundle["text/html"].(string); !strings.Contains(html, work) {
				t.Errorf("the picture of %s shows something else", work)
			}
		})
	}
	group.Wait()
}
