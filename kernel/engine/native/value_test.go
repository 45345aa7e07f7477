package native_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// values is what TestValues shows parts of.
const values = `
type inner struct { n int; Text string; next *inner; list []int }
type point struct { X, y int }
func (p point) String() string { return fmt.Sprint("<", p.X, ",", p.y, ">") }
type outer struct { inner; P *point; ifc any; m map[string]inner; arr [3]point; pa *[2]string; f func(); err error }
type shown struct{ name string }
func (s shown) Display() display.Data { return display.Text("shown " + s.name) }
type byName map[string]int
type key string
type level uint8
type box[T any] struct { v T }
type selfish struct{ me *selfish; n int }
type faulty struct{ n int }
func (faulty) String() string { panic("no") }
var (
	i8 int8 = -7; u64 uint64 = 1<<63; fl = 1.5; fl32 float32 = 0.1; c = 2+3i; b = true; r = 'x'; by byte = 'y'; s = "text\nmore"; raw = []byte{1, 2}
	nilslice []int; nilmap map[string]int; nilptr *point; nilfunc func(); nilany any; nilchan chan int; nilouter *outer
	e error = errors.New("wrong")
	a = outer{inner: inner{1, "t", &inner{n: 2}, []int{4, 5}}, P: &point{3, 4}, ifc: point{5, 6}, m: map[string]inner{"k": {n: 7, Text: "seven"}}, arr: [3]point{{1, 2}}, pa: &[2]string{"p", "q"}}
	pa = &a
	ppa = &pa
	ints = map[int]string{-1: "minus", 2: "two"}
	keys = map[key]level{"k": 3}
	bools = map[bool][]string{true: {"yes"}}
	levels = map[level]*point{9: {8, 9}}
	anys = map[any]int{"s": 1}
	named = byName{"n": 4}
	d = shown{"me"}
	pd = &d
	ifc fmt.Stringer = point{1, 1}
	bx = box[point]{point{7, 7}}
	bxs = []box[string]{{"z"}}
	when = time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC)
	wait = 3*time.Second
	anon = struct{ A int; b []any }{1, []any{nil, 2, "x", point{}}}
	empty struct{}
	me = &selfish{n: 1}
	bad = faulty{1}
	mu sync.Mutex
	nan = map[float64]int{1.5: 2}
	img = image.NewGray(image.Rect(0, 0, 2, 2))
	_ = func() int { me.me = me; return 0 }()
)
`

// shownParts are expressions that need no code.
const shownParts = `i8 u64 fl fl32 c b r by s raw nilslice nilmap nilptr nilfunc nilany nilchan nilouter
a a.inner a.n a.Text a.next a.next.n a.inner.list a.list a.list[1] a.P a.P.X a.P.y *a.P a.ifc a.m a.m["k"] a.m["k"].n a.m["k"].Text a.m["none"]
a.arr a.arr[0] a.arr[2].y a.pa a.pa[1] *a.pa a.f pa *pa pa.n pa.inner.Text (*pa).P (*(*ppa)).P.y (pa).m["k"].list
ints ints[2] ints[-1] ints[77] keys["k"] keys[("k")] bools[true] bools[false] levels[9].y nilmap["x"] anys named["n"]
d pd ifc bx bx.v bx.v.y bxs bxs[0] bxs[0].v when wait anon anon.A anon.b anon.b[3] empty bad s[0] img nan`

// compiledParts need compiled code: they fail, or are shown in another way.
const compiledParts = `nilptr.X *nilptr nilouter.n a.list[2] nilslice[0] e a.err a.pa[int(i8)+8] len(s) nan[1.5] anys["s"] point{} &a i8+1`

// A bare variable or a part of one is shown without the compiler, as the
// compiled cell shows it.
func TestValues(t *testing.T) {
	n := open(t, t.TempDir())
	n.want("import \"github.com/interleave-lab/interleave/lib/display\"\n"+values, "")
	for _, x := range strings.Fields(shownParts) {
		n.compare(x, true)
	}
	n.compare("me.n", true)
	for _, x := range strings.Fields(compiledParts) {
		n.compare(x, false)
	}
	n.shown("type point struct { X, y, z int }\nfunc (p point) String() string { return \"new\" }")
	n.compare("a.P", false) // it is new: the worker does not have it yet
	n.compare("a.P", true)
	n.want("{ a.list = append(a.list, 6); i8++ }", "")
	n.want("i8", "-6")
}

// compare shows an expression as a cell of its own and behind a statement,
// where it is compiled.
func (n *notebook) compare(x string, direct bool) {
	n.t.Helper()
	bare, bareErr := n.shown(x)
	if took := n.eng.Took(); (took.Compile == 0) != direct {
		n.t.Errorf("%s: compiled in %v, want it compiled: %v", x, took.Compile, !direct)
	}
	compiled, compiledErr := n.shown(";\n" + x)
	if bare != compiled || bareErr != compiledErr {
		n.t.Errorf("%s is shown as\n%s %s\ncompiled it is\n%s %s", x, bare, bareErr, compiled, compiledErr)
	}
}

// shown is the result of a cell, all of it, and its error.
func (n *notebook) shown(code string) (result, fault string) {
	n.t.Helper()
	n.count++
	var r resultOnly
	if err := n.eng.Execute(n.t.Context(), engine.Cell{Code: code, Count: n.count}, &r); err != nil {
		fault = err.Error()
	}
	b, err := json.Marshal(r.data)
	if err != nil {
		n.t.Fatal(err)
	}
	return string(b), fault
}

// resultOnly keeps the result of a cell.
type resultOnly struct {
	page
	data []display.Data
}

func (r *resultOnly) Result(d display.Data) { r.data = append(r.data, d) }

// What a value's own methods do is done by a cell: they may write, end the
// goroutine or be interrupted, and the next cell runs.
func TestValueMethods(t *testing.T) {
	n := open(t, t.TempDir())
	n.want(`type loud struct{}
func (loud) String() string { fmt.Println("said"); return "loud" }
type quits struct{}
func (quits) String() string { os.Exit(3); return "" }
type stuck struct{}
func (stuck) String() string { for { time.Sleep(time.Millisecond) } }
var l loud; var q quits; var st stuck`, "")
	n.want("l", "said\nloud")
	n.fails("q", engine.ExitError, "exit status 3")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := n.run(ctx, "st"); err == nil || !strings.Contains(err.Error(), engine.Interrupted) {
		t.Errorf("an interrupted value: %v", err)
	}
	n.want("l", "said\nloud")
}
