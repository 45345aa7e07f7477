// Package overlay holds the changes to a Go release from which the native
// engine builds its linker, its compiler and its worker.
//
// The user's Go installation is never written to: a Patch becomes a folder of
// changed copies and a file for go build -overlay. Every change is an exact
// match. A release whose source does not match is refused; there are no
// half-patched tools. HACKING.md tells what each change does and why.
package overlay

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// An Edit changes one passage of one file of a Go release.
type Edit struct {
	// File is relative to GOROOT/src, with slashes.
	File string
	// Find is the passage. It must occur exactly once.
	Find string
	// One of the three is set: With replaces the passage, Before goes in front
	// of it, After follows it.
	With, Before, After string
	// Why tells what the change is for.
	Why string
	// Since and Until bound the releases ("go1.27") which the edit is for:
	// Since <= release < Until. Empty: no bound.
	Since, Until string
}

// A Patch is a set of edits and of new files.
type Patch struct {
	name  string
	edits []Edit
	files map[string]string // by path relative to GOROOT/src
}

//go:embed files
var files embed.FS

// Linker is the patch for cmd/link.
func Linker() Patch {
	p := Patch{name: "linker", edits: append(append([]Edit{waits("link")}, loaderEdits...), linkerEdits...), files: added("link")}
	p.files["cmd/link/live_wait.go"] = wait
	return p
}

// Compiler is the patch for cmd/compile: it can be started ahead of time, and
// knows functions of earlier cells without their bodies.
func Compiler() Patch {
	p := Patch{name: "compiler", edits: append(append([]Edit{waits("compile")}, compilerEdits...), entryEdits...), files: added("compile")}
	p.files["cmd/compile/live_wait.go"] = wait
	return p
}

// Library is the patch for the packages of the worker: runtime, reflect, os.
func Library() Patch {
	return Patch{name: "library", edits: slices.Concat(runtimeEdits, reflectEdits, madeEdits, osEdits, surviveEdits), files: added("library")}
}

// ErrUntested is returned by Check for a release which nobody has tried.
var ErrUntested = errors.New("this Go release has not been tested with the native engine")

// Tested lists the releases with which the engine's tests have passed.
var Tested = []string{"go1.25.14", "go1.26.11", "go1.27.4"}

// Newest is the one of them that is asked for in place of an untested one.
func Newest() string { return Tested[len(Tested)-1] }

// Check reports whether a release, as in go env GOVERSION, was tested.
// Other patch releases of a tested minor release are taken for tested: the
// edits either match or are refused. Betas and release candidates are not.
func Check(release string) error {
	if SameMinor(release) != "" {
		return nil
	}
	return fmt.Errorf("%w: %s (tested: %s)", ErrUntested, release, strings.Join(Tested, ", "))
}

// SameMinor is the tested release of the same minor version, "" if none.
func SameMinor(release string) string {
	plain, _, _ := strings.Cut(strings.ReplaceAll(release, "-", " "), " ")
	if !version.IsValid(plain) || strings.Contains(plain, "rc") || strings.Contains(plain, "beta") {
		return ""
	}
	for _, t := range Tested {
		if version.Lang(t) == version.Lang(plain) {
			return t
		}
	}
	return ""
}

// ErrMismatch is returned by Apply and Write for a release whose source is not
// as the edits expect it.
var ErrMismatch = errors.New("the source of this Go release is not as expected")

// Fingerprinted is everything a patch is made of, for cache keys.
func (p Patch) Fingerprinted() []byte {
	b, err := json.Marshal(struct {
		Name  string
		Edits []Edit
		Files map[string]string
	}{p.name, p.edits, p.files})
	if err != nil {
		panic(err) // strings always marshal
	}
	return b
}

// Edits are the changes that are made to a release.
func (p Patch) Edits(release string) []Edit {
	var list []Edit
	for _, e := range p.edits {
		if e.applies(release) {
			list = append(list, e)
		}
	}
	return list
}

// Sources lists the files which the patch reads of some release, relative to
// GOROOT/src.
func (p Patch) Sources(release string) []string {
	var names []string
	seen := map[string]bool{}
	for _, e := range p.edits {
		if e.applies(release) && !seen[e.File] {
			seen[e.File] = true
			names = append(names, e.File)
		}
	}
	return names
}

// Apply returns the changed and new files by their path relative to
// GOROOT/src. The release is as in go env GOVERSION; src is its GOROOT/src.
func (p Patch) Apply(release string, src fs.FS) (map[string]string, error) {
	out := map[string]string{}
	for name, text := range p.files {
		if _, err := fs.Stat(src, name); err == nil {
			return nil, fmt.Errorf("patch %s of %s: %s exists already: %w", p.name, release, name, ErrMismatch)
		}
		out[name] = text
	}
	for _, e := range p.Edits(release) {
		text, ok := out[e.File]
		if !ok {
			b, err := fs.ReadFile(src, e.File)
			if err != nil {
				return nil, fmt.Errorf("patch %s of %s: %w", p.name, release, err)
			}
			text = string(b)
		}
		changed, err := e.apply(text)
		if err != nil {
			return nil, fmt.Errorf("patch %s of %s: %s: %w", p.name, release, e.File, err)
		}
		out[e.File] = changed
	}
	return out, nil
}

func (e Edit) applies(release string) bool {
	return (e.Since == "" || version.Compare(release, e.Since) >= 0) && (e.Until == "" || version.Compare(release, e.Until) < 0)
}

// apply changes the passage in text.
func (e Edit) apply(text string) (string, error) {
	if n := strings.Count(text, e.Find); n != 1 {
		return "", fmt.Errorf("%w: found %d times instead of once: %q (%s)", ErrMismatch, n, e.Find, e.Why)
	}
	with := e.With
	switch {
	case e.Before != "":
		with = e.Before + e.Find
	case e.After != "":
		with = e.Find + e.After
	}
	return strings.Replace(text, e.Find, with, 1), nil
}

// Write applies the patch to the release at goroot, writes the results below
// dir and returns the file for go build -overlay.
func (p Patch) Write(release, goroot, dir string) (string, error) {
	src := filepath.Join(goroot, "src")
	out, err := p.Apply(release, os.DirFS(src))
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for name, text := range out {
		file := filepath.Join(dir, p.name, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return "", fmt.Errorf("write patch %s: %w", p.name, err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			return "", fmt.Errorf("write patch %s: %w", p.name, err)
		}
		replace[filepath.Join(src, filepath.FromSlash(name))] = file
	}
	b, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return "", fmt.Errorf("write patch %s: %w", p.name, err)
	}
	file := filepath.Join(dir, p.name+".json")
	if err := os.WriteFile(file, b, 0o666); err != nil {
		return "", fmt.Errorf("write patch %s: %w", p.name, err)
	}
	return file, nil
}

// added reads the new files of a patch: files/SET/PATH.txt stands for
// GOROOT/src/PATH. They end in .txt so that no tool takes them for our own
// packages.
func added(set string) map[string]string {
	out := map[string]string{}
	root := path.Join("files", set)
	err := fs.WalkDir(files, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(name)
		out[strings.TrimSuffix(strings.TrimPrefix(name, root+"/"), ".txt")] = string(b)
		return err
	})
	if err != nil {
		panic(err) // the files are part of this program
	}
	return out
}

//go:embed files/tool/wait.go.txt
var wait string

// waits lets a tool be started before its arguments are known.
func waits(tool string) Edit {
	return Edit{
		File: "cmd/" + tool + "/main.go", Find: "func main() {\n", After: "\tliveWait()\n",
		Why: "start the tool ahead of time",
	}
}
