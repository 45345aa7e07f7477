// A state machine of functions, and one of types.
package main

import (
	"fmt"
	"strings"
)

type lexer struct {
	in    string
	pos   int
	items []string
}
type stateFn func(*lexer) stateFn

func text(l *lexer) stateFn {
	i := strings.Index(l.in[l.pos:], "{{")
	if i < 0 {
		l.emit("text", len(l.in))
		return nil
	}
	l.emit("text", l.pos+i)
	l.pos += 2
	return action
}

func action(l *lexer) stateFn {
	i := strings.Index(l.in[l.pos:], "}}")
	if i < 0 {
		l.items = append(l.items, "error: unclosed")
		return nil
	}
	l.emit("action", l.pos+i)
	l.pos += 2
	return text
}

func (l *lexer) emit(kind string, end int) {
	if end > l.pos {
		l.items = append(l.items, fmt.Sprintf("%s %q", kind, l.in[l.pos:end]))
	}
	l.pos = end
}

func lex(s string) []string {
	l := &lexer{in: s}
	for f := stateFn(text); f != nil; {
		f = f(l)
	}
	return l.items
}

type light interface {
	next() light
	fmt.Stringer
}
type red struct{ n int }
type green struct{ n int }

func (r red) next() light      { return green{r.n + 1} }
func (g green) next() light    { return red{g.n + 1} }
func (r red) String() string   { return fmt.Sprint("red", r.n) }
func (g green) String() string { return fmt.Sprint("green", g.n) }

type event int

const (
	open event = iota
	lock
	unlock
)

var transitions = map[string]map[event]string{
	"closed": {open: "opened", lock: "locked"},
	"locked": {unlock: "closed"},
}

func main() {
	fmt.Println(lex("a {{b}} c{{d}}"))
	fmt.Println(lex("x{{y"), len(lex("")))
	var l light = red{}
	for range 4 {
		l = l.next()
		fmt.Print(l, " ")
	}
	fmt.Println()
	s := "closed"
	for _, e := range []event{lock, open, unlock, open} {
		if n, ok := transitions[s][e]; ok {
			s = n
		} else {
			fmt.Println("no", e, "from", s)
		}
	}
	fmt.Println(s)
}
