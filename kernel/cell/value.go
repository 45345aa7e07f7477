package cell

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/types"
	"strings"
)

// Value is an expression that only reads memory: a variable of the session and
// the way from it to a part of it. It can be shown without being compiled.
type Value struct {
	// Symbol is the linker's name of the variable, as in "main.point".
	Symbol string
	Steps  []Step
}

// Step leads from a value to a part of it, or to what it points to.
type Step struct {
	Kind StepKind
	// Index is that of a field or element.
	Index int
	// Key is a constant key of a map: the text of a string, or what Go prints
	// of a whole number or truth value.
	Key string
}

// StepKind says what a step does.
type StepKind int

// The kinds of steps. Field and Element also follow a pointer to a struct or
// array first.
const (
	Field   StepKind = iota // to field number Index
	Pointed                 // to what a pointer points to
	Element                 // to element number Index of an array, slice or string
	Entry                   // to the value of a map under Key
)

// Value reports whether a cell is nothing but an expression that names a
// variable of the session or a part of one: x, x.f, a[3], m["k"], *p. Compile
// has to deal with all others, and with those whose value needs more than
// reading: a type error, a method, a last value of type error.
// Cost: 0.2 ms, or 10 µs for what does not look like that.
func (s *Scope) Value(src string) (Value, bool) {
	_, code := SplitMagics(src)
	x, err := parser.ParseExpr(code)
	if err != nil || !readsOnly(x) || strings.Contains(code, ";") {
		return Value{}, false
	}
	c := s.compiler(src, 0)
	c.forced, c.split = map[string]bool{}, map[string]bool{}
	defer c.forget()
	if c.checkAlone(); len(c.errs) > 0 || len(c.notices) > 0 || c.showing != showValue {
		return Value{}, false
	}
	v := Value{}
	if !c.value(c.p.show, &v) {
		return Value{}, false
	}
	return v, true
}

// checkAlone checks a cell up to the point where it would change something.
func (c *compiler) checkAlone() {
	c.p, c.errs = parse(c.s.pl, c.src)
	if len(c.errs) > 0 {
		return
	}
	for _, t := range c.p.toks {
		c.words[t.lit] = true
	}
	c.declare()
	c.resolveImports()
	c.checkStatements()
}

// readsOnly is a first look at the syntax.
func readsOnly(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return true
	case *ast.ParenExpr:
		return readsOnly(x.X)
	case *ast.SelectorExpr:
		return readsOnly(x.X)
	case *ast.StarExpr:
		return readsOnly(x.X)
	case *ast.IndexExpr:
		return readsOnly(x.X)
	}
	return false
}

// value finds the variable of an expression and the steps from it.
func (c *compiler) value(x ast.Expr, v *Value) bool {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return c.value(x.X, v)
	case *ast.Ident:
		return c.valueRoot(x, v)
	case *ast.StarExpr:
		ok := c.value(x.X, v)
		v.Steps = append(v.Steps, Step{Kind: Pointed})
		return ok
	case *ast.SelectorExpr:
		sel := c.first.info.Selections[x]
		if sel == nil || sel.Kind() != types.FieldVal || !c.value(x.X, v) {
			return false
		}
		for _, i := range sel.Index() {
			v.Steps = append(v.Steps, Step{Kind: Field, Index: i})
		}
		return true
	case *ast.IndexExpr:
		return c.value(x.X, v) && c.valueIndex(x, v)
	}
	return false
}

func (c *compiler) valueRoot(id *ast.Ident, v *Value) bool {
	obj, ok := c.first.info.Uses[id].(*types.Var)
	if !ok || !c.first.global(obj) {
		return false
	}
	e := c.view[obj.Name()]
	if e == nil || e.kind != Var || e.emitted == "" {
		return false
	}
	v.Symbol = "main." + e.emitted
	return true
}

// valueIndex adds the step to an element or entry with a constant index.
func (c *compiler) valueIndex(x *ast.IndexExpr, v *Value) bool {
	i := c.first.info.Types[x.Index].Value
	if i == nil {
		return false
	}
	if m, ok := c.first.info.TypeOf(x.X).Underlying().(*types.Map); ok {
		return c.valueEntry(m, c.first.info.TypeOf(x.Index), i, v)
	}
	n, exact := constant.Int64Val(constant.ToInt(i))
	v.Steps = append(v.Steps, Step{Kind: Element, Index: int(n)})
	return exact
}

// valueEntry adds the step to an entry of a map, for the keys that authors
// write: text, whole numbers and truth values.
func (c *compiler) valueEntry(m *types.Map, key types.Type, i constant.Value, v *Value) bool {
	if _, ok := m.Key().Underlying().(*types.Basic); !ok || !types.Identical(key, m.Key()) {
		return false
	}
	step := Step{Kind: Entry}
	switch i.Kind() {
	case constant.String:
		step.Key = constant.StringVal(i)
	case constant.Int, constant.Bool:
		step.Key = i.ExactString()
	default:
		return false
	}
	v.Steps = append(v.Steps, step)
	return true
}
