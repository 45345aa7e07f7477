package charts_test

import (
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/charts"
)

func latencies() []charts.Latencies {
	return []charts.Latencies{
		{Name: "sequential", Times: []time.Duration{4 * time.Second, 3 * time.Second, 2 * time.Second}},
		{Name: "concurrent", Times: []time.Duration{500 * time.Millisecond, 510 * time.Millisecond, 505 * time.Millisecond}},
	}
}

func ExampleItemLatency() {
	c, err := charts.ItemLatency(latencies()...)
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// Average latency of an item: sequential 3 s, concurrent 505 ms <nil>
	// run         items  average (s)  p50 (s)  p99 (s)  largest (s)
	// sequential      3            3        3     3.98            4
	// concurrent      3        0.505    0.505   0.5099         0.51
}
