package redefine

import (
	"fmt"
	"slices"
	"strings"
)

// An enum is a named integer with constants by iota and a String method.
type enum struct {
	*generator
	first int
	text  sum
	under string
	made  bool
}

func newEnum(g *generator) *enum {
	return &enum{generator: g, text: g.base.body(), under: "int"}
}

func (e *enum) declare() string {
	return fmt.Sprintf("type hue %s\nconst (\nred hue = iota + %d\ngreen\nblue\n)\n", e.under, e.first) + e.declareString()
}

func (e *enum) declareString() string {
	return fmt.Sprintf("func (h hue) String() string { switch h { case red: return fmt.Sprint(\"red\", %v); case green: return \"green\" }; return \"blue\" }\n", e.text)
}

func (e *enum) change() string {
	switch e.IntN(3) {
	case 0:
		e.first = e.IntN(100)
		return fmt.Sprintf("const (\nred hue = iota + %d\ngreen\nblue\n)\n", e.first)
	}
	e.text = e.base.body()
	return e.declareString()
}

func (e *enum) remake() string {
	if e.made {
		return ""
	}
	e.made = true
	return fmt.Sprintf("hues := map[hue][]hue{%[1]d: {%[1]d, 500}}\nvar anyHue any = hue(%[1]d)\nnested := []struct{ H hue }{{%[1]d}}\n", 3)
}

// name is what a hue of this number prints.
func (e *enum) name(n int) string {
	switch n {
	case e.first:
		return fmt.Sprint("red", e.base.eval(e.text))
	case e.first + 1:
		return "green"
	}
	return "blue"
}

func (e *enum) forget() { e.made = false }

func (e *enum) live(q *question) {
	s := e.name(3)
	q.print("hues, anyHue, nested, anyHue.(fmt.Stringer).String()", fmt.Sprintf("map[%s:[%s blue]]", s, s), s, "[{"+s+"}]", s)
	q.print("anyHue == any(red), anyHue == any(green), len(hues[3]), int(red)", e.first == 3, e.first+1 == 3, 2, e.first)
}

func (e *enum) fresh(q *question) {
	q.print(`red, []hue{blue, green}, fmt.Sprintf("%v %d %T", red, red, red)`, e.name(e.first), "[blue green]", fmt.Sprintf("%s %d main.hue", e.name(e.first), e.first))
	q.print(`func() int { m := map[any]int{red: 1}; m[hue(int(red))]++; m[green] = 9; return m[red] }(), func() string { b, _ := json.Marshal(map[string]any{"h": green}); return string(b) }()`, 2, fmt.Sprintf(`{"h":%d}`, e.first+1))
}

// A counter is variables and the closures that keep them.
type counter struct {
	*generator
	step int
	kind int // of the variable: 0 int, 1 string, 2 []int
	n    int
	old  int // the first variable, an int, which wind and the closures keep
	made bool
	// alone says that there never was another variable than that of now.
	alone bool
}

func newCounter(g *generator) *counter { return &counter{generator: g, step: 1 + g.IntN(9)} }

func (c *counter) declare() string {
	return fmt.Sprintf("func step() int { return %d }\nfunc wind() string { return fmt.Sprint(tally) }\nvar tally %s\n", c.step, c.typ())
}

func (c *counter) typ() string { return []string{"int", "string", "[]int"}[c.kind] }

func (c *counter) set(op string) string {
	c.n = c.IntN(100)
	if c.kind == 0 {
		c.old = c.n
	}
	return fmt.Sprintf("tally %s %s\n", op, fmt.Sprintf([]string{"%d", `"%d"`, "[]int{%d}"}[c.kind], c.n))
}

func (c *counter) change() string {
	switch c.IntN(3) {
	case 0:
		c.step = 1 + c.IntN(9)
		return fmt.Sprintf("func step() int { return %d }\n", c.step)
	case 1:
		return c.set("=")
	}
	c.kind = c.IntN(3)
	return c.set(":=")
}

func (c *counter) remake() string {
	if c.made || c.kind != 0 {
		return ""
	}
	c.made = true
	return c.set("=") + "up := func(by int) int { tally += by; return tally }\nbig := func() any { return [...]any{tally, &tally} }\n"
}

func (c *counter) forget() { c.made, c.alone = false, true }

func (c *counter) live(q *question) {
	if !c.alone || c.kind == 0 {
		q.print("wind()", c.old)
	}
	if !c.made {
		return
	}
	by := c.IntN(10)
	c.old += by
	if c.kind == 0 {
		c.n = c.old
	}
	q.print(fmt.Sprintf("up(%d), big().([2]any)[0], *big().([2]any)[1].(*int)", by), c.old, c.old, c.old)
}

