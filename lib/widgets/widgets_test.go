package widgets_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/lib/comm"
	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/widgets"
)

// page stands for a front end: it keeps the models and what is shown.
type page struct {
	mu     sync.Mutex
	models map[string]map[string]any
	shown  []display.Data
	echoes int
}

func newPage(t *testing.T) *page {
	t.Helper()
	p := &page{models: map[string]map[string]any{}}
	link := comm.SetLink(p.take)
	sink := display.SetSink(p)
	t.Cleanup(func() {
		comm.SetLink(link)
		display.SetSink(sink)
	})
	return p
}

func (p *page) take(m comm.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var data struct {
		Method string
		State  map[string]any
	}
	if err := json.Unmarshal(m.Data, &data); err != nil {
		return err
	}
	switch {
	case m.Kind == comm.Opened && m.Target == "jupyter.widget":
		if m.Metadata["version"] != "2.1.0" {
			return fmt.Errorf("opened by protocol %v", m.Metadata["version"])
		}
		p.models[m.ID] = data.State
	case data.Method == "echo_update":
		p.echoes++
	case data.Method == "update":
		for k, v := range data.State {
			p.models[m.ID][k] = v
		}
	}
	return nil
}

func (p *page) Show(d display.Data)   { p.shown = append(p.shown, d) }
func (p *page) Update(d display.Data) { p.shown = append(p.shown, d) }
func (p *page) Clear(bool)            {}

// view is the model that data show.
func (p *page) view(t *testing.T, d display.Data) (id string, model map[string]any) {
	t.Helper()
	v, ok := d.Bundle["application/vnd.jupyter.widget-view+json"].(map[string]any)
	if !ok || v["version_major"] != 2 {
		t.Fatalf("no view in %v", d.Bundle)
	}
	id, _ = v["model_id"].(string)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.models[id] == nil {
		t.Fatalf("the model %s was not opened", id)
	}
	return id, p.models[id]
}

// set does what a reader does.
func set(id, key string, value any) {
	data, err := json.Marshal(map[string]any{"method": "update", "state": map[string]any{key: value}, "buffer_paths": []any{}})
	if err != nil {
		panic(err)
	}
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: id, Data: data})
}

func TestControls(t *testing.T) {
	p := newPage(t)
	number := widgets.Slider("workers", 1, 16, 4)
	half := widgets.Slider("share", 0.0, 1.0, 0.25)
	kind := widgets.Dropdown("kind", "mutex", "channel", "atomic")
	wide := widgets.Checkbox("wide", true)
	name := widgets.Text("name", "x")
	var seen []string
	number.OnChange(func(n int) { seen = append(seen, fmt.Sprint("workers ", n)) })
	kind.OnChange(func(s string) { seen = append(seen, s) })
	for _, c := range []struct {
		shows       display.Displayer
		model       string
		key         string
		send, after any
		get         func() any
		want        any
	}{
		{number, "IntSliderModel", "value", 9, 9.0, func() any { return number.Get() }, 9},
		{half, "FloatSliderModel", "value", 0.5, 0.5, func() any { return half.Get() }, 0.5},
		{kind, "DropdownModel", "index", 2, 2.0, func() any { return kind.Get() }, "atomic"},
		{wide, "CheckboxModel", "value", false, false, func() any { return wide.Get() }, false},
		{name, "TextModel", "value", "y", "y", func() any { return name.Get() }, "y"},
	} {
		id, model := p.view(t, c.shows.Display())
		if model["_model_name"] != c.model || model["_model_module_version"] != "2.0.0" || model["description"] == "" {
			t.Errorf("%s is %v", c.model, model)
		}
		for _, part := range []string{"layout", "style"} {
			ref, _ := model[part].(string)
			if p.models[strings.TrimPrefix(ref, "IPY_MODEL_")] == nil {
				t.Errorf("%s: %s is %q, which was not opened", c.model, part, ref)
			}
		}
		set(id, c.key, c.send)
		set(id, "unknown", 1)
		set(id, c.key, map[string]any{}) // no value of any control
		if got := c.get(); got != c.want {
			t.Errorf("%s: %v, want %v", c.model, got, c.want)
		}
	}
	if !slices.Equal(seen, []string{"workers 9", "atomic"}) {
		t.Errorf("told of %q", seen)
	}
	if p.echoes < 5 {
		t.Errorf("%d echoes for other front ends", p.echoes)
	}
	number.Set(3)
	kind.Set("channel")
	if id, model := p.view(t, number.Display()); model["value"] != 3.0 || id == "" {
		t.Errorf("after Set: %v", model["value"])
	}
	if _, model := p.view(t, kind.Display()); model["index"] != 1.0 {
		t.Errorf("after Set: %v", model["index"])
	}
}

