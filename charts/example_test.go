package charts_test

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/internal/sample"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/scope"
	"github.com/interleave-lab/interleave/lib/timeline"
)

func ExampleForest() {
	c, err := charts.Forest(tenRounds()...)
	fmt.Println(c.Title(), err)
	// Output:
	// Faster in 1 of 3, slower in 1 of 3, no difference shown in 1 of 3; most: fetch 20 URLs, 8.75× faster <nil>
}

// hundred are 100 times from 1 ms to 100 ms.
func hundred() charts.Latencies {
	l := charts.Latencies{Name: "web"}
	for i := range 100 {
		l.Times = append(l.Times, time.Duration(i+1)*time.Millisecond)
	}
	return l
}

func ExampleLatency() {
	c, err := charts.Latency(hundred())
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// Median web 50.5 ms; p99 web 99 ms <nil>
	// run  operations  p50 (ms)  p90 (ms)  p99 (ms)  p99.9 (ms)  largest (ms)
	// web         100      50.5      90.1     99.01        99.9           100
}

func ExampleLatencyECDF() {
	c, err := charts.LatencyECDF(hundred())
	fmt.Println(c.Title(), err)
	// Output: Median web 50.5 ms; p99 web 99 ms <nil>
}

func ExampleLatencyHistogram() {
	c, err := charts.LatencyHistogram(hundred())
	fmt.Println(c.Title(), err)
	// Output: Median web 50.5 ms; p99 web 99 ms <nil>
}

func ExampleLatencyBox() {
	c, err := charts.LatencyBox(hundred())
	fmt.Println(c.Title(), err)
	// Output: Median web 50.5 ms; p99 web 99 ms <nil>
}

func ExampleWaterfall() {
	ms := time.Millisecond
	c, err := charts.Waterfall(timeline.Timeline{Name: "GET /", Spans: []timeline.Span{
		{Lane: "client 1", Kind: "ok", Item: "a", To: 30 * ms}, {Lane: "client 2", Kind: "ok", Item: "b", From: 10 * ms, To: 50 * ms},
	}})
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// GET /: 2 in 50 ms, at most 2 in flight, the longest took 40 ms <nil>
	// item  lane      kind  from (ms)  to (ms)  time (ms)
	// a     client 1  ok            0       30         30
	// b     client 2  ok           10       50         40
}

func ExampleHeat() {
	c, err := charts.Heat(charts.Matrix{
		Name: "time", Unit: charts.Nanoseconds, Best: "least",
		X:      charts.Parameter{Name: "workers", Values: []string{"1", "2", "4"}},
		Y:      charts.Parameter{Name: "batch", Values: []string{"1", "100"}},
		Values: [][]float64{{8e6, 6e6, 7e6}, {6e6, 3e6, 2e6}},
	})
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// Time: least is 2 ms at workers 4, batch 100; most 8 ms at workers 1, batch 1 <nil>
	// batch  workers 1 (ms)  workers 2 (ms)  workers 4 (ms)
	// 1                   8               6               7
	// 100                 6               3               2
}

func ExampleGraph() {
	c, err := charts.Graph(charts.Network{
		Nodes: []charts.Node{{ID: "A", Kind: "goroutine"}, {ID: "B", Kind: "goroutine"}, {ID: "C", Kind: "goroutine"}},
		Edges: []charts.Edge{{From: "A", To: "B"}, {From: "B", To: "A"}, {From: "C", To: "A"}},
	})
	fmt.Println(c.Title(), err)
	// Output: 3 nodes, 3 edges: 2 wait in a cycle, so none of them can go on <nil>
}

func ExampleTree() {
	c, err := charts.Tree(sample.Scopes())
	fmt.Println(c.Title(), err)
	// Output: Serve took 920 ms: 7 inside and itself ended 2 ok, 2 error, 1 panic, 2 cancelled, 1 cut <nil>
}

func ExampleScopeGantt() {
	second := time.Second
	c, err := charts.ScopeGantt(scope.Record{Name: "all", To: 3 * second, Outcome: scope.OK, Children: []scope.Record{
		{Name: "a", From: second, To: 2 * second, Outcome: scope.OK},
	}})
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// All 3 s with 2 at once <nil>
	// run  lane   kind  spans  busy (s)  first (s)  last (s)
	// all  all    ok        1         3          0         3
	// all  all/a  ok        1         1          1         2
}

func ExampleLines() {
	c, err := charts.Lines(charts.Plot{
		X: charts.Axis{Name: "items", Log: 10},
		Y: charts.Axis{Name: "time", Unit: charts.Nanoseconds, Log: 10},
		Lines: []charts.Line{{Name: "sort", Points: []charts.Point{
			{X: 1e3, Y: 2e4, Lo: 1.8e4, Hi: 2.1e4}, {X: 1e5, Y: 3.4e6, Lo: 3.3e6, Hi: 3.5e6},
		}}},
		Notes: []string{"5 rounds"},
	})
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// Time: 20 µs to 3.4 ms, at most 3.4 ms at 100 k items <nil>
	// line   items  time (ms)  from (ms)  to (ms)
	// sort    1000       0.02      0.018    0.021
	// sort  100000        3.4        3.3      3.5
}

