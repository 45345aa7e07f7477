package charts_test

import (
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/lib/timeline"
)

func depth() timeline.Track {
	return timeline.Track{Name: "queue", Points: []timeline.Point{
		{At: 0, Value: 0}, {At: 1 * time.Second, Value: 1}, {At: 2 * time.Second, Value: 2}, {At: 4 * time.Second, Value: 0},
	}}
}

func ExampleQueueDepth() {
	c, err := charts.QueueDepth(depth())
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// Queue: at most 2, 1.25 on average, empty 25 % of the time <nil>
	// track  points  average  largest  empty (%)
	// queue       4     1.25        2         25
}
