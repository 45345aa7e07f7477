// Command session measures what a cell costs late in a session against early
// in one: time, memory of the worker, memory of this process. Cells of an old
// session and of a fresh one are run in turn, so that a noisy moment hits
// both. Then it measures cells that reach many functions. It takes about two
// minutes.
//
//	go run ./bench/session [-cells 2000] [-functions 1000] [-pairs 100]
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

func main() {
	cells := flag.Int("cells", 2000, "length of the old session: `N` cells")
	functions := flag.Int("functions", 1000, "a session of `N` functions")
	pairs := flag.Int("pairs", 100, "compare `N` cells of the old session with as many of a fresh one")
	flag.Parse()
	if err := run(context.Background(), *cells, *functions, *pairs); err != nil {
		fmt.Fprintln(os.Stderr, "session:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cells, functions, pairs int) error {
	t := table{tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)}
	defer t.Flush() // what there is, when something fails
	t.row("", "measured", "to reach")
	if err := age(ctx, t, cells, pairs); err != nil {
		return err
	}
	return reach(ctx, t, functions, pairs)
}

// table is what was measured.
type table struct{ *tabwriter.Writer }

func (t table) row(what, measured, goal string) {
	fmt.Fprintf(t, "%s\t%s\t%s\n", what, measured, goal)
}

// pair tells how long one kind of cells took beside another.
func (t table) pair(what string, as []float64, beside string, bs []float64, goal string) {
	t.row(what, fmt.Sprintf("%.1f ms; %s %.1f ms; ratio %s", median(as), beside, median(bs), ratio(as, bs)), goal)
}

// age compares an old session with a fresh one.
func age(ctx context.Context, t table, cells, pairs int) error {
	old, err := open(ctx)
	if err != nil {
		return err
	}
	defer old.Close()
	const settle = 50 // cells after which the worker has all it needs for them
	if err := old.several(ctx, settle); err != nil {
		return err
	}
	worker, kernel := old.memory(), heap()
	if err := old.several(ctx, cells-pairs-settle); err != nil {
		return err
	}
	worker, kernel = old.memory()-worker, heap()-kernel
	n := float64(cells - pairs - settle)
	t.row(fmt.Sprintf("memory of each of %d cells", cells-pairs), fmt.Sprintf("worker %.1f KB, kernel %.1f KB", worker/n/1024, kernel/n/1024), "100 KB together")

	fresh, err := open(ctx)
	if err != nil {
		return err
	}
	defer fresh.Close()
	if err := fresh.several(ctx, settle); err != nil {
		return err
	}
	olds, freshs, err := inTurn(pairs,
		func(i int) (float64, error) { return old.kind(ctx, i) }, func(i int) (float64, error) { return fresh.kind(ctx, i) })
	if err != nil {
		return err
	}
	t.pair(fmt.Sprintf("a cell after %d others", cells-pairs), olds, "in a fresh session", freshs, "ratio 1.3")
	for k, name := range kinds {
		t.pair("  that "+name, nth(olds, k), "fresh", nth(freshs, k), "")
	}
	t.row("  phases after many cells", old.phases(pairs), "")
	t.row("  phases in a fresh session", fresh.phases(pairs), "")
	return nil
}

// reach compares a cell that reaches many functions with a trivial one.
func reach(ctx context.Context, t table, functions, pairs int) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	took, err := s.cell(ctx, chain(functions))
	if err != nil {
		return err
	}
	t.row(fmt.Sprintf("a cell that declares %d functions", functions), fmt.Sprintf("%.0f ms", took), "")
	if _, err := s.cell(ctx, "x := 0"); err != nil {
		return err
	}
	call := fmt.Sprintf("x += f%d(item{1, \"a\"})", functions-1)
	many, few, err := inTurn(pairs,
		func(int) (float64, error) { return s.cell(ctx, call) }, func(int) (float64, error) { return s.cell(ctx, "x++") })
	if err != nil {
		return err
	}
	t.pair("a cell that reaches all of them", many, "a trivial one", few, "60 ms; 20 ms")
	again, few, err := inTurn(pairs, func(i int) (float64, error) {
		return s.cell(ctx, fmt.Sprintf("func f1(i item) int {\n\tdefer func() {}()\n\treturn f0(i) + %d\n}", i))
	}, func(int) (float64, error) { return s.cell(ctx, "x++") })
	if err != nil {
		return err
	}
	t.pair("a cell that declares one again which all others use", again, "a trivial one", few, "60 ms; 20 ms")
	return nil
}

