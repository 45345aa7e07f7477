package cell

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// typeWriter writes a type as Go text. How named types and the fields that
// embed them are called is left to its functions, which makes it the writer of
// source, of identities and of what a person reads.
type typeWriter struct {
	strings.Builder
	// named writes the name of a defined type, without its arguments.
	named func(w *typeWriter, t *types.TypeName)
	exact bool // for identities: package paths of unexported names are told
}

func (w *typeWriter) write(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			w.named(w, types.Unsafe.Scope().Lookup("Pointer").(*types.TypeName))
			return
		}
		w.basic(t)
	case *types.Pointer:
		w.elem("*", t.Elem())
	case *types.Slice:
		w.elem("[]", t.Elem())
	case *types.Array:
		w.elem("["+strconv.FormatInt(t.Len(), 10)+"]", t.Elem())
	case *types.Map:
		w.WriteString("map[")
		w.write(t.Key())
		w.elem("]", t.Elem())
	case *types.Chan:
		w.channel(t)
	case *types.Signature:
		w.WriteString("func")
		w.signature(t)
	case *types.Struct:
		w.structure(t)
	case *types.Interface:
		w.iface(t)
	case *types.Union:
		w.union(t)
	case *types.TypeParam:
		w.typeParam(t)
	case *types.Named:
		w.name(t)
	default:
		fmt.Fprintf(w, "%v", t)
	}
}

// basic writes byte as uint8 and rune as int32 in identities.
func (w *typeWriter) basic(t *types.Basic) {
	if w.exact && t.Info()&types.IsUntyped == 0 && int(t.Kind()) < len(types.Typ) {
		t = types.Typ[t.Kind()]
	}
	w.WriteString(t.Name())
}

func (w *typeWriter) elem(before string, t types.Type) {
	w.WriteString(before)
	w.write(t)
}

func (w *typeWriter) channel(t *types.Chan) {
	switch t.Dir() {
	case types.SendOnly:
		w.WriteString("chan<- ")
	case types.RecvOnly:
		w.WriteString("<-chan ")
	default:
		w.WriteString("chan ")
	}
	w.WriteByte('(')
	w.write(t.Elem())
	w.WriteByte(')')
}

func (w *typeWriter) signature(t *types.Signature) {
	w.WriteByte('(')
	for i := range t.Params().Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		p := t.Params().At(i).Type()
		if t.Variadic() && i == t.Params().Len()-1 {
			w.WriteString("...")
			if s, ok := types.Unalias(p).(*types.Slice); ok {
				p = s.Elem()
			}
		}
		w.write(p)
	}
	w.WriteByte(')')
	w.results(t.Results())
}

func (w *typeWriter) results(r *types.Tuple) {
	if r.Len() == 0 {
		return
	}
	w.WriteByte(' ')
	if r.Len() > 1 {
		w.WriteByte('(')
	}
	for i := range r.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		w.write(r.At(i).Type())
	}
	if r.Len() > 1 {
		w.WriteByte(')')
	}
}

func (w *typeWriter) structure(t *types.Struct) {
	w.WriteString("struct {")
	for i := range t.NumFields() {
		f := t.Field(i)
		if i > 0 {
			w.WriteByte(';')
		}
		w.WriteByte(' ')
		if !f.Embedded() || w.exact {
			w.unexported(f)
			w.WriteString(f.Name() + " ")
		}
		if f.Embedded() && w.exact {
			w.WriteString("embeds ")
		}
		w.write(f.Type())
		if tag := t.Tag(i); tag != "" {
			w.WriteString(" " + strconv.Quote(tag))
		}
	}
	w.WriteString(" }")
}

// unexported tells the package of an unexported name in identities.
func (w *typeWriter) unexported(o types.Object) {
	if w.exact && !o.Exported() && o.Pkg() != nil {
		w.WriteString(o.Pkg().Path() + ".")
	}
}