func TestBind(t *testing.T) {
	p := newPage(t)
	workers := 5
	s := widgets.Slider("workers", 1, 8, 1).Bind(&workers)
	id, model := p.view(t, s.Display())
	if model["value"] != 5.0 {
		t.Errorf("shown at %v", model["value"])
	}
	set(id, "value", 7)
	if workers != 7 {
		t.Errorf("the variable is %d", workers)
	}
}

func TestButtonAndProgress(t *testing.T) {
	p := newPage(t)
	pressed := 0
	b := widgets.Button("run").OnClick(func() { pressed++ })
	id, _ := p.view(t, b.Display())
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: id, Data: []byte(`{"method":"custom","content":{"event":"click"}}`)})
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: id, Data: []byte(`{"method":"custom","content":{"event":"other"}}`)})
	if pressed != 1 {
		t.Errorf("pressed %d times", pressed)
	}
	b.Disable(true)
	if _, model := p.view(t, b.Display()); model["disabled"] != true {
		t.Error("not disabled")
	}
	bar := widgets.Progress("done", 10)
	id, model := p.view(t, widgets.Column(bar, widgets.Row(b)).Display())
	if list, _ := model["children"].([]any); len(list) != 2 || model["_model_name"] != "VBoxModel" || id == "" {
		t.Errorf("a column is %v", model)
	}
	bar.Set(4)
	if _, model := p.view(t, bar.Display()); model["value"] != 4.0 || model["max"] != 10.0 {
		t.Errorf("progress is %v", model)
	}
}

// A front end that comes later is told all states.
func TestStatesForALatePage(t *testing.T) {
	p := newPage(t)
	s := widgets.Slider("n", 0, 3, 2)
	id, _ := p.view(t, s.Display())
	var answers []comm.Message
	previous := comm.SetLink(func(m comm.Message) error {
		answers = append(answers, m)
		return nil
	})
	defer func() { comm.SetLink(previous) }()
	comm.Deliver(comm.Message{Kind: comm.Opened, ID: "control", Target: "jupyter.widget.control", Data: []byte("{}")})
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: "control", Data: []byte(`{"method":"request_states"}`)})
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: id, Data: []byte(`{"method":"request_state"}`)})
	if len(answers) != 2 {
		t.Fatalf("%d answers", len(answers))
	}
	var all struct {
		Method string
		States map[string]struct {
			ModelName string `json:"model_name"`
			State     map[string]any
		}
	}
	if err := json.Unmarshal(answers[0].Data, &all); err != nil || all.States[id].ModelName != "IntSliderModel" || all.States[id].State["value"] != 2.0 {
		t.Errorf("%v: states %s", err, answers[0].Data)
	}
	if !strings.Contains(string(answers[1].Data), `"value":2`) {
		t.Errorf("the state is %s", answers[1].Data)
	}
}

func TestInteract(t *testing.T) {
	p := newPage(t)
	a := widgets.Slider("a", 1, 9, 2)
	widgets.Interact(a, func(n int) any { return n * n })
	id, _ := p.view(t, p.shown[0])
	set(id, "value", 5)
	if len(p.shown) != 3 || p.shown[1].Bundle["text/plain"] != "4" || p.shown[2].Bundle["text/plain"] != "25" || p.shown[1].ID != p.shown[2].ID {
		t.Errorf("shown %v", p.shown)
	}
	p.shown = nil
	b := widgets.Checkbox("b", false)
	widgets.Interact2(a, b, func(n int, more bool) any { return fmt.Sprint(n, more) })
	set(strings.TrimPrefix(p.models[last(p)]["children"].([]any)[1].(string), "IPY_MODEL_"), "value", true)
	if got := p.shown[len(p.shown)-1].Bundle["text/plain"]; got != "5 true" {
		t.Errorf("shown %v", got)
	}
}

// last is the model that was shown last with a view.
func last(p *page) string {
	for _, d := range slices.Backward(p.shown) {
		if v, ok := d.Bundle["application/vnd.jupyter.widget-view+json"].(map[string]any); ok {
			return v["model_id"].(string)
		}
	}
	return ""
}

// Without a notebook a control is its value.
func TestWithoutANotebook(t *testing.T) {
	previous := comm.SetLink(nil)
	defer func() { comm.SetLink(previous) }()
	d := widgets.Row(widgets.Slider("n", 3, 1, 9), widgets.Dropdown("a<b", "x", "y"), widgets.Button("go")).Display()
	if got := d.Bundle["text/plain"]; got != "n: 3\na<b: x\n[go]" || len(d.Bundle) != 2 {
		t.Errorf("shown as %v", d.Bundle)
	}
	if html, _ := d.Bundle["text/html"].(string); !strings.Contains(html, "n: <b>3</b> <small>(1 to 3)</small>") || !strings.Contains(html, "a&lt;b") {
		t.Errorf("html is %s", html)
	}
}
