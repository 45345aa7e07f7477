package redefine

import (
	"fmt"
	"slices"
	"strings"
)

// A record is a struct type whose layout changes with every generation, and
// variables that hold it in every way.
type record struct {
	*generator
	name    string
	gen     int
	extras  []string // types of further fields
	length  int      // the constant that is the length of an array, or -1
	inner   *record  // embedded, or nil
	pointer bool     // the methods have pointer receivers
	methods map[string]sum
	vars    [len(holders)]held
	boxes   [len(boxes)]boxed
}

// held is what a variable of the record's type has.
type held struct {
	n    int // 0: the zero value
	made bool
}

// boxed is a value inside a variable whose type does not change.
type boxed struct {
	n, gen int
	set    bool
}

// holders declare a variable of the record's type $R: the type, how to set $x to
// hold $V, its n, and whether it is the zero value.
var holders = [...]struct{ typ, set, n, zero string }{
	{"$R", "$V", "$x.n", "$x.n == 0"},
	{"*$R", "&$V", "$x.n", "$x == nil"},
	{"[]$R", "[]$R{$V}", "$x[0].n", "$x == nil"},
	{"map[string]$R", `map[string]$R{"a": $V}`, `$x["a"].n`, "$x == nil"},
	{"map[$R]int", "map[$R]int{$V: 3}", "func() int { for r := range $x { return r.n }; return 0 }()", "$x == nil"},
	{"chan $R", "func() chan $R { c := make(chan $R, 1); c <- $V; return c }()", "func() int { r := <-$x; $x <- r; return r.n }()", "$x == nil"},
	{"func() $R", "func() func() $R { v := $V; return func() $R { return v } }()", "$x().n", "$x == nil"},
	{"[2]$R", "[2]$R{1: $V}", "$x[1].n", "$x == [2]$R{}"},
	{"struct { a int; $R }", "struct { a int; $R }{1, $V}", "$x.n", "$x.a == 0"},
	{"*atomic.Pointer[$R]", "func() *atomic.Pointer[$R] { var p atomic.Pointer[$R]; p.Store(&$V); return &p }()", "$x.Load().n", "$x == nil"},
	{"map[string]map[int][]*$R", `map[string]map[int][]*$R{"a": {1: {&$V}}}`, `$x["a"][1][0].n`, "$x == nil"},
	{"func($R) int", "func(r $R) int { return r.n - r.n + $N }", "$x($R{})", "$x == nil"},
}

// boxes declare a variable of a type without the record's name in it: the
// type, how to make it of $P (a value or a pointer), and the value as any.
var boxes = [...]struct{ typ, set, value string }{
	{"any", "$P", "$x"},
	{"valuer", "$P", "$x"},
	{"[]any", "[]any{nil, $P}", "$x[1]"},
	{"map[string]valuer", `map[string]valuer{"a": $P}`, `$x["a"]`},
	{"chan any", "func() chan any { c := make(chan any, 1); c <- $P; return c }()", "func() any { v := <-$x; $x <- v; return v }()"},
	{"func() valuer", "func() func() valuer { v := $P; return func() valuer { return v } }()", "$x()"},
	{"*any", "func() *any { var v any = $P; return &v }()", "*$x"},
	{"reflect.Value", "reflect.ValueOf($P)", "$x.Interface()"},
	{"struct { v valuer }", "struct { v valuer }{$P}", "$x.v"},
	{"*sync.Map", `func() *sync.Map { var m sync.Map; m.Store("a", $P); return &m }()`, `func() any { v, _ := $x.Load("a"); return v }()`},
	{"*atomic.Value", "func() *atomic.Value { var v atomic.Value; v.Store($P); return &v }()", "$x.Load()"},
	{"map[any]int", "map[any]int{$P: 1}", "func() any { for k := range $x { return k }; return nil }()"},
}

func newRecord(g *generator, name string, inner *record) *record {
	r := &record{generator: g, name: name, inner: inner, methods: map[string]sum{}}
	r.reshape()
	return r
}

// reshape makes a new generation. Its size differs from all earlier ones, for
// a value of the same layout might move over.
func (r *record) reshape() {
	r.gen++
	r.extras = nil
	for range r.IntN(4) {
		r.extras = append(r.extras, pick(r.Rand, "int", "string", "*int", "float64", "any", "[3]int16", "bool", "*$R", "chan $R", "color8", "*color8", "interface{ Val() int }"))
	}
	r.length = r.IntN(4) - 1
	r.pointer = r.IntN(3) == 0
	for _, m := range []string{"Val", "String", "Extra"} {
		switch {
		case r.methods[m].add != 0:
			r.methods[m] = r.base.body1()
		case m == "Val", r.IntN(3) == 0:
			r.methods[m] = r.base.body1()
		}
	}
	r.renew()
}

