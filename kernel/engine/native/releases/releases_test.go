package releases_test

import (
	"context"
	"flag"
	"go/version"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/kernel/engine/native"
	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
)

var only = flag.String("releases.only", "", "play the sample with this `release`, in this process")

// A release older than that which builds this test is used by the engine. For
// a newer one this test is built with it, and run: the kernel must be able to
// read what the release writes.
func TestReleases(t *testing.T) {
	if testing.Short() {
		t.Skip("fetches releases of Go and builds everything with them")
	}
	if *only != "" {
		sample(t, *only)
		return
	}
	for _, release := range overlay.Tested {
		switch c := version.Compare(version.Lang(release), version.Lang(runtime.Version())); {
		case c < 0:
			t.Run(release, func(t *testing.T) { sample(t, release) })
		case c > 0:
			t.Run(release, func(t *testing.T) { builtWith(t, release) })
		}
	}
}

// sample plays every eighth session, and every third one that is about
// redefinition.
func sample(t *testing.T, release string) {
	command, n := testneeds.Go(t, release), 0
	open(t, command, release)
	for _, f := range enginetest.Files(t) {
		sessions, err := enginetest.Parse(f.Name, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		every := 8
		if base := path.Base(f.Name); strings.HasPrefix(base, "hazards-") || strings.HasPrefix(base, "oldcode") {
			every = 3
		}
		for i, s := range sessions {
			if i%every != 0 || s.Open() {
				continue
			}
			n++
			t.Run(s.Title, func(t *testing.T) { play(t, s, command, release) })
		}
	}
	t.Logf("%d sessions with %s, this test built with %s", n, release, runtime.Version())
	if n < 50 {
		t.Errorf("only %d sessions were played", n)
	}
}

func play(t *testing.T, s enginetest.Session, command, release string) {
	if err := s.Play(t.Context(), open(t, command, release)); err != nil {
		t.Error(err)
	}
}

// open starts a session with a release; it is closed when the test ends.
func open(t *testing.T, command, release string) engine.Engine {
	t.Helper()
	e := native.New(native.Config{Go: command, Source: interleave.Source, Dir: t.TempDir()})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("close the engine: %v", err)
		}
	})
	if err := e.Prepare(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if v := "go" + e.Info().GoVersion; v != release {
		t.Fatalf("the cells are compiled with %s", v)
	}
	return unsure{e}
}

// unsure leaves out a note that only releases before Go 1.26 give, which cannot
// tell whether goroutines that wait do so for good.
type unsure struct{ *native.Engine }

func (u unsure) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	return u.Engine.Execute(ctx, c, withoutGuesses{out})
}

type withoutGuesses struct{ engine.Output }

func (w withoutGuesses) Stream(name engine.Stream, text string) {
	if name == engine.Stderr && strings.Contains(text, "this Go release cannot tell") {
		return
	}
	w.Output.Stream(name, text)
}

// builtWith builds this test with a release and runs it.
func builtWith(t *testing.T, release string) {
	command := testneeds.Go(t, release)
	binary := filepath.Join(t.TempDir(), "releases.test")
	env := append(os.Environ(), "GOTOOLCHAIN=local", "GOROOT="+filepath.Dir(filepath.Dir(command)))
	build := exec.CommandContext(t.Context(), command, "test", "-c", "-o", binary, ".")
	build.Env = env
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build this test with %s: %v\n%s", release, err, out)
	}
	run := exec.CommandContext(t.Context(), binary, "-test.run", "^TestReleases$", "-releases.only", release, "-test.v")
	run.Env = env
	out, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "this test built with "+release) {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "this test built with") {
			t.Log(strings.TrimSpace(line))
		}
	}
}
