package enginetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// Stress redefines functions and methods under running goroutines, presses the
// garbage collector, and runs long sessions. It does nothing in short mode.
func Stress(t *testing.T, open Opener) {
	if testing.Short() {
		t.Skip("stress takes a while: run it without -short")
	}
	for _, s := range []struct {
		name string
		run  func(*testing.T, *player)
	}{
		{"long session", longSession},
		{"redefine under fire", redefineUnderFire},
		{"collect between cells", collectBetweenCells},
		{"types come and go", typesComeAndGo},
		{"late goroutines", lateGoroutines},
	} {
		t.Run(s.name, func(t *testing.T) {
			e := open(t)
			defer shut(t, e)
			s.run(t, &player{t: t, engine: e})
		})
	}
}

// A player runs cells that it makes up as it goes.
type player struct {
	t      *testing.T
	engine engine.Engine
	count  int
}

// cell runs one cell, which must print exactly want; notices on standard error
// are as they may be.
func (p *player) cell(want, code string, args ...any) {
	p.t.Helper()
	p.count++
	c := Cell{Code: fmt.Sprintf(code, args...), Want: []Section{{Name: "stderr", Flag: "has"}}}
	if want != "" {
		c.Want = append(c.Want, Section{Name: "out", Text: want})
	}
	r := newRecord(nil)
	err := c.run(p.t.Context(), p.engine, p.count, r)
	if err := c.checkErr(p.count, err); err != nil {
		p.t.Fatalf("cell %d: %v\n%s", p.count, err, c.Code)
	}
	if err := c.check(r.seen(), true); err != nil {
		p.t.Fatalf("cell %d: %v\n%s", p.count, err, c.Code)
	}
}

// longSession runs 200 cells, each with a function that calls the one of the
// cell before and a variable that grows with every cell.
func longSession(t *testing.T, p *player) {
	p.cell("", "total := 0\nvar seen []int\nfunc f0() int { return 0 }")
	for i := 1; i < 200; i++ {
		want := fmt.Sprintf("%d %d\n", i, i*(i+1)/2)
		p.cell(want, `func f%[1]d() int { return f%[2]d() + 1 }
total += f%[1]d()
seen = append(seen, total)
fmt.Println(f%[1]d(), seen[len(seen)-1])`, i, i-1)
	}
	p.cell("", "func f0() int { return 1000 }")
	p.cell("1199\n199\n", "fmt.Println(f199())\nlen(seen)")
}

// redefineUnderFire changes a function, a method and a helper while goroutines
// call them through every kind of call. A goroutine may see the old or the new
// answer, never another; a call made after the cell sees the new one.
func redefineUnderFire(t *testing.T, p *player) {
	p.cell("", `type voice interface{ Say() int }
type dog struct{ name string }
func (d dog) Say() int { return helper() }
func helper() int { return 0 }
func direct() int { return helper() }
func generic[T voice](v T) int { return v.Say() }
var wrong, calls atomic.Int64
var newest atomic.Int64
var quit = make(chan struct{})
var crew sync.WaitGroup
func look(n int) {
	if n < 0 || n > int(newest.Load())+1 { wrong.Add(1) }
	calls.Add(1)
}
func spin(v voice) {
	defer crew.Done()
	for {
		select {
		case <-quit: return
		default:
		}
		look(v.Say()); look(direct()); look(generic(dog{"x"}))
		look(int(reflect.ValueOf(v).MethodByName("Say").Call(nil)[0].Int()))
		_ = fmt.Sprint(v, map[voice]int{v: 1})
	}
}`)
	p.cell("", "for range 4 { crew.Add(1); go spin(dog{\"rex\"}) }")
	for i := 1; i <= 40; i++ {
		p.cell(fmt.Sprintf("%d %d\n", i, i), `func helper() int { return %[1]d }
func (d dog) Say() int { _ = "%[1]d"; return helper() }
newest.Store(%[1]d)
fmt.Println(dog{}.Say(), direct())`, i)
	}
	p.cell("0 true\n", "close(quit)\ncrew.Wait()\nfmt.Println(wrong.Load(), calls.Load() > 0)")
}

