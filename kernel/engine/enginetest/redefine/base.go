package redefine

import (
	"fmt"
	"strings"
)

// base is what all subjects lean on: constants, some of them array lengths,
// and functions that call each other.
type base struct {
	*generator
	consts  [3]int // k0, k1, k2; they grow, so that no type comes back
	helpers [5]helper
	plus    int
}

// A helper is a function of n that returns n + sum.
type helper struct {
	form int
	sum  sum
}

// A sum is a number with constants and calls of helpers in it.
type sum struct {
	add    int
	consts []int
	calls  []int // each h(0)
}

func newBase(g *generator) *base {
	b := &base{generator: g}
	g.base = b
	for i := range b.consts {
		b.consts[i] = 1 + g.IntN(3)
	}
	for i := range b.helpers {
		b.helpers[i] = b.helper(i)
	}
	return b
}

func (b *base) helper(i int) helper { return helper{b.IntN(len(forms)), b.sum(i)} }

// sum makes one that calls helpers below a number.
func (b *base) sum(below int) sum {
	s := sum{add: b.IntN(1000)}
	for i := range b.consts {
		if b.IntN(4) == 0 {
			s.consts = append(s.consts, i)
		}
	}
	for i := range below {
		if b.IntN(3) == 0 {
			s.calls = append(s.calls, i)
		}
	}
	return s
}

func (b *base) body() sum { return b.sum(len(b.helpers)) }

func (s sum) String() string {
	t := fmt.Sprint("(", s.add)
	for _, c := range s.consts {
		t += fmt.Sprintf(" + k%d", c)
	}
	for _, c := range s.calls {
		t += fmt.Sprintf(" + h%d(0)", c)
	}
	return t + ")"
}

func (b *base) eval(s sum) int {
	n := s.add
	for _, c := range s.consts {
		n += b.consts[c]
	}
	for _, c := range s.calls {
		n += b.eval(b.helpers[c].sum)
	}
	return n
}

// forms are bodies of a function of n; X is the sum.
var forms = []string{
	"return n + X",
	"f := func(m int) int { return m + X }; return f(n)",
	"type loc struct { a, b int }; var z any = loc{n, X}; l := z.(loc); return l.a + l.b",
	"type loc struct { s []string; n int }; var z any = &loc{nil, n}; return z.(*loc).n + X",
	`m := map[string]int{"a": n, "b": X}; return m["a"] + m["b"]`,
	"s := 0; for _, f := range []func() int{func() int { return n }, func() int { return X }} { s += f() }; return s",
	`switch fmt.Sprint("s", n%9) { case "s0": return n + X; case "s1": return X + n; case "s2", "s3", "s4": return n + X; case "s5": return n + X; case "s6": return n + X; case "s7": return X + n }; return X + n`,
	"return plus(n, X)",
	"var a [k0]int; for i := range a { a[i] = 1 }; return n + X + len(a) - k0",
	"r := 0; func() { defer func() { r = recover().(int) }(); panic(n + X) }(); return r",
	"c := make(chan int, 1); go func() { c <- n + X }(); return <-c",
	"z := struct { A, B int }{n, X}; v := reflect.ValueOf(z); return int(v.Field(0).Int() + v.Field(1).Int())",
	"type loc[T any] struct { v T }; return loc[int]{n}.v + loc[[2]int]{[2]int{0, X}}.v[1]",
	"s := []int{X, n, 0}; slices.SortFunc(s, func(a, b int) int { return b - a }); return s[0] + s[1]",
	"seq := func(yield func(int) bool) { _ = yield(n) && yield(X) }; t := 0; for v := range seq { t += v }; return t",
	"switch n % 11 { case 0: return n + X; case 1: return X + n; case 2: return n + X; case 3: return X + n; case 4: return n + X; case 5: return X + n; case 6: return n + X; case 7: return X + n; case 8: return n + X }; return X + n",
	"a := [4]int{1, 2, 3, X}; return n + a[3]",
}

func (b *base) declareHelper(i int) string {
	h := b.helpers[i]
	return fmt.Sprintf("%sfunc h%d(n int) int { %s }\n", b.noinline(), i, strings.ReplaceAll(forms[h.form], "X", h.sum.String()))
}

// noinline sometimes forbids inlining: it hides which code is called.
func (g *generator) noinline() string {
	if g.IntN(3) == 0 {
		return "//go:noinline\n"
	}
	return ""
}

func (b *base) declarePlus() string {
	return "func plus[T int | string](a, b T) T { " + []string{
		"return a + b",
		"s := []T{a, b}; return s[0] + s[1]",
		"f := func(x T) T { return a + x }; return f(b)",
		"m := map[bool]T{true: a, false: b}; return m[true] + m[false]",
		"type pr struct { x, y T }; var z any = pr{a, b}; return z.(pr).x + z.(pr).y",
	}[b.plus] + " }\n"
}

func (b *base) declare() string {
	s := b.declarePlus()
	for i, c := range b.consts {
		s += fmt.Sprintf("const k%d = %d\n", i, c)
	}
	for i := range b.helpers {
		s += b.declareHelper(i)
	}
	return s
}

func (b *base) change() string {
	switch b.IntN(6) {
	case 0:
		b.plus = b.IntN(5)
		return b.declarePlus()
	case 1:
		i := b.IntN(len(b.consts))
		b.consts[i] += 1 + b.IntN(3)
		for _, s := range b.subjects {
			if r, ok := s.(*record); ok {
				r.constChanged(i)
			}
		}
		return fmt.Sprintf("const k%d = %d\n", i, b.consts[i])
	}
	i := b.IntN(len(b.helpers))
	b.helpers[i] = b.helper(i)
	return b.declareHelper(i)
}

func (b *base) remake() string { return "" }

func (b *base) live(q *question) {}
func (b *base) forget()          {}

func (b *base) fresh(q *question) {
	i := b.IntN(len(b.helpers))
	n := b.IntN(50)
	want := n + b.eval(b.helpers[i].sum)
	q.print(fmt.Sprintf("h%[1]d(%[2]d), func() int { f := h%[1]d; return f(%[2]d) }(), plus(h%[1]d(%[2]d), k1)", i, n), want, want, want+b.consts[1])
}
