package enginetest

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

//go:embed testdata/programs/*.go
var programs embed.FS

// A program is a whole program with what the go command makes of it.
type program struct {
	name   string
	source string
	want   outcome
}

// An outcome is what a program leaves on the screen.
type outcome struct {
	stdout, stderr string
	code           int
}

// Programs runs each program in an engine of its own, then all of them one
// after the other in one engine, so that every program redefines the names of
// those before it.
func Programs(t *testing.T, open Opener) {
	all := build(t)
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) {
			e := open(t)
			defer shut(t, e)
			p.run(t, e, 1)
			p.run(t, e, 2)
		})
	}
	t.Run("together", func(t *testing.T) {
		e := open(t)
		defer shut(t, e)
		for i, p := range all {
			p.run(t, e, i+1)
		}
	})
}

func shut(t *testing.T, e engine.Engine) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// run runs the program in a cell and compares.
func (p program) run(t *testing.T, e engine.Engine, count int) {
	t.Helper()
	r := newRecord(nil)
	c := Cell{Code: p.source}
	err := c.run(t.Context(), e, count, r)
	have, err := outcomeOf(r.seen(), err)
	if err != nil {
		t.Fatalf("%s: cell %d: %v", p.name, count, err)
	}
	if have.code != p.want.code {
		t.Errorf("%s: cell %d: exit code %d, want %d\n%s", p.name, count, have.code, p.want.code, have.stderr)
	}
	for _, s := range []struct{ name, want, have string }{{"stdout", p.want.stdout, have.stdout}, {"stderr", p.want.stderr, have.stderr}} {
		if err := (Section{Name: s.name, Text: s.want}).compare(s.have); err != nil {
			t.Errorf("%s: cell %d: %v", p.name, count, err)
		}
	}
}

// outcomeOf tells the end of a cell in the words of a process.
func outcomeOf(s seen, err error) (outcome, error) {
	o := outcome{stdout: s.stdout(), stderr: s.stderr}
	if err == nil {
		return o, nil
	}
	var fault *engine.Error
	if !errors.As(err, &fault) {
		return o, err
	}
	switch fault.Name {
	case engine.PanicError:
		o.code = 2
		o.stderr += "panic: " + fault.Value + "\n"
		return o, nil
	case engine.ExitError:
		if _, err := fmt.Sscanf(fault.Value, "exit status %d", &o.code); err != nil {
			return o, fmt.Errorf("read the exit status of %q: %w", fault.Value, err)
		}
		return o, nil
	}
	return o, fmt.Errorf("%w\n%s", fault, fault.Text())
}

var (
	building sync.Mutex
	built    = map[string]outcome{} // by source
)

// build returns the programs with their outcomes. Each is built and run once
// in the life of the test process.
func build(t *testing.T) []program {
	t.Helper()
	building.Lock()
	defer building.Unlock()
	all := sources(t)
	var missing []program
	for _, p := range all {
		if _, ok := built[p.source]; !ok {
			missing = append(missing, p)
		}
	}
	if len(missing) > 0 {
		outcomes(t, missing)
	}
	for i := range all {
		all[i].want = built[all[i].source]
	}
	return all
}

func sources(t *testing.T) []program {
	t.Helper()
	entries, err := programs.ReadDir("testdata/programs")
	if err != nil {
		t.Fatal(err)
	}
	var all []program
	for _, e := range entries {
		text, err := programs.ReadFile(path.Join("testdata/programs", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, program{name: strings.TrimSuffix(e.Name(), ".go"), source: string(text)})
	}
	return all
}

// outcomes builds programs with one call of the go command and runs each.
func outcomes(t *testing.T, missing []program) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module programs\n\ngo 1.26\n")
	for _, p := range missing {
		write(t, filepath.Join(dir, p.name, "main.go"), p.source)
	}
	bin := filepath.Join(dir, "bin") + string(filepath.Separator)
	write(t, filepath.Join(bin, "README"), "")
	cmd := exec.Command("go", "build", "-o", bin, "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the programs: %v\n%s", err, out)
	}
	for _, p := range missing {
		built[p.source] = start(t, bin+p.name)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// start runs a built program to its end.
func start(t *testing.T, file string) outcome {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, file)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("run %s: %v", filepath.Base(file), err)
	}
	return outcome{stdout: stdout.String(), stderr: shorten(stderr.String()), code: cmd.ProcessState.ExitCode()}
}

// shorten cuts the goroutines from a crash.
func shorten(stderr string) string {
	before, rest, ok := strings.Cut(stderr, "panic: ")
	if !ok {
		return stderr
	}
	return before + "panic: " + firstLine(rest) + "\n"
}
