package widgets

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/lib/display"
)

// Number is what a slider may hold.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// Slider chooses a number between lo and hi, which are put in order, beginning
// at value. Its step is 1, for floating point numbers a hundredth of the range;
// see Step.
func Slider[T Number](label string, lo, hi, value T) *Value[T] {
	lo, hi = min(lo, hi), max(lo, hi)
	class, step, format := "IntSlider", 1.0, "d"
	if fractional[T]() {
		class, step, format = "FloatSlider", float64(hi-lo)/100, ".4g"
	}
	encode := func(x T) state { return state{"value": min(max(x, lo), hi)} }
	decode := func(s state) (T, bool) { x, ok := number(s, "value"); return T(x), ok }
	v := newValue(label, min(max(value, lo), hi), class, encode, decode, looks("SliderStyle"), state{
		"min": lo, "max": hi, "step": step, "orientation": "horizontal", "readout": true, "readout_format": format,
		"continuous_update": true, "behavior": "drag-tap",
	})
	v.about = fmt.Sprintf("%v to %v", lo, hi)
	return v
}

// fractional says whether a T can hold one half.
func fractional[T Number]() bool {
	half := 0.5
	return T(half) != 0
}

// Step changes the step of a slider, and whether values arrive while it is
// dragged or only when it is let go.
func Step[T Number](v *Value[T], step T, whileDragged bool) *Value[T] {
	v.model.set(state{"step": step, "continuous_update": whileDragged})
	return v
}

// Dropdown chooses one of some values, beginning with the first. They are
// listed as fmt prints them; without any the zero value is there alone.
func Dropdown[T any](label string, values ...T) *Value[T] {
	if len(values) == 0 {
		values = make([]T, 1)
	}
	names := make([]string, len(values))
	for i, x := range values {
		names[i] = describe(x)
	}
	encode := func(x T) state {
		for i, name := range names {
			if name == describe(x) {
				return state{"index": i}
			}
		}
		return state{"index": nil}
	}
	decode := func(s state) (value T, ok bool) {
		i, ok := number(s, "index")
		if !ok || i != math.Trunc(i) || i < 0 || int(i) >= len(values) {
			return value, false
		}
		return values[int(i)], true
	}
	v := newValue(label, values[0], "Dropdown", encode, decode, looks("DescriptionStyle"), state{"_options_labels": names})
	v.about = "of " + strings.Join(names, ", ")
	return v
}

// Checkbox chooses yes or no.
func Checkbox(label string, value bool) *Value[bool] {
	encode := func(x bool) state { return state{"value": x} }
	decode := func(s state) (bool, bool) { x, ok := s["value"].(bool); return x, ok }
	return newValue(label, value, "Checkbox", encode, decode, looks("CheckboxStyle"), state{"indent": true})
}

// Text takes a line of text, which arrives when it was entered.
func Text(label, value string) *Value[string] {
	encode := func(x string) state { return state{"value": x} }
	decode := func(s state) (string, bool) { x, ok := s["value"].(string); return x, ok }
	return newValue(label, value, "Text", encode, decode, looks("TextStyle"), state{"placeholder": "", "continuous_update": false})
}

// Progress shows how far something is, from 0 to whole. Set moves it; setting
// it a thousand times a second keeps a front end busy, so set it when it shows.
func Progress(label string, whole float64) *Value[float64] {
	encode := func(x float64) state { return state{"value": x} }
	decode := func(state) (float64, bool) { return 0, false } // nobody moves it but Set
	v := newValue(label, 0, "FloatProgress", encode, decode, looks("ProgressStyle"), state{
		"min": 0.0, "max": whole, "bar_style": "", "orientation": "horizontal",
	})
	v.about = fmt.Sprintf("of %v", whole)
	return v
}

// PushButton is what Button returns.
type PushButton struct {
	label string
	model *model

	mu     sync.Mutex // guards listen
	listen []func()
}

// Button is a button that a reader may press.
func Button(label string) *PushButton {
	b := &PushButton{label: label}
	b.model = newModel("Button", merge(state{"description": label, "disabled": false, "button_style": "", "icon": ""}, looks("ButtonStyle")))
	b.model.custom = b.pressed
	return b
}

// OnClick has f called when the button is pressed, after the functions given
// before, and returns b.
func (b *PushButton) OnClick(f func()) *PushButton {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listen = append(b.listen, f)
	return b
}

// Disable makes the button one that cannot be pressed, or again one that can.
func (b *PushButton) Disable(off bool) { b.model.set(state{"disabled": off}) }

func (b *PushButton) pressed(content json.RawMessage) {
	var got struct {
		Event string `json:"event"`
	}
	if json.Unmarshal(content, &got) != nil || got.Event != "click" {
		return
	}
	b.mu.Lock()
	listen := b.listen
	b.mu.Unlock()
	for _, f := range listen {
		f()
	}
}

// Display shows the button, or its label where there are no widgets.
func (b *PushButton) Display() display.Data {
	return shown(b.model, "["+b.label+"]", "["+html.EscapeString(b.label)+"]")
}

// String returns the label.
func (b *PushButton) String() string { return "[" + b.label + "]" }

func (b *PushButton) static() string { return "[" + html.EscapeString(b.label) + "]" }

func (b *PushButton) widget() *model { return b.model }
