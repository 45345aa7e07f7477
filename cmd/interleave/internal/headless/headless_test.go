package headless_test

import (
	"context"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/headless"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/lib/display"
)

// script is an engine whose cells are functions of the test, by code.
type script map[string]func(context.Context, engine.Output) error

func (s script) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	return s[c.Code](ctx, out)
}

func (s script) Info() engine.Info { return engine.Info{Name: "script"} }
func (s script) Close() error      { return nil }

// run runs a notebook with the cells named.
func run(t *testing.T, cfg headless.Config, cells ...string) (*notebook.Notebook, error) {
	t.Helper()
	n := &notebook.Notebook{}
	for _, code := range cells {
		n.Cells = append(n.Cells, &notebook.Cell{Type: notebook.Code, Source: code})
	}
	return n, headless.Run(t.Context(), n, cfg)
}

func text(s string) display.Data {
	return display.Data{Bundle: map[string]any{"text/plain": s}}
}

func named(id, s string) display.Data {
	d := text(s)
	d.ID = id
	return d
}

// outputs writes the outputs of a cell in short.
func outputs(c *notebook.Cell) []string {
	var got []string
	for _, o := range c.Outputs {
		switch o.Type {
		case notebook.Stream:
			got = append(got, o.Name+": "+o.Text)
		case notebook.Error:
			got = append(got, o.EName+": "+o.EValue)
		default:
			s, _ := o.Data["text/plain"].(string)
			got = append(got, string(o.Type)+": "+s)
		}
	}
	return got
}

func want(t *testing.T, c *notebook.Cell, want ...string) {
	t.Helper()
	if got := outputs(c); !reflect.DeepEqual(got, want) {
		t.Errorf("outputs of %q: %q, want %q", c.Source, got, want)
	}
}

func TestOutputs(t *testing.T) {
	e := script{
		"streams": func(_ context.Context, out engine.Output) error {
			out.Stream(engine.Stdout, "a")
			out.Stream(engine.Stdout, "b\n")
			out.Stream(engine.Stderr, "c")
			out.Stream(engine.Stdout, "d")
			out.Stream(engine.Stdout, "")
			return nil
		},
		"show": func(_ context.Context, out engine.Output) error {
			out.Display(text("one"))
			out.Stream(engine.Stdout, "two")
			out.Result(text("three"))
			return nil
		},
		"bytes": func(_ context.Context, out engine.Output) error {
			out.Display(display.Data{
				Bundle:   map[string]any{"image/png": []byte("hi"), "application/json": map[string]int{"n": 1}},
				Metadata: map[string]any{"image/png": map[string]int{"width": 3}},
			})
			out.Display(display.Data{Bundle: map[string]any{"application/json": math.NaN()}})
			return nil
		},
	}
	n, err := run(t, headless.Config{Engine: e}, "streams", "show", "bytes")
	if err != nil {
		t.Fatal(err)
	}
	want(t, n.Cells[0], "stdout: ab\n", "stderr: c", "stdout: d")
	want(t, n.Cells[1], "display_data: one", "stdout: two", "execute_result: three")
	if c := n.Cells[1]; c.Count != 2 || c.Outputs[2].Count != 2 {
		t.Errorf("counts %d, %d; want 2", c.Count, c.Outputs[2].Count)
	}
	if o := n.Cells[2].Outputs[0]; o.Data["image/png"] != "aGk=" {
		t.Errorf("data %v", o.Data)
	}
	if o := n.Cells[2].Outputs[1]; !strings.Contains(o.Data["text/plain"].(string), "NaN") {
		t.Errorf("data %v", o.Data)
	}
	if _, err := n.Encode(); err != nil {
		t.Error(err)
	}
}

func TestUpdateReachesEveryCell(t *testing.T) {
	e := script{
		"show": func(_ context.Context, out engine.Output) error {
			out.Display(named("p", "0 %"))
			out.Display(named("q", "other"))
			return nil
		},
		"update": func(_ context.Context, out engine.Output) error {
			out.Display(named("p", "50 %"))
			out.Update(named("p", "100 %"))
			out.Update(named("nobody", "x"))
			return nil
		},
	}
	n, err := run(t, headless.Config{Engine: e}, "show", "update")
	if err != nil {
		t.Fatal(err)
	}
	want(t, n.Cells[0], "display_data: 100 %", "display_data: other")
	want(t, n.Cells[1], "display_data: 100 %")
}

