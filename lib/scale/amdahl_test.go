package scale_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/scale"
)

// burn computes something that takes time in proportion to n.
func burn(n int) int {
	x := 1
	for range n {
		x = x*1664525 + 1013904223
	}
	return x
}

// A serial share that is set must come out again, on real cores. It needs a
// quiet machine: the number of disturbed rounds is told.
func BenchmarkAmdahl(b *testing.B) {
	if runtime.NumCPU() < 2 {
		b.Skip("needs two cores")
	}
	const n = 20_000_000
	for _, percent := range []int{0, 20, 50} {
		b.Run(fmt.Sprintf("serial=%d%%", percent), func(b *testing.B) {
			for b.Loop() {
				c, err := scale.Plan{Work: "burn", Rounds: 20}.Cores(b.Context(), func(_ context.Context, workers int) (int64, error) {
					serial := n * percent / 100
					bench.Sink(burn(serial))
					var all sync.WaitGroup
					for range workers {
						all.Go(func() { bench.Sink(burn((n - serial) / workers)) })
					}
					all.Wait()
					return n, nil
				})
				if err != nil {
					b.Fatal(err)
				}
				f := scale.FitAmdahl(c)
				if len(f.Parameters) == 0 {
					b.Fatal(f.Refused)
				}
				b.ReportMetric(f.Parameters[0].Value, "σ")
				b.ReportMetric(float64(c.Disturbed()), "disturbed-of-20")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
