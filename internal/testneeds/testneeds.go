// Package testneeds finds what tests need beside Go. Where it is missing the
// test is skipped and says what to install; where everything must be tested,
// with INTERLEAVE_TEST_ALL=1 as in CI, it fails.
package testneeds

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Missing ends the test: text says what is missing and how to get it.
func Missing(t testing.TB, text string) {
	t.Helper()
	if os.Getenv("INTERLEAVE_TEST_ALL") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// Command returns the path of a program on PATH; install says how to get it.
func Command(t testing.TB, name, install string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name+" is not on PATH: "+install)
	}
	return path
}

// Python returns the python3 on PATH if it can import all of the modules.
func Python(t testing.TB, modules ...string) string {
	t.Helper()
	python := Command(t, "python3", "install Python")
	for _, module := range modules {
		if err := exec.Command(python, "-c", "import "+module).Run(); err != nil {
			Missing(t, python+" cannot import "+module+": install it with pip")
		}
	}
	return python
}

// Go returns the go command of a release ("go1.27.4"), which the go command on
// PATH fetches if need be: about 70 MB.
func Go(t testing.TB, release string) string {
	t.Helper()
	cmd := exec.Command("go", "env", "GOROOT")
	cmd.Dir = os.TempDir() // no go.mod there has a say
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+release)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	root, err := cmd.Output()
	if err != nil {
		Missing(t, release+" cannot be had ("+err.Error()+"): get it with GOTOOLCHAIN="+release+" go version\n"+stderr.String())
	}
	return filepath.Join(strings.TrimSpace(string(root)), "bin", "go")
}

// File checks that a file is there, which install says how to get.
func File(t testing.TB, path, install string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		Missing(t, err.Error()+": "+install)
	}
}

// Browser returns Chromium or Chrome.
func Browser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, "there is no Chromium on PATH: apt-get install chromium")
	return ""
}
