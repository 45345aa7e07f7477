package enginetest

import (
	"embed"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
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
	open = prepared(open)
	t.Run("cells", func(t *testing.T) { Cells(t, open) })
	t.Run("not inlined", func(t *testing.T) { NotInlined(t, open) })
	t.Run("contract", func(t *testing.T) { Contract(t, open) })
	t.Run("programs", func(t *testing.T) { Programs(t, open) })
	t.Run("programs as cells", func(t *testing.T) { AsCells(t, open) })
	t.Run("stress", func(t *testing.T) { Stress(t, open) })
}

// prepared opens engines that are ready, so that no cell has to wait for what
// is built and no progress stands among its output.
func prepared(open Opener) Opener {
	return func(t *testing.T) engine.Engine {
		e := open(t)
		if p, ok := e.(engine.Preparer); ok {
			if err := p.Prepare(t.Context(), nil); err != nil {
				t.Fatalf("prepare: %v", err)
			}
		}
		return e
	}
}

// Cells plays all sessions.
func Cells(t *testing.T, open Opener) {
	all(t, open, func(s Session) Session { return s }, "")
}

// NotInlined plays the sessions on redefinition again with functions that the
// compiler may not inline: inlining hides which code is called.
func NotInlined(t *testing.T, open Opener) {
	all(t, open, Session.notInlined, "hazards-", "redefine")
}

// function is the head of a function or method at the start of a line.
var function = regexp.MustCompile(`(?m)^func (\w|\([^)]*\) ?\w)`)

func (s Session) notInlined() Session {
	s.Cells = slices.Clone(s.Cells)
	for i, c := range s.Cells {
		s.Cells[i].Code = function.ReplaceAllStringFunc(c.Code, func(head string) string { return "//go:noinline\n" + head })
	}
	return s
}

// all plays the sessions of the files whose names begin with one of the
// prefixes, each changed by edit.
func all(t *testing.T, open Opener, edit func(Session) Session, prefixes ...string) {
	for _, f := range Files(t) {
		if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(path.Base(f.Name), p) }) {
			continue
		}
		sessions, err := Parse(f.Name, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(path.Base(f.Name), ".txtar"), func(t *testing.T) {
			for _, s := range sessions {
				t.Run(s.Title, func(t *testing.T) { play(t, edit(s), open) })
			}
		})
	}
}

func play(t *testing.T, s Session, open Opener) {
	if s.Open() && os.Getenv("INTERLEAVE_TEST_OPEN") != "1" {
		t.Logf("%s: not run, its fault is known and open: set INTERLEAVE_TEST_OPEN=1 to run it", s.Title)
		return
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