// collectBetweenCells keeps pointers in session variables of many shapes,
// collects garbage hard and looks at them again from later cells.
func collectBetweenCells(t *testing.T, p *player) {
	p.cell("", `type leaf struct { name string; next *leaf; bytes []byte }
type knot[T any] struct { left, right *knot[T]; value T }
func chain(n int) *leaf {
	var l *leaf
	for i := range n { l = &leaf{fmt.Sprint("leaf", i), l, make([]byte, 64)} }
	return l
}
func (l *leaf) sum() int {
	if l == nil { return 0 }
	if !strings.HasPrefix(l.name, "leaf") || len(l.bytes) != 64 { panic("corrupt") }
	return 1 + l.next.sum()
}
func churn() {
	for range 5 { runtime.GC(); for range 2000 { _ = &leaf{"x", nil, make([]byte, 100)} } }
}`)
	p.cell("", `head := chain(500)
byName := map[string]*leaf{}
for l := head; l != nil; l = l.next { byName[l.name] = l }
var boxed any = [3]*leaf{chain(10), nil, chain(20)}
later := func() int { return head.sum() + len(byName) }
root := &knot[*leaf]{value: chain(7)}
parcels := make(chan *leaf, 10)
for i := range 10 { parcels <- chain(i) }`)
	for i := range 25 {
		p.cell(fmt.Sprintln(500, 1000, 30, 7+i), `churn()
var extra%[1]d = knot[leaf]{value: *chain(%[1]d + 1)}
a := boxed.([3]*leaf)
root = &knot[*leaf]{left: root, value: root.value}
root.value = &leaf{"leaf", root.value, make([]byte, 64)}
fmt.Println(head.sum(), later(), a[0].sum()+a[2].sum(), root.value.sum()-1)`, i)
	}
	p.cell("45\n", "n := 0\nfor range 10 { n += (<-parcels).sum() }\nn")
}

// typesComeAndGo gives one type name a new layout with every cell while values
// of the earlier layouts stay alive.
func typesComeAndGo(t *testing.T, p *player) {
	p.cell("", "var kept []any\nvar shows []func() string")
	shapes := []string{"n int", "s string; n int", "p *int; n int", "l []string; n int", "m map[string]int; n int"}
	for i := range 60 {
		p.cell(fmt.Sprintf("main.shape %d\n", i), `type shape struct { %s; pad [%d]byte }
func (s shape) String() string { return fmt.Sprint("shape", s.n) }
now := shape{n: %[3]d}
kept = append(kept, now)
shows = append(shows, func() string { return now.String() })
fmt.Printf("%%T %%d\n", now, now.n)`, shapes[i%len(shapes)], i/len(shapes), i)
	}
	var want strings.Builder
	for i := range 60 {
		fmt.Fprintf(&want, "shape%d shape%d\n", i, i)
	}
	p.cell(want.String(), "runtime.GC()\nfor i, k := range kept { fmt.Println(k, shows[i]()) }")
}

// lateGoroutines leaves goroutines behind in each of many cells and wakes all
// of them at the end; each writes for its own cell.
func lateGoroutines(t *testing.T, p *player) {
	p.cell("", "gate := make(chan struct{})\nvar done sync.WaitGroup")
	var records []*record
	for i := range 30 {
		p.count++
		c := Cell{Code: fmt.Sprintf("done.Add(1)\ngo func() { defer done.Done(); <-gate; fmt.Println(\"late\", %d) }()", i)}
		r := newRecord(nil)
		if err := c.checkErr(p.count, c.run(t.Context(), p.engine, p.count, r)); err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	p.cell("", "close(gate)\ndone.Wait()")
	s := Session{File: "late goroutines"}
	for i := range records {
		want := Section{Name: "after", Text: fmt.Sprintln("late", i)}
		s.Cells = append(s.Cells, Cell{Want: []Section{want}})
	}
	if err := s.late(records); err != nil {
		t.Error(err)
	}
}
