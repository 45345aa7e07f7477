package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// best is for what fits a place: a value of its type. A call that makes one
// fits less.
const best = 2

// fits returns what says how well an object may stand in the place of the
// identifier by its type. Where any may, none is better than others.
func (p *probe) fits() func(types.Object) int {
	if p.wantsType() {
		return func(o types.Object) int {
			if _, ok := o.(*types.TypeName); ok {
				return best
			}
			return 0
		}
	}
	want := p.wanted()
	if b, ok := want.(*types.Basic); want == nil || ok && b.Kind() == types.Invalid {
		return func(types.Object) int { return 0 }
	}
	if i, ok := want.Underlying().(*types.Interface); ok && i.Empty() {
		return func(types.Object) int { return 0 }
	}
	return func(o types.Object) int { return yields(o, want) }
}

// yields says how well naming or calling o makes a value of type want.
func yields(o types.Object, want types.Type) int {
	switch o.(type) {
	case *types.Var, *types.Const, *types.Func:
	default:
		return 0
	}
	if o.Type() == nil {
		return 0
	}
	if types.AssignableTo(o.Type(), want) {
		return best
	}
	sig, ok := o.Type().(*types.Signature)
	if ok && sig.Results().Len() == 1 && sig.TypeParams() == nil && types.AssignableTo(sig.Results().At(0).Type(), want) {
		return best - 1
	}
	return 0
}

// place is the expression that the identifier ends, and the nodes around it.
func (p *probe) place() (x ast.Expr, path []ast.Node) {
	x, path = p.id, p.path
	for len(path) > 0 {
		switch n := path[len(path)-1].(type) {
		case *ast.SelectorExpr:
			if n.Sel != p.id {
				return x, path
			}
			x = n
		case *ast.ParenExpr:
			x = n
		default:
			return x, path
		}
		path = path[:len(path)-1]
	}
	return x, path
}

// wanted is the type of the value that belongs in the place of the identifier,
// nil where nobody knows.
func (p *probe) wanted() types.Type {
	x, path := p.place()
	if len(path) == 0 {
		return nil
	}
	info := p.ck.info
	switch n := path[len(path)-1].(type) {
	case *ast.AssignStmt:
		if i := slices.Index(n.Rhs, x); i >= 0 && n.Tok != token.DEFINE && i < len(n.Lhs) {
			return info.TypeOf(n.Lhs[i])
		}
	case *ast.ValueSpec:
		if n.Type != nil && slices.Contains(n.Values, x) {
			return info.TypeOf(n.Type)
		}
	case *ast.CallExpr:
		return p.parameter(n, slices.Index(n.Args, x))
	case *ast.ReturnStmt:
		return p.result(path, slices.Index(n.Results, x))
	case *ast.BinaryExpr:
		return p.operand(n, x)
	case *ast.CompositeLit, *ast.KeyValueExpr:
		return p.element(path, x)
	case *ast.SendStmt:
		if c, ok := core[*types.Chan](info.TypeOf(n.Chan)); ok && n.Value == x {
			return c.Elem()
		}
	case *ast.IndexExpr:
		if m, ok := core[*types.Map](info.TypeOf(n.X)); ok && n.Index == x {
			return m.Key()
		}
	case *ast.IfStmt, *ast.ForStmt:
		return types.Typ[types.Bool]
	case *ast.CaseClause:
		return p.tag(path)
	}
	return nil
}

// core is the underlying type of t, if it is a T.
func core[T types.Type](t types.Type) (u T, ok bool) {
	if t == nil {
		return u, false
	}
	u, ok = t.Underlying().(T)
	return u, ok
}

func (p *probe) parameter(call *ast.CallExpr, i int) types.Type {
	sig, ok := core[*types.Signature](p.ck.info.TypeOf(call.Fun))
	if !ok || i < 0 || sig.Params().Len() == 0 {
		return nil
	}
	last := sig.Params().Len() - 1
	if sig.Variadic() && i >= last {
		if s, ok := core[*types.Slice](sig.Params().At(last).Type()); ok {
			return s.Elem()
		}
		return nil
	}
	if i > last {
		return nil
	}
	return sig.Params().At(i).Type()
}

