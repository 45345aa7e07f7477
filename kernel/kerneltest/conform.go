package kerneltest

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
)

//go:embed testdata/conformance.py
var conformance []byte

// Conform holds a kernel that is installed against Python clients: the public
// conformance suite and what clients need beyond it. Name is "interleave" or
// "echo"; path is a data folder of Jupyter ("share/jupyter" below a prefix) in
// which it is installed. It takes about ten seconds.
//
// Where Python or its packages are missing the test is skipped, or fails if
// INTERLEAVE_TEST_ALL is 1.
func Conform(t testing.TB, name, path string) {
	t.Helper()
	python := testneeds.Python(t, "jupyter_client", "jupyter_kernel_test")
	program := filepath.Join(t.TempDir(), "conformance.py")
	if err := os.WriteFile(program, conformance, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, program, name)
	cmd.Env = append(os.Environ(),
		"JUPYTER_PATH="+path,
		"JUPYTER_RUNTIME_DIR="+t.TempDir(),
		"PYTHONWARNINGS=ignore",
	)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}
