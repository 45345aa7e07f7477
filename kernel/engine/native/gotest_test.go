package native_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// goPrograms are programs of the Go distribution's own tests, as patterns
// below its folder test. Those that begin with the line "// run" count.
var goPrograms = []string{
	"chan/[a-p]*.go", "closure*.go", "const*.go", "defer*.go", "escape*.go",
	"func*.go", "goprint.go", "init*.go", "interface/*.go", "map.go",
	"method*.go", "print*.go", "range*.go", "string*.go", "switch*.go",
	"typeparam/[a-f]*.go", "typeswitch*.go", "zero*.go",
}

// goDiffers names programs known to differ in a cell, with the reason: either a
// fault of ours that is left open, or something that Go does not promise.
var goDiffers = map[string]string{
	"const8.go":   "a fault left open: go/types records one of the two meanings of a repeated constant expression, and the cell is refused (undefined: X)",
	"zerosize.go": "not promised: the addresses of distinct variables without size need not be equal",
}

// TestProgramsOfTheGoDistribution pastes programs one after another into one
// session, where each redefines main and much else of those before it, and
// compares what they print with the file that lies beside them.
func TestProgramsOfTheGoDistribution(t *testing.T) {
	files := distribution(t)
	n := open(t, t.TempDir())
	ran := 0
	for _, f := range files {
		name := filepath.Base(f)
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(source), "\n")
		if strings.TrimSpace(first) != "// run" || goDiffers[name] != "" {
			continue
		}
		ran++
		if err := n.runProgram(f, string(source)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Logf("%d programs", ran)
	if ran < 50 {
		t.Errorf("only %d programs ran", ran)
	}
}

// distribution returns the files of goPrograms.
func distribution(t *testing.T) []string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("ask for GOROOT: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "test")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("this Go distribution comes without its own tests (%v): install one from go.dev/dl to run them", err)
	}
	var files []string
	for _, p := range goPrograms {
		l, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(p)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, l...)
	}
	return files
}

// runProgram runs a program, which prints what its .out file holds, or
// nothing when it has none.
func (n *notebook) runProgram(file, source string) error {
	want, err := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	ctx, stop := context.WithTimeout(n.t.Context(), time.Minute)
	defer stop()
	n.count++
	var p page
	if err := n.eng.Execute(ctx, engine.Cell{Code: source, Count: n.count}, &p); err != nil {
		return fmt.Errorf("%w\n%.1000s", err, p.text())
	}
	if got := p.text(); got != string(want) {
		return fmt.Errorf("prints\n%.1000s\nwant\n%.1000s", got, want)
	}
	return nil
}
