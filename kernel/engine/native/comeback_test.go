package native_test

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// declarations are cells whose later ones need the earlier ones in many ways.
var declarations = []string{
	"import str \"strings\"\nimport . \"math\"\nconst size = 3\nconst double = 2 * size",
	"type grid [size][double]cell\ntype cell struct{ v int; tags []string }",
	"type shape interface{ Area() float64 }\ntype base struct{ name string }\nfunc (b *base) Name() string { return str.ToUpper(b.name) }",
	"type disc struct{ base; r float64 }\nfunc (d disc) Area() float64 { return Round(Pi * d.r * d.r) }",
	"type stack[T any] struct{ items []T }\nfunc (s *stack[T]) push(x T) int { s.items = append(s.items, x); return len(s.items) }\nfunc apply[T, U any](xs []T, f func(T) U) (us []U) { for _, x := range xs { us = append(us, f(x)) }; return us }",
	"func total(shapes ...shape) (sum float64) { for _, s := range shapes { sum += weigh(s) }; return sum }\nfunc weigh(s shape) float64 { return s.Area() * factor }\nconst factor = 10",
	"func (d disc) String() string { return d.Name() + \"!\" }\nvar shapes []shape\nvar st stack[disc]\ncount := 7",
	"func factorOf(n int) int { return n + 1 }\nfunc factorOf2(n int) int { return factorOf(n) * 2 }",
	"func factorOf(n int) int { return n + 100 }",
	"import \"golang.org/x/sync/errgroup\"\nfunc all(fs ...func() error) error { var g errgroup.Group; for _, f := range fs { g.Go(f) }; return g.Wait() }",
}

// uses are cells that need them, with what they print.
var uses = [][2]string{
	{`fmt.Println(factorOf2(1), len(grid{}), len(grid{}[0]), all(func() error { return nil }))`, "202 3 6 <nil>\n"},
	{`d := disc{base{"d"}, 2}
fmt.Println(total(d, &d), d, st.push(d), st.push(d), apply([]int{1, 2}, func(n int) string { return fmt.Sprint(n, "x") }))`, "260 D! 1 2 [1x 2x]\n"},
	{`shapes = append(shapes, d)
fmt.Println(len(shapes), count)`, "1 0\n"},
	{`func (d disc) Area() float64 { return 1 }
func factorOf(n int) int { return 0 }
fmt.Println(total(d, shapes[0]), factorOf2(5))`, "20 0\n"},
}

// After a worker died everything that was declared is there again, in the
// order in which one needs the other, and variables are zero.
func TestDeclarationsComeBackWithANewWorker(t *testing.T) {
	n := open(t, t.TempDir())
	for range 2 {
		for _, c := range declarations {
			if _, err := n.run(t.Context(), c); err != nil {
				t.Fatalf("%s: %v", c, err)
			}
		}
		n.fails("syscall.Kill(os.Getpid(), syscall.SIGKILL); select {}", engine.SessionLost, "shapes, st")
		for _, u := range uses {
			n.want(u[0], u[1])
		}
	}
}

// After %reset nothing is declared, and the same cells work as in a new
// session.
func TestDeclarationsAfterReset(t *testing.T) {
	n := open(t, t.TempDir())
	for range 2 {
		for _, c := range declarations {
			if _, err := n.run(t.Context(), c); err != nil {
				t.Fatalf("%s: %v", c, err)
			}
		}
		for _, u := range uses {
			n.want(u[0], strings.ReplaceAll(u[1], "1 0\n", "1 7\n"))
		}
		if _, err := n.run(t.Context(), "%reset"); err != nil {
			t.Fatal(err)
		}
		n.fails("total()", engine.CompileError, "undefined: total")
	}
}
