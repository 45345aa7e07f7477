package bench_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/interrupt"
	"github.com/interleave-lab/interleave/lib/result"
)

func sample(name string, ms ...float64) bench.Sample {
	s := bench.Sample{Name: name}
	for _, x := range ms {
		s.Rounds = append(s.Rounds, time.Duration(x*1e6))
	}
	return s
}

// sleeps is a case that takes exactly that long in virtual time.
func sleeps(name string, d time.Duration, result any) bench.Case {
	return bench.Case{Name: name, Run: func(ctx context.Context) (any, error) {
		time.Sleep(d)
		return result, nil
	}}
}

func TestVerdicts(t *testing.T) {
	slow := sample("a", 30, 31, 29, 30, 32, 30, 31)
	fast := sample("b", 10, 11, 9, 10, 12, 10, 11)
	for name, c := range map[string]struct {
		base, other bench.Sample
		want        bench.Verdict
		warnings    int
	}{
		"faster":              {slow, fast, bench.Faster, 0},
		"slower":              {fast, slow, bench.Slower, 0},
		"same":                {slow, slow, bench.NoDifference, 0},
		"exactly":             {sample("a", 3, 3, 3, 3, 3, 3), sample("b", 1, 1, 1, 1, 1, 1), bench.Faster, 0},
		"noise":               {sample("a", 10, 20, 30, 40, 50, 60), sample("b", 60, 20, 40, 30, 50, 10, 35), bench.NoDifference, 0},
		"not as many rounds":  {slow, sample("b", 10, 11, 9, 10, 12, 10), bench.Faster, 0},
		"one round, much":     {sample("a", 30), sample("b", 10), bench.Faster, 1},
		"one round, little":   {sample("a", 10.3), sample("b", 10), bench.NoDifference, 1},
		"one round, far less": {sample("a", 10), sample("b", 30), bench.Slower, 1},
	} {
		got, err := bench.Between(name, c.base, c.other)
		if err != nil || got.Verdict != c.want || len(got.Warnings) != c.warnings {
			t.Errorf("%s: %s with %d warnings, %v; want %s with %d", name, got.Verdict, len(got.Warnings), err, c.want, c.warnings)
		}
	}
}

func TestWrongSamples(t *testing.T) {
	good := sample("good", 1)
	for want, bad := range map[string]bench.Sample{
		`sample "bad": no rounds`:                           {Name: "bad"},
		`sample "bad": round 2 took -1ms; want more than 0`: sample("bad", 3, -1),
	} {
		if _, err := bench.Between("w", good, bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestSummarizeNothing(t *testing.T) {
	if (bench.Summarize(nil) != bench.Latency{}) {
		t.Error("the summary of nothing is not empty")
	}
}

// In virtual time a comparison is exact, however short the machine's breath.
func TestCompareSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := bench.Plan{Work: "waits", Seed: 3}.Compare(t.Context(),
			sleeps("a", 300*time.Millisecond, 1), sleeps("b", 100*time.Millisecond, 1), sleeps("c", 300*time.Millisecond, 1))
		if err != nil {
			t.Fatal(err)
		}
		b, c := r.Comparisons[0], r.Comparisons[1]
		if math.Abs(b.Speedup.Value-3) > 1e-12 || b.Verdict != bench.Faster || c.Verdict != bench.NoDifference {
			t.Errorf("b: %s, c: %s", b, c)
		}
		if r.Rounds() != 10 || r.Partial != "" || len(r.Warnings) != 0 || r.Cases[1].Median().Value != 1e8 {
			t.Errorf("result %+v", r)
		}
		// One run to check, six to warm up, ten to measure.
		if want := 17 * 700 * time.Millisecond; r.Took != want {
			t.Errorf("took %v, want %v", r.Took, want)
		}
	})
}

