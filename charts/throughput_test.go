package charts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/internal/sample"
	"github.com/interleave-lab/interleave/lib/hdr"
	"github.com/interleave-lab/interleave/lib/load"
)

func ExampleThroughputLatency() {
	c, err := charts.ThroughputLatency(sample.Loads())
	fmt.Println(c.Title(), err)
	// Output: Search: knee at 500/s, p99 9.67 ms; at 1300/s it is 2.12 s <nil>
}

func ExampleLatency_loads() {
	points := sample.Loads().Points
	c, err := charts.Latency(points[2].Result, points[5].Result)
	fmt.Println(c.Title(), err)
	// Output: Median at 500/s 1.8 ms, at 950/s 17.9 ms; p99 at 500/s 9.67 ms, at 950/s 95.7 ms <nil>
}

func TestThroughputLatency(t *testing.T) {
	users := sample.Loads()
	users.By, users.Partial = "users", "interrupted"
	users.Points = users.Points[:3]
	c, err := charts.ThroughputLatency(users)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(c.Title(), "500 users") || strings.Contains(string(c.Spec().Option), "all answered") {
		t.Errorf("the chart of users is %q", c.Title())
	}
	for _, want := range []string{"stand-in: a sleeping handler", "open load", "partial: interrupted", "Example 9"} {
		if !strings.Contains(c.Spec().Note, want) {
			t.Errorf("the note %q lacks %q", c.Spec().Note, want)
		}
	}
	empty := sample.Loads()
	empty.Points[1].Result.Windows = nil
	for want, faulty := range map[string]load.Curve{
		"0 loads; want at least 2":   {},
		"nothing was answered":       empty,
		"want ascending numbers abo": {Points: []load.Point{{Level: 0}, {Level: 1}}},
	} {
		if _, err := charts.ThroughputLatency(faulty); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error that says %q", err, want)
		}
	}
	if _, err := charts.Latency(&hdr.Histogram{}); err == nil || !strings.Contains(err.Error(), "has no times") {
		t.Errorf("an empty histogram gives %v", err)
	}
}
