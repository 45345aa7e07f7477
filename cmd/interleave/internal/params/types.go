package params

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// variable is what the parameters cell says of a name.
type variable struct {
	typ      types.Type // nil when it cannot be seen from the cell alone
	constant bool
}

// declarations finds the variables and constants which the code of a cell
// declares at its top level, and their types as far as they can be told
// without running or importing anything: Go's own types and time.Duration.
// Code that does not check yields what could be understood; the engine will
// say what is wrong with it.
func declarations(code string) map[string]variable {
	found := map[string]variable{}
	fset := token.NewFileSet()
	imports, rest := cut(code)
	// Cells need not import time; twice does no harm here.
	text := "package p\nimport \"time\"\n" + imports + "\nfunc _() {\n" + rest + "\n}"
	file, _ := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if file == nil {
		return found
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: durations{}, Error: func(error) {}}
	conf.Check("p", fset, []*ast.File{file}, info)
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		for _, id := range declared(f.Body) {
			if v, ok := describe(info.Defs[id]); ok {
				found[id.Name] = v
			}
		}
	}
	return found
}

// cut divides code into its import declarations and the rest.
func cut(code string) (imports, rest string) {
	const head = "package p;"
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", head+code, parser.ImportsOnly)
	if file == nil || len(file.Decls) == 0 {
		return "", code
	}
	end := fset.Position(file.Decls[len(file.Decls)-1].End()).Offset - len(head)
	return code[:end], strings.TrimPrefix(strings.TrimLeft(code[end:], " \t"), ";")
}

// declared lists the names which the statements of a block declare.
func declared(b *ast.BlockStmt) []*ast.Ident {
	var names []*ast.Ident
	for _, s := range b.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			for _, e := range s.Lhs {
				if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
					names = append(names, id)
				}
			}
		case *ast.DeclStmt:
			d, _ := s.Decl.(*ast.GenDecl)
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					names = append(names, v.Names...)
				}
			}
		}
	}
	return names
}

func describe(obj types.Object) (variable, bool) {
	switch obj := obj.(type) {
	case *types.Const:
		return variable{typ: obj.Type(), constant: true}, true
	case *types.Var:
		if obj.Type() == types.Typ[types.Invalid] {
			return variable{}, true
		}
		return variable{typ: obj.Type()}, true
	}
	return variable{}, false
}

// durations imports a package time that knows no more than durations; reading
// the real one would need the Go toolchain.
type durations struct{}

func (durations) Import(path string) (*types.Package, error) {
	if path != "time" {
		return nil, errors.New("not known here")
	}
	p := types.NewPackage("time", "time")
	name := types.NewTypeName(token.NoPos, p, "Duration", nil)
	types.NewNamed(name, types.Typ[types.Int64], nil)
	p.Scope().Insert(name)
	for _, u := range units {
		c := types.NewConst(token.NoPos, p, strings.TrimPrefix(u.name, "time."), name.Type(), constant.MakeInt64(int64(u.size)))
		p.Scope().Insert(c)
	}
	p.MarkComplete()
	return p, nil
}

var units = []struct {
	name string
	size time.Duration
}{
	{"time.Hour", time.Hour},
	{"time.Minute", time.Minute},
	{"time.Second", time.Second},
	{"time.Millisecond", time.Millisecond},
	{"time.Microsecond", time.Microsecond},
	{"time.Nanosecond", time.Nanosecond},
}

// literal writes the value as Go source of the variable's type.
func literal(v variable, value string) (string, error) {
	if v.constant {
		return "", errors.New("is declared as a constant; declare it with var or := so that it can be set")
	}
	if v.typ == nil {
		return "", errors.New("its type is not to be seen in the parameters cell; write it out, such as: var x int = f()")
	}
	if v.typ.String() == "time.Duration" {
		return durationLiteral(value)
	}
	basic, ok := v.typ.Underlying().(*types.Basic)
	if !ok {
		return "", fmt.Errorf("is a %s; only booleans, numbers, strings and durations can be set", v.typ)
	}
	switch info := basic.Info(); {
	case info&types.IsBoolean != 0:
		if value == "true" || value == "false" {
			return value, nil
		}
	case info&types.IsString != 0:
		return strconv.Quote(value), nil
	case info&types.IsInteger != 0:
		if fits(value, basic) {
			return value, nil
		}
	case info&types.IsFloat != 0:
		if _, err := strconv.ParseFloat(value, bits(basic)); err == nil && isNumber(value) {
			return value, nil
		}
	}
	return "", fmt.Errorf("%q is not a value of type %s", value, v.typ)
}

func durationLiteral(value string) (string, error) {
	d, err := time.ParseDuration(value)
	if err != nil {
		return "", fmt.Errorf("%q is not a duration; write it like 30s, 1.5ms or 2h30m", value)
	}
	for _, u := range units {
		if d != 0 && d%u.size == 0 {
			return fmt.Sprintf("%d * %s", d/u.size, u.name), nil
		}
	}
	return "0", nil
}

// fits says whether value is a Go integer literal, with a sign or not, within
// the range of the type.
func fits(value string, t *types.Basic) bool {
	n, ok := new(big.Int).SetString(value, 0)
	if !ok || strings.HasPrefix(value, "+") {
		return false
	}
	size := uint(bits(t))
	if t.Info()&types.IsUnsigned != 0 {
		return n.Sign() >= 0 && n.BitLen() <= int(size)
	}
	low := new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), size-1))
	high := new(big.Int).Lsh(big.NewInt(1), size-1)
	return n.Cmp(low) >= 0 && n.Cmp(high) < 0
}

// bits is the size of the type on the machine, 64 bits wide, that runs it.
func bits(t *types.Basic) int {
	return 8 * int(types.SizesFor("gc", "amd64").Sizeof(t))
}

// isNumber leaves out what strconv reads and Go source does not know: inf and
// nan, and a leading plus.
func isNumber(value string) bool {
	e, err := parser.ParseExpr(strings.TrimPrefix(value, "-"))
	if err != nil {
		return false
	}
	lit, ok := e.(*ast.BasicLit)
	return ok && (lit.Kind == token.INT || lit.Kind == token.FLOAT)
}
