package redefine

import "fmt"

// A flip is a type that goes back and forth between two layouts: each time it
// is the type of that layout again, and methods that changed meanwhile reach
// the values of that type which have lived on.
type flip struct {
	*generator
	now   int // 0 or 1
	body  sum
	other sum // of a method that only sometimes is there
	extra bool
	kept  [2]int // n of the value in an interface, by layout; 0: none
	known [2]int // n of the variable that holds the type itself
}

func newFlip(g *generator) *flip { return &flip{generator: g, body: g.base.body()} }

func (f *flip) declareType() string {
	return "type coinside " + []string{"struct { n int; s string }", "struct { pad [9]int; n int }"}[f.now] + "\n"
}

func (f *flip) declareMethods() string {
	s := fmt.Sprintf("func (c coinside) Side() int { return c.n + %v }\n", f.body)
	if f.extra {
		s += fmt.Sprintf("func (c *coinside) Twice() int { return 2*c.n + %v }\n", f.other)
	}
	return s
}

func (f *flip) declare() string {
	return f.declareType() + f.declareMethods() + "type sider interface{ Side() int }\n"
}

func (f *flip) change() string {
	f.body, f.other = f.base.body(), f.base.body()
	f.extra = f.extra || f.IntN(4) == 0
	if f.IntN(2) == 0 {
		return f.declareMethods()
	}
	f.now = 1 - f.now
	return f.declareType() + f.declareMethods()
}

func (f *flip) remake() string {
	if f.kept[f.now] != 0 && f.IntN(3) > 0 {
		return ""
	}
	n := 1 + f.IntN(900)
	f.kept[f.now], f.known[f.now] = n, n
	return fmt.Sprintf("var side%d sider = &coinside{n: %d}\nsides := map[string]coinside{\"a\": {n: %d}}\n", f.now, n, n)
}

func (f *flip) forget() { f.kept, f.known = [2]int{}, [2]int{} }

func (f *flip) live(q *question) {
	n := f.kept[f.now]
	if n == 0 {
		return
	}
	want := n + f.base.eval(f.body)
	q.print(fmt.Sprintf("side%[1]d.Side(), side%[1]d.(*coinside).Side(), reflect.ValueOf(side%[1]d).MethodByName(\"Side\").Call(nil)[0].Int()", f.now), want, want, want)
	q.print("sides[\"a\"].n, len(sides)", f.known[f.now], 1)
	if f.extra {
		t := 2*n + f.base.eval(f.other)
		q.print(fmt.Sprintf("side%[1]d.(interface{ Twice() int }).Twice(), side%[1]d.(*coinside).Twice()", f.now), t, t)
	}
}

func (f *flip) fresh(q *question) {
	want := 5 + f.base.eval(f.body)
	q.print("coinside{n: 5}.Side(), sider(coinside{n: 5}).Side(), coinside.Side(coinside{n: 5})", want, want, want)
}

// A thing is a name that is a function, a constant, a type or an alias in turn.
type thing struct {
	*generator
	kind, n int
}

func newThing(g *generator) *thing { return &thing{generator: g, kind: g.IntN(4), n: g.IntN(1000)} }

func (t *thing) declare() string {
	return fmt.Sprintf([]string{
		"func thing() int { return %d }\nfunc ofThing() int { return thing() }\n",
		"const thing = %d\nfunc ofThing() int { return thing }\n",
		"type thing [%d]struct{}\nfunc (t thing) Len() int { return len(t) }\nfunc ofThing() int { return thing{}.Len() }\n",
		"type thing = [%d]int8\nfunc ofThing() int { return len(thing{}) }\n",
	}[t.kind], t.n)
}

func (t *thing) change() string {
	t.kind, t.n = t.IntN(4), t.IntN(1000)
	return t.declare()
}

func (t *thing) remake() string   { return "" }
func (t *thing) live(q *question) {}
func (t *thing) forget()          {}

func (t *thing) fresh(q *question) {
	q.print([]string{"thing()", "thing+0", "thing{}.Len()", "len(thing{})"}[t.kind]+", ofThing()", t.n, t.n)
}

// A grid is variables whose types hold constants, and types from types.
type grid struct {
	*generator
	size int
	set  bool
	over string // underlying of number's constraint
}

func newGrid(g *generator) *grid { return &grid{generator: g, size: 3, over: "~int"} }

func (c *grid) declare() string {
	return fmt.Sprintf("const size = %d\n", c.size) + `type row [size]int
type rows []row
func (r row) Sum() (n int) { for _, v := range r { n += v }; return }
func (r rows) Sum() (n int) { for _, v := range r { n += v.Sum() }; return }
type summer interface{ Sum() int }
` + c.declareOver()
}

func (c *grid) declareOver() string {
	return fmt.Sprintf("type number interface { %s }\nfunc total[T number](xs ...T) (n T) { for _, x := range xs { n += x }; return }\n", c.over)
}

func (c *grid) change() string {
	if c.IntN(3) == 0 {
		c.over = pick(c, "~int", "~int | ~string", "~int | ~float64", "int | ~string | ~int8")
		return c.declareOver()
	}
	c.size += 1 + c.IntN(3)
	c.set = false
	return fmt.Sprintf("const size = %d\n", c.size)
}

func (c *grid) remake() string {
	c.set = true
	return "var cells row\ncells[size-1] = 4\nvar table rows = rows{cells, cells}\nvar plain [size]string\nplain[size-1] = \"z\"\nbyRow := map[row]string{cells: \"c\"}\nvar sums summer = table\n"
}

func (c *grid) forget() { c.set = false }

func (c *grid) live(q *question) {
	if c.set {
		q.print("cells.Sum(), table.Sum(), len(plain), plain[size-1], byRow[cells], sums.Sum(), sums.(rows)[1][size-1]", 4, 8, c.size, "z", "c", 8, 4)
	}
}

func (c *grid) fresh(q *question) {
	q.print("len(row{}), total(1, 2, 3), summer(rows{row{1}, row{2}}).Sum(), fmt.Sprintf(\"%T\", [2]row{})", c.size, 6, 3, "[2]main.row")
}