// A case whose every hundredth call is longer never settles to within 2 %.
func TestWarmUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		settling := bench.Case{Name: "settling", Run: func(context.Context) (any, error) {
			calls++
			if calls <= 8 {
				time.Sleep(time.Duration(10-calls) * 100 * time.Millisecond)
			}
			time.Sleep(100 * time.Millisecond)
			return nil, nil
		}}
		r, err := bench.Compare(t.Context(), settling)
		if err != nil || r.Cases[0].Median().Value != 1e8 || slices.Max(r.Cases[0].Rounds) != 100*time.Millisecond {
			t.Errorf("slow calls were measured: %v, %v", r.Cases[0].Rounds, err)
		}
		grows := bench.Case{Name: "grows", Run: func(context.Context) (any, error) {
			calls++
			time.Sleep(time.Duration(calls) * 20 * time.Millisecond)
			return nil, nil
		}}
		calls = 0
		r, err = bench.Plan{Budget: time.Hour}.Compare(t.Context(), grows)
		if err != nil || len(r.Warnings) != 1 || r.Warnings[0] != "grows: not stable after 20 warm-up rounds" {
			t.Errorf("warnings %q, %v", r.Warnings, err)
		}
	})
}

// Short work is repeated until a round is long enough to be timed.
func TestShortWorkIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := bench.Plan{Least: 50 * time.Millisecond}.Compare(t.Context(), sleeps("short", 100*time.Microsecond, nil))
		if err != nil {
			t.Fatal(err)
		}
		s := r.Cases[0]
		if s.Calls < 400 || s.Calls > 1000 || s.Median().Value != 1e5 || s.Rounds[0] != time.Duration(s.Calls)*100*time.Microsecond {
			t.Errorf("%d calls, median %v, rounds %v", s.Calls, s.Median(), s.Rounds)
		}
	})
}

func TestClockThatStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := bench.Compare(t.Context(), bench.Func("busy", func() int { return 1 }))
		if err == nil || !strings.Contains(err.Error(), "the clock stands still") {
			t.Errorf("got %v", err)
		}
	})
}

func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := bench.Plan{Budget: 10 * time.Second}.Compare(t.Context(), sleeps("a", time.Second, nil), sleeps("b", time.Second, nil))
		if err != nil {
			t.Fatal(err)
		}
		if r.Rounds() >= 10 || r.Rounds() < 3 || r.Took > 10*time.Second || len(r.Warnings) != 1 || r.Partial != "" {
			t.Errorf("%d rounds in %v, warnings %q", r.Rounds(), r.Took, r.Warnings)
		}
		if want := fmt.Sprintf("the time budget of 10s was enough for %d of 10 rounds", r.Rounds()); r.Warnings[0] != want {
			t.Errorf("got %s, want %s", r.Warnings[0], want)
		}
		// A single run may be longer than the whole budget.
		r, err = bench.Plan{Budget: time.Second}.Compare(t.Context(), sleeps("long", 5*time.Second, nil))
		if err != nil || r.Rounds() != 1 {
			t.Errorf("%d rounds, %v", r.Rounds(), err)
		}
	})
}

func TestResultsThatDisagreeAreNotTimed(t *testing.T) {
	runs := 0
	count := func(name string, result any) bench.Case {
		return bench.Case{Name: name, Run: func(context.Context) (any, error) { runs++; return result, nil }}
	}
	_, err := bench.Plan{Work: "sum"}.Compare(t.Context(), count("a", 5), count("b", 6))
	const want = "compare sum: the results of a and b disagree, so their times must not be compared: 5 and 6"
	if err == nil || err.Error() != want || runs != 2 {
		t.Errorf("after %d runs\ngot  %v\nwant %s", runs, err, want)
	}
	// A result that goes wrong only later is noticed as well.
	synctest.Test(t, func(t *testing.T) {
		late := 0
		wrong := bench.Case{Name: "late", Run: func(context.Context) (any, error) {
			time.Sleep(time.Second)
			late++
			return min(late, 12), nil
		}}
		constant := sleeps("constant", time.Second, 1)
		if _, err := bench.Compare(t.Context(), constant, wrong); err == nil || !strings.Contains(err.Error(), "1 and 2") {
			t.Errorf("got %v", err)
		}
	})
}

