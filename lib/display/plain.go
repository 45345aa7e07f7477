package display

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// What Plain prints at most. A front end takes seconds to lay out a line of
// megabytes, and nobody reads it.
const (
	maxText  = 64 << 10 // bytes
	maxNodes = 1 << 17  // elements that are given to fmt
	maxDepth = 250      // levels; a value that contains itself has no end
)

// Plain is the text of v as fmt prints it with %v, cut with a notice after
// 64 KiB. Unlike fmt it takes no longer for a huge value, and returns for one
// that contains itself.
func Plain(v any) string {
	w := weight{}
	if w.add(reflect.ValueOf(v), 0) {
		return clip(fmt.Sprintf("%v", v))
	}
	p := printer{}
	p.value(reflect.ValueOf(v), 0)
	return clip(p.buf.String())
}

// clip cuts s between two characters.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for n > maxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "… (too long to show whole)"
}

// weight counts what fmt would have to print.
type weight struct{ nodes int }

// add reports whether fmt may print v: it is not too large and not too deep.
func (w *weight) add(v reflect.Value, depth int) bool {
	w.nodes++
	if depth > maxDepth || w.nodes > maxNodes {
		return false
	}
	if !v.IsValid() || printsItself(v) {
		return true
	}
	switch v.Kind() {
	case reflect.String:
		w.nodes += v.Len() / 16
	case reflect.Interface:
		return w.add(v.Elem(), depth+1)
	case reflect.Pointer:
		return depth > 0 || !composite(v) || w.add(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			if !w.add(v.Field(i), depth+1) {
				return false
			}
		}
	case reflect.Array, reflect.Slice:
		return w.elements(v, depth)
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if !w.add(it.Key(), depth+1) || !w.add(it.Value(), depth+1) {
				return false
			}
		}
	}
	return w.nodes <= maxNodes
}

func (w *weight) elements(v reflect.Value, depth int) bool {
	if v.Len() > maxNodes {
		return false
	}
	for i := range v.Len() {
		if !w.add(v.Index(i), depth+1) {
			return false
		}
	}
	return true
}

// printsItself: fmt calls a method of v instead of looking into it.
func printsItself(v reflect.Value) bool {
	if !v.CanInterface() {
		return false
	}
	switch v.Interface().(type) {
	case fmt.Formatter, fmt.Stringer, error, reflect.Value:
		return true
	}
	return false
}

// composite: v points to what fmt prints with an ampersand.
func composite(v reflect.Value) bool {
	if v.IsNil() {
		return false
	}
	switch v.Elem().Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
		return true
	}
	return false
}

// printer prints as fmt does and stops when there is enough.
type printer struct{ buf strings.Builder }

func (p *printer) full() bool { return p.buf.Len() > maxText }

func (p *printer) value(v reflect.Value, depth int) {
	switch {
	case p.full():
		return
	case depth > maxDepth:
		p.buf.WriteString("…")
		return
	case !v.IsValid():
		p.buf.WriteString("<nil>")
		return
	case printsItself(v):
		fmt.Fprintf(&p.buf, "%v", v)
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		p.value(v.Elem(), depth+1)
	case reflect.Pointer:
		p.pointer(v, depth)
	case reflect.Struct:
		p.list("{", "}", v.NumField(), func(i int) { p.value(v.Field(i), depth+1) })
	case reflect.Array, reflect.Slice:
		p.list("[", "]", v.Len(), func(i int) { p.value(v.Index(i), depth+1) })
	case reflect.Map:
		p.pairs(v, depth)
	case reflect.String:
		p.buf.WriteString(v.String()[:min(v.Len(), 2*maxText)])
	default:
		fmt.Fprintf(&p.buf, "%v", v)
	}
}

func (p *printer) pointer(v reflect.Value, depth int) {
	if depth > 0 || !composite(v) {
		fmt.Fprintf(&p.buf, "%v", v)
		return
	}
	p.buf.WriteString("&")
	p.value(v.Elem(), depth+1)
}

func (p *printer) list(open, end string, n int, element func(i int)) {
	p.buf.WriteString(open)
	for i := 0; i < n && !p.full(); i++ {
		if i > 0 {
			p.buf.WriteByte(' ')
		}
		element(i)
	}
	p.buf.WriteString(end)
}

func (p *printer) pairs(v reflect.Value, depth int) {
	keys := v.MapKeys()
	slices.SortStableFunc(keys, compareKeys)
	p.list("map[", "]", len(keys), func(i int) {
		p.value(keys[i], depth+1)
		p.buf.WriteByte(':')
		p.value(v.MapIndex(keys[i]), depth+1)
	})
}

// compareKeys orders keys of the usual kinds as fmt does; others stay as they
// are.
func compareKeys(a, b reflect.Value) int {
	switch {
	case a.Kind() != b.Kind():
		return cmp.Compare(a.Kind(), b.Kind())
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String())
	}
	return 0
}
