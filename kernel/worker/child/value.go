package child

import (
	"reflect"
	"strconv"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
)

// show makes a value the result of the run, as a compiled cell would: on the
// cell's goroutine, by the same function.
func (r *run) show(w wire.Value) {
	v, ok := find(w)
	if !ok {
		r.tell(wire.Report{Kind: wire.NoValue, Value: "reading the value needs compiled code"})
		return
	}
	rt.Show(v)
}

// find reads a value. What would panic in Go, or is not foreseen, is not
// found: the compiled cell tells why.
func find(w wire.Value) (x any, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	v := rt.Variable(w.Addr, w.Type)
	for _, s := range w.Steps {
		if v, ok = step(v, s); !ok {
			return nil, false
		}
		v = readable(v)
	}
	return v.Interface(), true
}

func step(v reflect.Value, s wire.Step) (reflect.Value, bool) {
	if (s.Kind == wire.Field || s.Kind == wire.Element) && v.Kind() == reflect.Pointer {
		s := wire.Step{Kind: wire.Pointed}
		var ok bool
		if v, ok = step(v, s); !ok {
			return v, false
		}
		v = readable(v)
	}
	switch s.Kind {
	case wire.Field:
		return v.Field(s.Index), true
	case wire.Pointed:
		return v.Elem(), !v.IsNil()
	case wire.Element:
		if s.Index < 0 || s.Index >= v.Len() {
			return v, false
		}
		return v.Index(s.Index), true
	case wire.Entry:
		key, ok := mapKey(v.Type().Key(), s.Key)
		if !ok {
			return v, false
		}
		if e := v.MapIndex(key); e.IsValid() {
			return e, true
		}
		return reflect.Zero(v.Type().Elem()), true
	}
	return v, false
}

// mapKey is the key that a constant stands for.
func mapKey(t reflect.Type, text string) (reflect.Value, bool) {
	key := reflect.New(t).Elem()
	switch {
	case t.Kind() == reflect.String:
		key.SetString(text)
	case t.Kind() == reflect.Bool:
		key.SetBool(text == "true")
	case key.CanInt():
		n, err := strconv.ParseInt(text, 10, 64)
		key.SetInt(n)
		return key, err == nil
	case key.CanUint():
		n, err := strconv.ParseUint(text, 10, 64)
		key.SetUint(n)
		return key, err == nil
	default:
		return key, false
	}
	return key, true
}

// readable is v without the mark of what was reached by an unexported field:
// the author's own code may read it.
func readable(v reflect.Value) reflect.Value {
	if !v.CanAddr() {
		copied := reflect.New(v.Type()).Elem()
		copied.Set(v)
		return copied
	}
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}
