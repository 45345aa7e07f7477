package widgets

import (
	"strings"

	"github.com/interleave-lab/interleave/lib/display"
)

// A Widget is a control, or several beside or below each other: what this
// package makes.
type Widget interface {
	display.Displayer
	String() string
	widget() *model
	static() string
}

// Group is what Row and Column return.
type Group struct {
	model   *model
	members []Widget
	between string // members in a static view
}

// Row shows widgets beside each other.
func Row(members ...Widget) *Group { return newGroup("HBox", " &nbsp; ", members) }

// Column shows widgets below each other.
func Column(members ...Widget) *Group { return newGroup("VBox", "<br>", members) }

func newGroup(class, between string, members []Widget) *Group {
	children := []*model{}
	for _, w := range members {
		children = append(children, w.widget())
	}
	return &Group{
		model:   newModel(class, state{"box_style": "", "children": children, "layout": layout()}),
		members: members, between: between,
	}
}

// Display shows the widgets, or their values where there are none.
func (g *Group) Display() display.Data { return shown(g.model, g.String(), g.static()) }

// String lists the widgets.
func (g *Group) String() string {
	var list []string
	for _, w := range g.members {
		list = append(list, w.String())
	}
	return strings.Join(list, "\n")
}

func (g *Group) static() string {
	var list []string
	for _, w := range g.members {
		list = append(list, w.static())
	}
	return strings.Join(list, g.between)
}

func (g *Group) widget() *model { return g.model }

// Interact shows a control and, below it, what f makes of its value; and again
// of each value that a reader chooses. F may take its time: values that are
// passed over meanwhile are left out.
func Interact[T any](v *Value[T], f func(T) any) {
	display.Show(v)
	below := display.Live(f(v.Get()))
	v.OnChange(func(value T) { below.Update(f(value)) })
}

// Interact2 is Interact for two controls.
func Interact2[A, B any](a *Value[A], b *Value[B], f func(A, B) any) {
	display.Show(Column(a, b))
	below := display.Live(f(a.Get(), b.Get()))
	again := make(chan struct{}, 1) // one at a time: the controls do not wait for each other
	show := func() {
		again <- struct{}{}
		defer func() { <-again }()
		below.Update(f(a.Get(), b.Get()))
	}
	a.OnChange(func(A) { show() })
	b.OnChange(func(B) { show() })
}
