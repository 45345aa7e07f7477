package kernel_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/interleave-lab/interleave/kernel/kerneltest"
)

// TestConformance starts this test binary as a kernel with the toy engine.
func TestConformance(t *testing.T) {
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := json.Marshal(map[string]any{
		"argv":           []string{executable, "{connection_file}"},
		"env":            map[string]string{asKernel: "1"},
		"display_name":   "Echo",
		"language":       "go",
		"interrupt_mode": "message",
	})
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	dir := filepath.Join(data, "kernels", "echo")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), spec, 0o600); err != nil {
		t.Fatal(err)
	}
	kerneltest.Conform(t, "echo", data)
}
