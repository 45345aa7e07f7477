package cell

import (
	"fmt"
	"go/types"
	"runtime"
	"strings"
)

// A variable whose type has become another one keeps its value when both types
// look the same in memory and their parts have the same names: a method has
// another signature now, or a tag has changed. The engine copies it.

// Copy says that a variable takes over the value of another.
type Copy struct {
	From, To string // the linker's names
	Size     int64  // in bytes
}

// shape is what a value of a type looks like, or empty where that is not all
// there is to it: functions and interfaces lead to code.
func (c *compiler) shape(t types.Type) string {
	s := shaper{pkg: c.second.pkg, seen: map[*types.Named]int{}}
	if !s.write(t) {
		return ""
	}
	return s.String()
}

type shaper struct {
	strings.Builder
	pkg  *types.Package
	seen map[*types.Named]int
}

func (s *shaper) write(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		s.WriteString(t.Name())
		return true
	case *types.Named:
		return s.named(t)
	case *types.Pointer:
		s.WriteString("*")
		return s.write(t.Elem())
	case *types.Slice:
		s.WriteString("[]")
		return s.write(t.Elem())
	case *types.Array:
		fmt.Fprintf(s, "[%d]", t.Len())
		return s.write(t.Elem())
	case *types.Chan:
		fmt.Fprintf(s, "chan%d ", t.Dir())
		return s.write(t.Elem())
	case *types.Map:
		s.WriteString("map[")
		ok := s.write(t.Key())
		s.WriteString("]")
		return ok && s.write(t.Elem())
	case *types.Struct:
		return s.structure(t)
	case *types.Interface:
		s.WriteString("any")
		return t.Empty()
	}
	return false
}

func (s *shaper) named(t *types.Named) bool {
	if o := t.Obj(); o.Pkg() != s.pkg {
		s.WriteString(types.TypeString(t, nil))
		return t.TypeArgs().Len() == 0
	}
	if n, ok := s.seen[t]; ok {
		fmt.Fprintf(s, "@%d", n)
		return true
	}
	s.seen[t] = len(s.seen)
	return s.write(t.Underlying())
}

func (s *shaper) structure(t *types.Struct) bool {
	s.WriteString("{")
	for f := range t.Fields() {
		s.WriteString(f.Name() + " ")
		if !s.write(f.Type()) {
			return false
		}
		s.WriteString(";")
	}
	s.WriteString("}")
	return true
}

// takeOver lets a variable that gets another name in generated code keep its
// value, if it may.
func (c *compiler) takeOver(e *entity, name string) bool {
	o := c.second.pkg.Scope().Lookup(e.key)
	if o == nil || e.shape == "" || e.again || c.shape(o.Type()) != e.shape {
		return false
	}
	size := types.SizesFor("gc", runtime.GOARCH).Sizeof(o.Type())
	c.taking = append(c.taking, e)
	c.copies = append(c.copies, Copy{From: "main." + e.emitted, To: "main." + name, Size: size})
	return true
}

// noteShape remembers what a variable's value looks like.
func (c *compiler) noteShape(e *entity, t types.Type) {
	s, old := c.shape(t), e.shape
	c.do(change{do: func() { e.shape = s }, undo: func() { e.shape = old }})
}
