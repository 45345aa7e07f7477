package kernel_test

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// A cell opens a comm, both sides talk over it and close it.
func TestCommOfACell(t *testing.T) {
	front := start(t)
	const code = "write before\nopen 7 widget\ntell 7 {\"big\": 12345678901234567890}"
	cell := front.Execute(code).Busy().Input(code, 1).Stdout("before")
	m := cell.Next()
	open, err := jupyter.Read[jupyter.CommOpen](m)
	if err != nil || m.Header.Type != "comm_open" || open.CommID != "7" || open.TargetName != "widget" || string(open.Data) != `{"from":"cell"}` {
		t.Errorf("%v: opened by %s %s", err, m.Header.Type, m.Content)
	}
	if m.Metadata["version"] != "2.1.0" || len(m.Buffers) != 1 || string(m.Buffers[0]) != "raw" {
		t.Errorf("metadata %v, buffers %q", m.Metadata, m.Buffers)
	}
	if got := kerneltest.Published[jupyter.CommMsg](cell); string(got.Data) != `{"big":12345678901234567890}` {
		t.Errorf("told %s", got.Data)
	}
	cell.Idle().OK()
	if got := ask[jupyter.CommInfoReply](t, front, jupyter.CommInfoRequest{TargetName: "widget"}); got.Comms["7"].TargetName != "widget" {
		t.Errorf("open are %v", got.Comms)
	}
	if got := ask[jupyter.CommInfoReply](t, front, jupyter.CommInfoRequest{TargetName: "other"}); len(got.Comms) != 0 {
		t.Errorf("open to another target are %v", got.Comms)
	}
	said := front.Message(jupyter.CommMsg{CommID: "7", Data: jupyter.RawObject(`{"n":1}`)})
	said.Buffers = [][]byte{{1, 2, 3}}
	front.SendMessage(jupyter.Shell, said).Busy().Idle()
	m = cell.Next() // the answer belongs to the cell that has opened the comm
	if m.Header.Type != "comm_msg" || !strings.Contains(string(m.Content), `"n":1`) || len(m.Buffers) != 1 {
		t.Errorf("answer %s %s, %d buffers", m.Header.Type, m.Content, len(m.Buffers))
	}
	front.Send(jupyter.Shell, jupyter.CommClose{CommID: "7"}).Busy().Idle()
	if got := ask[jupyter.CommInfoReply](t, front, jupyter.CommInfoRequest{}); len(got.Comms) != 0 {
		t.Errorf("after comm_close open are %v", got.Comms)
	}
}

// Messages over comms pass a cell that runs; each is idle when it was handled.
func TestCommBesideACell(t *testing.T) {
	e, front := held(t)
	const code = "open 7 widget\nhold cell"
	cell := front.Execute(code).Busy().Input(code, 1)
	cell.Next() // comm_open
	slow := front.Send(jupyter.Shell, jupyter.CommMsg{CommID: "7", Data: jupyter.RawObject(`{"hold":"slow"}`)}).Busy()
	front.Send(jupyter.Shell, jupyter.CommMsg{CommID: "7", Data: jupyter.RawObject(`{"n":2}`)}).Busy().Idle()
	e.Release("slow")
	slow.Idle()
	e.Release("cell")
	for range 2 {
		for m := cell.Next(); m.Header.Type != "comm_msg"; m = cell.Next() {
			if m.Header.Type != "status" { // busy once more, after each that was handled
				t.Fatalf("got %s", m.Header.Type)
			}
		}
	}
	for m := cell.Next(); !strings.Contains(string(m.Content), "idle"); m = cell.Next() {
		if m.Header.Type != "status" {
			t.Fatalf("got %s", m.Header.Type)
		}
	}
	cell.OK()
}

func TestCommFaults(t *testing.T) {
	front := start(t)
	for _, content := range []string{`{"comm_id": 7}`, `{"comm_id": "7", "data": []}`, `{}`, `{"comm_id": "7", "data": null}`} {
		for _, typ := range []jupyter.Type{"comm_msg", "comm_close"} {
			m := front.Message(jupyter.CommMsg{})
			m.Header.Type, m.Content = typ, []byte(content)
			front.SendMessage(jupyter.Shell, m).Busy().Idle()
		}
	}
}

// Where a notebook is run unattended, a widget is the text beside it.
func TestWidgetsWhereNobodyIs(t *testing.T) {
	front := start(t)
	const widget = "application/vnd.jupyter.widget-view+json"
	for _, attended := range []bool{true, false} {
		r := front.Send(jupyter.Shell, jupyter.ExecuteRequest{Code: "both " + widget + " n: 3", AllowStdin: attended}).Busy()
		r.Next() // execute_input
		d := kerneltest.Published[jupyter.DisplayData](r)
		if _, there := d.Data[widget]; there != attended || kerneltest.Text(d.Data, "text/plain") != "n: 3" {
			t.Errorf("attended %v: shown as %v", attended, d.Data)
		}
		r.Idle().OK()
	}
}
