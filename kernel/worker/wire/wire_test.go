package wire_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/display"
)

// body is the body of the one frame in b, which must be of type t.
func body(t *testing.T, b []byte, want wire.Type) wire.Body {
	t.Helper()
	got, d, rest, ok, err := wire.Cut(b)
	if err != nil || !ok || got != want || len(rest) != 0 {
		t.Fatalf("got %q, %v, %v, rest %d", got, ok, err, len(rest))
	}
	return d
}

func TestText(t *testing.T) {
	for _, want := range []wire.Text{
		{Cell: 1, Stream: 1, Text: []byte("text\n")},
		{Cell: -1, Stream: 2, Sync: math.MaxUint64, Text: []byte{}},
		{Cell: math.MaxInt, Stream: 1, Text: []byte(strings.Repeat("x", 1<<20))},
	} {
		d := body(t, wire.AppendText(nil, want), wire.TText)
		got, err := d.Text()
		if err != nil || got.Cell != want.Cell || got.Stream != want.Stream || got.Sync != want.Sync || string(got.Text) != string(want.Text) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
}

func TestCall(t *testing.T) {
	for _, want := range []wire.Call{
		{ID: 7, Cell: 3, Op: wire.OpShow, Data: display.Data{
			Bundle:   map[string]any{"text/plain": "x", "image/png": []byte{0, 1, 255}, "application/json": json.RawMessage(`{"a":[1]}`)},
			Metadata: map[string]any{"interleave": map[string]any{"type": "int"}}, ID: "id",
		}},
		{ID: 1 << 60, Cell: 1, Op: wire.OpInput, Flag: true, Text: "Password: "},
		{ID: 2, Op: wire.OpClear},
	} {
		d := body(t, wire.AppendCall(nil, want), wire.TCall)
		if got, err := d.Call(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
}

// What does not encode as JSON says so instead of getting lost.
func TestCallWithBadValues(t *testing.T) {
	c := wire.Call{Data: display.Data{Bundle: map[string]any{"application/json": math.NaN()}, Metadata: map[string]any{"x": func() {}}}}
	d := body(t, wire.AppendCall(nil, c), wire.TCall)
	got, err := d.Call()
	if err != nil || got.Data.Bundle["application/json"] != "application/json: json: unsupported value: NaN" || got.Data.Metadata != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestStopAndReply(t *testing.T) {
	d := body(t, wire.AppendStop(nil, wire.Stop{Run: 9, Force: true}), wire.TStop)
	if got, err := d.Stop(); err != nil || got != (wire.Stop{Run: 9, Force: true}) {
		t.Errorf("got %+v, %v", got, err)
	}
	r := wire.Reply{ID: 9, Outcome: wire.EOF, Text: "no more"}
	d = body(t, wire.AppendReply(nil, r), wire.TReply)
	if got, err := d.Reply(); err != nil || got != r {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestJSON(t *testing.T) {
	want := wire.Done{ID: 3, Error: "e", Conflicts: []wire.Conflict{{New: 1, Live: 2, Content: []byte("t")}}, Report: wire.Report{
		Kind: wire.Panic, Value: "v", Frames: []wire.Frame{wire.NewFrame("main.f", "cell[3]", 4)},
	}}
	d := body(t, wire.AppendJSON(nil, wire.TDone, want), wire.TDone)
	var got wire.Done
	if err := d.JSON(&got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Several frames in one buffer, cut anywhere: nothing is a frame too early.
func TestCutInPieces(t *testing.T) {
	all := wire.AppendText(nil, wire.Text{Text: []byte("one")})
	n := len(all)
	all = wire.AppendText(all, wire.Text{Text: []byte("two")})
	for i := range all {
		_, _, rest, ok, err := wire.Cut(all[:i])
		if err != nil || ok != (i >= n) {
			t.Errorf("%d bytes: %v, %v", i, ok, err)
		}
		if ok && len(rest) != i-n {
			t.Errorf("%d bytes: rest %d", i, len(rest))
		}
	}
}

func TestMalformed(t *testing.T) {
	for _, b := range []string{"\x00\x00\x00\x00T", "\xff\xff\xff\xffT", "\x01\x00\x00\x10T"} {
		if _, _, _, _, err := wire.Cut([]byte(b)); !errors.Is(err, wire.ErrFrame) {
			t.Errorf("%q: %v", b, err)
		}
	}
	for _, b := range []string{"", "\x01", "\x01\x02\x09\x00\x00", "\x01\x02\x00\x00\x05ab", strings.Repeat("\x80", 20)} {
		d := wire.NewBody([]byte(b))
		if c, err := d.Call(); !errors.Is(err, wire.ErrFrame) {
			t.Errorf("%q: %+v, %v", b, c, err)
		}
	}
}

func TestFrames(t *testing.T) {
	for _, test := range []struct {
		function, file string
		kind           wire.FrameKind
		cell           int
	}{
		{"main.f", "cell[12]", wire.Author, 12},
		{"main.f", "cell[x]", wire.Library, 0},
		{"main.f", "cell[12", wire.Library, 0},
		{"sort.Slice", "/usr/local/go/src/sort/slice.go", wire.Library, 0},
		{"runtime.gopanic", "panic.go", wire.Internal, 0},
		{"runtime/debug.Stack", "stack.go", wire.Library, 0},
		{"panic", "panic.go", wire.Internal, 0},
		{"github.com/interleave-lab/interleave/kernel/worker/child.(*process).execute", "run.go", wire.Internal, 0},
		{"github.com/interleave-lab/interleave/lib/display.Show", "sink.go", wire.Library, 0},
	} {
		f := wire.NewFrame(test.function, test.file, 1)
		if n, _ := f.Cell(); f.Kind != test.kind || n != test.cell {
			t.Errorf("%s %s: %v, cell %d", test.function, test.file, f.Kind, n)
		}
	}
}

// Whatever a process sends, it is frames or ErrFrame.
func FuzzFrames(f *testing.F) {
	f.Add(wire.AppendText(nil, wire.Text{Cell: 1, Stream: 1, Text: []byte("x")}))
	f.Add(wire.AppendCall(nil, wire.Call{ID: 1, Cell: 1, Data: display.Of("x", 2)}))
	f.Add(wire.AppendReply(nil, wire.Reply{ID: 3, Text: "x"}))
	f.Add(wire.AppendStop(nil, wire.Stop{Run: 3}))
	f.Add(wire.AppendJSON(nil, wire.TDone, wire.Done{ID: 1}))
	f.Fuzz(func(t *testing.T, b []byte) {
		for {
			kind, d, rest, ok, err := wire.Cut(b)
			if err != nil && !errors.Is(err, wire.ErrFrame) {
				t.Fatal(err)
			}
			if !ok {
				return
			}
			if len(rest) >= len(b) {
				t.Fatal("no progress")
			}
			if err := decode(kind, d); err != nil && !errors.Is(err, wire.ErrFrame) {
				t.Fatal(err)
			}
			b = rest
		}
	})
}

func decode(kind wire.Type, d wire.Body) (err error) {
	switch kind {
	case wire.TText:
		_, err = d.Text()
	case wire.TCall:
		_, err = d.Call()
	case wire.TReply:
		_, err = d.Reply()
	case wire.TStop:
		_, err = d.Stop()
	case wire.TDone:
		err = d.JSON(new(wire.Done))
	}
	return err
}