func (b *base) body1() sum {
	s := b.body()
	s.add++
	return s
}

// renew makes all values of the type those of an earlier generation.
func (r *record) renew() {
	for i := range r.vars {
		r.vars[i].n = 0
	}
	for _, s := range r.subjects {
		if o, ok := s.(*record); ok && o.inner == r {
			o.gen++
			o.renew()
		}
	}
}

func (r *record) constChanged(i int) {
	if r.length == i {
		r.gen++
		r.renew()
	}
}

func pick[T any](r interface{ IntN(int) int }, list ...T) T { return list[r.IntN(len(list))] }

func (r *record) declareType() string {
	var b strings.Builder
	fmt.Fprintf(&b, "type %s struct {\n", r.name)
	if r.inner != nil {
		fmt.Fprintf(&b, "%s\n", r.inner.name)
	}
	for i, e := range r.extras {
		fmt.Fprintf(&b, "e%d %s\n", i, strings.ReplaceAll(e, "$R", r.name))
	}
	if r.length >= 0 {
		fmt.Fprintf(&b, "arr [k%d]int\n", r.length)
	}
	fmt.Fprintf(&b, "n int\npad [%d]byte\n}\n", r.gen*400)
	return b.String()
}

func (r *record) declareMethod(m string) string {
	star := ""
	if r.pointer {
		star = "*"
	}
	head := fmt.Sprintf("%sfunc (r %s%s) %s()", r.noinline(), star, r.name, m)
	s := r.methods[m]
	if m == "String" {
		return fmt.Sprintf("%s string { return fmt.Sprint(%q, %v + r.n) }\n", head, r.name+"=", s)
	}
	return fmt.Sprintf("%s int { return r.n + %v }\n", head, s)
}

func (r *record) names() []string {
	var l []string
	for m := range r.methods {
		l = append(l, m)
	}
	slices.Sort(l)
	return l
}

func (r *record) declareAll() string {
	s := r.declareType()
	for _, m := range r.names() {
		s += r.declareMethod(m)
	}
	return s
}

func (r *record) declare() string {
	s := r.declareAll()
	if r.inner == nil {
		s += "type color8 uint8\ntype valuer interface{ Val() int }\nfunc through[T valuer](v T) int { return v.Val() }\nfunc dynamic(v any) int { if v, ok := v.(valuer); ok { return v.Val() }; return -1 }\n"
	}
	return s
}

func (r *record) change() string {
	switch r.IntN(5) {
	case 0, 1:
		r.reshape()
		return r.declareAll()
	case 2:
		m := pick(r, "Val", "String", "Extra")
		if _, own := r.methods[m]; r.pointer && r.inner != nil && !own {
			// It may hide a method that values have: another type.
			r.reshape()
			return r.declareAll()
		}
		r.methods[m] = r.base.body1()
		return r.declareMethod(m)
	}
	m := pick(r, r.names()...)
	r.methods[m] = r.base.body1()
	return r.declareMethod(m)
}

// literal is a value with n.
func (r *record) literal(n int) string {
	if r.inner == nil {
		return fmt.Sprintf("%s{n: %d}", r.name, n)
	}
	return fmt.Sprintf("%s{n: %d, %s: %s}", r.name, n, r.inner.name, r.inner.literal(n+1))
}

// boxedLiteral is one that has all methods.
func (r *record) boxedLiteral(n int) string {
	if r.byPointer() {
		return "&" + r.literal(n)
	}
	return r.literal(n)
}

func (r *record) byPointer() bool { return r.pointer || r.inner != nil && r.inner.byPointer() }

func (r *record) forget() { r.vars, r.boxes = [len(holders)]held{}, [len(boxes)]boxed{} }

// fill fills in the name of the type, a variable and a value with n.
func (r *record) fill(s, x string, n int) string {
	return strings.NewReplacer("$P", r.boxedLiteral(n), "$V", r.literal(n), "$R", r.name, "$N", fmt.Sprint(n), "$x", x).Replace(s)
}

func (r *record) remake() string {
	var b strings.Builder
	for i, h := range holders {
		if r.IntN(2) == 0 {
			r.vars[i] = held{1 + r.IntN(900), true}
			x := fmt.Sprintf("%sv%d", r.name, i)
			fmt.Fprintf(&b, "%s := %s\n", x, r.fill(h.set, x, r.vars[i].n))
		}
	}
	for i, h := range boxes {
		if r.IntN(3) == 0 {
			n := 1 + r.IntN(900)
			r.boxes[i] = boxed{n, r.gen, true}
			fmt.Fprintf(&b, "var %sb%d %s = %s\n", r.name, i, h.typ, r.fill(h.set, "", n))
		}
	}
	return b.String()
}

