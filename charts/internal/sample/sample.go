// Package sample makes every chart there is from fixed data: for golden files,
// for measuring what pictures cost, and for looking at them.
package sample

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/diag"
	"github.com/interleave-lab/interleave/lib/hdr"
	"github.com/interleave-lab/interleave/lib/load"
	"github.com/interleave-lab/interleave/lib/machine"
	"github.com/interleave-lab/interleave/lib/scale"
	"github.com/interleave-lab/interleave/lib/scope"
	"github.com/interleave-lab/interleave/lib/timeline"
)

// Sample is one chart under a name.
type Sample struct {
	Name string
	Make func() (charts.Chart, error)
}

// All are samples of all charts, in the order of a gallery. They are the same
// at every call.
func All() []Sample {
	return []Sample{
		{"scaling", func() (charts.Chart, error) {
			c := Curve()
			return charts.Scaling(c, scale.FitAmdahl(c), scale.FitUSL(c))
		}},
		{"throughputlatency", func() (charts.Chart, error) { return charts.ThroughputLatency(Loads()) }},
		{"latency-loads", func() (charts.Chart, error) {
			return charts.Latency(Loads().Points[2].Result, Loads().Points[5].Result)
		}},
		{"seqvsconc", func() (charts.Chart, error) { return charts.SeqVsConc(Comparisons()[0]) }},
		{"seqvsconc-several", func() (charts.Chart, error) { return charts.SeqVsConc(Comparisons()[:3]...) }},
		{"forest", func() (charts.Chart, error) { return charts.Forest(Comparisons()...) }},
		{"latency", func() (charts.Chart, error) { return charts.Latency(Latencies()...) }},
		{"latency-histogram", func() (charts.Chart, error) { return charts.LatencyHistogram(Latencies()...) }},
		{"latency-ecdf", func() (charts.Chart, error) { return charts.LatencyECDF(Latencies()...) }},
		{"latency-box", func() (charts.Chart, error) { return charts.LatencyBox(Latencies()...) }},
		{"itemlatency", func() (charts.Chart, error) { return charts.ItemLatency(waits()...) }},
		{"gantt", func() (charts.Chart, error) { return charts.Gantt(Goroutines()) }},
		{"gantt-many", func() (charts.Chart, error) { return charts.Gantt(manyGoroutines()) }},
		{"gantt-two", func() (charts.Chart, error) { return charts.Gantt(Pipeline(1), Pipeline(3)) }},
		{"waterfall", func() (charts.Chart, error) { return charts.Waterfall(Requests(24)) }},
		{"waterfall-many", func() (charts.Chart, error) { return charts.Waterfall(Requests(2000)) }},
		{"queuedepth", func() (charts.Chart, error) { return charts.QueueDepth(Queues()...) }},
		{"heat", func() (charts.Chart, error) { return charts.Heat(Batches()) }},
		{"heat-cores", func() (charts.Chart, error) { return charts.Heat(Cores()) }},
		{"graph-deadlock", func() (charts.Chart, error) { return charts.Graph(Deadlock()) }},
		{"graph-waitfor", func() (charts.Chart, error) { return charts.Graph(waitFor()) }},
		{"graph-layers", func() (charts.Chart, error) { return charts.Graph(Layers()) }},
		{"tree", func() (charts.Chart, error) { return charts.Tree(Scopes()) }},
		{"scopegantt", func() (charts.Chart, error) { return charts.ScopeGantt(Scopes()) }},
		{"lines", func() (charts.Chart, error) { return charts.Lines(LogLog()) }},
		{"bars-ladder", func() (charts.Chart, error) { return charts.Bars(Ladder()) }},
		{"bars-stacked", func() (charts.Chart, error) { return charts.Bars(Stacked()) }},
		{"bars-groups", func() (charts.Chart, error) { return charts.Bars(Groups()) }},
	}
}

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// around are n times around a middle.
func around(r *rand.Rand, middle time.Duration, n int) []time.Duration {
	times := make([]time.Duration, n)
	for i := range times {
		times[i] = time.Duration(float64(middle) * math.Exp(0.04*r.NormFloat64()))
	}
	return times
}