func (c *counter) fresh(q *question) {
	q.print("step(), func() int { defer func() {}(); return step() }()", c.step, c.step)
}

// genericBoxes are generic types and functions over session types.
type genericBoxes struct {
	*generator
	gen  int
	body sum
	put  int
	kept int // numbers in the live box; 0 after a new layout
	made bool
	fold int
}

func newBoxes(g *generator) *genericBoxes {
	return &genericBoxes{generator: g, body: g.base.body(), put: 1 + g.IntN(3), gen: 1}
}

func (b *genericBoxes) declareType() string {
	return fmt.Sprintf("type item struct { n int }\ntype crate[T any] struct { items []T; pad [%d]byte; last *T }\ntype pair[A comparable, B any] struct { a A; b B; more *pair[A, B]; pad [%d]int }\n", b.gen*100, b.gen)
}

func (b *genericBoxes) declareMethods() string {
	return fmt.Sprintf(`func (c *crate[T]) Put(x T) { for range %d { c.items = append(c.items, x) }; c.last = &x }
func (c *crate[T]) Len() int { f := func() int { return len(c.items) + %v }; return f() }
func (c crate[T]) Each(yield func(int, T) bool) { for i, x := range c.items { if !yield(i, x) { return } } }
`, b.put, b.body)
}

func (b *genericBoxes) declareFold() string {
	return "func fold[T any, U any](xs []T, u U, f func(U, T) U) U { " + []string{
		"for _, x := range xs { u = f(u, x) }; return u",
		"if len(xs) == 0 { return u }; return fold(xs[1:], f(u, xs[0]), f)",
		"c := crate[T]{items: xs}; for _, x := range c.Each { u = f(u, x) }; return u",
		"type acc struct { u U }; a := &acc{u}; for _, x := range xs { a.u = f(a.u, x) }; var z any = a; return z.(*acc).u",
	}[b.fold] + " }\nfunc kind[T any](x T) string { switch any(x).(type) { case int: return \"int\"; case []T: return \"slice\"; case crate[int]: return \"crate\"; case interface{ Len() int }: return \"len\" }; return fmt.Sprintf(\"%T\", x) }\n"
}

func (b *genericBoxes) declare() string {
	return b.declareType() + b.declareMethods() + b.declareFold()
}

func (b *genericBoxes) change() string {
	switch b.IntN(4) {
	case 0:
		b.gen++
		b.kept = 0
		return b.declareType() + b.declareMethods()
	case 1:
		b.fold = b.IntN(4)
		return b.declareFold()
	}
	b.body, b.put = b.base.body(), 1+b.IntN(3)
	return b.declareMethods()
}

func (b *genericBoxes) remake() string {
	b.made, b.kept = true, b.put
	return fmt.Sprintf("var crates crate[item]\ncrates.Put(item{7})\nvar lens interface{ Len() int } = &crate[string]{items: []string{\"a\"}}\nvar lensGen = %d\n", b.gen)
}

func (b *genericBoxes) forget() { b.made = false }

func (b *genericBoxes) live(q *question) {
	if !b.made {
		return
	}
	q.print("len(crates.items), crates.Len(), (&crates).Len()", b.kept, b.kept+b.base.eval(b.body), b.kept+b.base.eval(b.body))
	q.do("crates.Put(item{8})")
	b.kept += b.put
	q.print("crates.last.n, crates.items[len(crates.items)-1].n", 8, 8)
	q.do("if lensGen == %d {", b.gen)
	q.code.WriteString(fmt.Sprintf("if n := lens.Len(); n != %d { fmt.Println(\"lens\", n) }\n", 1+b.base.eval(b.body)))
	q.code.WriteString("if _, ok := lens.(*crate[string]); !ok { fmt.Println(\"lens is of another type\") }\n}\n")
}

func (b *genericBoxes) fresh(q *question) {
	q.print(`fold([]int{1, 2, 3}, "", func(s string, n int) string { return s + fmt.Sprint(n) }), fold([]item{{1}, {2}}, 0, func(n int, i item) int { return n + i.n })`, "123", 3)
	q.print(`kind(1), kind(crate[int]{}), kind(&crate[item]{}), kind(crate[item]{}), kind(pair[item, string]{})`, "int", "crate", "len", "main.crate[main.item]", "main.pair[main.item,string]")
	q.do("{ var c crate[pair[string, *item]]; c.Put(pair[string, *item]{a: \"x\", b: &item{4}})")
	q.print("c.Len(), c.last.b.n, any(c) != nil, any(&c).(interface{ Len() int }).Len()", b.put+b.base.eval(b.body), 4, true, b.put+b.base.eval(b.body))
	q.do("}")
}

