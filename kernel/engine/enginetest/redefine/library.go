package redefine

import "fmt"

// small is types of the shapes that interfaces hold in other ways (pointers,
// functions, maps, nothing at all), in a struct that embeds an interface.
type small struct {
	*generator
	bodies [len(shapes)]sum
	made   bool
	shift  int
}

// shapes are types, each with a value whose method adds n.
var shapes = [...]struct{ name, typ, value, n string }{
	{"sfunc", "func() int", "sfunc(func() int { return 3 })", "x()"},
	{"smap", "map[string]int", "smap{\"a\": 4}", "x[\"a\"]"},
	{"sptr", "struct{ p *int }", "sptr{new(5)}", "*x.p"},
	{"sempty", "struct{}", "sempty{}", "0"},
	{"schan", "chan int", "make(schan, 2)", "cap(x)"},
	{"sint8", "int8", "sint8(6)", "int(x)"},
	{"sstr", "string", "sstr(\"seven..\")", "len(x)"},
	{"slist", "[]slist", "slist{nil}", "len(x)"},
	{"sarr", "[1]*int", "sarr{new(8)}", "*x[0]"},
	{"siface", "struct{ any }", "siface{9}", "x.any.(int)"},
}

var shapeN = [...]int{3, 4, 5, 0, 2, 6, 7, 1, 8, 9}

func newSmall(g *generator) *small {
	s := &small{generator: g}
	for i := range s.bodies {
		s.bodies[i] = g.base.body()
	}
	return s
}

func (s *small) declareMethod(i int) string {
	return fmt.Sprintf("%sfunc (x %s) Amount() int { return %s + %v }\n", s.noinline(), shapes[i].name, shapes[i].n, s.bodies[i])
}

func (s *small) declareWhich() string {
	t := "func which(v any) int { switch v.(type) {\n"
	for i := range shapes {
		j := (i + s.shift) % len(shapes)
		t += fmt.Sprintf("case %s: return %d\n", shapes[j].name, j)
	}
	return t + "}\nreturn -1 }\n"
}

func (s *small) declare() string {
	t := "type amounter interface{ Amount() int }\ntype wrapped struct { amounter; note string }\nfunc amounts[T amounter](x T) int { return x.Amount() }\n" + s.declareWhich()
	for i, h := range shapes {
		t += fmt.Sprintf("type %s %s\n", h.name, h.typ) + s.declareMethod(i)
	}
	return t
}

func (s *small) change() string {
	t := ""
	for _, i := range s.Perm(len(shapes))[:1+s.IntN(4)] {
		s.bodies[i] = s.base.body()
		t += s.declareMethod(i)
	}
	if s.IntN(3) == 0 {
		s.shift = s.IntN(len(shapes))
		t += s.declareWhich()
	}
	return t
}

func (s *small) remake() string {
	s.made = true
	t := "smalls := []amounter{"
	for _, h := range shapes {
		t += h.value + ", "
	}
	return t + "}\nvar wraps []any\nfor _, v := range smalls { wraps = append(wraps, wrapped{v, \"w\"}, &wrapped{amounter: v}, struct{ amounter }{v}) }\n"
}

func (s *small) forget() { s.made = false }

func (s *small) live(q *question) {
	if !s.made {
		return
	}
	for i := range shapes {
		want := shapeN[i] + s.base.eval(s.bodies[i])
		q.print(fmt.Sprintf("smalls[%[1]d].Amount(), wraps[3*%[1]d].(amounter).Amount(), wraps[3*%[1]d+1].(amounter).Amount(), wraps[3*%[1]d+2].(amounter).Amount(), which(smalls[%[1]d])", i), want, want, want, want, i)
	}
}

func (s *small) fresh(q *question) {
	i := s.IntN(len(shapes))
	want := shapeN[i] + s.base.eval(s.bodies[i])
	q.print(fmt.Sprintf("amounts(%[1]s), wrapped{amounter: %[1]s}.Amount(), which(%[1]s), struct{ %[2]s }{%[1]s}.Amount(), func() int { f := (%[1]s).Amount; return f() }()", shapes[i].value, shapes[i].name), want, want, i, want, want)
}

// A library is the standard library holding values of a session type.
type library struct {
	*generator
	text sum
	gen  int
	made bool
}

func newLibrary(g *generator) *library { return &library{generator: g, text: g.base.body(), gen: 1} }

func (l *library) declareType() string {
	return fmt.Sprintf("type key struct { id int; pad [%d]int }\n", l.gen)
}

func (l *library) declareMethods() string {
	return fmt.Sprintf(`func (k key) Name() string { return fmt.Sprint("key", k.id + %v) }
func (k key) Compare(o key) int { return cmp.Compare(k.id, o.id) }
func (k key) Format(s fmt.State, verb rune) { fmt.Fprintf(s, "%%c", verb); s.Write([]byte(k.Name())) }
`, l.text)
}

func (l *library) declare() string {
	return l.declareType() + l.declareMethods() + "func keys(n int) iter.Seq[key] { return func(yield func(key) bool) { for i := range n { if !yield(key{id: i}) { return } } } }\n"
}

func (l *library) change() string {
	if l.IntN(3) == 0 {
		l.gen++
		l.made = false
		return l.declareType() + l.declareMethods()
	}
	l.text = l.base.body()
	return l.declareMethods()
}

func (l *library) remake() string {
	l.made = true
	return `ctx := context.WithValue(context.Background(), key{id: 1}, "one")
handle := unique.Make(key{id: 2})
pool := &sync.Pool{New: func() any { return key{id: 3} }}
once := sync.OnceValue(func() key { return key{id: 4} })
page := template.Must(template.New("").Parse("{{.Name}} {{range .List}}{{.Name}} {{end}}"))
following, stopKeys := iter.Pull(keys(1000000))
known := &sync.Map{}
known.Store(key{id: 5}, &key{id: 6})
var model any = struct { key; List []any }{key{id: 7}, []any{key{id: 8}, &key{id: 9}}}
_, _ = following()
`
}

func (l *library) name(n int) string { return fmt.Sprint("key", n+l.base.eval(l.text)) }

func (l *library) forget() { l.made = false }

func (l *library) live(q *question) {
	if !l.made {
		return
	}
	q.print("ctx.Value(key{id: 1}), ctx.Value(key{id: 2}), handle == unique.Make(key{id: 2}), handle.Value() == key{id: 2}", "one", "<nil>", true, true)
	q.print("pool.Get().(key).id, once().id, once() == key{id: 4}, pool.Get()", 3, 4, true, "v"+l.name(3))
	q.print(`func() string { var b strings.Builder; err := page.Execute(&b, model); return fmt.Sprint(b.String(), err) }()`, fmt.Sprintf("%s %s %s <nil>", l.name(7), l.name(8), l.name(9)))
	q.print("func() bool { a, _ := following(); b, ok := following(); return ok && b.id == a.id+1 }(), func() any { v, _ := known.Load(key{id: 5}); return v }()", true, "v"+l.name(6))
}

func (l *library) fresh(q *question) {
	q.print("slices.SortedFunc(keys(3), func(a, b key) int { return b.Compare(a) })[0].id, slices.MaxFunc(slices.Collect(keys(4)), key.Compare).id, fmt.Sprintf(\"%d %v\", key{id: 1}, []key{{id: 2}})", 2, 3, "d"+l.name(1)+" [v"+l.name(2)+"]")
}
