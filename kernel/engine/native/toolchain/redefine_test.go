package toolchain_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// redeclare replaces text in the declarations in force.
func (l *live) redeclare(old, new string) {
	l.Helper()
	for i, d := range l.decls {
		if strings.Contains(d, old) {
			l.decls[i] = strings.Replace(d, old, new, 1)
			return
		}
	}
	l.Fatalf("no declaration has %q", old)
}

// New code calls the new function; a function value keeps what it was.
func TestRedefineFunction(t *testing.T) { bothWays(t, redefineFunction) }

func redefineFunction(t *testing.T, l *live) {
	l.want("4 2\n", "fmt", "func dbl(x int) int { return 2 * x }\nfunc quad(x int) int { return dbl(dbl(x)) }\nvar fv func(int) int", "fv = dbl; fmt.Println(quad(1), fv(1))")
	l.redeclare("return 2 * x", "return 20 * x")
	l.want("400 2 20\n", "fmt", "", "fmt.Print(quad(1), \" \", fv(1), \" \"); fv = dbl; fmt.Println(fv(1))")
}

// Goroutines do dynamic calls, assertions, reflection and formatting all the
// time while cells redefine and add methods.
func TestRefresh(t *testing.T) { bothWays(t, refresh) }

func refresh(t *testing.T, l *live) {
	l.cell("fmt sync/atomic reflect encoding/json", `type I interface { V() int; W() string }
type S struct { a int; p *int; s string }
func (s S) W() string { if *s.p != s.a || s.s != fmt.Sprint(s.a) { panic("corrupt") }; return s.s }
func (s S) V() int { return 1 }
type O struct { *S; k int }
type St[T any] struct { x []T }
func (s *St[T]) N() int { return len(s.x) }
func keep() any { return (*St[S])(nil) }
var cnt, bad atomic.Int64
var stop atomic.Bool
var vs []any
var nst interface{ N() int }
var before reflect.Value
func mk(i int) S { return S{i, &[]int{i}[0], fmt.Sprint(i)} }
func work(k int) {
	last := 0
	for !stop.Load() {
		cnt.Add(1)
		for i, v := range vs {
			x := v.(I)
			g := x.V()
			if g < last || x.W() != fmt.Sprint(i) { bad.Add(1) }
			last = g
			_, _ = v.(fmt.Stringer)
			_ = fmt.Sprint(v)
			t := reflect.ValueOf(v)
			for j := range t.NumMethod() { if t.Type().Method(j).Type.NumOut() == 1 { t.Method(j).Call(nil) } }
			if m := t.MethodByName("V"); int(m.Call(nil)[0].Int()) < last { bad.Add(1) }
			json.Marshal(v)
			nst.N()
		}
		switch y := vs[k%len(vs)].(type) {
		case fmt.Stringer: y.String()
		case interface{ Zed() int }: y.Zed()
		case I: y.V()
		}
	}
}`, `for i := range 8 { s := mk(i); if i%2 == 0 { vs = append(vs, s) } else { vs = append(vs, O{&s, i}) } }
nst = &St[S]{}
before = reflect.ValueOf(vs[0]).MethodByName("V")
for k := range 2 { go work(k) }`)
	for n := 2; n <= 26; n++ {
		l.redeclare(fmt.Sprintf("V() int { return %d }", n-1), fmt.Sprintf("V() int { return %d }", n))
		switch n {
		case 8:
			l.redeclare("type O struct", "func (s S) String() string { return fmt.Sprint(\"S\", s.a) }\ntype O struct")
		case 16:
			l.redeclare("type O struct", "func (s S) Zed() int { return 1 }\ntype O struct")
		case 24:
			l.redeclare("type O struct", "func (s S) Add24() int { return 24 }\ntype O struct")
		}
		l.want("true 0 true\n", "fmt time", "", fmt.Sprintf(`a := cnt.Load()
ok := vs[0].(I).V() == %d && vs[1].(I).V() == %d && before.Call(nil)[0].Int() == %d
for cnt.Load() == a { time.Sleep(time.Millisecond) }
fmt.Println(ok, bad.Load(), cnt.Load() > a)`, n, n, n))
	}
	l.want("0 5\n", "fmt reflect", "", "stop.Store(true); fmt.Println(bad.Load(), reflect.TypeOf(vs[0]).NumMethod())")
}

