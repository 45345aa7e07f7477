package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// TestJupyterWithTheNativeEngine is the road of a newcomer: build the command,
// install the kernel, open a notebook in Jupyter's own clients.
func TestJupyterWithTheNativeEngine(t *testing.T) {
	nbconvert := testneeds.Command(t, "jupyter-nbconvert", "pip install nbconvert nbclient")
	_, data := installed(t)

	t.Run("conformance", func(t *testing.T) { kerneltest.Conform(t, "interleave", data) })
	t.Run("survival", func(t *testing.T) { kerneltest.Survive(t, "interleave", data) })
	t.Run("nbconvert", func(t *testing.T) {
		dir := t.TempDir()
		quickCopy(t, "../../notebooks/01-producer-consumer.ipynb", filepath.Join(dir, "n.ipynb"))
		env := append(os.Environ(), "JUPYTER_PATH="+data, "JUPYTER_RUNTIME_DIR="+t.TempDir())
		shellOut(t, env, nbconvert, "--execute", "--to", "html", "--output-dir", dir, filepath.Join(dir, "n.ipynb"))
		page, err := os.ReadFile(filepath.Join(dir, "n.html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"interleave-chart", "data:image/svg+xml;base64,", `class="highlight hl-go"`} {
			if !strings.Contains(string(page), want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if strings.Contains(string(page), "CompileError") || strings.Contains(string(page), "PanicError") {
			t.Error("a cell failed")
		}
	})
}

func shellOut(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
}

// quickCopy copies a notebook with its parameter quick set, and without
// outputs.
func quickCopy(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	var nb map[string]any
	if err := json.Unmarshal(b, &nb); err != nil {
		t.Fatal(err)
	}
	set := false
	for _, c := range nb["cells"].([]any) {
		c := c.(map[string]any)
		if c["cell_type"] != "code" {
			continue
		}
		c["outputs"] = []any{}
		tags, _ := c["metadata"].(map[string]any)["tags"].([]any)
		if slices.Contains(tags, any("parameters")) {
			c["source"], set = append(c["source"].([]any), "\nquick = true"), true
		}
	}
	if !set {
		t.Fatalf("%s has no cell tagged parameters", from)
	}
	if b, err = json.Marshal(nb); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
