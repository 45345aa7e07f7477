package enginetest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
)

// TestProgramsAgreeWithThemselves runs the programs with an engine that is the
// go command again: they must compile and do the same each time.
func TestProgramsAgreeWithThemselves(t *testing.T) {
	if testing.Short() {
		t.Skip("builds all programs: run it without -short")
	}
	g := &goRun{dir: t.TempDir(), built: map[string]string{}}
	enginetest.Programs(t, func(*testing.T) engine.Engine { return g })
}

// goRun is an engine without state whose cells are whole programs.
type goRun struct {
	dir   string
	built map[string]string // by source
}

func (g *goRun) Info() engine.Info { return engine.Info{Name: "go run", Banner: "go run"} }
func (g *goRun) Close() error      { return nil }

func (g *goRun) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	file, err := g.build(c.Code)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, file)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	out.Stream(engine.Stdout, string(stdout))
	before, rest, panics := strings.Cut(stderr.String(), "panic: ")
	out.Stream(engine.Stderr, before)
	var exit *exec.ExitError
	switch {
	case panics:
		value, _, _ := strings.Cut(rest, "\n")
		return fail(engine.PanicError, value)
	case errors.As(err, &exit):
		return fail(engine.ExitError, fmt.Sprintf("exit status %d", exit.ExitCode()))
	}
	return err
}

func (g *goRun) build(source string) (string, error) {
	if file, ok := g.built[source]; ok {
		return file, nil
	}
	file := filepath.Join(g.dir, fmt.Sprintf("p%d", len(g.built)))
	if err := os.WriteFile(file+".go", []byte(source), 0o600); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-o", file, file+".go")
	cmd.Dir = g.dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, text)
	}
	g.built[source] = file
	return file, nil
}