// Curve is the throughput of 1 to 32 workers on a machine of 8 cores with two
// threads each, which contend and, past a point, get in each other's way.
func Curve() scale.Curve {
	r := random()
	var ps []scale.Point
	for _, n := range []int{1, 2, 4, 8, 16, 32} {
		p := scale.Point{Workers: n}
		speed := float64(n) / (1 + 0.045*float64(n-1) + 0.0009*float64(n*(n-1)))
		for range 10 {
			p.Rounds = append(p.Rounds, time.Duration(2e9/speed*math.Exp(0.025*r.NormFloat64())))
			p.Ops = append(p.Ops, 1_000_000)
		}
		ps = append(ps, p)
	}
	c, err := scale.Measured("hash a million blocks", "workers", ps...)
	if err != nil {
		panic(err) // the data above are fixed
	}
	c.Machine = machine.Stamp{CPU: "Example 9", Cores: 16, Physical: 8, Quota: 12, GOMAXPROCS: 16, Go: "go1.26", OS: "linux", Arch: "amd64"}
	return c
}

// Loads is a service of one worker that answers 1000 requests a second at most.
func Loads() load.Curve {
	r := random()
	c := load.Curve{Name: "search", By: "offered"}
	for _, rate := range []float64{100, 300, 500, 700, 850, 950, 1100, 1300} {
		answered := min(rate, 1000)
		mean := float64(time.Millisecond) / max(0.02, 1-rate/1000)
		l := load.Result{Name: fmt.Sprintf("at %.0f/s", rate), Kind: "open", Arrivals: "Poisson", Took: 10 * time.Second, Asked: 10 * time.Second, Sent: int64(10 * rate), Machine: Curve().Machine, Parts: []string{"stand-in: a sleeping handler"}}
		for range 10 {
			w := load.Window{Answered: int64(answered), Good: int64(answered), Latency: &hdr.Histogram{}}
			for range int(answered) {
				w.Latency.Record(time.Duration(mean * (0.2 + r.ExpFloat64()) * (1 + max(0, rate-1000)/40)))
			}
			l.Windows = append(l.Windows, w)
		}
		c.Points = append(c.Points, load.Point{Level: rate, Result: l})
	}
	return c
}

// Comparisons are six comparisons with all three verdicts among them.
func Comparisons() []bench.Comparison {
	r := random()
	var all []bench.Comparison
	for _, c := range []struct {
		work       string
		base, with time.Duration
	}{
		{"fetch 20 URLs", 2100 * time.Millisecond, 240 * time.Millisecond},
		{"decode JSON", 610 * time.Millisecond, 600 * time.Millisecond},
		{"add two numbers", time.Microsecond, 3100 * time.Nanosecond},
		{"hash 200 files", 820 * time.Millisecond, 430 * time.Millisecond},
		{"sort a million integers", 1200 * time.Millisecond, 700 * time.Millisecond},
		{"write one file", 12 * time.Millisecond, 13500 * time.Microsecond},
	} {
		b, err := bench.Between(c.work, bench.Sample{Name: "sequential", Rounds: around(r, c.base, 12)}, bench.Sample{Name: "concurrent", Rounds: around(r, c.with, 12)})
		if err != nil {
			panic(err) // the data above are fixed
		}
		all = append(all, b)
	}
	return all
}

// Latencies are three ways to count, with tails of different weight.
func Latencies() []charts.Latencies {
	r := random()
	times := func(middle time.Duration, spread, tail float64) []time.Duration {
		ts := make([]time.Duration, 20_000)
		for i := range ts {
			x := float64(middle) * math.Exp(spread*r.NormFloat64())
			if r.Float64() < tail {
				x *= 1 + 20*r.Float64()
			}
			ts[i] = time.Duration(x)
		}
		return ts
	}
	return []charts.Latencies{
		{Name: "sync.Mutex", Times: times(10*time.Microsecond, 0.35, 0.01)},
		{Name: "channel", Times: times(18*time.Microsecond, 0.25, 0.004)},
		{Name: "atomic", Times: times(2*time.Microsecond, 0.3, 0.001)},
	}
}

func waits() []charts.Latencies {
	r := random()
	one, many := charts.Latencies{Name: "one consumer"}, charts.Latencies{Name: "four consumers"}
	for i := range 30 {
		one.Times = append(one.Times, time.Duration(i+1)*90*time.Millisecond)
		many.Times = append(many.Times, time.Duration(300+100*r.Float64())*time.Millisecond)
	}
	return []charts.Latencies{one, many}
}