// An order is a type with the methods of sort and heap.
type order struct {
	*generator
	descending bool
	made       bool
	offset     sum
}

func newOrder(g *generator) *order { return &order{generator: g, offset: g.base.body()} }

func (o *order) declareLess() string {
	op := "<"
	if o.descending {
		op = ">"
	}
	return fmt.Sprintf("func (b bids) Less(i, j int) bool { k := %v; return b[i].price+k %s b[j].price+k }\n", o.offset, op)
}

func (o *order) declare() string {
	return `type bid struct { price int; who string }
type bids []bid
func (b bids) Len() int { return len(b) }
func (b bids) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
func (b *bids) Push(x any) { *b = append(*b, x.(bid)) }
func (b *bids) Pop() any { o := *b; x := o[len(o)-1]; *b = o[:len(o)-1]; return x }
func best(prices ...int) int { b := &bids{}; for _, p := range prices { heap.Push(b, bid{price: p}) }; return heap.Pop(b).(bid).price }
` + o.declareLess()
}

func (o *order) change() string {
	o.descending, o.offset = o.IntN(2) == 0, o.base.body()
	return o.declareLess()
}

func (o *order) remake() string {
	o.made = true
	return "book := bids{{3, \"c\"}, {1, \"a\"}, {2, \"b\"}}\nvar sorter sort.Interface = book\nvar queue heap.Interface = &bids{}\n"
}

func (o *order) list(ns ...int) []int {
	slices.Sort(ns)
	if o.descending {
		slices.Reverse(ns)
	}
	return ns
}

func (o *order) forget() { o.made = false }

func (o *order) live(q *question) {
	if !o.made {
		return
	}
	ns := o.list(1, 2, 3)
	q.do("sort.Sort(sorter)")
	q.print("book[0].price, book[2].price, sort.IsSorted(sorter)", ns[0], ns[2], true)
	q.do("for _, p := range []int{5, 9, 7} { heap.Push(queue, bid{price: p}) }")
	ns = o.list(5, 9, 7)
	q.print("heap.Pop(queue).(bid).price, heap.Pop(queue).(bid).price, heap.Pop(queue).(bid).price", ns[0], ns[1], ns[2])
}

func (o *order) fresh(q *question) {
	ns := o.list(4, 8, 6)
	q.print("best(4, 8, 6)", ns[0])
	q.print("func() int { b := bids{{4, \"\"}, {8, \"\"}, {6, \"\"}}; sort.Stable(b); return b[0].price }()", ns[0])
}

// A message is a struct with tags, encoded as JSON, with methods of its own
// for one of its fields.
type message struct {
	*generator
	gen  int
	text sum
	made bool
}

func newMessage(g *generator) *message { return &message{generator: g, gen: 1, text: g.base.body()} }

func (m *message) declareType() string {
	return fmt.Sprintf("type letter struct { Subject string `json:\"s%[1]d\"`; At stamp `json:\"t%[1]d,omitempty\"`; pad [%[1]d]int64 }\n", m.gen)
}

func (m *message) declareStamp() string {
	return fmt.Sprintf("type stamp int\nfunc (s stamp) MarshalText() ([]byte, error) { return fmt.Appendf(nil, \"%%d/%%d\", int(s), %v), nil }\nfunc (s *stamp) UnmarshalText(b []byte) error { _, err := fmt.Sscanf(string(b), \"%%d/\", (*int)(s)); return err }\n", m.text)
}

func (m *message) declare() string {
	return m.declareStamp() + m.declareType() + "func encode(v any) string { b, err := json.Marshal(v); return fmt.Sprint(string(b), err) }\nfunc decode[T any](s string) T { var v T; if err := json.Unmarshal([]byte(s), &v); err != nil { panic(err) }; return v }\n"
}

func (m *message) change() string {
	if m.IntN(2) == 0 {
		m.gen++
		m.made = false
		return m.declareType()
	}
	m.text = m.base.body()
	return m.declareStamp()
}

func (m *message) remake() string {
	m.made = true
	return "mail := letter{Subject: \"live\", At: 5}\nvar post any = []*letter{&mail}\nstamps := map[stamp]any{6: stamp(7)}\n"
}

