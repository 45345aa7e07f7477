package enginetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// redefineAtRandom changes functions, methods, constants and types of a
// session at random and compares every answer with a model of the program.
// The seed makes the session.
func redefineAtRandom(seed uint64) func(*testing.T, *player) {
	return func(t *testing.T, p *player) {
		m := newModel(rand.New(rand.NewPCG(seed, 1)))
		p.cell("", "%s", m.start())
		for range 40 {
			code := m.change()
			want, ask := m.ask()
			p.cell(want, "%s\n%s", code, ask)
			want, ask = m.ask()
			p.cell(want, "%s", ask)
		}
	}
}

// A model knows what the functions of a session return.
type model struct {
	r      *rand.Rand
	consts [3]int
	funcs  [8]body    // each calls only those of lower number
	method [3]body    // of types t0, t1, t2
	shape  [3]int     // number of fields before n
	made   [3][]value // values of each type that live in the session
}

// A body returns base plus the constants and functions that it names.
type body struct {
	base   int
	consts []int
	calls  []int
}

// A value is a session variable holding one of the types.
type value struct {
	name string
	n    int
}

func newModel(r *rand.Rand) *model {
	m := &model{r: r}
	for i := range m.funcs {
		m.funcs[i] = m.body(i)
	}
	for i := range m.method {
		m.method[i] = m.body(len(m.funcs))
	}
	for i := range m.consts {
		m.consts[i] = r.IntN(100)
	}
	return m
}

func (m *model) body(below int) body {
	b := body{base: m.r.IntN(1000)}
	for i := range m.consts {
		if m.r.IntN(3) == 0 {
			b.consts = append(b.consts, i)
		}
	}
	for i := range below {
		if m.r.IntN(3) == 0 {
			b.calls = append(b.calls, i)
		}
	}
	return b
}

func (b body) String() string {
	s := fmt.Sprint(b.base)
	for _, c := range b.consts {
		s += fmt.Sprintf(" + c%d", c)
	}
	for _, c := range b.calls {
		s += fmt.Sprintf(" + f%d()", c)
	}
	return s
}

func (m *model) eval(b body) int {
	n := b.base
	for _, c := range b.consts {
		n += m.consts[c]
	}
	for _, c := range b.calls {
		n += m.eval(m.funcs[c])
	}
	return n
}

// start declares all of the session.
func (m *model) start() string {
	var b strings.Builder
	b.WriteString("type valuer interface{ val() int }\nfunc through[T valuer](v T) int { return v.val() }\n")
	for i := range m.consts {
		b.WriteString(m.constant(i))
	}
	for i := range m.funcs {
		b.WriteString(m.function(i))
	}
	for i := range m.method {
		b.WriteString(m.typ(i) + m.methodOf(i))
	}
	for i := range m.method {
		b.WriteString(m.make(i))
	}
	return b.String()
}

func (m *model) constant(i int) string { return fmt.Sprintf("const c%d = %d\n", i, m.consts[i]) }

func (m *model) function(i int) string {
	if m.r.IntN(2) == 0 {
		return fmt.Sprintf("//go:noinline\nfunc f%d() int { return %v }\n", i, m.funcs[i])
	}
	return fmt.Sprintf("func f%d() int { return %v }\n", i, m.funcs[i])
}

func (m *model) typ(i int) string {
	return fmt.Sprintf("type t%d struct { pad [%d]string; n int }\n", i, m.shape[i])
}

func (m *model) methodOf(i int) string {
	return fmt.Sprintf("func (t t%d) val() int { return t.n + %v }\n", i, m.method[i])
}

// make adds a value: in an interface, behind a pointer or plain.
func (m *model) make(i int) string {
	v := value{fmt.Sprintf("v%d%c", i, 'a'+len(m.made[i])), m.r.IntN(1000)}
	m.made[i] = append(m.made[i], v)
	return fmt.Sprintf([]string{"%s := t%d{n: %d}\n", "%s := &t%d{n: %d}\n", "var %s valuer = t%d{n: %d}\n"}[len(m.made[i])%3], v.name, i, v.n)
}

// change returns a cell's declarations that change the session in one to three
// ways.
func (m *model) change() string {
	var b strings.Builder
	changed := map[string]bool{}
	for range 1 + m.r.IntN(3) {
		kind, i := m.r.IntN(5), m.r.IntN(8)
		if kind > 0 {
			i %= 3
		}
		key := fmt.Sprint(min(kind, 3), i) // 3 and 4 both declare values
		if changed[key] {
			continue
		}
		changed[key] = true
		switch kind {
		case 0:
			m.funcs[i] = m.body(i)
			b.WriteString(m.function(i))
		case 1:
			m.consts[i] = m.r.IntN(100)
			b.WriteString(m.constant(i))
		case 2:
			m.method[i] = m.body(len(m.funcs))
			b.WriteString(m.methodOf(i))
		case 3:
			if len(m.made[i]) < 20 {
				b.WriteString(m.make(i))
			}
		case 4: // values of the old layout are not asked for again
			m.shape[i], m.made[i] = m.r.IntN(4), nil
			b.WriteString(m.typ(i) + m.make(i) + m.make(i) + m.make(i))
		}
	}
	return b.String()
}

// ask returns statements that print what the model knows, by every kind of
// call, and what they must print.
func (m *model) ask() (want, code string) {
	var w, c strings.Builder
	i := m.r.IntN(len(m.funcs))
	n := m.eval(m.funcs[i])
	fmt.Fprintf(&c, "g := f%[1]d\nfmt.Println(f%[1]d(), g(), func() int { return f%[1]d() }())\n", i)
	fmt.Fprintln(&w, n, n, n)
	for i, vs := range m.made {
		v := vs[m.r.IntN(len(vs))]
		n := v.n + m.eval(m.method[i])
		fmt.Fprintf(&c, "fmt.Println(%[1]s.val(), valuer(%[1]s).val(), through(%[1]s), any(%[1]s).(valuer).val())\n", v.name)
		fmt.Fprintln(&w, n, n, n, n)
	}
	return w.String(), c.String()
}
