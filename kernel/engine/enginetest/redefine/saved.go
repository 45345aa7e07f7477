package redefine

import "fmt"

// saved is code that is kept from cell to cell: function values, closures,
// method values, a goroutine. Whatever it calls is the newest. The functions are
// not inlined: a literal that holds one is compiled again only while the other
// names in its cell, which are those of all subjects, mean what they meant.
type saved struct {
	*generator
	mul, add  int // of the helper
	get       int // of the method
	via       int // how the caller uses the helper
	limit     int // a constant
	pick      bool
	made      bool
	n, base   int // what the closure has counted; what the method value holds
	escapes   bool
	recursive bool
}

func newSaved(g *generator) *saved {
	return &saved{generator: g, mul: 1 + g.IntN(5), add: g.IntN(50), get: 1 + g.IntN(9), limit: 40 + g.IntN(60)}
}

func (s *saved) helper() string {
	body := fmt.Sprintf("return %d*n + %d", s.mul, s.add)
	if s.recursive {
		body = fmt.Sprintf("if n <= 0 { return %d }; return %d + svhelp(n-1)", s.add, s.mul)
	}
	return fmt.Sprintf("//go:noinline\nfunc svhelp(n int) int { %s }\n", body)
}

func (s *saved) caller() string {
	return fmt.Sprintf("//go:noinline\nfunc svcall(n int) int { return %s }\n",
		[]string{"svhelp(n)", "svhelp(n) + 1", "min(svhelp(n), svlimit)", "svlast([]int{n, svhelp(n)})"}[s.via])
}

func (s *saved) generic() string {
	return fmt.Sprintf("func svlast[T any](xs []T) T { return xs[%s] }\n", map[bool]string{false: "len(xs)-1", true: "0"}[s.pick])
}

func (s *saved) constant() string { return fmt.Sprintf("const svlimit = %d\n", s.limit) }

func (s *saved) method() string {
	return fmt.Sprintf("func (t svT) Get() int { return %d * t.n }\n", s.get)
}

func (s *saved) keeper() string {
	return "func svkeep(p *int) { " + map[bool]string{false: "*p++", true: "*p++; svkept = p"}[s.escapes] + " }\n"
}

func (s *saved) declare() string {
	return "type svT struct{ n int }\nvar svkept *int\nfunc svuse(n int) int { svkeep(&n); return n }\n" +
		s.helper() + s.caller() + s.generic() + s.constant() + s.method() + s.keeper()
}

func (s *saved) change() string {
	switch s.IntN(7) {
	case 0:
		s.mul, s.add = 1+s.IntN(5), s.IntN(50)
	case 1:
		s.recursive = !s.recursive
	case 2:
		s.via = s.IntN(4)
		return s.caller()
	case 3:
		s.pick = !s.pick
		return s.generic()
	case 4:
		s.limit = 40 + s.IntN(60)
		return s.constant()
	case 5:
		s.get = 1 + s.IntN(9)
		return s.method()
	case 6:
		s.escapes = !s.escapes
		return s.keeper()
	}
	return s.helper()
}

// help, call and last are what the functions mean now.
func (s *saved) help(n int) int { return s.mul*n + s.add } // a recursive one comes to the same

func (s *saved) call(n int) int {
	switch s.via {
	case 1:
		return s.help(n) + 1
	case 2:
		return min(s.help(n), s.limit)
	case 3:
		return s.last(n, s.help(n))
	}
	return s.help(n)
}

func (s *saved) last(a, b int) int {
	if s.pick {
		return a
	}
	return b
}

func (s *saved) remake() string {
	if s.made {
		return ""
	}
	s.made, s.n, s.base = true, 0, s.IntN(20)
	return fmt.Sprintf(`svfv, svcv := svhelp, svcall
svn := 0
svclo := func(n int) int { svn++; return svhelp(n) + svn }
svsum := func(n int) (sum int) { for i := range n { sum += svhelp(i) }; return sum }
svdeep := func(n int) int { return svcall(n) + svhelp(n) }
svmv, svme := svT{%d}.Get, svT.Get
svstack := func(n int) int { return svuse(n) }
svfuncs := map[string]func(int) int{"help": svhelp, "inner": func(n int) int { return func() int { return svcall(n) }() }}
svask, svanswer := make(chan int), make(chan int)
go func() { for n := range svask { svanswer <- svcall(n) + svhelp(n) } }()
`, s.base)
}

func (s *saved) forget() { s.made = false }

func (s *saved) live(q *question) {
	if !s.made {
		return
	}
	n := s.IntN(10)
	s.n++
	q.print(fmt.Sprintf("svfv(%[1]d), svcv(%[1]d), svclo(%[1]d)", n), s.help(n), s.call(n), s.help(n)+s.n)
	sum := 0
	for i := range n {
		sum += s.help(i)
	}
	q.print(fmt.Sprintf("svsum(%[1]d), svdeep(%[1]d), svstack(%[1]d)", n), sum, s.call(n)+s.help(n), n+1)
	q.print(fmt.Sprintf("svmv(), svme(svT{%d})", n), s.get*s.base, s.get*n)
	q.print(fmt.Sprintf(`svfuncs["help"](%[1]d), svfuncs["inner"](%[1]d)`, n), s.help(n), s.call(n))
	q.do("svask <- %d", n)
	q.print("<-svanswer", s.call(n)+s.help(n))
}

func (s *saved) fresh(q *question) {
	n := s.IntN(10)
	q.print(fmt.Sprintf("svhelp(%[1]d), svcall(%[1]d), svuse(%[1]d), svT{%[1]d}.Get(), svlast([]int{%[1]d, 7})", n),
		s.help(n), s.call(n), n+1, s.get*n, s.last(n, 7))
}
