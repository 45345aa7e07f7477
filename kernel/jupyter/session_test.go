package jupyter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

func encode(t *testing.T, s *jupyter.Session, m jupyter.Message) [][]byte {
	t.Helper()
	frames, err := s.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	return frames
}

func message(t *testing.T, s *jupyter.Session, c jupyter.Content) jupyter.Message {
	t.Helper()
	m, err := s.New(jupyter.Header{}, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRoundTrip(t *testing.T) {
	s := jupyter.NewSession("key")
	sent := message(t, s, jupyter.Stream{Name: "stdout", Text: "a < b & ä\n"})
	sent.Identities = [][]byte{{0, 1}, []byte("b")}
	sent.Parent = jupyter.Header{ID: "7", Type: "execute_request", Session: "s"}
	sent.Metadata = jupyter.Object{"k": "v"}
	sent.Buffers = [][]byte{{1, 2}, {}}
	got, err := jupyter.NewSession("key").Decode(encode(t, s, sent))
	if err != nil {
		t.Fatal(err)
	}
	c, err := jupyter.Read[jupyter.Stream](got)
	if err != nil || c != (jupyter.Stream{Name: "stdout", Text: "a < b & ä\n"}) {
		t.Errorf("content is %+v, %v", c, err)
	}
	if !slices.EqualFunc(got.Identities, sent.Identities, bytes.Equal) || !slices.EqualFunc(got.Buffers, sent.Buffers, bytes.Equal) {
		t.Errorf("identities %q and buffers %q, want %q and %q", got.Identities, got.Buffers, sent.Identities, sent.Buffers)
	}
	if got.Header.ID != sent.Header.ID || got.Parent.ID != "7" || got.Metadata["k"] != "v" {
		t.Errorf("got %+v", got)
	}
	if got.Header.Version != jupyter.ProtocolVersion || got.Header.Session != s.ID() || got.Header.Username == "" {
		t.Errorf("header is %+v", got.Header)
	}
	if _, ok := got.Header.Time(); !ok {
		t.Errorf("date %q cannot be read", got.Header.Date)
	}
}

// A client may put more into a header than the specification knows, such as
// subshell_id, and wants it back.
func TestParentHeaderComesBackWhole(t *testing.T) {
	s := jupyter.NewSession("")
	const text = `{"msg_id":"1","msg_type":"execute_request","subshell_id":"a","nested":{"x":[1,2.50]}}`
	request, err := s.Decode(frames(text, "{}", "{}", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := s.New(request.Header, jupyter.KernelStatus{ExecutionState: jupyter.Busy})
	if err != nil {
		t.Fatal(err)
	}
	if parent := encode(t, s, reply)[3]; string(parent) != text {
		t.Errorf("parent header is %s, want %s", parent, text)
	}
}

func TestNoParentIsAnEmptyObject(t *testing.T) {
	s := jupyter.NewSession("")
	f := encode(t, s, message(t, s, jupyter.KernelStatus{}))
	if string(f[3]) != "{}" || string(f[4]) != "{}" {
		t.Errorf("parent header %s and metadata %s, want {} both", f[3], f[4])
	}
}

// The signature is that of RFC 2104 over the four parts, as computed by
// Python's hmac module.
func TestSignature(t *testing.T) {
	s := jupyter.NewSession("a0436f6c-1916-498b-8eb9-e81ab9368e84")
	good := frames(`{"msg_id":"1","msg_type":"kernel_info_request"}`, "{}", "{}", "{}")
	const want = "23d21ade63d42fc48bbe2721cd9045ceffb260c3521b7d246495f23adfca79a0"
	good[1] = []byte(want)
	if _, err := s.Decode(good); err != nil {
		t.Error(err)
	}
}

func TestBadSignatures(t *testing.T) {
	s := jupyter.NewSession("key")
	good := encode(t, s, message(t, s, jupyter.KernelInfoRequest{}))
	for name, change := range map[string]func(f [][]byte){
		"none":     func(f [][]byte) { f[1] = nil },
		"short":    func(f [][]byte) { f[1] = f[1][:32] },
		"long":     func(f [][]byte) { f[1] = append(f[1], '0') },
		"upper":    func(f [][]byte) { f[1] = bytes.ToUpper(f[1]) },
		"header":   func(f [][]byte) { f[2] = append(f[2], ' ') },
		"parent":   func(f [][]byte) { f[3] = []byte("{ }") },
		"metadata": func(f [][]byte) { f[4] = []byte("{ }") },
		"content":  func(f [][]byte) { f[5] = []byte(`{"code":""}`) },
	} {
		f := make([][]byte, len(good))
		for i := range good {
			f[i] = slices.Clone(good[i])
		}
		change(f)
		if _, err := s.Decode(f); !errors.Is(err, jupyter.ErrSignature) {
			t.Errorf("%s: %v, want ErrSignature", name, err)
		}
	}
	if _, err := jupyter.NewSession("another key").Decode(good); !errors.Is(err, jupyter.ErrSignature) {
		t.Errorf("another key: %v, want ErrSignature", err)
	}
	if _, err := s.Decode(good); err != nil {
		t.Errorf("the message itself: %v", err)
	}
	if _, err := s.Decode(good); !errors.Is(err, jupyter.ErrReplay) {
		t.Errorf("once more: %v, want ErrReplay", err)
	}
}

// frames puts parts behind a delimiter and an empty signature.
func frames(parts ...string) [][]byte {
	f := [][]byte{[]byte("<IDS|MSG>"), nil}
	for _, p := range parts {
		f = append(f, []byte(p))
	}
	return f
}

func TestMalformed(t *testing.T) {
	const header = `{"msg_id":"1","msg_type":"execute_request"}`
	for _, test := range []struct {
		name   string
		frames [][]byte
		want   string
	}{
		{"nothing", nil, "no delimiter in 0 frames"},
		{"no delimiter", [][]byte{{1}, {2}}, "no delimiter in 2 frames"},
		{"only a delimiter", frames()[:1], "0 frames after the delimiter"},
		{"no content", frames(header, "{}", "{}"), "4 frames after the delimiter"},
		{"header is no JSON", frames("{", "{}", "{}", "{}"), "decode header"},
		{"header is a list", frames("[]", "{}", "{}", "{}"), "decode header: not a JSON object"},
		{"header is null", frames("null", "{}", "{}", "{}"), "decode header: not a JSON object"},
		{"header without id", frames(`{"msg_type":"x"}`, "{}", "{}", "{}"), "msg_id or msg_type is missing"},
		{"header without type", frames(`{"msg_id":"x"}`, "{}", "{}", "{}"), "msg_id or msg_type is missing"},
		{"id is a number", frames(`{"msg_id":1}`, "{}", "{}", "{}"), "decode header"},
		{"parent", frames(header, `"x"`, "{}", "{}"), "decode parent header of execute_request"},
		{"metadata", frames(header, "{}", "7", "{}"), "decode metadata of execute_request"},
		{"content is null", frames(header, "{}", "{}", "null"), "decode content of execute_request"},
		{"content is empty", frames(header, "{}", "{}", ""), "decode content of execute_request"},
		{"content goes on", frames(header, "{}", "{}", "{}{}"), "decode content of execute_request"},
		{"deep", frames(header, "{}", "{}", strings.Repeat(`{"a":`, 1e5)), "decode content of execute_request"},
	} {
		_, err := jupyter.NewSession("").Decode(test.frames)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("<IDS|MSG>"), []byte(`{"msg_id":"1","msg_type":"execute_request"}`), []byte("{}"), []byte("{}"), []byte(`{"code":"x"}`))
	f.Add([]byte("id"), []byte("null"), []byte("[]"), []byte(`{"a":`), []byte(`{"history":[[1,2,["a",null]]]}`))
	s := jupyter.NewSession("")
	f.Fuzz(func(t *testing.T, first, header, parent, metadata, content []byte) {
		m, err := s.Decode([][]byte{first, []byte("<IDS|MSG>"), nil, header, parent, metadata, content})
		if err != nil {
			return
		}
		readAll(m)
		again, err := s.Encode(m)
		if err != nil {
			t.Fatalf("what was decoded cannot be encoded: %v", err)
		}
		if _, err := s.Decode(again); err != nil {
			t.Fatalf("what was encoded cannot be decoded: %v", err)
		}
	})
}

// readAll reads the content of m as if it were of every type.
func readAll(m jupyter.Message) {
	for _, read := range []func(jupyter.Message) error{
		reader[jupyter.ExecuteRequest], reader[jupyter.CompleteRequest], reader[jupyter.InspectRequest],
		reader[jupyter.IsCompleteRequest], reader[jupyter.HistoryRequest], reader[jupyter.HistoryReply],
		reader[jupyter.CommInfoRequest], reader[jupyter.CommOpen], reader[jupyter.CommMsg],
		reader[jupyter.CommClose], reader[jupyter.ShutdownRequest], reader[jupyter.InputReply],
		reader[jupyter.DebugRequest], reader[jupyter.ExecuteReply], reader[jupyter.Error],
	} {
		_ = read(m) // an error is as good as content; a panic is not
	}
}

func reader[C jupyter.Content](m jupyter.Message) error {
	_, err := jupyter.Read[C](m)
	return err
}

func TestContentOnTheWire(t *testing.T) {
	n := 3
	for _, test := range []struct {
		c    jupyter.Content
		want string
	}{
		{jupyter.CompleteReply{Outcome: jupyter.Outcome{Status: jupyter.OK}}, `{"status":"ok","matches":[],"cursor_start":0,"cursor_end":0,"metadata":{}}`},
		{jupyter.InspectReply{Outcome: jupyter.Outcome{Status: jupyter.OK}}, `{"status":"ok","found":false,"data":{},"metadata":{}}`},
		{jupyter.Error{Fault: jupyter.Fault{EName: "E"}}, `{"ename":"E","evalue":"","traceback":[]}`},
		{jupyter.InterruptReply{Outcome: jupyter.Failure("E", "v")}, `{"status":"error","ename":"E","evalue":"v","traceback":["E: v"]}`},
		{jupyter.ExecuteReply{Outcome: jupyter.Outcome{Status: jupyter.OK}, UserExpressions: map[string]jupyter.Expression{}}, `{"status":"ok","execution_count":0,"payload":[],"user_expressions":{}}`},
		{jupyter.DisplayData{}, `{"data":{},"metadata":{},"transient":{}}`},
		{jupyter.ClearOutput{}, `{"wait":false}`},
		{jupyter.CommClose{CommID: "7"}, `{"comm_id":"7","data":{}}`},
		{jupyter.HistoryReply{History: []jupyter.HistoryEntry{{1, 2, "a", "b", true}, {1, 3, "c", "", true}, {1, 4, "d", "e", false}}}, `{"status":"","history":[[1,2,["a","b"]],[1,3,["c",null]],[1,4,"d"]]}`},
		{jupyter.HistoryRequest{Access: "tail", N: &n}, `{"output":false,"raw":false,"hist_access_type":"tail","session":0,"start":0,"stop":null,"n":3,"pattern":"","unique":false}`},
		{jupyter.IOPubWelcome{}, `{"subscription":""}`},
	} {
		m := message(t, jupyter.NewSession(""), test.c)
		if got := string(m.Content); got != test.want {
			t.Errorf("%s is %s, want %s", test.c.Type(), got, test.want)
		}
	}
}

func TestExecuteRequestDefaults(t *testing.T) {
	for text, want := range map[string]jupyter.ExecuteRequest{
		`{"code":"x"}`: {Code: "x", StoreHistory: true, StopOnError: true},
		`{"code":"x","store_history":false,"stop_on_error":false}`: {Code: "x"},
		`{"silent":true,"store_history":true,"allow_stdin":true}`:  {Silent: true, AllowStdin: true, StopOnError: true},
	} {
		var got jupyter.ExecuteRequest
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.Code != want.Code || got.Silent != want.Silent ||
			got.StoreHistory != want.StoreHistory || got.StopOnError != want.StopOnError || got.AllowStdin != want.AllowStdin {
			t.Errorf("%s is %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestReplyTo(t *testing.T) {
	for request, want := range map[jupyter.Type]jupyter.Type{
		"execute_request": "execute_reply", "_request": "_request_reply", "": "_reply", "comm_open": "comm_open_reply",
	} {
		if got := jupyter.ReplyTo(request); got != want {
			t.Errorf("reply to %q is %q, want %q", request, got, want)
		}
	}
}

func TestCursor(t *testing.T) {
	const code = "aä世😀\xffz"
	for _, test := range []struct{ cursor, offset int }{{0, 0}, {1, 1}, {2, 3}, {3, 6}, {4, 10}, {5, 11}, {6, 12}} {
		if got := jupyter.Offset(code, test.cursor); got != test.offset {
			t.Errorf("offset of %d is %d, want %d", test.cursor, got, test.offset)
		}
		if got := jupyter.Cursor(code, test.offset); got != test.cursor {
			t.Errorf("cursor of %d is %d, want %d", test.offset, got, test.cursor)
		}
	}
	if jupyter.Offset(code, -1) != 0 || jupyter.Offset(code, 99) != len(code) || jupyter.Cursor(code, -1) != 0 || jupyter.Cursor(code, 99) != 6 {
		t.Error("positions outside the code are not moved to its ends")
	}
}