func TestCheckAndErrors(t *testing.T) {
	odd := errors.New("odd")
	failing := func(c bench.Case) error {
		c.Name = "x"
		if c.Run == nil {
			c.Run = func(context.Context) (any, error) { return 3, nil }
		}
		_, err := bench.Compare(t.Context(), c)
		return err
	}
	for want, c := range map[string]bench.Case{
		"compare work: x: check: odd":    {Check: func(any) error { return odd }},
		"compare work: x: setup: odd":    {Setup: func(context.Context) error { return odd }},
		"compare work: x: run: odd":      {Run: func(context.Context) (any, error) { return nil, odd }},
		"compare work: x: teardown: odd": {Teardown: func() error { return odd }},
	} {
		if err := failing(c); !errors.Is(err, odd) || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	run := func(context.Context) (any, error) { return nil, nil }
	for want, cases := range map[string][]bench.Case{
		"no cases given":          nil,
		"case 2 has no name":      {{Name: "a", Run: run}, {Run: run}},
		`case "a" has no Run`:     {{Name: "a"}},
		`two cases are named "a"`: {{Name: "a", Run: run}, {Name: "a", Run: run}},
	} {
		if _, err := bench.Compare(t.Context(), cases...); err == nil || err.Error() != "compare work: "+want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Setup and teardown surround every round and are not timed.
func TestSetupIsNotTimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open, most := 0, 0
		r, err := bench.Compare(t.Context(), bench.Case{
			Name:     "x",
			Setup:    func(context.Context) error { open++; most = max(most, open); time.Sleep(time.Second); return nil },
			Run:      func(context.Context) (any, error) { time.Sleep(time.Second); return nil, nil },
			Teardown: func() error { open--; time.Sleep(time.Second); return nil },
		})
		if err != nil || open != 0 || most != 1 || r.Cases[0].Median().Value != 1e9 {
			t.Errorf("%d open, %d at most, %v, %v", open, most, r.Cases, err)
		}
	})
}

// What a setup prepared is used up by one run, however short.
func TestSetupMeansOneRunARound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var full bool
		r, err := bench.Compare(t.Context(), bench.Case{
			Name:  "drain",
			Setup: func(context.Context) error { full = true; return nil },
			Run: func(context.Context) (any, error) {
				if !full {
					return nil, errors.New("nothing left")
				}
				full = false
				time.Sleep(time.Microsecond)
				return nil, nil
			},
		})
		if err != nil || r.Cases[0].Calls != 1 || r.Cases[0].Median().Value != 1000 {
			t.Errorf("%v, %v", r.Cases, err)
		}
	})
}

// What was measured before an interrupt is returned, and marked.
func TestInterrupt(t *testing.T) {
	var ring func()
	interrupt.SetSource(func(f func()) func() { ring = f; return func() {} })
	defer interrupt.SetSource(nil)
	synctest.Test(t, func(t *testing.T) {
		interrupted := func(at int) (bench.Result, error) {
			runs := 0
			return bench.Compare(t.Context(), sleeps("steady", 100*time.Millisecond, nil), bench.Case{Name: "x", Run: func(ctx context.Context) (any, error) {
				if runs++; runs == at {
					ring()
				}
				select {
				case <-ctx.Done():
					return nil, ctx.Err()
				case <-time.After(100 * time.Millisecond):
					return nil, nil
				}
			}})
		}
		r, err := interrupted(11) // a check, six warm-ups, the fourth round
		if err != nil || r.Rounds() != 3 || len(r.Cases[0].Rounds) != 3 || r.Partial != "interrupted after 3 of 10 rounds" {
			t.Errorf("%d rounds, partial %q, %v", r.Rounds(), r.Partial, err)
		}
		if !strings.Contains(r.String(), "! partial: interrupted after 3 of 10 rounds") {
			t.Errorf("not told:\n%s", r)
		}
		if _, err := interrupted(2); err == nil || err.Error() != "compare work: interrupted before a round was complete" {
			t.Errorf("during the warm-up: %v", err)
		}
	})
}

// sink takes what is shown.
type sink struct{ shown []display.Data }

func (s *sink) Show(d display.Data) { s.shown = append(s.shown, d) }
func (s *sink) Update(display.Data) {}
func (s *sink) Clear(bool)          {}