func TestClear(t *testing.T) {
	e := script{
		"now": func(_ context.Context, out engine.Output) error {
			out.Stream(engine.Stdout, "a")
			out.Clear(false)
			out.Stream(engine.Stdout, "b")
			return nil
		},
		"wait": func(_ context.Context, out engine.Output) error {
			out.Stream(engine.Stdout, "a")
			out.Clear(true)
			out.Display(text("b"))
			out.Clear(true)
			return nil
		},
	}
	n, err := run(t, headless.Config{Engine: e}, "now", "wait")
	if err != nil {
		t.Fatal(err)
	}
	want(t, n.Cells[0], "stdout: b")
	want(t, n.Cells[1], "display_data: b")
}

func TestLateOutputBelongsToItsCell(t *testing.T) {
	go1, done := make(chan bool), make(chan bool)
	e := script{
		"start": func(_ context.Context, out engine.Output) error {
			out.Stream(engine.Stdout, "start\n")
			go func() {
				<-go1
				out.Stream(engine.Stdout, "late\n")
				done <- true
				<-go1
				out.Stream(engine.Stdout, "too late\n")
				out.Display(text("x"))
				out.Update(text("x"))
				out.Clear(false)
				done <- true
			}()
			return nil
		},
		"next": func(_ context.Context, out engine.Output) error {
			out.Stream(engine.Stdout, "next\n")
			go1 <- true
			<-done
			return nil
		},
	}
	n, err := run(t, headless.Config{Engine: e}, "start", "next")
	if err != nil {
		t.Fatal(err)
	}
	go1 <- true
	<-done
	want(t, n.Cells[0], "stdout: start\nlate\n")
	want(t, n.Cells[1], "stdout: next\n")
}

var fault = &engine.Error{Name: engine.PanicError, Value: "boom", Traceback: []string{"panic: boom", "cell[2]:1"}}

func failing() script {
	return script{
		"ok":     func(_ context.Context, out engine.Output) error { out.Stream(engine.Stdout, "ok"); return nil },
		"fail":   func(context.Context, engine.Output) error { return fault },
		"broken": func(context.Context, engine.Output) error { return errors.New("start worker: no memory\ndetails") },
	}
}

func TestFailureStopsTheRun(t *testing.T) {
	n := &notebook.Notebook{Cells: []*notebook.Cell{
		{Type: notebook.Markdown, Source: "# text"},
		{Type: notebook.Code, Source: "ok"},
		{Type: notebook.Code, Source: "fail"},
		{Type: notebook.Code, Source: "ok", Count: 7, Outputs: []*notebook.Output{{Type: notebook.Stream, Text: "old"}},
			Metadata: map[string]any{"execution": map[string]any{}, "tags": []any{"x"}}},
	}}
	err := headless.Run(t.Context(), n, headless.Config{Engine: failing()})
	var cell *headless.CellError
	if !errors.As(err, &cell) || cell.Number != 3 || cell.Count != 2 || !errors.Is(err, fault) {
		t.Errorf("err = %v", err)
	}
	if want := "cell 3, In [2]: PanicError: boom"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	want(t, n.Cells[1], "stdout: ok")
	want(t, n.Cells[2], "PanicError: boom")
	if got := n.Cells[2].Outputs[0].Traceback; !reflect.DeepEqual(got, fault.Traceback) {
		t.Errorf("traceback %q", got)
	}
	last := n.Cells[3]
	if last.Count != 0 || last.Outputs != nil || !reflect.DeepEqual(last.Metadata, map[string]any{"tags": []any{"x"}}) {
		t.Errorf("a cell that did not run kept old results: %+v", last)
	}
}

func TestAllowErrors(t *testing.T) {
	n, err := run(t, headless.Config{Engine: failing(), AllowErrors: true}, "fail", "ok")
	if err != nil {
		t.Fatal(err)
	}
	want(t, n.Cells[0], "PanicError: boom")
	want(t, n.Cells[1], "stdout: ok")
}

func TestEngineErrorAlwaysStops(t *testing.T) {
	n, err := run(t, headless.Config{Engine: failing(), AllowErrors: true}, "broken", "ok")
	if err == nil || !strings.HasPrefix(err.Error(), "cell 1, In [1]: start worker: no memory") {
		t.Errorf("err = %v", err)
	}
	want(t, n.Cells[0], "EngineError: start worker: no memory")
	want(t, n.Cells[1])
}