// Functions and methods without a body are those of earlier cells.
func TestStubs(t *testing.T) {
	l := startLive(t)
	l.cell("", `type point struct{ x, y int }
func (p point) Sum() int { return p.x + p.y }
func (p *point) Scale(k int) { p.x *= k; p.y *= k }
func dbl(x int) int { return 2 * x }
func join(a, b string) (s string, n int) { s = a + b; return s, len(s) }
var total int`, "")
	l.decls = []string{`type point struct{ x, y int }
func (p point) Sum() int
func (p *point) Scale(k int)
func dbl(x int) int
func join(a, b string) (s string, n int)
var total int`}
	l.want("14 20 ab 2 7 10\n", "fmt", "", `p := point{3, 4}
p.Scale(2)
var sum interface{ Sum() int } = p
s, n := join("a", "b")
f := dbl
fmt.Println(sum.Sum(), f(10), s, n, point.Sum(point{3, 4}), dbl(5))`)
}

// Whatever disagrees with what is live is refused by name, and leaves no
// trace.
func TestRefused(t *testing.T) { bothWays(t, refused) }

func refused(t *testing.T, l *live) {
	l.cell("fmt", `type point struct { X, Y int; n int; tag string `+"`json:\"a\"`"+` }
func (p point) Len() int { return p.n }
func (p point) Sum() int { return p.n + p.n }
type shape interface { Area() int }
type fn func(int) string
type list []int
type table map[string]int
type arr [3]int
type pipe chan int
var v = 0
var keep []any`, `keep = append(keep, point{}, fn(nil), list(nil), table(nil), arr{}, pipe(nil), new(shape)); fmt.Sprint(v)`)
	index, err := os.ReadFile(filepath.Join(l.dir, "session.idx"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new string }{
		{"main.point", "X, Y int;", "X, Y, Z int;"},
		{"main.point", "X, Y int;", "Y, X int;"},
		{"main.point", "X, Y int;", "X, Y uint;"},
		{"main.point", "json:\"a\"", "json:\"b\""},
		{"main.point", "func (p point) Len() int { return p.n }", ""},
		{"main.point", "Len() int { return p.n }", "Len() int64 { return 1 }"},
		{"main.shape", "{ Area() int }", "{ Area() uint }"},
		{"main.shape", "{ Area() int }", "{ Size() int }"},
		{"main.shape", "{ Area() int }", "{ Area() int; Size() int }"},
		{"main.fn", "func(int) string", "func(int8) string"},
		{"main.fn", "func(int) string", "func(...int) string"},
		{"main.list", "[]int", "[]uint"},
		{"main.table", "map[string]int", "map[string]uint"},
		{"main.arr", "[3]int", "[3]uint"},
		{"main.arr", "[3]int", "[4]int"},
		{"main.pipe", "chan int", "<-chan int"},
		{"main.v", "var v = 0", "var v = uint(0)"},
		{"main.v", "var v = 0", "var v = \"\""},
	} {
		l.redeclare(c.old, c.new)
		_, _, err := l.try("fmt", "", "fmt.Sprint(keep, v); var _ any = []any{new(point), new(fn), new(list), new(table), new(arr), new(pipe), new(shape)}")
		var refused *toolchain.LinkRefused
		if !errors.As(err, &refused) {
			t.Errorf("%s to %s: %v, want a refusal", c.old, c.new, err)
		} else if !refuses(refused, c.name) {
			t.Errorf("%s to %s: refused for %v, want %s", c.old, c.new, refused, c.name)
		}
		if now, _ := os.ReadFile(filepath.Join(l.dir, "session.idx")); string(now) != string(index) {
			t.Fatalf("%s to %s: the refused link left a trace in the index", c.old, c.new)
		}
		if c.new == "" {
			l.redeclare("func (p point) Sum()", c.old+"\nfunc (p point) Sum()")
		} else {
			l.redeclare(c.new, c.old)
		}
	}
	l.want("0\n", "fmt", "", "fmt.Println(v)")
}

func refuses(r *toolchain.LinkRefused, name string) bool {
	for _, f := range r.Refusals {
		if f.Name == name && f.Reason != "" && regexp.MustCompile(`^(type|variable)$`).MatchString(f.Kind) {
			return true
		}
	}
	return false
}

// A link that is not committed leaves nothing behind: the next one starts
// from the same state.
func TestAbandon(t *testing.T) {
	l := startLive(t)
	l.cell("", "var x int", "x = 1")
	abandon := func(decl string) {
		t.Helper()
		l.n++
		source := l.file(decl + "\nfunc ʹabandoned() {}")
		if err := l.session.Compile(t.Context(), toolchain.Compile{Source: source, Object: source + ".o"}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.session.Link(t.Context(), toolchain.Link{Object: source + ".o", Entry: "main.ʹabandoned"}); err != nil {
			t.Fatal(err)
		}
	}
	abandon("var y int\ntype T struct{ a int }\nvar t T")
	abandon("var y string\ntype T struct{ b string }\nvar t T")
	l.want("1 two\n", "fmt", "var y string", `y = "two"; fmt.Println(x, y)`)
}
