package widgets

import (
	"encoding/json"
	"fmt"
	"maps"
	"sync"

	"github.com/interleave-lab/interleave/lib/comm"
)

// The protocol and the modules of ipywidgets 8 ("jupyter-widgets/schema").
const (
	protocol = "2.1.0"
	target   = "jupyter.widget"
	control  = "jupyter.widget.control"
	base     = "@jupyter-widgets/base"
	controls = "@jupyter-widgets/controls"
	version  = "2.0.0"
)

// viewMIME is what a control is shown as where widgets are known.
const viewMIME = "application/vnd.jupyter.widget-view+json"

// state is what both sides know of a model.
type state map[string]any

// model is one half of a widget; the other half is in the front end.
type model struct {
	mu      sync.Mutex // guards what follows
	comm    *comm.Comm // nil until the model is opened
	state   state
	changed func(state) // told what the front end has changed
	custom  func(json.RawMessage)
}

// newModel is a model of a class that has a view, such as "IntSlider".
func newModel(class string, s state) *model {
	all := state{
		"_model_module": controls, "_model_module_version": version, "_model_name": class + "Model",
		"_view_module": controls, "_view_module_version": version, "_view_name": class + "View",
		"_view_count": nil, "_dom_classes": []string{}, "tabbable": nil, "tooltip": nil,
	}
	maps.Copy(all, s)
	return &model{state: all}
}

// helper is a model that others refer to: a layout, which is of the base module,
// or a style.
func helper(module, class, view string) *model {
	return &model{state: state{
		"_model_module": module, "_model_module_version": version, "_model_name": class + "Model",
		"_view_module": base, "_view_module_version": version, "_view_name": view, "_view_count": nil,
	}}
}

func layout() *model { return helper(base, "Layout", "LayoutView") }

// reference is how the state of a model names another one.
func reference(id string) string { return "IPY_MODEL_" + id }

// open tells the front end of the model, once, with those that it refers to. It
// returns the model's id.
func (m *model) open() (string, error) {
	answering()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.comm != nil {
		return m.comm.ID(), nil
	}
	sent := state{}
	for name, v := range m.state {
		v, err := opened(v)
		if err != nil {
			return "", err
		}
		sent[name] = v
	}
	c, err := comm.Open(target, map[string]any{"state": sent, "buffer_paths": []any{}}, comm.Metadata(map[string]any{"version": protocol}))
	if err != nil {
		return "", err
	}
	c.OnMessage(m.receive)
	c.OnClose(func(comm.Message) { m.forget() })
	m.comm, m.state = c, sent
	models.add(m, c.ID())
	return c.ID(), nil
}

// opened is a value of a state as it is sent: models by reference.
func opened(v any) (any, error) {
	switch v := v.(type) {
	case *model:
		id, err := v.open()
		return reference(id), err
	case []*model:
		list := []string{}
		for _, m := range v {
			id, err := m.open()
			if err != nil {
				return nil, err
			}
			list = append(list, reference(id))
		}
		return list, nil
	}
	return v, nil
}

// forget is for a comm that the front end has closed: the model may be opened
// again.
func (m *model) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.comm != nil {
		models.remove(m.comm.ID())
		m.comm = nil
	}
}

// set changes the state on both sides.
func (m *model) set(s state) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.Copy(m.state, s)
	if m.comm != nil {
		m.comm.Send(update(s)) // whoever shows it later is sent the whole state
	}
}

func update(s state) map[string]any {
	return map[string]any{"method": "update", "state": s, "buffer_paths": []any{}}
}

// receive takes a message of the front end.
func (m *model) receive(x comm.Message) {
	var got struct {
		Method  string          `json:"method"`
		State   state           `json:"state"`
		Content json.RawMessage `json:"content"`
	}
	if err := json.Unmarshal(x.Data, &got); err != nil {
		return // nothing that we know of
	}
	switch got.Method {
	case "update":
		m.take(got.State)
	case "request_state":
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.comm != nil {
			m.comm.Send(update(m.state))
		}
	case "custom":
		if m.custom != nil {
			m.custom(got.Content)
		}
	}
}

// take takes what the front end has changed, tells the other front ends of it
// and then whoever wants to know.
func (m *model) take(s state) {
	m.mu.Lock()
	for name := range s {
		if _, known := m.state[name]; !known {
			delete(s, name)
		}
	}
	maps.Copy(m.state, s)
	if m.comm != nil {
		m.comm.Send(map[string]any{"method": "echo_update", "state": s, "buffer_paths": []any{}})
	}
	changed := m.changed
	m.mu.Unlock()
	if changed != nil && len(s) > 0 {
		changed(s)
	}
}

// registry holds the models that are open, for a front end that comes later.
type registry struct {
	mu   sync.Mutex
	open map[string]*model
	once sync.Once
}

var models registry

func (r *registry) add(m *model, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open == nil {
		r.open = map[string]*model{}
	}
	r.open[id] = m
}

func (r *registry) remove(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, id)
}

func (r *registry) all() map[string]*model {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.open)
}

// answering has front ends that come later, as after a page was loaded again,
// told the states of all models.
func answering() {
	models.once.Do(func() {
		comm.Handle(control, func(c *comm.Comm, _ comm.Message) {
			c.OnMessage(func(m comm.Message) {
				var asked struct {
					Method string `json:"method"`
				}
				if json.Unmarshal(m.Data, &asked) == nil && asked.Method == "request_states" {
					c.Send(map[string]any{"method": "update_states", "states": states(), "buffer_paths": []any{}})
				}
			})
		})
	})
}

func states() map[string]any {
	list := map[string]any{}
	for id, m := range models.all() {
		m.mu.Lock()
		s := maps.Clone(m.state)
		m.mu.Unlock()
		list[id] = map[string]any{
			"model_name": s["_model_name"], "model_module": s["_model_module"], "model_module_version": s["_model_module_version"], "state": s,
		}
	}
	return list
}

// view is how a front end is told to show the model.
func view(id string) map[string]any {
	return map[string]any{"version_major": 2, "version_minor": 0, "model_id": id}
}

// looks are what every control needs beside its value.
func looks(style string) state {
	return state{"layout": layout(), "style": helper(controls, style, "StyleView")}
}

func merge(a state, more ...state) state {
	for _, s := range more {
		maps.Copy(a, s)
	}
	return a
}

// describe is the text of a value in a static view.
func describe(v any) string { return fmt.Sprint(v) }
