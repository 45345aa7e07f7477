package notebook_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
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
	python := testneeds.Python(t, "nbformat")
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
