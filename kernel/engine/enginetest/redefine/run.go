package redefine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
)

// Options choose the sequences that Run plays.
type Options struct {
	First     uint64 // the number of the first sequence
	Sequences int    // how many
	Cells     int    // in each
	NoInline  bool   // forbid the compiler to inline any function
}

// Run plays sequences, each in an engine of its own, which open returns.
func Run(t *testing.T, open enginetest.Opener, o Options) {
	for i := range o.Sequences {
		s := Generate(o.First+uint64(i), o.Cells, o.NoInline)
		t.Run(fmt.Sprint(s.Number), func(t *testing.T) { s.play(t, open(t)) })
	}
}

func (s Sequence) play(t *testing.T, e engine.Engine) {
	t.Helper()
	if p, ok := e.(engine.Preparer); ok {
		if err := p.Prepare(t.Context(), nil); err != nil {
			t.Fatalf("prepare: %v", err)
		}
	}
	if err := s.Session.Play(t.Context(), e); err != nil {
		t.Errorf("%v\n%s", err, s.write())
	}
}

// write saves the session as text that the suite can play, and says where.
func (s Sequence) write() string {
	dir := os.Getenv("INTERLEAVE_REDEFINE_DIR")
	if dir == "" {
		return "set INTERLEAVE_REDEFINE_DIR to a folder to have the session written there"
	}
	name := filepath.Join(dir, fmt.Sprintf("sequence-%d.txtar", s.Number))
	if err := os.WriteFile(name, []byte(s.Text()), 0o644); err != nil {
		return err.Error()
	}
	return "written to " + name
}

// Agree runs the sequence's final declarations as a program with the go
// command and compares what it prints with what the model says.
func (s Sequence) Agree(t *testing.T) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(s.Program), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", file)
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0", "GO111MODULE=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("sequence %d as a program: %v\n%s", s.Number, err, out)
	}
	if string(out) != s.Output {
		t.Errorf("sequence %d: the model says\n%s\nGo says\n%s", s.Number, s.Output, out)
	}
}
