// Command editor measures how long an author waits for what does not run a
// cell: completions, inspections and bare variables, in a session of many
// functions, with nothing running and beside a cell that computes.
//
//	go run ./bench/editor [-functions 300] [-rounds 40]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
	"github.com/interleave-lab/interleave/lib/stats"
)

func main() {
	functions := flag.Int("functions", 300, "a session of `N` functions")
	rounds := flag.Int("rounds", 40, "ask `N` times for each")
	flag.Parse()
	if err := run(context.Background(), *functions, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "editor:", err)
		os.Exit(1)
	}
}

// asked are texts with the cursor at the bar.
var asked = []string{
	"strings.Rep|", "p.|", "f1|", "x := http.Client{}\nx.|", "for _, v := range points {\n\tv.|", "fmt.Pr|", "poi|",
	"json.|", "charts.|", "time.Now().|", "os.|\nfmt.Println(1)", "func g(q point) int {\n\treturn q.|",
}

func run(ctx context.Context, functions, rounds int) error {
	e := native.New(native.Config{Source: interleave.Source})
	defer e.Close()
	if err := declare(ctx, e, functions); err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\tmedian\t95 %\tlongest\tCPU time each")
	report(w, "completion, first of its kind", complete(ctx, e, 1))
	report(w, "completion", complete(ctx, e, rounds))
	report(w, "inspection", inspect(ctx, e, rounds))
	values, err := show(ctx, e, rounds)
	if err != nil {
		return err
	}
	report(w, "bare variable", values)
	busy, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = e.Execute(busy, engine.Cell{Code: "for { p.X++ }", Count: 3}, engine.Discard{}) // until it is interrupted
	}()
	time.Sleep(200 * time.Millisecond)
	report(w, "completion beside a cell", complete(ctx, e, rounds))
	stop()
	<-ended
	return w.Flush()
}

func declare(ctx context.Context, e *native.Engine, functions int) error {
	var b strings.Builder
	b.WriteString("type point struct { X, Y int; name string }\nfunc (p *point) Move(x, y int) {}\nvar p point\nvar points []point\n")
	for i := range functions {
		fmt.Fprintf(&b, "func f%d(p point) string { return fmt.Sprint(p.X, %d, strings.ToUpper(p.name)) }\n", i, i)
	}
	return e.Execute(ctx, engine.Cell{Code: b.String(), Count: 1}, engine.Discard{})
}

// times are the milliseconds that calls took, and the CPU time of this process
// for each, which a machine with other work to do does not lengthen.
type times struct {
	ms  []float64
	cpu float64
}

func complete(ctx context.Context, e *native.Engine, rounds int) times {
	return each(rounds, func(code string, at int) { _, _ = e.Complete(ctx, code, at) })
}

func inspect(ctx context.Context, e *native.Engine, rounds int) times {
	return each(rounds, func(code string, at int) { _, _ = e.Inspect(ctx, code, at, 0) })
}

// each measures f for each text that is asked.
func each(rounds int, f func(code string, at int)) (t times) {
	before := cpu()
	for range rounds {
		for _, a := range asked {
			start := time.Now()
			f(strings.Replace(a, "|", "", 1), strings.Index(a, "|"))
			t.ms = append(t.ms, time.Since(start).Seconds()*1e3)
		}
	}
	t.cpu = (cpu() - before) / float64(len(t.ms))
	return t
}

// cpu is the CPU time of this process in milliseconds.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}

func show(ctx context.Context, e *native.Engine, rounds int) (t times, err error) {
	before := cpu()
	for i := range rounds {
		start := time.Now()
		if err := e.Execute(ctx, engine.Cell{Code: "p.name", Count: i + 2}, engine.Discard{}); err != nil {
			return t, err
		}
		t.ms = append(t.ms, time.Since(start).Seconds()*1e3)
	}
	t.cpu = (cpu() - before) / float64(rounds)
	return t, nil
}

func report(w *tabwriter.Writer, name string, t times) {
	ms := stats.Ascending(t.ms)
	fmt.Fprintf(w, "%s\t%.2f ms\t%.2f ms\t%.2f ms\t%.2f ms\n", name, stats.Quantile(ms, 0.5), stats.Quantile(ms, 0.95), ms[len(ms)-1], t.cpu)
}