// A case that does not heed its context is stopped with its cell, so nothing
// can be returned: what was measured is shown.
func TestStoppedGoroutine(t *testing.T) {
	var ring func()
	interrupt.SetSource(func(f func()) func() { ring = f; return func() {} })
	defer interrupt.SetSource(nil)
	shown := &sink{}
	defer display.SetSink(display.SetSink(shown))
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		stop := func(heed bool, at int) {
			var all sync.WaitGroup
			all.Go(func() {
				runs = 0
				bench.Compare(context.Background(), sleeps("steady", 100*time.Millisecond, nil), bench.Case{Name: "deaf", Run: func(context.Context) (any, error) {
					if runs++; runs == at {
						if heed {
							ring()
						}
						runtime.Goexit()
					}
					time.Sleep(100 * time.Millisecond)
					return nil, nil
				}})
				t.Error("Compare returned")
			})
			all.Wait()
		}
		stop(true, 11)
		last := shown.shown[len(shown.shown)-1]
		f, ok := last.Bundle[result.MIME].(result.File)
		if !ok || f.Partial != "interrupted after 3 of 10 rounds" || len(f.Series[1].Values) != 3 {
			t.Errorf("shown %v", last.Bundle)
		}
		n := 0
		count := func() (results int) {
			for _, d := range shown.shown {
				if d.Bundle[result.MIME] != nil {
					results++
				}
			}
			return results
		}
		n = count()
		stop(true, 3)   // before a round was complete
		stop(false, 11) // ended by itself, not by an interrupt
		if count() != n {
			t.Errorf("%d results were shown, want %d", count(), n)
		}
	})
}

// A case that sleeps on after the interrupt comes back when its cell is over:
// what was measured is shown as well as returned.
func TestReturnedTooLate(t *testing.T) {
	var ring func()
	interrupt.SetSource(func(f func()) func() { ring = f; return func() {} })
	defer interrupt.SetSource(nil)
	shown := &sink{}
	defer display.SetSink(display.SetSink(shown))
	synctest.Test(t, func(t *testing.T) {
		for wait, results := range map[time.Duration]int{100 * time.Millisecond: 0, 5 * time.Second: 1} {
			shown.shown = nil
			runs := 0
			r, err := bench.Plan{Budget: time.Hour}.Compare(t.Context(), bench.Case{Name: "sleeps", Run: func(context.Context) (any, error) {
				if runs++; runs == 10 { // a check, six warm-ups, the third round
					ring()
				}
				time.Sleep(wait)
				return nil, nil
			}})
			n := 0
			for _, d := range shown.shown {
				if d.Bundle[result.MIME] != nil {
					n++
				}
			}
			if err != nil || r.Rounds() != 2 || n != results {
				t.Errorf("waits of %v: %d rounds, shown %d times, want %d, %v", wait, r.Rounds(), n, results, err)
			}
		}
	})
}

// Times are told for one operation of a run that does many.
func TestOps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sleeps("hand-offs", time.Second, nil)
		c.Ops = 1000
		r, err := bench.Compare(t.Context(), c)
		if err != nil || r.Cases[0].Median().Value != 1e6 || r.Cases[0].Calls != 1000 || !strings.HasPrefix(r.String(), "work: hand-offs takes 1.00 ms\n") {
			t.Errorf("%v\n%s", err, r)
		}
	})
}

func TestContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 12500*time.Millisecond)
		defer cancel()
		r, err := bench.Compare(ctx, sleeps("x", time.Second, nil))
		if err != nil || r.Rounds() != 5 || r.Partial != "context deadline exceeded after 5 of 10 rounds" {
			t.Errorf("%d rounds, partial %q, %v", r.Rounds(), r.Partial, err)
		}
	})
}

// The order within the rounds is the seed's.
func TestOrder(t *testing.T) {
	orders := map[string]bool{}
	for _, seed := range []uint64{1, 1, 2} {
		synctest.Test(t, func(t *testing.T) {
			var order strings.Builder
			note := func(name string) bench.Case {
				return bench.Case{Name: name, Run: func(context.Context) (any, error) {
					order.WriteString(name)
					time.Sleep(time.Second)
					return nil, nil
				}}
			}
			if _, err := (bench.Plan{Seed: seed}).Compare(t.Context(), note("a"), note("b")); err != nil {
				t.Fatal(err)
			}
			orders[order.String()] = true
			if first := strings.Count(order.String()[14:], "ab"); first == 0 || first == 10 {
				t.Errorf("seed %d does not shuffle: %s", seed, order.String())
			}
		})
	}
	if len(orders) != 2 {
		t.Errorf("%d different orders of two seeds", len(orders))
	}
}

func TestSaveAndLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := bench.Plan{Work: "waits", Seed: 5, Parts: []string{"miniredis"}}.Compare(t.Context(),
			sleeps("a", 2*time.Second, nil), sleeps("b", time.Second, nil))
		if err != nil {
			t.Fatal(err)
		}
		r.Cases[1].Marks[2] = "steal 5 %"
		path := filepath.Join(t.TempDir(), "a.json")
		if err := r.Save(path); err != nil {
			t.Fatal(err)
		}
		back, err := bench.Load(path)
		if err != nil || back.String() != r.String() || back.Comparisons[0].Speedup != r.Comparisons[0].Speedup {
			t.Errorf("saved\n%s\nloaded\n%s\n%v", r, back, err)
		}
		f, err := result.Load(path)
		if err != nil || f.Seed != 5 || f.Rounds != 10 || f.Disturbed != 1 || f.Parts[0] != "miniredis" || len(f.Series) != 2 {
			t.Errorf("file %+v, %v", f, err)
		}
		if _, err := bench.LoadGrid(path); err == nil {
			t.Error("a comparison was loaded as a grid")
		}
	})
}

// The raw values stay in the notebook.
func TestDisplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := bench.Compare(t.Context(), sleeps("a", 2*time.Second, nil), sleeps("b", time.Second, nil))
		if err != nil {
			t.Fatal(err)
		}
		d := display.Of(r)
		f, ok := d.Bundle[result.MIME].(result.File)
		if !ok || len(f.Series[0].Values) != 10 || d.Bundle["text/plain"] != r.String() {
			t.Errorf("bundle %v", d.Bundle)
		}
		if html, _ := d.Bundle["text/html"].(string); !strings.Contains(html, "b is 2.00× faster than a") {
			t.Errorf("html %s", html)
		}
	})
}

func TestTable(t *testing.T) {
	r := bench.Result{Work: "sum", Seed: 1, Cases: []bench.Sample{
		sample("sequential", 30, 31, 29, 30, 32, 30, 31),
		sample("concurrent", 10, 11, 9, 10, 12, 10, 11),
	}}
	r.Cases[1].Marks = []string{"", "steal 3 %", "", "", "", "", ""}
	r.Machine.Cores, r.Machine.GOMAXPROCS, r.Machine.Go, r.Machine.OS, r.Machine.Arch = 4, 4, "go1.26.8", "plan9", "arm"
	path := filepath.Join(t.TempDir(), "r.json")
	if err := r.Save(path); err != nil {
		t.Fatal(err)
	}
	r, err := bench.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want := `sum: concurrent is 3.00× faster than sequential [2.78, 3.06]

case           time             95 %  CPU time  speed-up          95 %  verdict
sequential  30.0 ms  [29.7, 31.3] ms  –                –             –  baseline
concurrent  10.0 ms  [9.73, 11.3] ms  –            3.00×  [2.78, 3.06]  faster

medians of 7 rounds in turn, order shuffled by seed 1; 1 of 7 rounds disturbed
4 cores, GOMAXPROCS 4, go1.26.8 plan9/arm
! concurrent, round 2: steal 3 %`
	if r.String() != want {
		t.Errorf("got\n%s\nwant\n%s", r, want)
	}
}

