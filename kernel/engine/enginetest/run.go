package enginetest

import (
	"embed"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

//go:embed cells/*.txtar
var cells embed.FS

// An Opener makes an engine for one session. It fails or skips the test when
// there can be none.
type Opener func(t *testing.T) engine.Engine

// Run holds engines to the whole suite. Every session gets an engine of its
// own.
func Run(t *testing.T, open Opener) {
	t.Run("cells", func(t *testing.T) { Cells(t, open) })
	t.Run("programs", func(t *testing.T) { Programs(t, open) })
	t.Run("stress", func(t *testing.T) { Stress(t, open) })
}

// Cells plays all sessions.
func Cells(t *testing.T, open Opener) {
	for _, f := range Files(t) {
		sessions, err := Parse(f.Name, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(path.Base(f.Name), ".txtar"), func(t *testing.T) {
			for _, s := range sessions {
				t.Run(s.Title, func(t *testing.T) { play(t, s, open) })
			}
		})
	}
}

func play(t *testing.T, s Session, open Opener) {
	if s.Open() && os.Getenv("INTERLEAVE_TEST_OPEN") != "1" {
		t.Skip("known and open: set INTERLEAVE_TEST_OPEN=1 to run it")
	}
	if err := s.Play(t.Context(), open(t)); err != nil {
		t.Error(err)
	}
}

// Open reports whether the session shows a fault that is known and open.
func (s Session) Open() bool { return strings.HasPrefix(path.Base(s.File), "open") }

// A File is one of the suite's own.
type File struct{ Name, Text string }

// Files returns the files of sessions in order of name.
func Files(t testing.TB) []File {
	t.Helper()
	names, err := fs.Glob(cells, "cells/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var files []File
	for _, n := range names {
		text, err := cells.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Name: n, Text: string(text)})
	}
	return files
}