// chain declares n functions, each of which calls the one before it and is too
// large to be inlined.
func chain(n int) string {
	var b strings.Builder
	b.WriteString("type item struct { n int; name string }\nfunc (i item) String() string { return fmt.Sprint(i.name, i.n) }\nfunc f0(i item) int { return i.n }\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "func f%d(i item) int {\n\ttotal := len(i.String())\n\tfor k := range 2 {\n\t\tif k == 0 { total += f%d(item{i.n + k, strings.ToUpper(i.name)}) }\n\t}\n\treturn total\n}\n", i, i-1)
	}
	return b.String()
}

// inTurn measures a and b in turn, each as often the first of the two.
func inTurn(n int, a, b func(i int) (float64, error)) (as, bs []float64, err error) {
	as, bs = make([]float64, n), make([]float64, n)
	for i := range n {
		for half := range 2 {
			f, to := a, as
			if (i+half)%2 == 1 {
				f, to = b, bs
			}
			if to[i], err = f(i); err != nil {
				return nil, nil, err
			}
		}
	}
	return as, bs, nil
}

// session is an engine whose cells are counted.
type session struct {
	*native.Engine
	n    int
	took []native.Took
}

func open(ctx context.Context) (*session, error) {
	s := &session{Engine: native.New(native.Config{Source: interleave.Source})}
	return s, s.Prepare(ctx, func(text string) { fmt.Fprintln(os.Stderr, text) })
}

// cell runs a cell and returns the milliseconds it took.
func (s *session) cell(ctx context.Context, code string) (float64, error) {
	s.n++
	start := time.Now()
	err := s.Execute(ctx, engine.Cell{Code: code, Count: s.n}, engine.Discard{})
	took := time.Since(start)
	s.took = append(s.took, s.Took())
	time.Sleep(20 * time.Millisecond) // an author takes longer; the next tools start
	if err != nil {
		return 0, fmt.Errorf("cell %d: %w\n%s", s.n, err, code)
	}
	return took.Seconds() * 1e3, nil
}

func (s *session) several(ctx context.Context, n int) error {
	for i := range n {
		if _, err := s.kind(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// phases are the medians of what the last n cells spent their time on.
func (s *session) phases(n int) string {
	var b strings.Builder
	for _, p := range []struct {
		name string
		of   func(native.Took) time.Duration
	}{
		{"check", func(t native.Took) time.Duration { return t.Check }}, {"compile", func(t native.Took) time.Duration { return t.Compile }},
		{"link", func(t native.Took) time.Duration { return t.Link }}, {"load", func(t native.Took) time.Duration { return t.Load }},
		{"run", func(t native.Took) time.Duration { return t.Run }},
	} {
		var ms []float64
		for _, t := range s.took[len(s.took)-n:] {
			ms = append(ms, p.of(t).Seconds()*1e3)
		}
		fmt.Fprintf(&b, "%s %.2f ms  ", p.name, median(ms))
	}
	return b.String()
}

// kinds are what authors do all day.
var kinds = []string{
	"declares a variable", "declares a function", "declares again two functions, one used by all types", "declares a type with a method", "loops",
}

// nth takes the values of one kind of cells.
func nth(x []float64, kind int) (of []float64) {
	for i := kind; i < len(x); i += len(kinds) {
		of = append(of, x[i])
	}
	return of
}

// kind runs a cell of kind i modulo their number.
func (s *session) kind(ctx context.Context, i int) (float64, error) {
	n := s.n
	return s.cell(ctx, []string{
		fmt.Sprintf("v%d := %d\nfmt.Println(v%d)", n, n, n),
		fmt.Sprintf("func g%d(n int) int {\n\tdefer func() {}()\n\treturn n + %d\n}\ng%d(1)", n, n, n),
		fmt.Sprintf("func changed(n int) int { return n * %d }\nfunc user(n int) string {\n\tdefer func() {}()\n\treturn fmt.Sprint(changed(n))\n}\nuser(2)", n),
		fmt.Sprintf("type t%d struct{ n int }\nfunc (t t%d) String() string { return user(t.n) }\nfmt.Println(t%d{3})", n, n, n),
		fmt.Sprintf("for i := range 3 { fmt.Println(i, strings.Repeat(\"a\", %d)) }", i%7),
	}[i%len(kinds)])
}

// memory is what the worker process has that nobody else has, in bytes.
func (s *session) memory() float64 {
	total := 0.0
	for _, pid := range s.PIDs() {
		f, err := os.Open(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if err != nil {
			continue
		}
		defer f.Close()
		for l := bufio.NewScanner(f); l.Scan(); {
			if w := strings.Fields(l.Text()); len(w) > 1 && strings.HasPrefix(w[0], "Private_") {
				kb, _ := strconv.ParseFloat(w[1], 64)
				total += kb * 1024
			}
		}
	}
	return total
}

func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

// ratio is the median of the pairs' ratios.
func ratio(as, bs []float64) string {
	var rs []float64
	for i := range as {
		rs = append(rs, as[i]/bs[i])
	}
	return fmt.Sprintf("%.2f", median(rs))
}
