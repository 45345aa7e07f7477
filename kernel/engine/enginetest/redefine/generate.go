package redefine

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
)

// A Sequence is one session made at random, with what it must print.
type Sequence struct {
	Number  uint64
	Session enginetest.Session
	Program string // the last version of each declaration, and a main that makes and asks all anew
	Output  string // of the program
}

// A subject is a corner of the language: declarations, live values, and a
// model of what they mean.
type subject interface {
	// declare returns all declarations as they are now.
	declare() string
	// change changes the declarations and returns those that changed.
	change() string
	// remake returns statements that set live variables, and remembers them.
	remake() string
	// live asks for what lives in the session.
	live(*question)
	// forget forgets what lives: in a program nothing is older than it.
	forget()
	// fresh asks for what needs no earlier value; it is part of the program.
	fresh(*question)
}

// A question is statements and what they print.
type question struct{ code, want strings.Builder }

// print asks for the values of expressions.
func (q *question) print(code string, want ...any) {
	fmt.Fprintf(&q.code, "fmt.Println(%s)\n", code)
	fmt.Fprintln(&q.want, want...)
}

func (q *question) do(code string, args ...any) { fmt.Fprintf(&q.code, code+"\n", args...) }

// A generator makes one sequence.
type generator struct {
	*rand.Rand
	base     *base
	subjects []subject
}

func newGenerator(number uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(number, 7))}
	g.base = newBase(g)
	inner := newRecord(g, "rec0", nil)
	middle := newRecord(g, "rec1", inner)
	all := []subject{newEnum(g), newCounter(g), newBoxes(g), newOrder(g), newMessage(g), newFault(g), newLocal(g), newServer(g), newFace(g, inner, middle), newFlip(g), newThing(g), newGrid(g), newSmall(g), newLibrary(g), newSaved(g)}
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	g.subjects = append([]subject{g.base, inner, middle}, all[:2+g.IntN(4)]...)
	return g
}

// Generate makes sequence number, always the same for the same arguments.
func Generate(number uint64, cells int, noInline bool) Sequence {
	g := newGenerator(number)
	s := Sequence{Number: number, Session: enginetest.Session{File: fmt.Sprintf("sequence-%d", number), Title: fmt.Sprintf("sequence %d", number)}}
	add := func(code, want string) {
		if noInline {
			code = forbidInlining(code)
		}
		s.Session.Cells = append(s.Session.Cells, enginetest.Cell{Code: strings.TrimSuffix(code, "\n"), Want: sections(want)})
	}
	code, want := g.first()
	add(code, want)
	for range cells - 1 {
		if g.IntN(6) == 0 {
			s.Session.Cells = append(s.Session.Cells, refused)
		}
		add(g.cell())
	}
	s.Program, s.Output = g.program()
	return s
}

// refused does not compile, so nothing that it declares may stay.
var refused = enginetest.Cell{
	Code: `const k0 = 99
func h0(n int) int { return -1 }
type rec0 struct { wrong int }
func (r rec0) Val() int { return -5 }
rec0v0 := rec0{wrong: 7}
tally := nope()`,
	Want: []enginetest.Section{{Name: "stderr", Flag: "has"}, {Name: "err", Flag: "regexp", Text: "CompileError: .*nope.*\n"}},
}

func sections(want string) []enginetest.Section {
	w := []enginetest.Section{{Name: "stderr", Flag: "has"}}
	if want != "" {
		w = append(w, enginetest.Section{Name: "out", Text: want})
	}
	return w
}

func (g *generator) first() (code, want string) {
	var q question
	for _, s := range g.subjects {
		q.do("%s", s.declare())
	}
	for _, s := range g.subjects {
		q.do("%s", s.remake())
	}
	return q.code.String(), ""
}

// cell changes up to three subjects, sets some variables and asks.
func (g *generator) cell() (code, want string) {
	var q question
	for _, i := range g.Perm(len(g.subjects))[:g.IntN(4)%len(g.subjects)] {
		q.do("%s", g.subjects[i].change())
	}
	early := g.IntN(2) == 0
	for _, s := range g.subjects {
		if g.IntN(2) == 0 {
			s.live(&q)
		}
		if early && g.IntN(3) == 0 {
			q.do("%s", s.remake())
		}
		if g.IntN(2) == 0 {
			s.fresh(&q)
		}
	}
	if g.IntN(4) == 0 {
		q.do("runtime.GC()")
	}
	return q.code.String(), q.want.String()
}

// program assembles what was declared last, with variables made of it.
func (g *generator) program() (source, want string) {
	var q question
	q.do("package main\nimport (\n%s)\nfunc main() {", imports)
	for _, s := range g.subjects {
		s.forget()
		made := s.remake()
		q.do("%s", made)
		for _, names := range variable.FindAllStringSubmatch(made, -1) {
			for name := range strings.SplitSeq(names[1]+names[2], ", ") {
				q.do("_ = %s", name)
			}
		}
	}
	for _, s := range g.subjects {
		s.live(&q)
		s.fresh(&q)
	}
	q.do("}\n%s", uses)
	for _, s := range g.subjects {
		q.do("%s", s.declare())
	}
	return q.code.String(), q.want.String()
}

// variable matches the names of variables that are made at the start of a line.
var variable = regexp.MustCompile(`(?m)^(?:var (\w+) |(\w+(?:, \w+)*) :=)`)

const imports = `"cmp"
"container/heap"
"context"
"encoding/json"
"errors"
"fmt"
"iter"
"reflect"
"runtime"
"slices"
"sort"
"strings"
"sync"
"sync/atomic"
"text/template"
"time"
"unique"
`

const uses = `var _ = []any{cmp.Compare[int], iter.Pull[int], heap.Init, context.Background, json.Marshal, errors.New, reflect.TypeOf, runtime.GC, slices.Max[[]int], sort.Sort, strings.Clone, sync.NewCond, atomic.AddInt32, template.New, time.Now, unique.Make[int]}`

var function = regexp.MustCompile(`(?m)^func (\w|\([^)]*\) ?\w)`)

func forbidInlining(code string) string {
	return function.ReplaceAllStringFunc(code, func(head string) string { return "//go:noinline\n" + head })
}

// Text writes the session in the form of the suite's files.
func (s Sequence) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "=== %s\n", s.Session.Title)
	for _, c := range s.Session.Cells {
		fmt.Fprintf(&b, "-- in --\n%s\n", c.Code)
		for _, w := range c.Want {
			fmt.Fprintf(&b, "-- %s --\n%s", strings.TrimSpace(w.Name+" "+w.Flag), w.Text)
		}
	}
	return b.String()
}
