package worker_test

import (
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker"
	"github.com/interleave-lab/interleave/lib/display"
)

// silent takes everything and does nothing.
type silent struct {
	recorder
	bytes int
}

func (s *silent) Stream(_ int, _ string, text []byte)           { s.bytes += len(text) }
func (s *silent) Display(int, worker.DisplayKind, display.Data) {}

func benchmark(b *testing.B, name string) *silent {
	h := &silent{}
	s := start(b, func(o *worker.Options) { o.Handler = h })
	b.ResetTimer()
	for b.Loop() {
		s.fine(name)
	}
	return h
}

// BenchmarkEmptyRun is one round trip: run a cell that does nothing.
func BenchmarkEmptyRun(b *testing.B) { benchmark(b, "empty") }

// BenchmarkShow is a cell that shows one value and waits until it is shown.
func BenchmarkShow(b *testing.B) { benchmark(b, "result") }

// BenchmarkFlood is a cell that writes 100,000 lines, one by one.
func BenchmarkFlood(b *testing.B) {
	h := benchmark(b, "flood")
	b.ReportMetric(float64(h.bytes)/float64(b.N)/1e6, "MB/op")
}