// Goroutines are the states of eight goroutines over ten milliseconds.
func Goroutines() timeline.Timeline {
	r := random()
	t := timeline.Timeline{Name: "goroutines"}
	kinds := []string{"running", "runnable", "waiting", "syscall"}
	for g := range 8 {
		for at := time.Duration(0); at < 10*time.Millisecond; {
			kind := kinds[[]int{0, 0, 1, 2, 2, 3}[r.IntN(6)]]
			to := at + time.Duration(r.ExpFloat64()*float64(700*time.Microsecond))
			t.Spans = append(t.Spans, timeline.Span{Lane: fmt.Sprintf("goroutine %d", g+17), Kind: kind, From: at, To: min(to, 10*time.Millisecond)})
			at = to
		}
	}
	return t
}

// manyGoroutines are more lanes than are drawn.
func manyGoroutines() timeline.Timeline {
	r := random()
	t := timeline.Timeline{Name: "server"}
	for g := range 300 {
		from := time.Duration(r.IntN(900)) * time.Millisecond
		for _, kind := range []string{"runnable", "running", "waiting", "running"} {
			to := from + time.Duration(r.ExpFloat64()*float64(30*time.Millisecond))
			t.Spans = append(t.Spans, timeline.Span{Lane: fmt.Sprintf("goroutine %d", g+1), Kind: kind, From: from, To: to})
			from = to
		}
	}
	return t
}

// Pipeline is a producer with so many consumers.
func Pipeline(consumers int) timeline.Timeline {
	t := timeline.Timeline{Name: fmt.Sprintf("%d consumers", consumers)}
	if consumers == 1 {
		t.Name = "1 consumer"
	}
	free := make([]time.Duration, consumers)
	for i := range 8 {
		item := fmt.Sprint(i + 1)
		made := time.Duration(i+1) * 100 * time.Millisecond
		t.Spans = append(t.Spans, timeline.Span{Lane: "producer", Kind: "produce", Item: item, From: made - 100*time.Millisecond, To: made})
		c := i % consumers
		lane, from := fmt.Sprintf("consumer %d", c+1), max(made, free[c])
		if from > free[c] {
			t.Spans = append(t.Spans, timeline.Span{Lane: lane, Kind: "wait", From: free[c], To: from})
		}
		free[c] = from + 250*time.Millisecond
		t.Spans = append(t.Spans, timeline.Span{Lane: lane, Kind: "consume", Item: item, From: from, To: free[c]})
	}
	return t
}

// Requests are n requests that arrive at random and are answered or fail.
func Requests(n int) timeline.Timeline {
	r := random()
	t := timeline.Timeline{Name: "GET /search"}
	at := time.Duration(0)
	for i := range n {
		took := time.Duration((20 + 60*r.ExpFloat64()) * float64(time.Millisecond))
		kind := "answered"
		if i%11 == 7 {
			kind, took = "error", took+120*time.Millisecond
		}
		t.Spans = append(t.Spans, timeline.Span{Lane: fmt.Sprintf("client %d", i%4+1), Kind: kind, Item: fmt.Sprintf("request %d", i+1), From: at, To: at + took})
		at += time.Duration(r.ExpFloat64() * float64(18*time.Millisecond))
	}
	return t
}

// Queues are the depths of two queues.
func Queues() []timeline.Track {
	r := random()
	var tracks []timeline.Track
	for _, k := range []struct {
		name string
		grow float64
	}{{"unbuffered", 0.48}, {"buffered, 32", 0.53}} {
		t := timeline.Track{Name: k.name, Points: []timeline.Point{{}}}
		depth := 0.0
		for i := range 200 {
			if r.Float64() < k.grow {
				depth = min(32, depth+1)
			} else {
				depth = max(0, depth-1)
			}
			t.Points = append(t.Points, timeline.Point{At: time.Duration(i+1) * 10 * time.Millisecond, Value: depth})
		}
		tracks = append(tracks, t)
	}
	return tracks
}

