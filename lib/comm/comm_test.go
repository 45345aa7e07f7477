package comm_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/lib/comm"
)

// far is a front end that keeps what it is sent.
type far struct{ got []comm.Message }

func attach(t *testing.T) *far {
	t.Helper()
	f := &far{}
	previous := comm.SetLink(func(m comm.Message) error {
		f.got = append(f.got, m)
		return nil
	})
	t.Cleanup(func() { comm.SetLink(previous) })
	return f
}

func (f *far) last(t *testing.T) comm.Message {
	t.Helper()
	if len(f.got) == 0 {
		t.Fatal("nothing was sent")
	}
	return f.got[len(f.got)-1]
}

func TestConversation(t *testing.T) {
	f := attach(t)
	c, err := comm.Open("echo", map[string]int{"a": 1}, comm.Metadata(map[string]any{"version": "1"}))
	if err != nil {
		t.Fatal(err)
	}
	if m := f.last(t); m.Kind != comm.Opened || m.Target != "echo" || m.ID != c.ID() || string(m.Data) != `{"a":1}` || m.Metadata["version"] != "1" {
		t.Errorf("opened with %+v", m)
	}
	var heard []string
	c.OnMessage(func(m comm.Message) { heard = append(heard, string(m.Data)) })
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: c.ID(), Data: json.RawMessage(`{"n":1}`)})
	comm.Deliver(comm.Message{Kind: comm.Sent, ID: "another", Data: json.RawMessage(`{"n":2}`)})
	if strings.Join(heard, " ") != `{"n":1}` {
		t.Errorf("heard %q", heard)
	}
	if err := c.Send(struct{ B []int }{[]int{1}}, comm.Buffers([]byte("x"))); err != nil {
		t.Fatal(err)
	}
	if m := f.last(t); m.Kind != comm.Sent || string(m.Data) != `{"B":[1]}` || string(m.Buffers[0]) != "x" {
		t.Errorf("sent %+v", m)
	}
	if list := comm.List("echo"); len(list) != 1 || list[0] != c {
		t.Errorf("open are %v", list)
	}
	if err := c.Close(nil); err != nil || f.last(t).Kind != comm.Closed {
		t.Errorf("closed with %v, %+v", err, f.last(t))
	}
	n := len(f.got)
	if err := c.Send(nil); !errors.Is(err, comm.ErrClosed) || c.Close(nil) != nil || len(f.got) != n {
		t.Errorf("after Close: %v, %d more messages", err, len(f.got)-n)
	}
}

func TestFrontEndOpensAndCloses(t *testing.T) {
	f := attach(t)
	var opened *comm.Comm
	closed := false
	comm.Handle("ours", func(c *comm.Comm, m comm.Message) {
		opened = c
		c.OnClose(func(comm.Message) { closed = true })
		c.Send(map[string]string{"got": string(m.Data)})
	})
	t.Cleanup(func() { comm.Handle("ours", nil) })
	comm.Deliver(comm.Message{Kind: comm.Opened, ID: "7", Target: "ours", Data: json.RawMessage(`{"x":2}`)})
	if opened == nil || opened.ID() != "7" || string(f.last(t).Data) != `{"got":"{\"x\":2}"}` {
		t.Fatalf("opened %v, answer %+v", opened, f.got)
	}
	comm.Deliver(comm.Message{Kind: comm.Closed, ID: "7"})
	if !closed || len(comm.List("ours")) != 0 {
		t.Error("not closed")
	}
	if err := comm.Deliver(comm.Message{Kind: comm.Opened, ID: "8", Target: "nobody's"}); !errors.Is(err, comm.ErrNoTarget) {
		t.Errorf("an unknown target is answered by %v", err)
	}
}

func TestFaults(t *testing.T) {
	previous := comm.SetLink(nil)
	defer func() { comm.SetLink(previous) }()
	if _, err := comm.Open("x", nil); !errors.Is(err, comm.ErrDetached) || comm.Attached() {
		t.Errorf("without a front end: %v", err)
	}
	attach(t)
	for _, data := range []any{3, []int{1}, func() {}, "text"} {
		if _, err := comm.Open("x", data); err == nil {
			t.Errorf("%T is sent as an object", data)
		}
	}
}
