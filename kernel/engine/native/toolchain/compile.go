package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Compile is one Go file of package main to be compiled.
type Compile struct {
	Source string // the file
	Object string // the object file to write
	// Flags are for the compiler in front of ours, as in "-l" (no inlining).
	Flags []string
	// Embeds are the patterns of the file's go:embed directives, resolved in
	// the folder EmbedDir.
	Embeds   []string
	EmbedDir string
	// Stubs are lines of Notes, of the functions of earlier cells which Source
	// declares without their bodies.
	Stubs []byte
	// Notes, if not nil, takes what the compiler has to say of the functions in
	// Source, for Stubs of later cells.
	Notes *[]byte
}

// CompileError is what the compiler has to say about a file.
type CompileError struct {
	// Lines are as the compiler wrote them: file:line:column: message.
	Lines []string
}

func (e *CompileError) Error() string { return strings.Join(e.Lines, "\n") }

// compileFile runs the compiler; config is the importcfg file. The package is
// main in every respect: its path is what %T, gob and stack traces show. A
// pattern that finds no files is an *EmbedError.
func (t *Toolchain) compileFile(ctx context.Context, c Compile, config string) error {
	if c.Notes == nil {
		return t.runCompiler(ctx, c, config)
	}
	const suffix = ".notes"
	if err := os.WriteFile(c.Source+suffix, c.Stubs, 0o600); err != nil {
		return fmt.Errorf("run the compiler: %w", err)
	}
	defer os.Remove(c.Source + suffix)
	defer os.Remove(c.Object + suffix)
	if err := t.runCompiler(ctx, c, config); err != nil {
		return err
	}
	notes, err := os.ReadFile(c.Object + suffix)
	if err != nil {
		return fmt.Errorf("read what the compiler notes: %w", err)
	}
	*c.Notes = notes
	return nil
}

func (t *Toolchain) runCompiler(ctx context.Context, c Compile, config string) error {
	args := slices.Clone(c.Flags)
	if len(c.Embeds) > 0 {
		embeds := c.Object + ".embed"
		if err := writeEmbedConfig(embeds, c.EmbedDir, c.Embeds); err != nil {
			return err
		}
		defer os.Remove(embeds)
		args = append(args, "-embedcfg", embeds)
	}
	// Since Go 1.27 a name in a line directive is below the folder of the file.
	args = append(args, "-trimpath", filepath.Dir(c.Source)+"=>")
	args = append(args, "-o", c.Object, "-p", "main", "-lang="+t.lang(), "-goversion", t.release.Version,
		"-c=2", "-dwarf=false", "-nolocalimports", "-importcfg", config, "-pack", c.Source)
	if t.release.race {
		args = append([]string{"-race"}, args...)
	}
	stdout, stderr, err := t.compile.run(ctx, args...)
	if err == nil {
		return nil
	}
	lines := nonEmpty(stdout + "\n" + stderr)
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(lines) > 0 && !killed(err) {
		return &CompileError{Lines: lines}
	}
	return fmt.Errorf("run the compiler: %w", withText(err, lines))
}

func nonEmpty(text string) []string {
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if strings.TrimSpace(l) != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

func withText(err error, lines []string) error {
	if len(lines) == 0 {
		return err
	}
	return fmt.Errorf("%w: %s", err, strings.Join(lines, "; "))
}