// Batches are times over workers and sizes of batches.
func Batches() charts.Matrix {
	m := charts.Matrix{Name: "time for a million items", Unit: charts.Nanoseconds, Best: "least",
		X: charts.Parameter{Name: "workers"}, Y: charts.Parameter{Name: "batch"}}
	for i := range 6 {
		m.X.Values = append(m.X.Values, fmt.Sprint(1<<i))
	}
	for j := range 5 {
		m.Y.Values = append(m.Y.Values, fmt.Sprint(int(math.Pow(10, float64(j)))))
		var row []float64
		for i := range 6 {
			row = append(row, 4e8/(1+float64(i)*0.9)*(1+300/math.Pow(10, float64(j)*0.9)*float64(i+1)/60)*(1+math.Pow(10, float64(j)-4)*float64(i)))
		}
		m.Values = append(m.Values, row)
	}
	m.Values[4][5] = math.NaN()
	return m
}

// Cores is the load of eight cores over time.
func Cores() charts.Matrix {
	r := random()
	m := charts.Matrix{Name: "load of a core", Unit: charts.Share, Best: "most",
		X: charts.Parameter{Name: "second"}, Y: charts.Parameter{Name: "core"}}
	for i := range 60 {
		m.X.Values = append(m.X.Values, fmt.Sprint(i))
	}
	for j := range 8 {
		m.Y.Values = append(m.Y.Values, fmt.Sprint(j))
		var row []float64
		for i := range 60 {
			row = append(row, min(1, max(0, 0.5+0.5*math.Sin(float64(i)/9+float64(j%4))+0.15*r.NormFloat64())))
		}
		m.Values = append(m.Values, row)
	}
	return m
}

// Deadlock is a wait-for graph with a cycle.
func Deadlock() charts.Network {
	return charts.Network{
		Nodes: []charts.Node{
			{ID: "g17", Label: "goroutine 17", Below: "transfer, cell[3]:12", Kind: "goroutine"},
			{ID: "a", Label: "account a", Below: "sync.Mutex", Kind: "lock"},
			{ID: "g18", Label: "goroutine 18", Below: "transfer, cell[3]:12", Kind: "goroutine"},
			{ID: "b", Label: "account b", Below: "sync.Mutex", Kind: "lock"},
			{ID: "g21", Label: "goroutine 21", Below: "audit, cell[5]:4", Kind: "goroutine"},
		},
		Edges: []charts.Edge{{From: "g17", To: "b", Label: "waits for"}, {From: "b", To: "g18", Label: "held by"}, {From: "g18", To: "a", Label: "waits for"}, {From: "a", To: "g17", Label: "held by"}, {From: "g21", To: "a", Label: "waits for"}},
	}
}

// waitFor is what diag.WaitFor says of workers behind a mutex that a goroutine
// holds which waits for them.
func waitFor() diag.Graph {
	return diag.Graph{
		Nodes: []diag.Node{
			{ID: "g1", Label: "collect", Kind: "goroutine", State: "chan receive", Where: "cell[4]:9", Count: 1},
			{ID: "g2", Label: "worker", Kind: "goroutine", State: "sync.Mutex.Lock", Where: "cell[4]:17", Count: 8},
			{ID: "m", Label: "mutex 0xc0001a", Kind: "mutex", Count: 1}, {ID: "c", Label: "results", Kind: "channel", Count: 1},
			{ID: "g3", Label: "report", Kind: "goroutine", State: "chan receive", Where: "cell[5]:2", Count: 1},
		},
		Edges: []diag.Edge{{From: "g2", To: "m", Label: "waits for"}, {From: "m", To: "g1", Label: "held by", Guess: true},
			{From: "g1", To: "c", Label: "waits for"}, {From: "g3", To: "c", Label: "waits for"}, {From: "c", To: "g2", Label: "sent by", Guess: true}},
	}
}

// Layers is a graph without cycles.
func Layers() charts.Network {
	return charts.Network{
		Nodes: []charts.Node{{ID: "fetch", Kind: "stage"}, {ID: "parse", Kind: "stage"}, {ID: "resize", Kind: "stage"}, {ID: "index", Kind: "stage"}, {ID: "store", Below: "8 workers", Kind: "stage"}},
		Edges: []charts.Edge{{From: "fetch", To: "parse", Label: "1.2 k/s"}, {From: "fetch", To: "resize", Label: "300/s"}, {From: "parse", To: "index", Label: ""}, {From: "index", To: "store", Label: ""}, {From: "resize", To: "store", Label: ""}},
	}
}