func TestTags(t *testing.T) {
	tagged := func(code, tag string) *notebook.Cell {
		return &notebook.Cell{Type: notebook.Code, Source: code, Metadata: map[string]any{"tags": []any{tag}}}
	}
	n := &notebook.Notebook{Cells: []*notebook.Cell{
		tagged("fail", "skip-execution"),
		tagged("fail", "raises-exception"),
		{Type: notebook.Code, Source: " \n"},
		{Type: notebook.Code, Source: "ok"},
	}}
	if err := headless.Run(t.Context(), n, headless.Config{Engine: failing()}); err != nil {
		t.Fatal(err)
	}
	for i, count := range []int{0, 1, 0, 2} {
		if n.Cells[i].Count != count {
			t.Errorf("cell %d has count %d, want %d", i, n.Cells[i].Count, count)
		}
	}
}

func TestTimesAndEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []headless.Event
		e := script{"sleep": func(context.Context, engine.Output) error { time.Sleep(1500 * time.Millisecond); return nil }}
		cfg := headless.Config{Engine: e, Watch: func(e headless.Event) { events = append(events, e) }}
		n, err := run(t, cfg, "sleep", "sleep")
		if err != nil {
			t.Fatal(err)
		}
		times := n.Cells[0].Metadata["execution"].(map[string]any)
		const begin, end = "2000-01-01T00:00:00.000000Z", "2000-01-01T00:00:01.500000Z"
		for key, want := range map[string]string{
			"iopub.status.busy": begin, "iopub.execute_input": begin, "shell.execute_reply": end, "iopub.status.idle": end,
		} {
			if times[key] != want {
				t.Errorf("%s: %v, want %s", key, times[key], want)
			}
		}
		if len(events) != 4 {
			t.Fatalf("%d events", len(events))
		}
		if e := events[1]; !e.Done || e.Took != 1500*time.Millisecond || e.Number != 1 || e.Total != 2 || e.Cell != n.Cells[0] {
			t.Errorf("%+v", e)
		}
	})
}

// untilStopped is a cell that runs until it is interrupted.
func untilStopped(ctx context.Context, out engine.Output) error {
	out.Stream(engine.Stdout, "running")
	<-ctx.Done()
	return &engine.Error{Name: engine.Interrupted, Value: "interrupted", Traceback: []string{"interrupted at cell[1]:1"}}
}

func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := script{"loop": untilStopped}
		n, err := run(t, headless.Config{Engine: e, Timeout: time.Second}, "loop")
		if err == nil || err.Error() != "cell 1, In [1]: TimeoutError: the cell ran longer than 1s" {
			t.Errorf("err = %v", err)
		}
		want(t, n.Cells[0], "stdout: running", "TimeoutError: the cell ran longer than 1s")
		if got := n.Cells[0].Outputs[1].Traceback; len(got) != 2 {
			t.Errorf("traceback %q", got)
		}
	})
}

func TestFailureAtTheTimeLimitIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := script{"loop": func(ctx context.Context, _ engine.Output) error { <-ctx.Done(); return fault }}
		_, err := run(t, headless.Config{Engine: e, Timeout: time.Second}, "loop")
		if !errors.Is(err, fault) {
			t.Errorf("err = %v, want the cell's", err)
		}
	})
}

func TestInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("stop")
		time.AfterFunc(time.Second, func() { cancel(stop) })
		n := &notebook.Notebook{Cells: []*notebook.Cell{
			{Type: notebook.Code, Source: "loop"}, {Type: notebook.Code, Source: "loop"},
		}}
		cfg := headless.Config{Engine: script{"loop": untilStopped}, AllowErrors: true, Timeout: time.Minute}
		if err := headless.Run(ctx, n, cfg); !errors.Is(err, stop) {
			t.Errorf("err = %v", err)
		}
		want(t, n.Cells[0], "stdout: running", "Interrupted: interrupted")
		want(t, n.Cells[1])
	})
}

func TestFloodIsBounded(t *testing.T) {
	e := script{"flood": func(_ context.Context, out engine.Output) error {
		for range 10 {
			out.Stream(engine.Stdout, "0123456789é")
		}
		return nil
	}}
	n, err := run(t, headless.Config{Engine: e, TextLimit: 11}, "flood")
	if err != nil {
		t.Fatal(err)
	}
	want(t, n.Cells[0], "stdout: 0123456789", "stderr: \n[109 more bytes of output are not kept in the notebook]\n")
}

func TestNobodyCanBeAsked(t *testing.T) {
	e := script{"ask": func(ctx context.Context, out engine.Output) error {
		_, err := out.Input(ctx, "name?", false)
		if !errors.Is(err, engine.ErrNoStdin) || !errors.Is(err, io.EOF) {
			t.Errorf("err = %v", err)
		}
		return nil
	}}
	if _, err := run(t, headless.Config{Engine: e}, "ask"); err != nil {
		t.Fatal(err)
	}
}
