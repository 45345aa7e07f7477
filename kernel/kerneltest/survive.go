package kerneltest

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
)

//go:embed testdata/survival.py
var survival []byte

// Survive plays the table of what a session lives through on a kernel that is
// installed, by Jupyter's own client, and logs what was told of each case, the
// state after it and the time to the reply. Name and path are those of Conform.
// Words, if there are any, choose the cases whose titles contain one.
func Survive(t testing.TB, name, path string, words ...string) {
	t.Helper()
	python := testneeds.Python(t, "jupyter_client")
	program := filepath.Join(t.TempDir(), "survival.py")
	if err := os.WriteFile(program, survival, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, append([]string{program, name}, words...)...)
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+path, "JUPYTER_RUNTIME_DIR="+t.TempDir(), "PYTHONWARNINGS=ignore")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
		return
	}
	t.Logf("\n%s", out)
}