func TestAgree(t *testing.T) {
	type point struct {
		X float64
		n int
		P *point
	}
	ring := &point{}
	ring.P = ring
	for _, c := range []struct {
		a, b any
		want string
	}{
		{1, 1, ""}, {1, 2, "1 and 2"}, {nil, nil, ""}, {nil, 1, "<nil> and 1"},
		{1.0, 1 + 1e-12, ""}, {1.0, 1 + 1e-6, "1 and 1.000001"}, {math.NaN(), math.NaN(), ""}, {math.Inf(1), math.Inf(1), ""}, {math.Inf(1), 1.0, "+Inf and 1"},
		{0.0, 1e-30, "0 and 1e-30"},
		{1, 1.0, "one is a int (1) and one a float64 (1)"},
		{complex(1, 2), complex(1, 2+1e-12), ""}, {complex(1, 2), complex(1, 3), "(1+2i) and (1+3i)"},
		{[]int{1, 2}, []int{1, 3}, "at [1]: 2 and 3"}, {[]int{1}, []int{1, 2}, "1 and 2 elements"}, {[2]string{"a", "b"}, [2]string{"a", "c"}, "at [1]: b and c"},
		{map[string]int{"a": 1}, map[string]int{"a": 2}, "at [a]: 1 and 2"}, {map[string]int{"a": 1}, map[string]int{"b": 1}, "at [a]: one has no such key"},
		{map[string]int{"a": 1}, map[string]int{}, "1 and 0 keys"},
		{point{X: 1, n: 2}, point{X: 1, n: 3}, "at .n: 2 and 3"}, {&point{P: &point{X: 1}}, &point{P: &point{X: 2}}, "at .P.X: 1 and 2"},
		{&point{P: &point{}}, &point{}, "at .P: "}, {ring, ring, "the results are nested too deeply to be compared"},
		{[]any{1, "a"}, []any{1, 2}, "at [1]: a and 2"},
		{time.Unix(1, 0), time.Unix(1, 0).UTC(), ""}, {time.Unix(1, 0), time.Unix(2, 0), "1970"},
		{t.Name, t.Name, "a func() string cannot be compared"},
	} {
		err := bench.Agree(c.a, c.b)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v and %v: got %v, want %q", c.a, c.b, err, c.want)
		}
	}
}

func TestSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, err := bench.Plan{Work: "hand-off"}.Sweep(t.Context(), func(s bench.Setting) bench.Case {
			d := time.Duration(100*s.Int("buffer")+s.Int("procs")) * time.Millisecond
			return sleeps("", d, s.Value("procs"))
		}, bench.Over("buffer", 1, 2), bench.Over("procs", 1, 2, 4))
		if err != nil || len(g.Cases) != 6 {
			t.Fatal(g, err)
		}
		if s := g.At(1, 2); s.Name != "buffer 2, procs 4" || s.Median().Value != 204e6 {
			t.Errorf("at buffer 2, procs 4: %s %v", s.Name, s.Median())
		}
		path := filepath.Join(t.TempDir(), "g.json")
		if err := g.Save(path); err != nil {
			t.Fatal(err)
		}
		back, err := bench.LoadGrid(path)
		if err != nil || back.String() != g.String() || back.At(0, 1).Name != "buffer 1, procs 2" {
			t.Errorf("saved\n%s\nloaded\n%s\n%v", g, back, err)
		}
		if _, err := bench.Load(path); err == nil {
			t.Error("a grid was loaded as a comparison")
		}
		want := "buffer  procs 1  procs 2  procs 4\n     1   101 ms   102 ms   104 ms\n     2   201 ms   202 ms   204 ms\n"
		if !strings.Contains(g.String(), want) {
			t.Errorf("got\n%s\nwant\n%s", g, want)
		}
		if d := display.Of(g); d.Bundle[result.MIME].(result.File).Kind != "bench.Grid" {
			t.Errorf("bundle %v", d.Bundle)
		}
	})
}

func TestSweepRefuses(t *testing.T) {
	one := func(bench.Setting) bench.Case { return bench.Func("", func() int { return 1 }) }
	for want, over := range map[string][]bench.Parameter{
		"0 parameters; want one or two":                  nil,
		"3 parameters; want one or two":                  {bench.Over("a", 1), bench.Over("b", 1), bench.Over("c", 1)},
		`parameter "a" has no values; make it with Over`: {bench.Over[int]("a")},
		`two cases are named "a 1"`:                      {bench.Over("a", 1, 1)},
	} {
		if _, err := bench.Sweep(t.Context(), one, over...); err == nil || err.Error() != "sweep work: "+want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	defer func() {
		if r := recover(); r != `bench: no parameter "b"` {
			t.Errorf("recovered %v", r)
		}
	}()
	bench.Sweep(t.Context(), func(s bench.Setting) bench.Case { s.Value("b"); return bench.Case{} }, bench.Over("a", 1))
}
