package toolchain_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// A release that the go command has fetched lies in the module cache, where
// overlays are refused: it is used through links.
func TestReleaseInModuleCache(t *testing.T) {
	if testing.Short() {
		t.Skip("copies a Go release and builds everything with it")
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := t.TempDir()
	root := filepath.Join(modules, "golang.org", "toolchain@v0.0.1-go1.26.linux-amd64")
	if err := os.MkdirAll(filepath.Dir(root), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(root, os.DirFS(strings.TrimSpace(string(out)))); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOMODCACHE", modules)
	t.Setenv("GOTOOLCHAIN", "local")
	cfg := source(t)
	cfg.Go, cfg.Cache = filepath.Join(root, "bin", "go"), t.TempDir()
	tc, err := toolchain.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer tc.Close()
	if left, err := filepath.Glob(filepath.Join(cfg.Cache, "goroot-*", "VERSION")); err != nil || len(left) != 1 {
		t.Errorf("links to the release: %q, %v", left, err)
	}
}

// A tree of links has what is needed for building.
func TestLinkFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "from", "test"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.go", "b.html", "test/c.go"} {
		if err := os.WriteFile(filepath.Join(dir, "from", name), []byte(name), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(dir, "to")
	if err := toolchain.LinkTree(filepath.Join(dir, "from"), to); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a.go": true, "b.html": true, "test/c.go": false} {
		b, err := os.ReadFile(filepath.Join(to, name))
		if (err == nil) != want || err == nil && string(b) != name {
			t.Errorf("%s: %q %v", name, b, err)
		}
	}
}
