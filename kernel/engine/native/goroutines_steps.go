package native

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// A step is something that a function does with a channel, a mutex or a wait
// group, by the name that these have there.
type step struct {
	kind     kind
	on       string // "mu", "s.jobs"
	cell     int
	line     int
	at       int // its order in the cell
	deferred bool
	choice   int // line of its select statement, 0 if it is in none
}

type kind int

const (
	receives kind = iota + 1
	sends
	closes
	locks
	unlocks
	awaits
	finishes // a wait group's Done
)

func (s step) where() string { return fmt.Sprintf("cell[%d]:%d", s.cell, s.line) }

// body is what one function of a cell does, or the statements of the cell
// itself. Function literals are functions of their own, deferred ones are not.
type body struct {
	literal     bool
	first, last int // lines
	steps       []step
	loops       [][2]int // from and to, as step.at
}

// place is a moment in a function: what comes before at is done.
type place struct {
	body *body
	at   int
}

// frees is the step that would let go on who waits for w: one still to come,
// or the lock that is held. It is nil if there is none.
func (p place) frees(w step) *step {
	for i := range p.body.steps {
		o := &p.body.steps[i]
		if o.on != w.on || o.at == p.at {
			continue
		}
		found := false
		switch w.kind {
		case receives:
			found = (o.kind == sends || o.kind == closes) && p.later(o)
		case sends:
			found = o.kind == receives && p.later(o)
		case awaits:
			found = o.kind == finishes && p.later(o)
		case locks:
			found = o.kind == locks && o.at < p.at && !p.unlocked(o)
		}
		if found {
			return o
		}
	}
	return nil
}

func (p place) later(o *step) bool {
	if o.deferred || o.at > p.at {
		return true
	}
	for _, l := range p.body.loops {
		if l[0] <= o.at && p.at <= l[1] {
			return true
		}
	}
	return false
}

// unlocked reports whether what o locks was unlocked before p.
func (p place) unlocked(o *step) bool {
	for _, u := range p.body.steps {
		if u.kind == unlocks && u.on == o.on && !u.deferred && o.at < u.at && u.at < p.at {
			return true
		}
	}
	return false
}

// waiting are the steps of a line at which a goroutine in that state waits: one,
// or those of a select statement. There are none when the line has several and
// nobody can tell which of them it is.
func (b *body) waiting(state string, line int) (found []step) {
	choice := 0
	for _, s := range b.steps {
		if s.blocks(state) && (s.line == line || s.choice == line) {
			choice = s.choice
			found = append(found, s)
		}
	}
	if choice != 0 {
		return slices.DeleteFunc(slices.Clone(b.steps), func(s step) bool { return s.choice != choice })
	}
	for _, s := range found {
		if s.on != found[0].on {
			return nil
		}
	}
	if len(found) == 0 || found[0].kind != locks {
		return found[:min(len(found), 1)]
	}
	return found[len(found)-1:]
}

// blocks reports whether the step is where one waits in that state.
func (s step) blocks(state string) bool {
	switch {
	case strings.HasPrefix(state, "select"):
		return s.choice != 0
	case strings.HasPrefix(state, "chan receive"):
		return s.kind == receives
	case strings.HasPrefix(state, "chan send"):
		return s.kind == sends
	case strings.HasPrefix(state, "sync.WaitGroup"):
		return s.kind == awaits
	}
	return s.kind == locks
}

// offset is the order of the first step of a line, or of what follows it.
func (b *body) offset(line int) int {
	at := 0
	for _, s := range b.steps {
		if s.line >= line {
			return s.at
		}
		at = s.at + 1
	}
	return at
}

// bodies are the functions of cells, read when they are asked for.
type bodies struct {
	src   *sources
	cells map[int][]*body
}

// body is the innermost function around the line of a frame, nil if unknown.
func (bs *bodies) body(n int, f worker.Frame) (found *body) {
	if _, ok := bs.cells[n]; !ok {
		bs.cells[n] = read(n, bs.src.text(n))
	}
	literal := strings.Contains(f.Func, ".func")
	for _, b := range bs.cells[n] {
		if b.literal == literal && b.first <= f.Line && f.Line <= b.last && (found == nil || b.last-b.first <= found.last-found.first) {
			found = b
		}
	}
	return found
}

// read reads the functions of a cell; nil if it does not parse.
func read(n int, text string) []*body {
	_, code := cell.SplitMagics(text)
	items, err := cell.Items(code, n)
	if err != nil {
		return nil
	}
	r := reader{cell: n, main: &body{first: 1, last: 1 << 30}}
	r.bodies = []*body{r.main}
	for _, it := range items {
		r.item(it)
	}
	return r.bodies
}

