package bench_test

import (
	"context"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/bench"
)

// What measuring costs: the time of a case that does nothing, as a comparison
// sees it. It must stay under 100 ns a call.
func BenchmarkEmptyCase(b *testing.B) {
	for name, c := range map[string]bench.Case{
		"Func": bench.Func("empty", func() int { return 1 }),
		"Run":  {Name: "empty", Run: func(context.Context) (any, error) { return 1 << 20, nil }},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := bench.Plan{Rounds: 6, Least: 10 * time.Millisecond}.Compare(b.Context(), c)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(r.Cases[0].Median().Value, "ns/call")
			}
			b.ReportMetric(0, "ns/op") // of a whole comparison: says nothing
		})
	}
}
