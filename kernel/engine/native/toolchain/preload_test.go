package toolchain_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// The worker holds the libraries which need nothing but the standard library
// and this module, as the go command sees it, and no others.
func TestPreloaded(t *testing.T) {
	const module = "github.com/interleave-lab/interleave/"
	paths, err := toolchain.Preloaded(interleave.Source)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Deps}} {{.}}{{end}}`, module+"lib/...", module+"charts").Output()
	if err != nil {
		t.Fatal(err)
	}
	foreign := func(p string) bool {
		first, _, _ := strings.Cut(p, "/")
		return strings.Contains(first, ".") && !strings.HasPrefix(p, module)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if strings.Contains(f[0], "/internal/") {
			continue
		}
		seen++
		if want := strings.HasPrefix(f[0], module+"lib/") && !slices.ContainsFunc(f[1:], foreign); slices.Contains(paths, f[0]) != want {
			t.Errorf("%s: preloaded is %v, want %v", f[0], !want, want)
		}
	}
	if seen < 3 || !slices.Contains(paths, "fmt") {
		t.Errorf("%d libraries were looked at; preloaded is %v", seen, paths)
	}
}
