package native_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// talkative is a page with comms: it keeps what the cell sends.
type talkative struct {
	page
	mu       sync.Mutex
	messages []engine.CommMessage
	shown    []display.Data
}

func (p *talkative) Comm(m engine.CommMessage) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.messages = append(p.messages, m)
	return nil
}

func (p *talkative) Display(d display.Data) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = append(p.shown, d)
}

func (p *talkative) Update(d display.Data) { p.Display(d) }

// of returns the messages of a kind.
func (p *talkative) of(kind engine.CommKind) (list []engine.CommMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.messages {
		if m.Kind == kind {
			list = append(list, m)
		}
	}
	return list
}

func (p *talkative) last() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.shown) == 0 {
		return ""
	}
	text, _ := p.shown[len(p.shown)-1].Bundle["text/plain"].(string)
	return text
}

// show runs a cell on such a page.
func (n *notebook) show(code string) *talkative {
	n.t.Helper()
	n.count++
	p := &talkative{}
	if err := n.eng.Execute(n.t.Context(), engine.Cell{Code: code, Count: n.count}, p); err != nil {
		n.t.Fatalf("%s: %v", code, err)
	}
	return p
}

// tell sends a message to a comm and waits until it was handled.
func (n *notebook) tell(id, data string) {
	n.t.Helper()
	handled, err := n.eng.Comm(engine.CommMessage{Kind: engine.CommMsg, ID: id, Data: json.RawMessage(data)})
	if err == nil {
		ctx, cancel := context.WithTimeout(n.t.Context(), time.Minute)
		defer cancel()
		err = handled(ctx)
	}
	if err != nil {
		n.t.Fatal(err)
	}
}

// A cell opens a comm; its handler runs beside other cells, and what it prints
// belongs to the cell that opened the comm.
func TestComms(t *testing.T) {
	n := open(t, t.TempDir())
	p := n.show(`import "github.com/interleave-lab/interleave/lib/comm"
heard := 0
c, err := comm.Open("target", map[string]int{"n": 1}, comm.Metadata(map[string]any{"version": "1"}), comm.Buffers([]byte("x")))
c.OnMessage(func(m comm.Message) {
	heard++
	fmt.Println("heard", string(m.Data))
	if heard == 2 {
		panic("at the second")
	}
	c.Send(map[string]int{"heard": heard})
})`)
	opened := p.of(engine.CommOpen)
	if len(opened) != 1 || opened[0].Target != "target" || string(opened[0].Data) != `{"n":1}` || opened[0].Metadata["version"] != "1" || string(opened[0].Buffers[0]) != "x" {
		t.Fatalf("opened %+v", opened)
	}
	id := opened[0].ID
	n.tell(id, `{"a":1}`)
	n.tell(id, `{"a":2}`)
	n.tell(id, `{"a":3}`)
	n.want("heard", "3")
	answers := p.of(engine.CommMsg)
	if len(answers) != 2 || string(answers[1].Data) != `{"heard":3}` {
		t.Errorf("answers %+v", answers)
	}
	if text := p.text(); !strings.Contains(text, `heard {"a":1}`) || !strings.Contains(text, `heard {"a":3}`) || !strings.Contains(text, "at the second") {
		t.Errorf("the cell has\n%s", text)
	}
	n.tell("nobody's", `{}`)
	n.want("%reset", "All values and declarations are forgotten.\n")
	if closed := p.of(engine.CommClose); len(closed) != 1 || closed[0].ID != id {
		t.Errorf("closed %+v", closed)
	}
}

// A cell may wait for a reader who presses a button: that is no deadlock, and
// what the button does runs beside the cell.
func TestWidgetsBesideACell(t *testing.T) {
	n := open(t, t.TempDir())
	p := n.show(`import "github.com/interleave-lab/interleave/lib/widgets"
pressed := make(chan int)
display.Show(widgets.Button("go").OnClick(func() { pressed <- 7 }))
widgets.Interact(widgets.Slider("n", 1, 9, 2), func(n int) any { return n * n })`)
	models := map[string]string{}
	for _, m := range p.of(engine.CommOpen) {
		var data struct{ State map[string]any }
		if err := json.Unmarshal(m.Data, &data); err != nil {
			t.Fatal(err)
		}
		name, _ := data.State["_model_name"].(string)
		models[name] = m.ID
	}
	if models["ButtonModel"] == "" || models["IntSliderModel"] == "" || models["LayoutModel"] == "" {
		t.Fatalf("models %v", models)
	}
	result := make(chan string)
	go func() {
		out, _ := n.run(n.t.Context(), "<-pressed")
		result <- out
	}()
	time.Sleep(2 * time.Second) // long enough for a deadlock to be found, if it were one
	n.tell(models["IntSliderModel"], `{"method":"update","state":{"value":5}}`)
	if got := p.last(); got != "25" {
		t.Errorf("the slider shows %q", got)
	}
	n.tell(models["ButtonModel"], `{"method":"custom","content":{"event":"click"}}`)
	if got := <-result; got != "7" {
		t.Errorf("the cell shows %q", got)
	}
}
