package widgets

import (
	"encoding/json"
	"html"
	"sync"

	"github.com/interleave-lab/interleave/lib/display"
)

// Value is a control that holds a value of type T. Its methods may be called
// from several goroutines at once. As the last expression of a cell, or given to
// display.Show, it shows itself.
type Value[T any] struct {
	label string
	about string // what may be chosen, for the static view
	model *model
	// decode reads the value from what the front end has changed; false when
	// that is something else. encode is the reverse.
	decode func(state) (T, bool)
	encode func(T) state

	mu     sync.Mutex // guards what follows
	value  T
	listen []func(T)
}

func newValue[T any](label string, value T, class string, encode func(T) state, decode func(state) (T, bool), more ...state) *Value[T] {
	v := &Value[T]{label: label, value: value, encode: encode, decode: decode}
	v.model = newModel(class, merge(state{"description": label, "description_allow_html": false, "disabled": false}, append(more, encode(value))...))
	v.model.changed = v.changed
	return v
}

// Get returns the value as it stands.
func (v *Value[T]) Get() T {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.value
}

// Set changes the value, also where it is shown. Functions of OnChange are not
// called.
func (v *Value[T]) Set(value T) {
	v.mu.Lock()
	v.value = value
	v.mu.Unlock()
	v.model.set(v.encode(value))
}

// OnChange has f called with each value that a reader chooses, after the
// functions given before, and returns v.
func (v *Value[T]) OnChange(f func(T)) *Value[T] {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.listen = append(v.listen, f)
	return v
}

// Bind keeps *p at the value: it takes p's value at first, and p gets each one
// that a reader chooses. A cell that reads p while a reader may choose should
// ask Get instead.
func (v *Value[T]) Bind(p *T) *Value[T] {
	v.Set(*p)
	return v.OnChange(func(value T) { *p = value })
}

func (v *Value[T]) changed(s state) {
	value, ok := v.decode(s)
	if !ok {
		return
	}
	v.mu.Lock()
	v.value = value
	listen := v.listen
	v.mu.Unlock()
	for _, f := range listen {
		f(value)
	}
}

// Display shows the control, or its value where there are no widgets.
func (v *Value[T]) Display() display.Data { return shown(v.model, v.String(), v.static()) }

// String returns the label and the value.
func (v *Value[T]) String() string {
	if v.label == "" {
		return describe(v.Get())
	}
	return v.label + ": " + describe(v.Get())
}

func (v *Value[T]) static() string {
	about := ""
	if v.about != "" {
		about = " <small>(" + html.EscapeString(v.about) + ")</small>"
	}
	label := ""
	if v.label != "" {
		label = html.EscapeString(v.label) + ": "
	}
	return label + "<b>" + html.EscapeString(describe(v.Get())) + "</b>" + about
}

func (v *Value[T]) widget() *model { return v.model }

// shown is the bundle of a model.
func shown(m *model, plain, static string) display.Data {
	d := display.Data{Bundle: map[string]any{"text/plain": plain, "text/html": "<div>" + static + "</div>"}}
	if id, err := m.open(); err == nil {
		d.Bundle[viewMIME] = view(id)
	}
	return d
}

// number reads a JSON number of a state.
func number(s state, name string) (float64, bool) {
	switch x := s[name].(type) {
	case float64:
		return x, true
	case json.Number:
		f, err := x.Float64()
		return f, err == nil
	}
	return 0, false
}