func (w *typeWriter) iface(t *types.Interface) {
	t.Complete()
	if t.Empty() {
		w.WriteString("interface {}")
		return
	}
	if !t.IsMethodSet() && t.NumMethods() == 0 && t.NumEmbeddeds() == 0 {
		w.WriteString("comparable")
		return
	}
	w.WriteString("interface {")
	sep := " "
	for i := range t.NumMethods() {
		m := t.Method(i)
		w.WriteString(sep)
		w.unexported(m)
		w.WriteString(m.Name())
		w.signature(m.Type().(*types.Signature))
		sep = "; "
	}
	if !t.IsMethodSet() {
		for i := range t.NumEmbeddeds() {
			w.elem(sep, t.EmbeddedType(i))
			sep = "; "
		}
	}
	w.WriteString(" }")
}

func (w *typeWriter) union(t *types.Union) {
	for i := range t.Len() {
		if i > 0 {
			w.WriteString(" | ")
		}
		if t.Term(i).Tilde() {
			w.WriteByte('~')
		}
		w.write(t.Term(i).Type())
	}
}

func (w *typeWriter) typeParam(t *types.TypeParam) {
	if w.exact {
		fmt.Fprintf(w, "$%d", t.Index())
		return
	}
	w.WriteString(paramName(t))
}

// paramName is a type parameter's name; blank ones get one.
func paramName(t *types.TypeParam) string {
	if t.Obj().Name() == "_" {
		return "_" + mark + strconv.Itoa(t.Index()+1)
	}
	return t.Obj().Name()
}

// typeParams writes the type parameters of a type that is declared and returns
// them as the arguments of an instance; nothing when there are none.
func (w *typeWriter) typeParams(o *types.TypeName) (args string) {
	named, ok := o.Type().(*types.Named)
	if !ok || named.TypeParams().Len() == 0 {
		return ""
	}
	sep := "["
	for p := range named.TypeParams().TypeParams() {
		w.WriteString(sep)
		w.typeParam(p)
		w.elem(" ", p.Constraint())
		args += sep + paramName(p)
		sep = ", "
	}
	w.WriteString("] ")
	return args + "]"
}

func (w *typeWriter) name(t *types.Named) {
	w.named(w, t.Obj())
	args := t.TypeArgs()
	if args.Len() == 0 {
		return
	}
	w.WriteByte('[')
	for i := range args.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		w.write(args.At(i))
	}
	w.WriteByte(']')
}

// writable says whether a type can be written outside its own package: it
// mentions no unexported name of another package and no local type.
func writable(t types.Type, pkg *types.Package) bool {
	return !mentions(t, func(o types.Object) bool {
		if o.Pkg() == nil {
			return false
		}
		if tn, ok := o.(*types.TypeName); ok && o.Parent() != nil && o.Parent() != o.Pkg().Scope() {
			_, param := tn.Type().(*types.TypeParam)
			return !param
		}
		return o.Pkg() != pkg && !o.Exported()
	})
}

// mentions says whether bad holds for a type name, field or method that stands
// in the text of t.
func mentions(t types.Type, bad func(types.Object) bool) bool {
	found := false
	w := typeWalker{seen: map[types.Type]bool{}, see: func(o types.Object) { found = found || bad(o) }}
	w.walk(t)
	return found
}

// typeWalker calls see for each type name, field and interface method in the
// text of a type, without going into the definitions of named types.
type typeWalker struct {
	seen map[types.Type]bool
	see  func(types.Object)
	// invalid, if set, is called for a type that an error left undecided.
	invalid func()
}

func (w typeWalker) walk(t types.Type) {
	t = types.Unalias(t)
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.Invalid && w.invalid != nil {
			w.invalid()
		}
	case *types.Named:
		w.see(t.Obj())
		for a := range t.TypeArgs().Types() {
			w.walk(a)
		}
	case interface{ Elem() types.Type }:
		if m, ok := t.(*types.Map); ok {
			w.walk(m.Key())
		}
		w.walk(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			w.see(f)
			w.walk(f.Type())
		}
	case *types.Tuple:
		for v := range t.Variables() {
			w.walk(v.Type())
		}
	case *types.Signature:
		w.walk(t.Params())
		w.walk(t.Results())
	case *types.Interface:
		w.iface(t)
	case *types.Union:
		for term := range t.Terms() {
			w.walk(term.Type())
		}
	}
}

func (w typeWalker) iface(t *types.Interface) {
	for m := range t.Methods() {
		w.see(m)
		w.walk(m.Type())
	}
	for e := range t.EmbeddedTypes() {
		w.walk(e)
	}
}