func (p *probe) result(path []ast.Node, i int) types.Type {
	for _, n := range slices.Backward(path) {
		var t types.Type
		switch f := n.(type) {
		case *ast.FuncLit:
			t = p.ck.info.TypeOf(f)
		case *ast.FuncDecl:
			if o := p.ck.info.Defs[f.Name]; o != nil {
				t = o.Type()
			}
		default:
			continue
		}
		if sig, ok := core[*types.Signature](t); ok && i >= 0 && i < sig.Results().Len() {
			return sig.Results().At(i).Type()
		}
		return nil
	}
	return nil
}

func (p *probe) operand(n *ast.BinaryExpr, x ast.Expr) types.Type {
	switch n.Op {
	case token.LAND, token.LOR:
		return types.Typ[types.Bool]
	case token.SHL, token.SHR:
		return nil
	}
	other := n.X
	if other == x {
		other = n.Y
	}
	t := p.ck.info.TypeOf(other)
	if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedNil {
		return nil
	}
	return t
}

// element is the type of a field or element of the literal around x.
func (p *probe) element(path []ast.Node, x ast.Expr) types.Type {
	var key ast.Expr
	if kv, ok := path[len(path)-1].(*ast.KeyValueExpr); ok {
		if path = path[:len(path)-1]; len(path) == 0 {
			return nil
		}
		key = kv.Key
	}
	lit, ok := path[len(path)-1].(*ast.CompositeLit)
	if !ok || lit.Type == x {
		return nil
	}
	t := p.ck.info.TypeOf(lit)
	if t == nil {
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return field(u, key)
	case *types.Map:
		if key == x {
			return u.Key()
		}
		return u.Elem()
	case interface{ Elem() types.Type }: // slices and arrays
		return u.Elem()
	}
	return nil
}

func field(s *types.Struct, key ast.Expr) types.Type {
	id, ok := key.(*ast.Ident)
	if !ok {
		return nil
	}
	for f := range s.Fields() {
		if f.Name() == id.Name {
			return f.Type()
		}
	}
	return nil
}

func (p *probe) tag(path []ast.Node) types.Type {
	for _, n := range slices.Backward(path) {
		if s, ok := n.(*ast.SwitchStmt); ok {
			if s.Tag == nil {
				return types.Typ[types.Bool]
			}
			return p.ck.info.TypeOf(s.Tag)
		}
	}
	return nil
}

// wantsType says whether a type stands in the place of the identifier.
func (p *probe) wantsType() bool {
	x, path := p.place()
	for len(path) > 0 {
		switch n := path[len(path)-1].(type) {
		case *ast.StarExpr:
			x, path = n, path[:len(path)-1]
			continue
		case *ast.ValueSpec:
			return n.Type == x
		case *ast.Field:
			return n.Type == x
		case *ast.TypeSpec:
			return n.Type == x
		case *ast.ArrayType:
			return n.Elt == x
		case *ast.MapType, *ast.ChanType:
			return true
		case *ast.TypeAssertExpr:
			return n.Type == x
		case *ast.CaseClause: // its body, and itself, are in the switch
			return len(path) > 2 && isTypeSwitch(path[len(path)-3]) && slices.Contains(n.List, x)
		case *ast.CallExpr:
			id, ok := n.Fun.(*ast.Ident)
			return ok && (id.Name == "new" || id.Name == "make") && n.Args[0] == x
		}
		return false
	}
	return false
}

// within says whether one of the nodes around the identifier is such a one.
func (p *probe) within(such func(ast.Node) bool) bool { return slices.ContainsFunc(p.path, such) }

// named says whether the identifier is the name of what is being declared, for
// which there is nothing to propose.
func (p *probe) named() bool {
	switch n := p.parent.(type) {
	case *ast.FuncDecl:
		return n.Name == p.id
	case *ast.TypeSpec:
		return n.Name == p.id
	case *ast.ValueSpec:
		return slices.Contains(n.Names, p.id)
	case *ast.Field:
		return slices.Contains(n.Names, p.id)
	}
	return false
}

// label says whether the identifier is where break, continue or goto lead.
func (p *probe) label() bool {
	b, ok := p.parent.(*ast.BranchStmt)
	return ok && b.Label == p.id
}

func (p *probe) labels(l *candidates) {
	for _, n := range slices.Backward(p.path) {
		if s, ok := n.(*ast.LabeledStmt); ok {
			l.add(Candidate{Text: s.Label.Name, Kind: "label"})
		}
	}
}

func isTypeSwitch(n ast.Node) bool {
	_, ok := n.(*ast.TypeSwitchStmt)
	return ok
}