func ExampleBars() {
	c, err := charts.Bars(charts.BarPlot{
		Names:  []string{"atomic add", "channel", "goroutine"},
		Value:  charts.Axis{Name: "cost", Unit: charts.Nanoseconds, Log: 10},
		Groups: []charts.Group{{Bars: charts.Values(5.2, 180, 310)}},
	})
	fmt.Println(c.Title(), err)
	// Output: Cost: 5.2 ns for atomic add up to 310 ns for goroutine <nil>
}

func ExampleValues() {
	fmt.Println(charts.Values(1, 2.5))
	// Output: [{1 0 0} {2.5 0 0}]
}

func ExampleChart_Noting() {
	c, err := charts.QueueDepth(depth())
	c = c.Noting("stand-in: miniredis")
	fmt.Println(c.Spec().Note[len(c.Spec().Note)-21:], err)
	// Output: ; stand-in: miniredis <nil>
}

// first is a chart of one point.
func first(value float64) charts.Chart {
	c, err := charts.QueueDepth(timeline.Track{Name: "queue", Points: []timeline.Point{{Value: value}}})
	if err != nil {
		panic(err) // a point is enough
	}
	return c
}

// titles prints what reaches the front end and stays.
type titles struct{}

func (titles) Show(d display.Data)   { titles{}.print("shown", d) }
func (titles) Update(d display.Data) { titles{}.print("updated", d) }
func (titles) Clear(bool)            {}

func (titles) print(how string, d display.Data) {
	if about, _ := d.Metadata["interleave"].(map[string]any); about["live"] == true {
		return // another state follows
	}
	title, _, _ := strings.Cut(d.Bundle["text/plain"].(string), ",")
	fmt.Println(how+":", title)
}

func ExampleLive() {
	defer display.SetSink(display.SetSink(titles{})) // as in a cell
	live := charts.Live(first(1))
	live.Update(first(2))
	live.Update(first(3))
	display.Flush() // as at the end of the cell
	// Output:
	// shown: Queue: at most 1
	// updated: Queue: at most 3
}

func ExampleLiveChart_Update() {
	defer display.SetSink(display.SetSink(titles{})) // as in a cell
	live := charts.Live(first(1))
	var group sync.WaitGroup
	for i := range 10 {
		group.Go(func() { live.Update(first(float64(i))) })
	}
	group.Wait()
	live.Update(first(99))
	display.Flush() // as at the end of the cell
	// Output:
	// shown: Queue: at most 1
	// updated: Queue: at most 99
}

func ExampleLiveChart_Display() {
	defer display.SetSink(display.SetSink(titles{})) // as in a cell
	live := charts.Live(first(1))
	display.Show(live) // it is there already
	// Output: shown: Queue: at most 1
}

func ExampleChart_Title() {
	fmt.Println(first(2).Title())
	// Output: Queue: at most 2, 2 on average, empty 0 % of the time
}

func ExampleChart_String() {
	text, _, _ := strings.Cut(first(2).String(), "\n")
	fmt.Println(text)
	// Output: Queue: at most 2, 2 on average, empty 0 % of the time
}

func ExampleChart_Spec() {
	s := first(2).Spec()
	fmt.Println(s.Width, s.Height, len(s.Table.Rows))
	// Output: 760 320 1
}

func ExampleChart_Display() {
	for mime := range first(2).Display().Bundle {
		if mime == charts.MIME {
			fmt.Println(mime)
		}
	}
	// Output: application/vnd.interleave.chart.v1+json
}

func ExampleSpec_Text() {
	s := charts.Spec{Alt: "Two rows", Table: charts.Table{Columns: []charts.Column{{Name: "a"}}, Rows: [][]any{{1.5}, {20.0}}}, Note: "this machine"}
	fmt.Print(s.Text())
	// Output:
	// Two rows
	//
	//   a
	// 1.5
	//  20
	//
	// this machine
}

func ExampleColumn_String() {
	fmt.Println(charts.Column{Name: "time", Unit: "ms"}, charts.Column{Name: "items"})
	// Output: time (ms) items
}

var small = charts.Table{Columns: []charts.Column{{Name: "way"}, {Name: "time", Unit: "s"}}, Rows: [][]any{{"in turn", 2.5}, {"at once", 0.5}}}

func ExampleTable_Cell() {
	fmt.Println(small.Cell(1, 0), small.Cell(1, 1))
	// Output: at once 0.5
}

func ExampleTable_Numeric() {
	fmt.Println(small.Numeric(0), small.Numeric(1))
	// Output: false true
}

func ExampleTable_String() {
	fmt.Print(small)
	// Output:
	// way      time (s)
	// in turn       2.5
	// at once       0.5
}
