package worker_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/interleave-lab/interleave/kernel/worker"
	"github.com/interleave-lab/interleave/kernel/worker/child"
	"github.com/interleave-lab/interleave/lib/display"
)

// The test binary is its own worker: with this variable set it runs the cells
// of cells_test.go, which are part of the program instead of being loaded.
const asWorker = "INTERLEAVE_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(asWorker) != "" {
		child.Main("test", functions()...)
		return
	}
	goleak.VerifyTestMain(m)
}

// recorder writes down what a worker does, one line for each call but streams
// of the same kind, which are joined.
type recorder struct {
	input func(ctx context.Context, prompt string, password bool) (string, error)

	mu     sync.Mutex
	events []event
	ended  []worker.Report
	notes  []worker.Note
}

type event struct {
	cell int
	what string // "stdout", "show", ...
	text string
}

func (r *recorder) add(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.events); n > 0 && r.events[n-1].what == e.what && r.events[n-1].cell == e.cell && strings.HasPrefix(e.what, "std") {
		r.events[n-1].text += e.text
		return
	}
	r.events = append(r.events, e)
}

func (r *recorder) Stream(cell int, stream string, text []byte) {
	r.add(event{cell, stream, string(text)})
}

func (r *recorder) Display(cell int, kind worker.DisplayKind, d display.Data) {
	what := []string{"show", "update", "result"}[kind]
	r.add(event{cell, what, fmt.Sprint(d.Bundle["text/plain"])})
}

func (r *recorder) Clear(cell int, wait bool) { r.add(event{cell, "clear", fmt.Sprint(wait)}) }

func (r *recorder) Input(ctx context.Context, cell int, prompt string, password bool) (string, error) {
	return r.input(ctx, prompt, password)
}

func (r *recorder) Ended(cell int, report worker.Report) {
	r.mu.Lock()
	r.ended = append(r.ended, report)
	r.mu.Unlock()
	r.add(event{cell, "ended", report.Value})
}

func (r *recorder) Noted(cell int, n worker.Note) {
	r.mu.Lock()
	r.notes = append(r.notes, n)
	r.mu.Unlock()
}

// take returns what was written down since the last take.
func (r *recorder) take() []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.events
	r.events = nil
	return e
}

// stdout joins what was written to stdout since the last take.
func (r *recorder) stdout() string {
	var b strings.Builder
	for _, e := range r.take() {
		if e.what == "stdout" {
			b.WriteString(e.text)
		}
	}
	return b.String()
}

// session is a worker with its recorder, and runs cells by name.
type session struct {
	*worker.Worker
	*recorder
	t testing.TB
	n int
}

func start(t testing.TB, change ...func(*worker.Options)) *session {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	opt := worker.Options{Path: exe, BuildID: "test", Dir: t.TempDir(), Env: append(os.Environ(), asWorker+"=1"), Handler: r}
	for _, f := range change {
		f(&opt)
	}
	w, err := worker.Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return &session{Worker: w, recorder: r, t: t}
}

// run runs the cell of that name as the next one.
func (s *session) run(name string) worker.Report {
	s.t.Helper()
	r, err := s.runContext(s.t.Context(), name)
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	return r
}

func (s *session) runContext(ctx context.Context, name string) (worker.Report, error) {
	s.t.Helper()
	i := slices.IndexFunc(cells, func(c cell) bool { return c.name == name })
	if i < 0 {
		s.t.Fatalf("no cell named %q", name)
	}
	s.n++
	return s.Run(ctx, worker.Run{Cell: s.n, Entry: uint64(i + 1)})
}

// fine is run for cells that end as they should.
func (s *session) fine(name string) {
	s.t.Helper()
	if r := s.run(name); r.Kind != worker.Fine {
		s.t.Fatalf("%s: %s %q", name, r.Kind, r.Value)
	}
}

// interrupted is a context that ends soon.
func interrupted(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}
