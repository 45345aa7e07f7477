package kernel_test

import (
	"encoding/json"
	"testing"

	"github.com/interleave-lab/interleave/kernel"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// FuzzRequests sends signed requests with any content. The kernel answers the
// next sound one, whatever came before.
func FuzzRequests(f *testing.F) {
	types := []jupyter.Type{
		"execute_request", "complete_request", "inspect_request", "is_complete_request",
		"history_request", "kernel_info_request", "connect_request", "comm_info_request",
		"comm_open", "comm_msg", "comm_close", "usage_request", "debug_request",
		"interrupt_request", "input_reply", "nothing",
	}
	for i := range types {
		f.Add(byte(i), []byte(`{"code":"print x","cursor_pos":3,"user_expressions":{"a":"result 1"}}`))
		f.Add(byte(i), []byte(`{"code":"ask \ud800","cursor_pos":-9223372036854775808,"detail_level":7}`))
		f.Add(byte(i), []byte(`{"hist_access_type":"search","pattern":"[]^-[","n":-1,"stop":0}`))
		f.Add(byte(i), []byte(`{"comm_id":{},"data":null,"seq":1e99}`))
	}
	f.Fuzz(func(t *testing.T, kind byte, content []byte) {
		var object map[string]json.RawMessage
		if json.Unmarshal(content, &object) != nil || object == nil {
			t.Skip("no object: Decode refuses it")
		}
		if code := string(object["code"]); len(code) > 1000 {
			t.Skip("the toy engine would take long")
		}
		front := kerneltest.Start(t, kernel.Config{Engine: echo.New()})
		typ := types[int(kind)%len(types)]
		for _, ch := range []jupyter.Channel{jupyter.Shell, jupyter.Control, jupyter.Stdin} {
			m := front.Message(jupyter.KernelInfoRequest{})
			m.Header.Type, m.Content = typ, content
			front.SendMessage(ch, m).Drop()
		}
		for _, ch := range []jupyter.Channel{jupyter.Shell, jupyter.Control} {
			r := front.Send(ch, jupyter.KernelInfoRequest{})
			r.Drop()
			kerneltest.Reply[jupyter.KernelInfoReply](r)
		}
	})
}
