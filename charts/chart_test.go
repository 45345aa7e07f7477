package charts_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/internal/sample"
	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/scale"
	"github.com/interleave-lab/interleave/lib/scope"
	"github.com/interleave-lab/interleave/lib/timeline"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden holds every chart against its spec in testdata.
func TestGolden(t *testing.T) {
	for _, s := range sample.All() {
		t.Run(s.Name, func(t *testing.T) {
			c, err := s.Make()
			if err != nil {
				t.Fatal(err)
			}
			if title := c.Title(); !strings.ContainsAny(title, "0123456789") {
				t.Errorf("the title %q states no finding in numbers", title)
			}
			golden(t, filepath.Join("testdata", s.Name+".json"), c.Spec())
		})
	}
}

func golden(t *testing.T, file string, spec charts.Spec) {
	t.Helper()
	if spec.Note == "" {
		t.Error("the chart does not say where it was measured")
	}
	spec.Note = "the machine" // differs from run to run
	raw, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	got := []byte(lines.Replace(string(raw)) + "\n")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test -update writes it", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at the picture, then go test -update\ngot %s", file, got)
	}
}

// lines breaks a spec where a reader of a difference wants it.
var lines = strings.NewReplacer(`{"type":"custom"`, "\n{\"type\":\"custom\"", `{"type":"`, "\n{\"type\":\"", `"table":`, "\n\"table\":", `"rows":[`, "\n\"rows\":[", `"alt":`, "\n\"alt\":", `"series":`, "\n\"series\":")

func TestWrongData(t *testing.T) {
	long := timeline.Timeline{Name: "run", Spans: []timeline.Span{{Lane: "a", From: 2, To: 1}}}
	track := func(points ...timeline.Point) timeline.Track { return timeline.Track{Name: "queue", Points: points} }
	other := oneRound()
	other.Other.Name = "parallel"
	for want, make := range map[string]func() (charts.Chart, error){
		"no comparison given": func() (charts.Chart, error) { return charts.SeqVsConc[bench.Comparison]() },
		"no rounds":           func() (charts.Chart, error) { return charts.SeqVsConc(bench.Comparison{Work: "w"}) },
		"want the same two":   func() (charts.Chart, error) { return charts.SeqVsConc(oneRound(), other) },

		"no timeline given":                  func() (charts.Chart, error) { return charts.Gantt() },
		"has no spans":                       func() (charts.Chart, error) { return charts.Gantt(timeline.Timeline{Name: "x"}) },
		`span 1 of "a" runs from 2ns to 1ns`: func() (charts.Chart, error) { return charts.Gantt(long) },

		"no run given":        func() (charts.Chart, error) { return charts.ItemLatency() },
		`"sync" has no times`: func() (charts.Chart, error) { return charts.ItemLatency(charts.Latencies{Name: "sync"}) },
		"item 2 took -1ns": func() (charts.Chart, error) {
			return charts.ItemLatency(charts.Latencies{Times: []time.Duration{1, -1}})
		},
		"chart latencies: no run": func() (charts.Chart, error) { return charts.Latency[charts.Latencies]() },
		"\"x\" has no times":      func() (charts.Chart, error) { return charts.LatencyBox(charts.Latencies{Name: "x"}) },
		"item 1 took -2ns":        func() (charts.Chart, error) { return charts.LatencyECDF(charts.Latencies{Times: []time.Duration{-2}}) },
		"item 1 took -3ns": func() (charts.Chart, error) {
			return charts.LatencyHistogram(charts.Latencies{Times: []time.Duration{-3}})
		},
		"chart comparisons: no comparison": func() (charts.Chart, error) { return charts.Forest[bench.Result]() },
		"1 points; want at least 2":        func() (charts.Chart, error) { return charts.Scaling(scale.Curve{Points: []scale.Point{{Workers: 1}}}) },
		"speed-up is not known": func() (charts.Chart, error) {
			return charts.Scaling(scale.Curve{Points: []scale.Point{{Workers: 1}, {Workers: 2}}})
		},
		"1 parameters; want 2":  func() (charts.Chart, error) { return charts.Heat(bench.Grid{Parameters: make([]bench.Parameter, 1)}) },
		"w: no rounds; make":    func() (charts.Chart, error) { return charts.Forest(bench.Comparison{Work: "w"}) },
		"waterfall: timeline 1": func() (charts.Chart, error) { return charts.Waterfall(long) },

		"no line given":        func() (charts.Chart, error) { return charts.Lines(charts.Plot{}) },
		`"l" has no points`:    func() (charts.Chart, error) { return charts.Lines(charts.Plot{Lines: []charts.Line{{Name: "l"}}}) },
		"time is NaN":          func() (charts.Chart, error) { return line(charts.Axis{Name: "time"}, charts.Point{Y: math.NaN()}) },
		"want more than 0 on":  func() (charts.Chart, error) { return line(charts.Axis{Name: "time", Log: 10}, charts.Point{X: 1}) },
		"want more than 1, or": func() (charts.Chart, error) { return line(charts.Axis{Log: 0.5}, charts.Point{X: 1, Y: 1}) },
		"does not hold 1":      func() (charts.Chart, error) { return line(charts.Axis{}, charts.Point{Y: 1, Lo: 2, Hi: 3}) },

		"no bars given":          func() (charts.Chart, error) { return charts.Bars(charts.BarPlot{}) },
		"has 1 bars for 2 names": func() (charts.Chart, error) { return bars(charts.BarPlot{Names: []string{"a", "b"}}, 1) },
		"b: a value is +Inf":     func() (charts.Chart, error) { return bars(charts.BarPlot{Names: []string{"a", "b"}}, 1, math.Inf(1)) },
		"lengths that mean nothing": func() (charts.Chart, error) {
			return bars(charts.BarPlot{Names: []string{"a"}, Stacked: true, Value: charts.Axis{Log: 10}}, 1)
		},

		"no values given":    func() (charts.Chart, error) { return charts.Heat(charts.Matrix{}) },
		"1 rows for 2":       func() (charts.Chart, error) { return heat([]float64{1}) },
		"row of  b has 2":    func() (charts.Chart, error) { return heat([]float64{1}, []float64{1, 2}) },
		"m is -Inf":          func() (charts.Chart, error) { return heat([]float64{1}, []float64{math.Inf(-1)}) },
		"every value is NaN": func() (charts.Chart, error) { return heat([]float64{math.NaN()}, []float64{math.NaN()}) },

		"no nodes given": func() (charts.Chart, error) { return charts.Graph(charts.Network{}) },
		"given twice": func() (charts.Chart, error) {
			return charts.Graph(charts.Network{Nodes: []charts.Node{{ID: "a"}, {ID: "a"}}})
		},
		"which is no node": func() (charts.Chart, error) {
			return charts.Graph(charts.Network{Nodes: []charts.Node{{ID: "a"}}, Edges: []charts.Edge{{From: "a", To: "b"}}})
		},
		"at most 80 can":                    func() (charts.Chart, error) { return charts.Graph(charts.Network{Nodes: make([]charts.Node, 81)}) },
		`tree of scopes: "s" runs from 2ns`: func() (charts.Chart, error) { return charts.Tree(scope.Record{Name: "s", From: 2, To: 1}) },
		"scopes over time":                  func() (charts.Chart, error) { return charts.ScopeGantt(scope.Record{Name: "s", From: 2, To: 1}) },

		"no track given":  func() (charts.Chart, error) { return charts.QueueDepth() },
		"has no points":   func() (charts.Chart, error) { return charts.QueueDepth(track()) },
		"point 1 is NaN":  func() (charts.Chart, error) { return charts.QueueDepth(track(timeline.Point{Value: math.NaN()})) },
		"point 1 is +Inf": func() (charts.Chart, error) { return charts.QueueDepth(track(timeline.Point{Value: math.Inf(1)})) },
		"comes after one at 3": func() (charts.Chart, error) {
			return charts.QueueDepth(track(timeline.Point{At: 3}, timeline.Point{At: 2}))
		},
	} {
		if _, err := make(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error that says %q", err, want)
		}
	}
}

