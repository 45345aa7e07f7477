package testneeds_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
)

// witness is a test whose end is only noted.
type witness struct {
	testing.TB
	end string
}

func (w *witness) Helper()           {}
func (w *witness) Fatal(args ...any) { w.stop("fatal: " + fmt.Sprint(args...)) }
func (w *witness) Skip(args ...any)  { w.stop("skip: " + fmt.Sprint(args...)) }
func (w *witness) stop(end string)   { w.end = end; runtime.Goexit() }

func ending(f func(testing.TB)) string {
	w := &witness{}
	done := make(chan bool)
	go func() { defer close(done); f(w) }()
	<-done
	return w.end
}

func TestWhatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	needs := map[string]func(testing.TB){
		"make that file":           func(t testing.TB) { testneeds.File(t, "nosuch", "make that file") },
		"install it so":            func(t testing.TB) { testneeds.Command(t, "nosuch", "install it so") },
		"install Python":           func(t testing.TB) { testneeds.Python(t) },
		"GOTOOLCHAIN=go1.27.4":     func(t testing.TB) { testneeds.Go(t, "go1.27.4") },
		"apt-get install chromium": func(t testing.TB) { testneeds.Browser(t) },
	}
	for all, verb := range map[string]string{"": "skip: ", "1": "fatal: "} {
		t.Setenv("INTERLEAVE_TEST_ALL", all)
		for advice, need := range needs {
			if end := ending(need); !strings.HasPrefix(end, verb) || !strings.Contains(end, advice) {
				t.Errorf("INTERLEAVE_TEST_ALL=%q: %q, want %s... %s", all, end, verb, advice)
			}
		}
	}
}

func TestWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	for name, script := range map[string]string{
		"python3":       "test \"$2\" != 'import absent'",
		"google-chrome": "exit 0",
		"go":            "echo /opt/$GOTOOLCHAIN",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got := testneeds.Go(t, "go1.99.1"); got != "/opt/go1.99.1/bin/go" {
		t.Errorf("Go 1.99.1 is %s", got)
	}
	if got := testneeds.Python(t, "present"); got != filepath.Join(dir, "python3") {
		t.Errorf("Python is %s", got)
	}
	if got := testneeds.Browser(t); got != filepath.Join(dir, "google-chrome") {
		t.Errorf("Browser is %s", got)
	}
	testneeds.File(t, filepath.Join(dir, "python3"), "")
	t.Setenv("INTERLEAVE_TEST_ALL", "")
	if end := ending(func(t testing.TB) { testneeds.Python(t, "present", "absent") }); !strings.Contains(end, "cannot import absent") {
		t.Errorf("a missing module: %q", end)
	}
}
