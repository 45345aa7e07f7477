package worker_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker"
)

// answers makes an input that answers with these lines and then ends.
func answers(lines ...string) func(context.Context, string, bool) (string, error) {
	return func(context.Context, string, bool) (string, error) {
		if len(lines) == 0 {
			return "", io.EOF
		}
		line := lines[0]
		lines = lines[1:]
		return line, nil
	}
}

func TestInput(t *testing.T) {
	for _, test := range []struct {
		cell  string
		lines []string
		want  string
	}{
		{"scan", []string{"3", "4"}, "2 <nil> 7\n"},
		{"scan", []string{"3 4 5"}, "2 <nil> 7\n"},
		{"scan", nil, "0 EOF 0\n"},
		{"lines", []string{"one", "", "three, wörld"}, "<one>\n<>\n<three, wörld>\nend\n"},
		{"read all", []string{"a", "b"}, "\"a\\nb\\n\" <nil>\n"},
		{"prompt", []string{"Ada", "secret"}, "Ada <nil>\nsecret <nil>\n"},
	} {
		s := start(t)
		s.input = answers(test.lines...)
		s.fine(test.cell)
		if got := s.stdout(); got != test.want {
			t.Errorf("%s %q: got %q, want %q", test.cell, test.lines, got, test.want)
		}
	}
}

// What one cell has left of a line is not what the next one reads.
func TestInputIsAskedForByEachCell(t *testing.T) {
	s := start(t)
	s.input = answers("1 2 3", "4 5")
	s.fine("scan")
	s.fine("scan")
	if got, want := s.stdout(), "2 <nil> 3\n2 <nil> 9\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInputComesAfterOutput(t *testing.T) {
	s := start(t)
	s.input = func(_ context.Context, prompt string, password bool) (string, error) {
		s.add(event{0, "input", fmt.Sprintf("%q %v", prompt, password)})
		return "x", nil
	}
	s.fine("prompt")
	want := `[{0 input "Name? " false} {1 stdout x <nil>
} {0 input "Word? " true} {1 stdout x <nil>
}]`
	if got := fmt.Sprint(s.take()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestInputErrors(t *testing.T) {
	s := start(t)
	for _, test := range []struct {
		err  error
		want string
	}{
		{errors.New("nobody there"), "0 read standard input: nobody there 0\n"},
		{fmt.Errorf("unattended: %w", io.EOF), "0 unattended: EOF 0\n"},
	} {
		s.input = func(context.Context, string, bool) (string, error) { return "", test.err }
		s.fine("scan")
		if got := s.stdout(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestInterruptEndsInput(t *testing.T) {
	s := start(t)
	s.input = func(ctx context.Context, _ string, _ bool) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	r, err := s.runContext(interrupted(t), "scan")
	if err != nil || r.Kind != worker.Interrupted && r.Kind != worker.Fine {
		t.Fatalf("got %+v, %v", r, err)
	}
	s.fine("hello")
}
