package load_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/load"
)

// What a stall of one second in five costs, measured at a real server over
// HTTP in real time: the open loop and the corrected closed loop see some
// 0.95 s at the 99th percentile, the closed loop as it is some milliseconds.
func BenchmarkStall(b *testing.B) {
	begin := time.Now()
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if phase := time.Since(begin) % (5 * time.Second); phase >= 4*time.Second {
			time.Sleep(5*time.Second - phase)
		}
		time.Sleep(5 * time.Millisecond)
	}))
	defer s.Close()
	target := load.Get(nil, s.URL)
	const length = 10 * time.Second
	for b.Loop() {
		open, err := load.Open(b.Context(), target, load.Constant(100), length)
		if err != nil {
			b.Fatal(err)
		}
		closed, err := load.Closed(b.Context(), target, 1, length)
		if err != nil {
			b.Fatal(err)
		}
		ms := func(d time.Duration) float64 { return d.Seconds() * 1000 }
		b.ReportMetric(ms(open.Latency().Quantile(0.99)), "open-p99-ms")
		b.ReportMetric(ms(closed.Latency().Quantile(0.99)), "closed-p99-ms")
		b.ReportMetric(ms(closed.Corrected(closed.Latency().Quantile(0.5)).Quantile(0.99)), "corrected-p99-ms")
	}
	b.ReportMetric(0, "ns/op") // of the whole load: says nothing
}

// What one request costs the generator beside the target's own work.
func BenchmarkRequest(b *testing.B) {
	nothing := load.Func(func(context.Context) error { return nil })
	for b.Loop() {
		r, err := load.Closed(b.Context(), nothing, 1, 200*time.Millisecond)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(1e9/r.Throughput(), "ns/request")
	}
	b.ReportMetric(0, "ns/op")
}