// reader gathers the steps of a cell.
type reader struct {
	cell   int
	fset   *token.FileSet
	shift  int // from lines of the file that is read to those of the cell
	count  int
	main   *body
	bodies []*body
}

func (r *reader) item(it cell.Item) {
	before, after := "package main;func _(){\n", "\n}"
	if it.Kind == cell.Declaration {
		before, after = "package main\n", ""
	}
	r.fset, r.shift = token.NewFileSet(), it.Line-2
	f, err := parser.ParseFile(r.fset, "", before+it.Text+after, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	for _, d := range f.Decls {
		fun, ok := d.(*ast.FuncDecl)
		switch {
		case !ok:
			ast.Walk(walker{reader: r, body: r.main}, d)
		case it.Kind != cell.Declaration:
			ast.Walk(walker{reader: r, body: r.main}, fun.Body)
		case fun.Body != nil:
			r.function(fun.Body, false, "")
		}
	}
}

func (r *reader) line(n token.Pos) int { return r.fset.Position(n).Line + r.shift }

// function reads a function of its own. Whoever started it by the Go of a wait
// group waits for its end.
func (r *reader) function(block *ast.BlockStmt, literal bool, group string) {
	w := walker{reader: r, body: &body{literal: literal, first: r.line(block.Pos()), last: r.line(block.End())}}
	r.bodies = append(r.bodies, w.body)
	ast.Walk(w, block)
	if group != "" {
		w.deferred = true
		w.add(block.Rbrace, finishes, group)
	}
}

// walker is a reader inside of a function.
type walker struct {
	*reader
	body     *body
	deferred bool
	choice   int
}

// Visit notes the steps of a node.
func (w walker) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.FuncLit:
		w.function(n.Body, true, "")
		return nil
	case *ast.DeferStmt:
		w.deferred = true
		if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
			ast.Walk(w, lit.Body)
			return nil
		}
	case *ast.ForStmt:
		return w.loop(n.Init, n.Cond, n.Body, n.Post)
	case *ast.RangeStmt:
		from := w.count + 1
		w.add(n.For, receives, types.ExprString(n.X))
		ast.Walk(w, n.Body)
		w.body.loops = append(w.body.loops, [2]int{from, w.count})
		return nil
	case *ast.SelectStmt:
		w.cases(n)
		return nil
	case *ast.SendStmt:
		w.add(n.Arrow, sends, types.ExprString(n.Chan))
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			w.add(n.OpPos, receives, types.ExprString(n.X))
		}
	case *ast.CallExpr:
		return w.call(n)
	}
	return w
}

func (w walker) add(at token.Pos, k kind, on string) {
	w.count++
	s := step{kind: k, on: on, cell: w.cell, line: w.line(at), at: w.count, deferred: w.deferred, choice: w.choice}
	w.body.steps = append(w.body.steps, s)
}

func (w walker) loop(parts ...ast.Node) ast.Visitor {
	from := w.count + 1
	for _, p := range parts {
		if !reflect.ValueOf(p).IsZero() {
			ast.Walk(w, p)
		}
	}
	w.body.loops = append(w.body.loops, [2]int{from, w.count})
	return nil
}

func (w walker) cases(n *ast.SelectStmt) {
	for _, c := range n.Body.List {
		if c := c.(*ast.CommClause); c.Comm != nil {
			comm := w
			comm.choice = w.line(n.Select)
			ast.Walk(comm, c.Comm)
		}
	}
	for _, c := range n.Body.List {
		for _, s := range c.(*ast.CommClause).Body {
			ast.Walk(w, s)
		}
	}
}

// methods are those of package sync by which goroutines wait for each other.
var methods = map[string]kind{
	"Lock": locks, "RLock": locks, "Unlock": unlocks, "RUnlock": unlocks, "Wait": awaits, "Done": finishes,
}

func (w walker) call(n *ast.CallExpr) ast.Visitor {
	switch fun := n.Fun.(type) {
	case *ast.Ident:
		if fun.Name == "close" && len(n.Args) == 1 {
			w.add(n.Pos(), closes, types.ExprString(n.Args[0]))
		}
	case *ast.SelectorExpr:
		if fun.Sel.Name == "Go" && len(n.Args) == 1 {
			if lit, ok := n.Args[0].(*ast.FuncLit); ok {
				w.function(lit.Body, true, types.ExprString(fun.X))
				return nil
			}
		}
		if k := methods[fun.Sel.Name]; k != 0 && len(n.Args) == 0 {
			w.add(fun.Sel.Pos(), k, types.ExprString(fun.X))
		}
	}
	return w
}
