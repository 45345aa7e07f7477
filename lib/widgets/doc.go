// Package widgets shows controls in a notebook that are bound to Go values:
// sliders, menus, check boxes, texts, buttons, progress bars.
//
//	workers := widgets.Slider("workers", 1, 16, 4)
//	widgets.Interact(workers, func(n int) any { return charts... })
//
// It speaks the protocol of ipywidgets 8 (jupyter.widget, version 2.1), so that
// JupyterLab and Notebook show them where ipywidgets, or jupyterlab_widgets, is
// installed. Elsewhere, in exports and in a plain program, a control is its
// value: text and HTML that show what it stood at.
//
// A value that a reader changes arrives while no cell runs as well as beside one.
// Functions given to OnChange and OnClick run on a goroutine of the cell that
// showed the control, those of one control one after another; what they write
// and show appears there. While one runs, the front end sends no further value of
// the same control, and then the newest.
package widgets