func (m *message) json(s string, at int) string {
	return fmt.Sprintf(`{"s%[1]d":%[2]q,"t%[1]d":"%[3]d/%[4]d"}`, m.gen, s, at, m.base.eval(m.text))
}

func (m *message) forget() { m.made = false }

func (m *message) live(q *question) {
	if !m.made {
		return
	}
	s := m.json("live", 5)
	q.print("encode(mail), encode(post), encode(stamps)", s+"<nil>", "["+s+"]<nil>", fmt.Sprintf(`{"6/%[1]d":"7/%[1]d"}<nil>`, m.base.eval(m.text)))
}

func (m *message) fresh(q *question) {
	q.print("encode(letter{Subject: \"x\", At: 2}), encode(struct{ letter }{letter{At: 3}})", m.json("x", 2)+"<nil>", m.json("", 3)+"<nil>")
	q.print(fmt.Sprintf("decode[letter](`%s`).At == 9, decode[[]*letter](`[%s]`)[0].Subject", m.json("y", 9), m.json("y", 9)), true, "y")
	q.print(fmt.Sprintf("reflect.TypeFor[letter]().Field(0).Tag.Get(%q)", "json"), fmt.Sprint("s", m.gen))
}

// A fault is an error type, wrapped, compared and recovered.
type fault struct {
	*generator
	text sum
	made bool
	is   int
}

func newFault(g *generator) *fault { return &fault{generator: g, text: g.base.body(), is: 1} }

func (f *fault) declareMethods() string {
	return fmt.Sprintf("func (e *oops) Error() string { return fmt.Sprint(\"oops\", e.code + %v) }\nfunc (e *oops) Is(o error) bool { p, ok := o.(*oops); return ok && p.code == e.code + %d }\n", f.text, f.is)
}

func (f *fault) declare() string {
	return "type oops struct { code int }\nfunc try(g func()) (err error) { defer func() { switch r := recover().(type) { case *oops: err = fmt.Errorf(\"caught %w\", r); case error: err = r } }(); g(); return nil }\n" + f.declareMethods()
}

func (f *fault) change() string {
	f.text, f.is = f.base.body(), f.IntN(3)
	return f.declareMethods()
}

func (f *fault) remake() string {
	f.made = true
	return "var failed error = fmt.Errorf(\"wrap: %w\", &oops{4})\njoined := errors.Join(failed, errors.New(\"other\"))\n"
}

func (f *fault) forget() { f.made = false }

func (f *fault) live(q *question) {
	if f.made {
		q.print("errors.Is(failed, &oops{5}), errors.Is(joined, &oops{6}), func() string { var o *oops; return fmt.Sprint(errors.As(joined, &o), o, o.code) }()",
			f.is == 1, f.is == 2, fmt.Sprintf("true oops%d 4", 4+f.base.eval(f.text)))
	}
}

func (f *fault) fresh(q *question) {
	q.print("try(func() { panic(&oops{1}) }), try(func() { var m map[string]int; m[\"a\"] = 1 }), try(func() {})", fmt.Sprint("caught oops", 1+f.base.eval(f.text)), "assignment to entry in nil map", "<nil>")
}

// local is functions with types of their own, whose values leave them.
type local struct {
	*generator
	form, kept int
	version    int
	made       bool
}

func newLocal(g *generator) *local { return &local{generator: g} }

func (l *local) declare() string {
	return fmt.Sprintf("func mint() any { type coin struct { %s }; return coin{n: %d} }\nfunc isSame(a, b any) bool { return reflect.TypeOf(a) == reflect.TypeOf(b) }\n",
		[]string{"n int", "s string; n int", "n int; s []string", "p *int; n int"}[l.form], l.version)
}

func (l *local) change() string {
	l.form, l.version = l.IntN(4), l.version+1
	return l.declare()
}

func (l *local) remake() string {
	l.made, l.kept = true, l.version
	return "coin := mint()\npurse := map[any]int{}\nif reflect.TypeOf(coin).Comparable() { purse[coin] = 1 }\n"
}

func (l *local) forget() { l.made = false }

func (l *local) live(q *question) {
	if l.made {
		q.print("reflect.ValueOf(coin).FieldByName(\"n\").Int(), fmt.Sprintf(\"%T\", coin)", l.kept, "main.coin")
	}
	if l.made && l.kept == l.version {
		q.print("isSame(coin, mint()), isSame([]any{coin}, []any{mint()})", true, true)
	}
}

