package charts_test

import (
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/lib/timeline"
)

func span(lane, kind string, item, from, to int) timeline.Span {
	return timeline.Span{Lane: lane, Kind: kind, Item: fmt.Sprint(item), From: time.Duration(from) * time.Second, To: time.Duration(to) * time.Second}
}

func sequential() timeline.Timeline {
	return timeline.Timeline{Name: "sequential", Spans: []timeline.Span{
		span("program", "produce", 1, 0, 1), span("program", "produce", 2, 1, 3),
		span("program", "consume", 1, 3, 4), span("program", "consume", 2, 4, 5),
	}}
}

func concurrent() timeline.Timeline {
	return timeline.Timeline{Name: "concurrent", Spans: []timeline.Span{
		span("producer", "produce", 1, 0, 1), span("consumer", "wait", 1, 0, 1), span("producer", "produce", 2, 1, 3),
		span("consumer", "consume", 1, 1, 2), span("consumer", "consume", 2, 3, 4),
	}}
}

func ExampleGantt() {
	c, err := charts.Gantt(sequential(), concurrent())
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// Sequential 5 s with 1 at once; concurrent 4 s with 2 at once <nil>
	// run         lane      kind     spans  busy (s)  first (s)  last (s)
	// sequential  program   produce      2         3          0         3
	// sequential  program   consume      2         2          3         5
	// concurrent  producer  produce      2         3          0         3
	// concurrent  consumer  wait         1         1          0         1
	// concurrent  consumer  consume      2         2          1         4
}
