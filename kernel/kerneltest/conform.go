package kerneltest

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
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
	python := Python(t, "jupyter_client", "jupyter_kernel_test")
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

// Python returns the python3 on PATH if it has all of the modules. Otherwise
// the test is skipped, or fails if INTERLEAVE_TEST_ALL is 1.
func Python(t testing.TB, modules ...string) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		missing(t, "python3 is not on PATH: install Python")
	}
	for _, module := range modules {
		if err := exec.Command(python, "-c", "import "+module).Run(); err != nil {
			missing(t, python+" has no module "+module+": pip install "+module)
		}
	}
	return python
}

func missing(t testing.TB, text string) {
	t.Helper()
	if os.Getenv("INTERLEAVE_TEST_ALL") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}
