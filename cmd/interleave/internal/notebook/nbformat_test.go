package notebook_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// check reads each notebook with Python's nbformat, validates it and compares
// what nbformat would write with the file.
const check = `
import sys, io, nbformat
for path in sys.argv[1:]:
    text = io.open(path, encoding="utf8", newline="").read()
    nb = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.validate(nb)
    want = nbformat.writes(nb)
    if not want.endswith("\n"):
        want += "\n"
    if text != want:
        sys.exit("%s: nbformat writes\n%s\nwe wrote\n%s" % (path, want, text))
`

func TestWritesAsNbformat(t *testing.T) {
	python := pythonWith(t, "nbformat")
	dir := t.TempDir()
	args := []string{"-c", check}
	for seed := range uint64(40) {
		path := filepath.Join(dir, strconv.FormatUint(seed, 10)+".ipynb")
		text := encode(t, random(rand.New(rand.NewPCG(seed, 2))))
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	cmd := exec.Command(python, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
}

// pythonWith returns a Python that has the module.
func pythonWith(t *testing.T, module string) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err == nil {
		err = exec.Command(python, "-c", "import "+module).Run()
	}
	if err == nil {
		return python
	}
	if os.Getenv("INTERLEAVE_TEST_ALL") == "1" {
		t.Fatalf("python3 with %s is needed: pip install %s", module, module)
	}
	t.Skipf("needs python3 with %s: pip install %s", module, module)
	return ""
}
