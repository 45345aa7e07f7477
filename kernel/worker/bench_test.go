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

// BenchmarkLivePrintln is a linked cell that calls fmt.Println 100,000 times.
func BenchmarkLivePrintln(b *testing.B) {
	h := &silent{}
	l := startLive(b, func(o *worker.Options) { o.Handler = h })
	entry := l.load("", `for i := range 100_000 { rt.Check(); fmt.Println("line", i, "of the flood, with some more text") }`)
	for b.Loop() {
		if _, err := l.Run(b.Context(), worker.Run{Cell: 1, Entry: entry}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLiveEmptyRun is one round trip to a linked cell that does nothing.
func BenchmarkLiveEmptyRun(b *testing.B) {
	l := startLive(b)
	entry := l.load("", "")
	for b.Loop() {
		if _, err := l.Run(b.Context(), worker.Run{Cell: 1, Entry: entry}); err != nil {
			b.Fatal(err)
		}
	}
}
