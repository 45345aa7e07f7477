package native

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/modfile"
)

// nearby are the packages of the module around the notebook, which a cell may
// use without importing them first, as it may use the standard library.
type nearby struct {
	searches sync.WaitGroup

	mu     sync.Mutex // guards what follows
	byName map[string][]string
	paths  []string
	next   time.Time // when to search again
	busy   bool
	first  chan struct{} // closed when the first search has ended; nil before it began
}

// searchEvery is how often the module is searched at most, in the background.
const searchEvery = 2 * time.Second

// search searches the module again: files may have been added.
func (n *nearby) search(root string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if root == "" || n.busy || time.Now().Before(n.next) {
		return
	}
	n.busy = true
	done := func() {}
	if n.first == nil {
		first := make(chan struct{})
		n.first, done = first, func() { close(first) }
	}
	n.searches.Go(func() {
		defer done()
		n.look(root)
		n.mu.Lock()
		defer n.mu.Unlock()
		n.busy, n.next = false, time.Now().Add(searchEvery)
	})
}

// firstSearch is how long an answer may wait for the first search, which takes
// milliseconds in most modules.
const firstSearch = 5 * time.Second

// await returns when the module has been searched once.
func (n *nearby) await() {
	n.mu.Lock()
	first := n.first
	n.mu.Unlock()
	if first == nil {
		return
	}
	select {
	case <-first:
	case <-time.After(firstSearch):
	}
}

// wait returns when no search is under way.
func (n *nearby) wait() { n.searches.Wait() }

// mostFolders bounds the search: a module of more folders is searched in part.
const mostFolders = 3000

// look searches the module whose go.mod or go.work this is.
func (n *nearby) look(root string) {
	byName := map[string][]string{}
	var paths []string
	for _, mod := range moduleFiles(root) {
		text, err := os.ReadFile(mod)
		if err != nil {
			continue
		}
		if module := modfile.ModulePath(text); module != "" {
			walkModule(filepath.Dir(mod), module, func(path, name string) {
				byName[name] = append(byName[name], path)
				paths = append(paths, path)
			})
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.byName, n.paths = byName, paths
}

// moduleFiles are the go.mod files which a root names: itself, or those of a
// workspace.
func moduleFiles(root string) []string {
	if filepath.Base(root) != "go.work" {
		return []string{root}
	}
	text, err := os.ReadFile(root)
	if err != nil {
		return nil
	}
	work, err := modfile.ParseWork(root, text, nil)
	if err != nil {
		return nil
	}
	var files []string
	for _, u := range work.Use {
		dir := filepath.FromSlash(u.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(root), dir)
		}
		files = append(files, filepath.Join(dir, "go.mod"))
	}
	return files
}

// walkModule tells of each package below the folder of a module, by import path
// and name; commands are none that a cell could import.
func walkModule(dir, module string, tell func(path, name string)) {
	left := mostFolders
	filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		base := d.Name()
		if left--; left < 0 {
			return fs.SkipAll
		}
		if at != dir {
			if base == "vendor" || base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
				return fs.SkipDir
			}
			if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
				return fs.SkipDir // another module
			}
		}
		rel, err := filepath.Rel(dir, at)
		if err != nil {
			return nil
		}
		if name := packageIn(at); name != "" && name != "main" {
			tell(path.Join(module, filepath.ToSlash(rel)), name)
		}
		return nil
	})
}

// packageIn is the name of the package in a folder, empty when there is none.
func packageIn(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		if name := e.Name(); !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.PackageClauseOnly)
		if err == nil {
			return f.Name.Name
		}
	}
	return ""
}

func (n *nearby) named(name string) []string {
	n.await()
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.byName[name])
}

func (n *nearby) names() (names []string) {
	n.await()
	n.mu.Lock()
	defer n.mu.Unlock()
	for name := range n.byName {
		names = append(names, name)
	}
	return names
}

func (n *nearby) all() []string {
	n.await()
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.paths)
}
