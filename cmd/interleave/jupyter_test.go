package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
)

// TestJupyterFindsAndStartsIt installs the kernel and lets nbconvert run a
// notebook with it.
func TestJupyterFindsAndStartsIt(t *testing.T) {
	nbconvert := testneeds.Command(t, "jupyter-nbconvert", "pip install nbconvert nbclient")
	dir := t.TempDir()
	env := append(os.Environ(), "JUPYTER_PATH="+filepath.Join(dir, "share/jupyter"), "GORACE=atexit_sleep_ms=0")
	installed := exec.Command(toyCommand(t), "install", "--prefix", dir, "--name", "toy")
	installed.Env = env
	if out, err := installed.CombinedOutput(); err != nil {
		t.Fatalf("install: %v\n%s", err, out)
	}
	const in = `{"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"name":"toy","display_name":"Toy","language":"go"}},"cells":[
		{"cell_type":"code","id":"a","execution_count":null,"metadata":{},"source":"print hello\nresult 42","outputs":[]}]}`
	if err := os.WriteFile(filepath.Join(dir, "n.ipynb"), []byte(in), 0o666); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(nbconvert, "--to", "notebook", "--execute", "--output", "done", "n.ipynb")
	run.Dir, run.Env = dir, env
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("nbconvert: %v\n%s", err, out)
	}
	done, err := os.ReadFile(filepath.Join(dir, "done.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"hello\n"`, `"execute_result"`, `"42"`, `"pygments_lexer": "go"`} {
		if !strings.Contains(string(done), want) {
			t.Errorf("%s is missing in %s", want, done)
		}
	}
}
