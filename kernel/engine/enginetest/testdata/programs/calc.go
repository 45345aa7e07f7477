// A lexer, a parser and an evaluator of expressions.
package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

type node interface {
	eval(env map[string]float64) float64
}
type num float64
type ref string
type bin struct {
	op   rune
	l, r node
}
type neg struct{ x node }

func (n num) eval(map[string]float64) float64     { return float64(n) }
func (r ref) eval(env map[string]float64) float64 { return env[string(r)] }
func (n neg) eval(env map[string]float64) float64 { return -n.x.eval(env) }
func (b bin) eval(env map[string]float64) float64 {
	l, r := b.l.eval(env), b.r.eval(env)
	switch b.op {
	case '+':
		return l + r
	case '-':
		return l - r
	case '*':
		return l * r
	}
	return l / r
}

type parser struct {
	toks []string
	pos  int
}

func lex(s string) (toks []string) {
	rs := []rune(s)
	for i := 0; i < len(rs); {
		switch r := rs[i]; {
		case unicode.IsSpace(r):
			i++
		case unicode.IsDigit(r) || unicode.IsLetter(r):
			j := i
			for j < len(rs) && (unicode.IsDigit(rs[j]) || unicode.IsLetter(rs[j]) || rs[j] == '.') {
				j++
			}
			toks = append(toks, string(rs[i:j]))
			i = j
		default:
			toks = append(toks, string(r))
			i++
		}
	}
	return
}

func (p *parser) peek() string {
	if p.pos < len(p.toks) {
		return p.toks[p.pos]
	}
	return ""
}

func (p *parser) expr(level string) node {
	operators := map[string]string{"sum": "+-", "product": "*/"}[level]
	next := func() node {
		if level == "sum" {
			return p.expr("product")
		}
		return p.factor()
	}
	n := next()
	for t := p.peek(); t != "" && strings.Contains(operators, t); t = p.peek() {
		p.pos++
		n = bin{rune(t[0]), n, next()}
	}
	return n
}

func (p *parser) factor() node {
	t := p.peek()
	p.pos++
	switch {
	case t == "(":
		n := p.expr("sum")
		if p.peek() != ")" {
			panic(fmt.Errorf("want ), have %q", p.peek()))
		}
		p.pos++
		return n
	case t == "-":
		return neg{p.factor()}
	case t == "":
		panic(fmt.Errorf("unexpected end"))
	}
	if f, err := strconv.ParseFloat(t, 64); err == nil {
		return num(f)
	}
	return ref(t)
}

func parse(s string) (n node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	return (&parser{toks: lex(s)}).expr("sum"), nil
}

func main() {
	env := map[string]float64{"x": 3, "y": 4}
	for _, s := range []string{"1+2*3", "(1+2)*3", "-x*-y", "x/(y-4)", "2*(3", "", "x*x+y*y"} {
		n, err := parse(s)
		if err != nil {
			fmt.Printf("%q: %v\n", s, err)
			continue
		}
		fmt.Printf("%q = %v  %v\n", s, n.eval(env), n)
	}
}
