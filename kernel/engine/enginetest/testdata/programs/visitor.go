// Double dispatch, functional options, builders and a small event bus.
package main

import (
	"errors"
	"fmt"
	"strings"
)

type expr interface{ accept(visitor) any }
type visitor interface {
	lit(literal) any
	add(addition) any
}
type literal struct{ n int }
type addition struct{ l, r expr }

func (l literal) accept(v visitor) any  { return v.lit(l) }
func (a addition) accept(v visitor) any { return v.add(a) }

type evaluator struct{}
type printer struct{ depth int }

func (evaluator) lit(l literal) any    { return l.n }
func (e evaluator) add(a addition) any { return a.l.accept(e).(int) + a.r.accept(e).(int) }
func (printer) lit(l literal) any      { return fmt.Sprint(l.n) }
func (p printer) add(a addition) any {
	p.depth++
	return strings.Repeat("(", 1) + a.l.accept(p).(string) + "+" + a.r.accept(p).(string) + ")" + fmt.Sprint("@", p.depth)
}

type server struct {
	host string
	port int
	tls  bool
}
type option func(*server) error

func withPort(n int) option {
	return func(s *server) error {
		if n <= 0 {
			return fmt.Errorf("port %d: %w", n, errInvalid)
		}
		s.port = n
		return nil
	}
}
func withTLS(s *server) error { s.tls = true; return nil }

var errInvalid = errors.New("invalid")

func newServer(host string, opts ...option) (*server, error) {
	s := &server{host: host, port: 80}
	var errs []error
	for _, o := range opts {
		errs = append(errs, o(s))
	}
	return s, errors.Join(errs...)
}

type bus[E any] struct{ handlers map[string][]func(E) }

func (b *bus[E]) on(name string, f func(E)) (off func()) {
	if b.handlers == nil {
		b.handlers = map[string][]func(E){}
	}
	b.handlers[name] = append(b.handlers[name], f)
	i := len(b.handlers[name]) - 1
	return func() { b.handlers[name][i] = nil }
}
func (b *bus[E]) emit(name string, e E) (n int) {
	for _, f := range b.handlers[name] {
		if f != nil {
			f(e)
			n++
		}
	}
	return
}

func main() {
	e := addition{literal{1}, addition{literal{2}, literal{3}}}
	fmt.Println(e.accept(evaluator{}), e.accept(printer{}))
	s, err := newServer("a", withPort(8080), withTLS)
	fmt.Printf("%+v %v\n", *s, err)
	s, err = newServer("b", withPort(-1), withPort(0))
	fmt.Println(*s, errors.Is(err, errInvalid), strings.ReplaceAll(err.Error(), "\n", "; "))
	var b bus[map[string]int]
	total := 0
	off := b.on("add", func(m map[string]int) { total += m["n"] })
	b.on("add", func(m map[string]int) { total += 100 })
	fmt.Println(b.emit("add", map[string]int{"n": 5}), total)
	off()
	fmt.Println(b.emit("add", nil), b.emit("none", nil), total)
}