func (l *local) fresh(q *question) {
	q.print("reflect.ValueOf(mint()).FieldByName(\"n\").Int(), isSame(mint(), mint())", l.version, true)
	q.do("{ type coin struct { x string }; var c any = coin{\"here\"}")
	q.print("c, isSame(c, mint()), c == any(coin{\"here\"})", "{here}", false, true)
	q.do("}")
}

// A server is goroutines that go on calling values of the session while these
// change: through interfaces they reach the newest methods.
type server struct {
	*generator
	body  sum
	id    int
	ready bool
}

func newServer(g *generator) *server { return &server{generator: g, body: g.base.body()} }

func (s *server) declareMethod() string {
	return fmt.Sprintf("%sfunc (w *worker) Do(n int) int { w.done++; return w.id + n + %v }\n", s.noinline(), s.body)
}

func (s *server) declare() string {
	return `type worker struct { id, done int }
type doer interface{ Do(n int) int }
type task struct { d doer; n int; back chan int }
` + s.declareMethod()
}

func (s *server) change() string {
	s.body = s.base.body()
	return s.declareMethod()
}

func (s *server) remake() string {
	if s.ready {
		return ""
	}
	s.ready, s.id = true, s.IntN(100)
	return fmt.Sprintf(`jobs := make(chan task)
for range 2 { go func() { for o := range jobs { o.back <- o.d.Do(o.n) } }() }
crew := []doer{&worker{id: %[1]d}, doer(&worker{id: %[1]d})}
calls := make(chan func() int)
answers := make(chan int)
go func() { for f := range calls { answers <- f() } }()
go func() { for { time.Sleep(time.Millisecond); var d doer = crew[0]; _ = fmt.Sprintf("%%T", d); _, _ = any(d).(fmt.Stringer) } }()
`, s.id)
}

func (s *server) forget() { s.ready = false }

func (s *server) live(q *question) {
	if !s.ready {
		return
	}
	n := s.IntN(10)
	want := s.id + n + s.base.eval(s.body)
	q.print(fmt.Sprintf("func() int { b := make(chan int); jobs <- task{crew[1], %[1]d, b}; return <-b }(), func() int { calls <- func() int { return crew[0].Do(%[1]d) }; return <-answers }()", n), want, want)
}

func (s *server) fresh(q *question) {
	n := s.IntN(10)
	q.print(fmt.Sprintf("doer(&worker{id: 1}).Do(%d), (*worker).Do(&worker{}, 1) - 1", n), 1+n+s.base.eval(s.body), s.base.eval(s.body))
}

// A face is an interface whose methods come and go, met by records.
type face struct {
	*generator
	methods []string
	records []*record
}

func newFace(g *generator, r ...*record) *face {
	return &face{generator: g, records: r, methods: []string{"Val"}}
}

func (f *face) declare() string {
	return "type face interface { " + strings.NewReplacer("String", "String() string", "Val", "Val() int", "Extra", "Extra() int").Replace(strings.Join(f.methods, "; ")) + " }\nfunc hasFace(v any) bool { _, ok := v.(face); return ok }\nfunc faceOf[T any](v T) string { switch any(v).(type) { case face: return \"face\" }; return \"none\" }\n"
}

func (f *face) change() string {
	f.methods = nil
	for _, m := range []string{"Val", "String", "Extra"} {
		if f.IntN(2) == 0 {
			f.methods = append(f.methods, m)
		}
	}
	return f.declare()
}

func (f *face) remake() string { return "" }

func (f *face) met(r *record) bool {
	return !slices.ContainsFunc(f.methods, func(m string) bool { o, _ := r.find(m, 0); return o == nil })
}

func (f *face) forget() {}

func (f *face) live(q *question) {
	for _, r := range f.records {
		for i, h := range boxes {
			if b := r.boxes[i]; b.set && b.gen == r.gen {
				v := r.fill(h.value, fmt.Sprintf("%sb%d", r.name, i), 0)
				q.print(fmt.Sprintf("hasFace(%[1]s), faceOf(%[1]s)", v), f.met(r), map[bool]string{true: "face", false: "none"}[f.met(r)])
			}
		}
	}
}

func (f *face) fresh(q *question) {
	for _, r := range f.records {
		v := r.boxedLiteral(1)
		q.print(fmt.Sprintf("hasFace(%[1]s), faceOf(%[1]s), faceOf([]any{%[1]s})", v), f.met(r), map[bool]string{true: "face", false: "none"}[f.met(r)], map[bool]string{true: "face", false: "none"}[len(f.methods) == 0])
	}
}
