package toolchain_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// BenchmarkCell is a trivial cell from its file to its end, with tools that
// were started ahead and without.
func BenchmarkCell(b *testing.B) {
	l := startLive(b)
	l.cell("fmt", "var x int", "x++; fmt.Println(x)")
	for _, ahead := range []bool{true, false} {
		b.Run(fmt.Sprintf("ahead=%v", ahead), func(b *testing.B) { benchCell(b, l, ahead) })
	}
}

func benchCell(b *testing.B, l *live, ahead bool) {
	ctx := context.Background()
	var phases [3]float64
	for b.Loop() {
		b.StopTimer()
		l.n++
		entry := fmt.Sprintf("ʹcell%d", l.n)
		source := l.file(fmt.Sprintf("fmt\n---\nfunc %s() { x++; fmt.Println(\"hi\", x) }", entry))
		l.tools.Await(ahead)
		b.StartTimer()
		at := b.Elapsed()
		phase := func(i int) { phases[i] += (b.Elapsed() - at).Seconds() * 1e3; at = b.Elapsed() }
		if err := l.session.Compile(ctx, toolchain.Compile{Source: source, Object: source + ".o"}); err != nil {
			b.Fatal(err)
		}
		phase(0)
		linked, err := l.session.Link(ctx, toolchain.Link{Object: source + ".o", Entry: "main." + entry})
		if err != nil {
			b.Fatal(err)
		}
		phase(1)
		if _, err := l.worker.Load(ctx, linked.Module); err != nil {
			b.Fatal(err)
		}
		if _, err := l.worker.Run(ctx, worker.Run{Cell: l.n, Entry: linked.Module.Entry}); err != nil {
			b.Fatal(err)
		}
		phase(2)
		b.StopTimer()
		if err := l.session.Commit(linked); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	for i, name := range []string{"compile-ms", "link-ms", "run-ms"} {
		b.ReportMetric(phases[i]/float64(b.N), name)
	}
}