// Scopes is a tree of scopes, some of which did not end well.
func Scopes() scope.Record {
	ms := time.Millisecond
	return scope.Record{Name: "serve", To: 920 * ms, Outcome: scope.Failed, Error: "fetch: connection refused", Children: []scope.Record{
		{Name: "config", To: 40 * ms, Outcome: scope.OK},
		{Name: "workers", From: 45 * ms, To: 900 * ms, Outcome: scope.Cancelled, Children: []scope.Record{
			{Name: "worker 1", From: 50 * ms, To: 890 * ms, Outcome: scope.Cancelled},
			{Name: "worker 2", From: 50 * ms, To: 420 * ms, Outcome: scope.OK},
			{Name: "worker 3", From: 51 * ms, To: 900 * ms, Outcome: scope.Panicked, Error: "index out of range [3]"},
		}},
		{Name: "fetch", From: 60 * ms, To: 880 * ms, Outcome: scope.Failed, Error: "connection refused"},
		{Name: "cache", From: 60 * ms, To: 300 * ms, Outcome: scope.Cut},
	}}
}

// LogLog are times over sizes, and what theory says.
func LogLog() charts.Plot {
	p := charts.Plot{X: charts.Axis{Name: "items", Log: 10}, Y: charts.Axis{Name: "time to sort", Unit: charts.Nanoseconds, Log: 10}}
	sequential, parallel, theory := charts.Line{Name: "sequential"}, charts.Line{Name: "parallel"}, charts.Line{Name: "n log n", Dashed: true}
	for n := 100.0; n <= 1e7; n *= 10 {
		t := 2.2 * n * math.Log2(n)
		sequential.Points = append(sequential.Points, charts.Point{X: n, Y: t, Lo: t * 0.9, Hi: t * 1.12})
		q := t/3.6 + 40_000
		parallel.Points = append(parallel.Points, charts.Point{X: n, Y: q, Lo: q * 0.85, Hi: q * 1.2})
		theory.Points = append(theory.Points, charts.Point{X: n, Y: 2 * n * math.Log2(n)})
	}
	p.Lines = []charts.Line{sequential, parallel, theory}
	p.Rules = []charts.Rule{{X: 30_000, Name: "one cache"}}
	return p
}

// Ladder are the costs of common operations.
func Ladder() charts.BarPlot {
	return charts.BarPlot{
		Names:  []string{"add", "atomic add", "mutex, free", "channel, handed over", "goroutine, started", "system call", "read 4 KiB from disk", "round trip on loopback"},
		Value:  charts.Axis{Name: "cost of one", Unit: charts.Nanoseconds, Log: 10},
		Groups: []charts.Group{{Bars: charts.Values(0.3, 5.2, 12, 180, 310, 240, 9_800, 24_000)}},
	}
}

// Stacked is where the time of three ways goes.
func Stacked() charts.BarPlot {
	return charts.BarPlot{
		Names:   []string{"sequential", "4 workers", "16 workers"},
		Stacked: true,
		Value:   charts.Axis{Name: "time", Unit: charts.Nanoseconds},
		Groups: []charts.Group{
			{Name: "computing", Bars: charts.Values(8.2e8, 2.2e8, 1.4e8)},
			{Name: "waiting for locks", Bars: charts.Values(0, 2e7, 1.9e8)},
			{Name: "scheduling", Bars: charts.Values(1e6, 6e6, 3.1e7)},
		},
	}
}

// Groups are bars with intervals.
func Groups() charts.BarPlot {
	bar := func(v, spread float64) charts.Bar {
		return charts.Bar{Value: v, Lo: v * (1 - spread), Hi: v * (1 + spread)}
	}
	return charts.BarPlot{
		Title: "The channel carries 3.1 M items a second between 4 goroutines, the ring 9.4 M",
		Names: []string{"1 goroutine", "2 goroutines", "4 goroutines"},
		Value: charts.Axis{Name: "items a second", Unit: charts.PerSecond},
		Groups: []charts.Group{
			{Name: "channel", Bars: []charts.Bar{bar(6.1e6, 0.04), bar(4.2e6, 0.08), bar(3.1e6, 0.1)}},
			{Name: "ring", Bars: []charts.Bar{bar(2.1e7, 0.03), bar(1.4e7, 0.05), bar(9.4e6, 0.12)}},
		},
	}
}