func line(y charts.Axis, p charts.Point) (charts.Chart, error) {
	return charts.Lines(charts.Plot{Y: y, Lines: []charts.Line{{Name: "l", Points: []charts.Point{p}}}})
}

func bars(p charts.BarPlot, values ...float64) (charts.Chart, error) {
	p.Groups = []charts.Group{{Name: "g", Bars: charts.Values(values...)}}
	return charts.Bars(p)
}

func heat(rows ...[]float64) (charts.Chart, error) {
	return charts.Heat(charts.Matrix{Name: "m", X: charts.Parameter{Values: []string{"a"}}, Y: charts.Parameter{Values: []string{"a", "b"}}, Values: rows})
}

// TestDisplay checks that a cell ships data only: the picture is drawn by
// whoever shows it.
func TestDisplay(t *testing.T) {
	c, err := charts.QueueDepth(depth())
	if err != nil {
		t.Fatal(err)
	}
	var d display.Displayer = c
	bundle := d.Display().Bundle
	if len(bundle) != 2 {
		t.Errorf("the bundle has %d types, want the spec and the text", len(bundle))
	}
	text, _ := bundle["text/plain"].(string)
	for _, want := range []string{"Queue: at most 2", "average", "GOMAXPROCS"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if _, ok := bundle[charts.MIME].(charts.Spec); !ok {
		t.Errorf("the bundle holds %T under %s", bundle[charts.MIME], charts.MIME)
	}
}

// Charts of very many rows stay within the picture, and show what matters.
func TestManyRows(t *testing.T) {
	tl := timeline.Timeline{Name: "busy"}
	root := scope.Record{Name: "root", To: time.Second, Outcome: scope.OK}
	cores := charts.Matrix{Name: "load", X: charts.Parameter{Values: []string{"0"}}}
	for i := range 500 {
		lane := fmt.Sprint("goroutine ", i+1)
		tl.Spans = append(tl.Spans, timeline.Span{Lane: lane, Kind: "running", To: time.Duration(i+1) * time.Millisecond})
		root.Children = append(root.Children, scope.Record{Name: lane, To: time.Second, Outcome: scope.OK})
		cores.Y.Values, cores.Values = append(cores.Y.Values, lane), append(cores.Values, []float64{float64(i)})
	}
	for name, make := range map[string]func() (charts.Chart, error){
		"gantt":      func() (charts.Chart, error) { return charts.Gantt(tl) },
		"scopegantt": func() (charts.Chart, error) { return charts.ScopeGantt(root) },
		"tree":       func() (charts.Chart, error) { return charts.Tree(root) },
		"heat":       func() (charts.Chart, error) { return charts.Heat(cores) },
	} {
		c, err := make()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if h := c.Spec().Height; h < 1000 || h > 4000 {
			t.Errorf("%s is %d high", name, h)
		}
		if option := string(c.Spec().Option); name == "gantt" && (!strings.Contains(option, "goroutine 500") || strings.Contains(option, "goroutine 380\"")) {
			t.Error("the lanes that are drawn are not the busiest")
		}
	}
}

// Short work is done many times in a round: points are times of one, as the
// medians are.
func TestPointsAreTimesOfOne(t *testing.T) {
	c := oneRound()
	c.Base.Rounds, c.Base.Calls = []time.Duration{7000, 9000}, 1000
	c.Other.Rounds, c.Other.Calls = []time.Duration{3000, 4000}, 1000
	chart, err := charts.SeqVsConc(c)
	if err != nil {
		t.Fatal(err)
	}
	if option := string(chart.Spec().Option); !strings.Contains(option, "[[0,7],[0,9]]") || !strings.Contains(option, "[[0,3],[0,4]]") {
		t.Errorf("the points are not those of one call: %s", option)
	}
}

// What is drawn stays as it was.
func TestArgumentsAreNotChanged(t *testing.T) {
	tl := timeline.Timeline{Spans: []timeline.Span{{Lane: "b", From: 5, To: 6}, {Lane: "a", From: 1, To: 2}}}
	all := []timeline.Timeline{tl}
	if _, err := charts.Waterfall(tl); err != nil {
		t.Error(err)
	}
	if _, err := charts.Gantt(all...); err != nil {
		t.Error(err)
	}
	if tl.Spans[0].Lane != "b" || all[0].Spans[0].Lane != "b" || len(all[0].Spans) != 2 {
		t.Errorf("the spans are %v now", tl.Spans)
	}
}

func TestManySpansAndPoints(t *testing.T) {
	tl := timeline.Timeline{Name: "busy"}
	track := timeline.Track{Name: "queue"}
	for i := range 50_000 {
		at := time.Duration(i) * time.Microsecond
		tl.Spans = append(tl.Spans, timeline.Span{Lane: "a", Kind: "run", From: at, To: at + 900})
		track.Points = append(track.Points, timeline.Point{At: at, Value: float64(i % 7)})
	}
	track.Points[25_000].Value = 99
	many := charts.Line{Name: "many"}
	wide := charts.Matrix{Name: "load", Unit: charts.Share, X: charts.Parameter{Name: "second"}, Y: charts.Parameter{Name: "core", Values: []string{"0"}}, Values: [][]float64{nil}}
	for i, p := range track.Points {
		many.Points = append(many.Points, charts.Point{X: float64(i), Y: p.Value})
		wide.X.Values, wide.Values[0] = append(wide.X.Values, strconv.Itoa(i)), append(wide.Values[0], p.Value)
	}
	for name, make := range map[string]func() (charts.Chart, error){
		"gantt":      func() (charts.Chart, error) { return charts.Gantt(tl) },
		"queuedepth": func() (charts.Chart, error) { return charts.QueueDepth(track) },
		"waterfall":  func() (charts.Chart, error) { return charts.Waterfall(tl) },
		"lines":      func() (charts.Chart, error) { return charts.Lines(charts.Plot{Lines: []charts.Line{many}}) },
		"heat":       func() (charts.Chart, error) { return charts.Heat(wide) },
	} {
		c, err := make()
		if err != nil {
			t.Fatal(err)
		}
		if size := len(c.Spec().Option); size > 200_000 {
			t.Errorf("%s: the option has %d bytes, want it downsampled", name, size)
		}
		if (name == "queuedepth" || name == "lines") && !bytes.Contains(c.Spec().Option, []byte(",99]")) {
			t.Error("the only peak was lost")
		}
	}
}
