package kernel_test

import (
	"testing"

	"github.com/interleave-lab/interleave/kernel/jupyter"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// ask sends a request on shell and takes all of its messages.
func ask[C jupyter.Content](t *testing.T, front *kerneltest.Front, request jupyter.Content) C {
	t.Helper()
	r := front.Send(jupyter.Shell, request).Busy().Idle()
	return kerneltest.Reply[C](r)
}

func info(t *testing.T, front *kerneltest.Front, ch jupyter.Channel) jupyter.KernelInfoReply {
	t.Helper()
	r := front.Send(ch, jupyter.KernelInfoRequest{}).Busy().Idle()
	return kerneltest.Reply[jupyter.KernelInfoReply](r)
}

func TestKernelInfo(t *testing.T) {
	front := start(t)
	for _, ch := range []jupyter.Channel{jupyter.Shell, jupyter.Control} {
		got := info(t, front, ch)
		want := jupyter.LanguageInfo{
			Name: "go", Version: "1.26", MIMEType: "text/x-go", FileExtension: ".go",
			PygmentsLexer: "go", CodeMirrorMode: "go", NBConvertExporter: "script",
		}
		if got.Status != jupyter.OK || got.ProtocolVersion != "5.5" || got.LanguageInfo != want {
			t.Errorf("%s: %+v", ch, got)
		}
		if got.Banner == "" || got.Implementation == "" || got.Debugger || len(got.HelpLinks) == 0 {
			t.Errorf("%s: %+v", ch, got)
		}
	}
}

func TestComplete(t *testing.T) {
	front := start(t)
	// The cursor counts code points: the first line has 3 of them in 6 bytes.
	got := ask[jupyter.CompleteReply](t, front, jupyter.CompleteRequest{Code: "äöü\nprin", CursorPos: 8})
	if len(got.Matches) != 1 || got.Matches[0] != "print" || got.CursorStart != 4 || got.CursorEnd != 8 {
		t.Errorf("reply is %+v", got)
	}
	want := jupyter.MatchType{Start: 4, End: 8, Text: "print", Kind: "keyword", Signature: "TEXT"}
	if len(got.Metadata.Types) != 1 || got.Metadata.Types[0] != want {
		t.Errorf("types are %+v, want %+v", got.Metadata.Types, want)
	}
}

// JupyterLab shows no completion at all unless metadata is an object.
func TestCompleteReplyAlwaysHasMetadata(t *testing.T) {
	r := start(t).Send(jupyter.Shell, jupyter.CompleteRequest{Code: "nothing", CursorPos: 7}).Busy().Idle()
	const want = `{"status":"ok","matches":[],"cursor_start":0,"cursor_end":7,"metadata":{}}`
	if got := string(r.AnyReply().Content); got != want {
		t.Errorf("reply is %s, want %s", got, want)
	}
}

func TestCursorOutsideTheCode(t *testing.T) {
	front := start(t)
	for _, cursor := range []int{-5, 100} {
		got := ask[jupyter.CompleteReply](t, front, jupyter.CompleteRequest{Code: "ä", CursorPos: cursor})
		if got.Status != jupyter.OK || got.CursorStart < 0 || got.CursorEnd > 1 {
			t.Errorf("cursor %d: reply is %+v", cursor, got)
		}
	}
}

func TestInspect(t *testing.T) {
	front := start(t)
	found := ask[jupyter.InspectReply](t, front, jupyter.InspectRequest{Code: "print x", CursorPos: 2, DetailLevel: 1})
	if got := kerneltest.Text(found.Data, "text/plain"); !found.Found || got != "the command print of the toy engine" {
		t.Errorf("reply is %+v", found)
	}
	none := ask[jupyter.InspectReply](t, front, jupyter.InspectRequest{Code: "what", CursorPos: 2})
	if none.Status != jupyter.OK || none.Found || none.Data == nil || none.Metadata == nil {
		t.Errorf("reply is %+v, want nothing found", none)
	}
}

func TestIsComplete(t *testing.T) {
	front := start(t)
	for code, want := range map[string]jupyter.IsCompleteReply{
		"x":   {Status: "complete"},
		`x \`: {Status: "incomplete", Indent: "  "},
		"}":   {Status: "invalid"},
	} {
		if got := ask[jupyter.IsCompleteReply](t, front, jupyter.IsCompleteRequest{Code: code}); got != want {
			t.Errorf("%q is %+v, want %+v", code, got, want)
		}
	}
}

func TestComms(t *testing.T) {
	front := start(t)
	if got := ask[jupyter.CommInfoReply](t, front, jupyter.CommInfoRequest{}); got.Comms == nil || len(got.Comms) > 0 {
		t.Errorf("comms are %v, want none", got.Comms)
	}
	r := front.Send(jupyter.Shell, jupyter.CommOpen{CommID: "7", TargetName: "nobody"}).Busy()
	if got := kerneltest.Published[jupyter.CommClose](r); got.CommID != "7" {
		t.Errorf("closed comm %q, want 7", got.CommID)
	}
	r.Idle()
	front.Send(jupyter.Shell, jupyter.CommMsg{CommID: "7"}).Busy().Idle()
	front.Send(jupyter.Shell, jupyter.CommClose{CommID: "7"}).Busy().Idle()
}

func TestContentOfAnotherShape(t *testing.T) {
	front := start(t)
	for _, typ := range []jupyter.Type{"execute_request", "complete_request", "history_request", "is_complete_request"} {
		m := front.Message(jupyter.KernelInfoRequest{})
		m.Header.Type = typ
		m.Content = []byte(`{"code": 7, "hist_access_type": 7}`)
		r := front.SendMessage(jupyter.Shell, m).Busy().Idle()
		reply := r.AnyReply()
		if reply.Header.Type != jupyter.ReplyTo(typ) {
			t.Errorf("%s: reply is %s", typ, reply.Header.Type)
		}
		reply.Header.Type = jupyter.ReplyTo(typ)
		if c, err := jupyter.Read[jupyter.FailedReply](reply); err != nil || c.Status != jupyter.Failed || c.EName != "MessageError" {
			t.Errorf("%s: reply is %s, %v", typ, reply.Content, err)
		}
	}
}
