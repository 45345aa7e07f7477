// Package kernelspec makes the kernel known to Jupyter: it writes kernel.json
// and the logos into a folder where Jupyter looks for kernels, and takes them
// away again ("Making kernels for Jupyter", section "Kernel specs").
package kernelspec

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run ./internal/drawlogo .

// Name is the name under which the kernel is installed unless another is
// wanted; notebooks name it.
const Name = "interleave"

// Spec is the content of kernel.json.
type Spec struct {
	Argv            []string          `json:"argv"`
	DisplayName     string            `json:"display_name"`
	Language        string            `json:"language"`
	InterruptMode   string            `json:"interrupt_mode"`
	ProtocolVersion string            `json:"kernel_protocol_version"`
	Env             map[string]string `json:"env,omitempty"`
	Metadata        map[string]any    `json:"metadata"`
}

// mark is the key of the metadata by which our specs are known from those of
// other kernels.
const mark = "interleave"

// New returns the spec of a kernel that is started as "executable kernel
// CONNECTION_FILE". The executable needs an absolute path, since Jupyter starts
// kernels in the folder of the notebook. Version is the program's, for people.
func New(executable, version string) (Spec, error) {
	if !filepath.IsAbs(executable) {
		return Spec{}, fmt.Errorf("make kernel spec: %s is not an absolute path", executable)
	}
	return Spec{
		Argv:            []string{executable, "kernel", "{connection_file}"},
		DisplayName:     "Go (Interleave)",
		Language:        "go",
		InterruptMode:   "message",
		ProtocolVersion: "5.5",
		Metadata:        map[string]any{mark: map[string]string{"version": version}},
	}, nil
}

// Read reads the kernel.json in folder.
func Read(folder string) (Spec, error) {
	var s Spec
	text, err := os.ReadFile(filepath.Join(folder, "kernel.json"))
	if err != nil {
		return s, fmt.Errorf("read kernel spec: %w", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("read kernel spec %s: %w", filepath.Join(folder, "kernel.json"), err)
	}
	return s, nil
}

// Ours reports whether s was made by New.
func (s Spec) Ours() bool {
	_, ok := s.Metadata[mark]
	return ok
}

var (
	//go:embed logo-svg.svg
	logoSVG []byte
	//go:embed logo-32x32.png
	logo32 []byte
	//go:embed logo-64x64.png
	logo64 []byte
)

// Write writes the spec and its logos into folder, which must exist. The result
// can also be given to "jupyter kernelspec install".
func (s Spec) Write(folder string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write kernel spec: %w", err)
	}
	for name, content := range map[string][]byte{
		"kernel.json":    append(text, '\n'),
		"logo-svg.svg":   logoSVG,
		"logo-32x32.png": logo32,
		"logo-64x64.png": logo64,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return fmt.Errorf("write kernel spec: %w", err)
		}
	}
	return nil
}
