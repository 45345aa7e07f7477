package cell

import (
	"go/ast"
	"go/constant"
	"go/types"
	"math"
	"strings"
)

// showMode says what becomes of the trailing expression.
type showMode int

const (
	showNothing showMode = iota
	showBlank            // a value that nobody wants
	showValue
	showError // its last value has static type error
)

// decideShow decides what becomes of the trailing expression, and refuses one
// that has no value to show.
func (c *compiler) decideShow() {
	x := c.p.show
	if x == nil {
		return
	}
	tv, ok := c.first.info.Types[x]
	if !ok || tv.IsVoid() || !tv.IsValue() && !tv.IsNil() {
		return
	}
	if c.p.hush && c.unused {
		c.showing = showBlank
	}
	if c.p.hush || c.hushed(x) {
		return
	}
	if tv.Value != nil && overflows(tv) {
		e := newError(c.src, c.s.pl.offset(x.Pos()), "cannot show constant "+tv.Value.String()+": it overflows "+types.Default(tv.Type).String())
		c.errs = append(c.errs, e)
		return
	}
	c.showing = showValue
	last := tv.Type
	if t, ok := last.(*types.Tuple); ok {
		last = t.At(t.Len() - 1).Type()
	}
	if types.Identical(last, types.Universe.Lookup("error").Type()) {
		c.showing = showError
	}
}

func overflows(tv types.TypeAndValue) bool {
	b, ok := tv.Type.(*types.Basic)
	if !ok || b.Info()&types.IsUntyped == 0 {
		return false
	}
	switch b.Kind() {
	case types.UntypedInt, types.UntypedRune:
		v, exact := constant.Int64Val(constant.ToInt(tv.Value))
		return !exact || b.Kind() == types.UntypedRune && (v > math.MaxInt32 || v < math.MinInt32)
	case types.UntypedFloat:
		f, _ := constant.Float64Val(tv.Value)
		return math.IsInf(f, 0)
	}
	return false
}

// hushed says whether x is a call whose results Go programmers ignore.
func (c *compiler) hushed(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		b, ok := c.first.info.Uses[f].(*types.Builtin)
		if ok {
			return b.Name() == "copy" || b.Name() == "delete" || b.Name() == "recover"
		}
		fn, ok := c.first.info.Uses[f].(*types.Func)
		return ok && ignoredFunc(fn)
	case *ast.SelectorExpr:
		fn, ok := c.first.info.Uses[f.Sel].(*types.Func)
		return ok && ignoredFunc(fn)
	}
	return false
}

// ignoredFunc says whether callers of fn usually ignore its results: the
// fmt.Print family, Close and Flush, writes to buffers that cannot fail.
func ignoredFunc(fn *types.Func) bool {
	sig := fn.Type().(*types.Signature)
	if sig.Recv() == nil {
		return fn.Pkg() != nil && fn.Pkg().Path() == "fmt" &&
			(strings.HasPrefix(fn.Name(), "Print") || strings.HasPrefix(fn.Name(), "Fprint"))
	}
	if fn.Name() == "Close" || fn.Name() == "Flush" {
		return sig.Results().Len() <= 1
	}
	if !strings.HasPrefix(fn.Name(), "Write") {
		return false
	}
	t := types.Unalias(sig.Recv().Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	switch n.Obj().Pkg().Path() + "." + n.Obj().Name() {
	case "strings.Builder", "bytes.Buffer", "bufio.Writer", "text/tabwriter.Writer", "os.File":
		return true
	}
	return false
}