func (r *record) live(q *question) {
	for i, h := range holders {
		x := fmt.Sprintf("%sv%d", r.name, i)
		switch v := r.vars[i]; {
		case v.n != 0:
			q.print(r.fill(h.n, x, 0), v.n)
			if h.set[0] == 's' && !r.byPointer() { // an unnamed struct that embeds it
				q.print(r.fill("dynamic($x), any($x).(valuer).Val(), any(&$x).(valuer).Val()", x, 0), r.val(v.n), r.val(v.n), r.val(v.n))
			}
		case v.made:
			q.print(r.fill(h.zero, x, 0), true)
		}
	}
	for i, h := range boxes {
		if b := r.boxes[i]; b.set {
			r.askBox(q, b, r.fill(h.value, fmt.Sprintf("%sb%d", r.name, i), 0))
		}
	}
}

// askBox asks for a value in an interface: of this generation it has the
// newest methods, of an earlier one its data.
func (r *record) askBox(q *question, b boxed, value string) {
	star := ""
	if r.byPointer() {
		star = "*"
	}
	q.do("{ v := any(%s)", value)
	q.print(fmt.Sprintf(`reflect.Indirect(reflect.ValueOf(v)).FieldByName("n").Int(), reflect.Indirect(reflect.ValueOf(v)).Type() == reflect.TypeFor[%s](), reflect.Indirect(reflect.ValueOf(v)).Type().String()`, r.name),
		b.n, b.gen == r.gen, "main."+r.name)
	if b.gen == r.gen {
		q.print(fmt.Sprintf("dynamic(v), v.(valuer).Val(), v.(%s%s).Val()", star, r.name), r.val(b.n), r.val(b.n), r.val(b.n))
		r.askMethods(q, "v", b.n)
	}
	q.do("}")
}

func (r *record) val(n int) int { return n + r.base.eval(r.methods["Val"]) }

// find returns which record has the method, directly or by embedding.
func (r *record) find(m string, n int) (*record, int) {
	for ; r != nil; r, n = r.inner, n+1 {
		if _, ok := r.methods[m]; ok {
			return r, n
		}
	}
	return nil, 0
}

// askMethods asks for methods that a value may have or not.
func (r *record) askMethods(q *question, v string, n int) {
	o, on := r.find("Extra", n)
	want := -1
	if o != nil {
		want = on + o.base.eval(o.methods["Extra"])
	}
	q.print(fmt.Sprintf("func() int { if e, ok := %s.(interface{ Extra() int }); ok { return e.Extra() }; return -1 }()", v), want)
	q.print(fmt.Sprintf(`func() int { if m := reflect.ValueOf(%s).MethodByName("Extra"); m.IsValid() { return int(m.Call(nil)[0].Int()) }; return -1 }()`, v), want)
	if o, on = r.find("String", n); o != nil {
		s := fmt.Sprint(o.name+"=", on+o.base.eval(o.methods["String"]))
		q.print(fmt.Sprintf("%[1]s, fmt.Sprint([]any{%[1]s}), %[1]s.(fmt.Stringer).String()", v), s, "["+s+"]", s)
	} else {
		q.print(fmt.Sprintf("func() bool { _, ok := %s.(fmt.Stringer); return ok }()", v), false)
	}
}

func (r *record) fresh(q *question) {
	n := 1 + r.IntN(900)
	want := r.val(n)
	p := r.boxedLiteral(n)
	star, amp := "", ""
	if r.byPointer() {
		star, amp = "*", "&"
	}
	q.do("{ x := %s; var v any = %sx", r.literal(n), amp)
	q.print("x.Val(), (&x).Val(), valuer("+amp+"x).Val(), through("+amp+"x), dynamic(v)", want, want, want, want, want)
	q.print(fmt.Sprintf("(%s%s).Val(%sx), func() int { f := x.Val; return f() }(), reflect.ValueOf(v).MethodByName(%q).Call(nil)[0].Int()", star, r.name, amp, "Val"), want, want, want)
	q.print(fmt.Sprintf("func() string { switch v.(type) { case %[1]srec1: return %[2]q; case %[1]srec0: return %[3]q; case valuer: return %[4]q }; return %[5]q }()", star, "1", "0", "v", "-"), r.name[3:])
	q.print(fmt.Sprintf("v == any(%sx), any(x) == any(%s), len(map[any]int{x: 1, %s: 2})", amp, r.literal(n), r.literal(n)), true, true, 1)
	r.askMethods(q, "v", n)
	q.do("var w valuer = %s; if u, ok := w.(interface{ Val() int; Extra() int }); ok { w = u }", p)
	q.print(fmt.Sprintf("w.Val(), func() bool { _, ok := w.(%s%s); return ok }(), fmt.Sprintf(%q, x)", star, r.name, "%T"), want, true, "main."+r.name)
	if r.length >= 0 {
		q.print("len(x.arr)", r.base.consts[r.length])
	}
	q.do("}")
}
