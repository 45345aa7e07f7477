package charts_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/timeline"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden holds every chart against its spec in testdata.
func TestGolden(t *testing.T) {
	for name, make := range map[string]func() (charts.Chart, error){
		"seqvsconc":         func() (charts.Chart, error) { return charts.SeqVsConc(oneRound()) },
		"seqvsconc-several": func() (charts.Chart, error) { return charts.SeqVsConc(tenRounds()...) },
		"gantt":             func() (charts.Chart, error) { return charts.Gantt(sequential(), concurrent()) },
		"itemlatency":       func() (charts.Chart, error) { return charts.ItemLatency(latencies()...) },
		"depth":             func() (charts.Chart, error) { return charts.Depth(depth()) },
	} {
		t.Run(name, func(t *testing.T) {
			c, err := make()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", name+".json"), c.Spec())
		})
	}
}

func golden(t *testing.T, file string, spec charts.Spec) {
	t.Helper()
	if spec.Note == "" {
		t.Error("the chart does not say where it was measured")
	}
	spec.Note = "the machine" // differs from run to run
	got, err := json.MarshalIndent(spec, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
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

func TestWrongData(t *testing.T) {
	long := timeline.Timeline{Name: "run", Spans: []timeline.Span{{Lane: "a", From: 2, To: 1}}}
	track := func(points ...timeline.Point) timeline.Track { return timeline.Track{Name: "queue", Points: points} }
	other := oneRound()
	other.Other.Name = "parallel"
	for want, make := range map[string]func() (charts.Chart, error){
		"no comparison given": func() (charts.Chart, error) { return charts.SeqVsConc() },
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
		"no track given":       func() (charts.Chart, error) { return charts.Depth() },
		"has no points":        func() (charts.Chart, error) { return charts.Depth(track()) },
		"point 1 is NaN":       func() (charts.Chart, error) { return charts.Depth(track(timeline.Point{Value: math.NaN()})) },
		"point 1 is +Inf":      func() (charts.Chart, error) { return charts.Depth(track(timeline.Point{Value: math.Inf(1)})) },
		"comes after one at 3": func() (charts.Chart, error) { return charts.Depth(track(timeline.Point{At: 3}, timeline.Point{At: 2})) },
	} {
		if _, err := make(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error that says %q", err, want)
		}
	}
}

// TestDisplay checks that a cell ships data only: the picture is drawn by
// whoever shows it.
func TestDisplay(t *testing.T) {
	c, err := charts.Depth(depth())
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

func TestManySpansAndPoints(t *testing.T) {
	tl := timeline.Timeline{Name: "busy"}
	track := timeline.Track{Name: "queue"}
	for i := range 50_000 {
		at := time.Duration(i) * time.Microsecond
		tl.Spans = append(tl.Spans, timeline.Span{Lane: "a", Kind: "run", From: at, To: at + 900})
		track.Points = append(track.Points, timeline.Point{At: at, Value: float64(i % 7)})
	}
	track.Points[25_000].Value = 99
	for name, make := range map[string]func() (charts.Chart, error){
		"gantt": func() (charts.Chart, error) { return charts.Gantt(tl) },
		"depth": func() (charts.Chart, error) { return charts.Depth(track) },
	} {
		c, err := make()
		if err != nil {
			t.Fatal(err)
		}
		if size := len(c.Spec().Option); size > 200_000 {
			t.Errorf("%s: the option has %d bytes, want it downsampled", name, size)
		}
		if name == "depth" && !bytes.Contains(c.Spec().Option, []byte(",99]")) {
			t.Error("the only peak was lost")
		}
	}
}
