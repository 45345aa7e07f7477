package native

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"golang.org/x/mod/modfile"
)

// modules knows which module the imports of cells come from.
//
// Where the notebook's folder belongs to a module or workspace, that decides,
// with its versions, replacements and vendor folder. Elsewhere the session has
// a go.mod of its own in a temporary folder, to which %get adds. Interleave's
// libraries and what these use come with the kernel in either case.
type modules struct {
	notebook string // the notebook's folder

	mu    sync.Mutex
	own   folder   // of the session's go.mod; its path is empty until %get
	auto  bool     // %autoget
	ours  []string // modules that Interleave's libraries require
	local map[string]*localPackage
	dirs  map[string]string // of packages, by path

	nearby nearby
}

// localPackage is a package of the author's that was linked into the session:
// its files may change.
type localPackage struct {
	dir  string
	seen string // its files, their sizes and times when it was linked
	told bool   // that it has changed
}

// ourModule is where the libraries of cells are.
const ourModule = "github.com/interleave-lab/interleave"

func ours(path string) bool { return path == ourModule || strings.HasPrefix(path, ourModule+"/") }

// root is the module or workspace that the notebook's folder belongs to, as
// the go command finds it; empty for none. It is looked for each time: a
// go.mod may be written while the notebook is open.
func (m *modules) root() string {
	switch work := os.Getenv("GOWORK"); work {
	case "", "off":
	default:
		return work
	}
	dir, err := filepath.Abs(m.notebook)
	if err != nil {
		return ""
	}
	for {
		for _, name := range []string{"go.work", "go.mod"} {
			if st, err := os.Stat(filepath.Join(dir, name)); err == nil && st.Mode().IsRegular() {
				return filepath.Join(dir, name)
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// places are the folders in which the go command may find a package, the
// first that has it wins.
func (m *modules) places(tools *toolchain.Toolchain, path string) []string {
	if tools.IsStandard(path) || ours(path) {
		return []string{tools.ModuleDir()}
	}
	var dirs []string
	if m.root() != "" {
		dirs = append(dirs, m.notebook)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.own.path != "" {
		dirs = append(dirs, m.own.path)
	}
	if m.comesAlong(tools, path) {
		dirs = append(dirs, tools.ModuleDir())
	}
	return dirs
}

// comesAlong says whether a package may be of a module that Interleave's own
// libraries require.
func (m *modules) comesAlong(tools *toolchain.Toolchain, path string) bool {
	if m.ours == nil {
		text, err := os.ReadFile(filepath.Join(tools.ModuleDir(), "go.mod"))
		if err != nil {
			return false
		}
		f, err := modfile.ParseLax("go.mod", text, nil)
		if err != nil {
			return false
		}
		for _, r := range f.Require {
			m.ours = append(m.ours, r.Mod.Path)
		}
	}
	return slices.ContainsFunc(m.ours, func(module string) bool {
		return path == module || strings.HasPrefix(path, module+"/")
	})
}

var errNoModule = errors.New("no module of this session provides it")

// sorted groups import paths by the folder that has them. An error is the go
// command's of the first place, which says most.
func (m *modules) sorted(ctx context.Context, tools *toolchain.Toolchain, paths []string) (map[string][]string, error) {
	groups, found := map[string][]string{}, m.found(ctx, tools, paths)
	for _, p := range paths {
		dir := found[p]
		if dir == "" {
			var err error
			if dir, err = m.place(ctx, tools, p); err != nil {
				return nil, err
			}
		}
		groups[dir] = append(groups[dir], p)
	}
	return groups, nil
}

// found says which folder has each of several packages. It asks the go command
// once for a folder, about 0.1 s, and leaves out what it does not find.
func (m *modules) found(ctx context.Context, tools *toolchain.Toolchain, paths []string) map[string]string {
	if len(paths) < 2 {
		return nil // place asks once, too, and knows what to say
	}
	asked, found := map[string][]string{}, map[string]string{}
	var order []string
	for _, p := range paths {
		for _, dir := range m.places(tools, p) {
			if asked[dir] == nil {
				order = append(order, dir)
			}
			asked[dir] = append(asked[dir], p)
		}
	}
	for _, dir := range order {
		list := slices.DeleteFunc(asked[dir], func(p string) bool { return found[p] != "" })
		if len(list) == 0 || dir == tools.ModuleDir() {
			continue
		}
		out, err := toolchain.Output(tools.GoCommand(ctx, dir, append([]string{"list", "-e", "-find", "-f", "{{if not .Error}}{{.ImportPath}}{{end}}", "--"}, list...)...))
		if err != nil {
			continue
		}
		for p := range strings.FieldsSeq(string(out)) {
			found[p] = dir
		}
	}
	return found
}

func (m *modules) place(ctx context.Context, tools *toolchain.Toolchain, path string) (string, error) {
	places := m.places(tools, path)
	if tools.IsStandard(path) || ours(path) || len(places) == 1 && places[0] == tools.ModuleDir() {
		return places[0], nil // what is wrong with it comes out when it is linked
	}
	dir, err := firstThatHas(ctx, tools, places, path)
	switch {
	case err == nil:
		return dir, nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case !m.automatic() || !strings.HasPrefix(importHint([]string{path}, err), "add its module"):
		return "", importError([]string{path}, err)
	}
	if dir, err = m.folder(tools); err != nil {
		return "", err
	}
	if _, err := toolchain.Output(tools.GoCommand(ctx, dir, "get", "--", path)); err != nil {
		return "", importError([]string{path}, err)
	}
	return dir, nil
}

func (m *modules) automatic() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.auto
}

// folder is where a go.mod takes what is added: the notebook's, if there is
// one, or the session's.
func (m *modules) folder(tools *toolchain.Toolchain) (string, error) {
	if m.root() != "" {
		return m.notebook, nil
	}
	return m.ownModule(tools)
}

// firstThatHas is the first folder in which the go command finds a package.
func firstThatHas(ctx context.Context, tools *toolchain.Toolchain, dirs []string, path string) (string, error) {
	first := errNoModule
	if len(dirs) > 0 {
		first = nil
	}
	for _, dir := range dirs {
		_, err := toolchain.Output(tools.GoCommand(ctx, dir, "list", "-find", "--", path))
		if err == nil {
			return dir, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if first == nil {
			first = err
		}
	}
	return "", first
}

// dir is the folder of a package's sources. It asks the go command once.
func (m *modules) dir(ctx context.Context, tools *toolchain.Toolchain, path string) (string, error) {
	m.mu.Lock()
	known := m.dirs[path]
	m.mu.Unlock()
	if known != "" {
		return known, nil
	}
	err := errNoModule
	for _, place := range m.places(tools, path) {
		var out []byte
		if out, err = toolchain.Output(tools.GoCommand(ctx, place, "list", "-find", "-f", "{{.Dir}}", "--", path)); err == nil {
			m.mu.Lock()
			defer m.mu.Unlock()
			if m.dirs == nil {
				m.dirs = map[string]string{}
			}
			m.dirs[path] = strings.TrimSpace(string(out))
			return m.dirs[path], nil
		}
	}
	return "", fmt.Errorf("find the sources of %s: %w", path, err)
}

// note remembers the files of the author's packages that an image has brought:
// those which are edited, not those of the module cache.
func (m *modules) note(ctx context.Context, tools *toolchain.Toolchain, dir string, paths []string) {
	if dir == tools.ModuleDir() {
		return
	}
	const format = `{{if not .Standard}}{{with .Module}}{{if or .Main .Replace}}{{$.ImportPath}}{{"\t"}}{{$.Dir}}{{end}}{{end}}{{end}}`
	out, err := toolchain.Output(tools.GoCommand(ctx, dir, append([]string{"list", "-deps", "-f", format, "--"}, paths...)...))
	if err != nil {
		return // they were built a moment ago; only the notice about changes is missing then
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.local == nil {
		m.local = map[string]*localPackage{}
	}
	for line := range strings.Lines(string(out)) {
		if path, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && m.local[path] == nil {
			m.local[path] = &localPackage{dir: dir, seen: state(dir)}
		}
	}
}

// state describes the Go files of a folder by names, sizes and times.
func state(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".s") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if info, err := e.Info(); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}

// changed names the author's packages whose files are not those that were
// linked, each once after every change.
func (m *modules) changed() (paths []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(m.local)) {
		p := m.local[path]
		now := state(p.dir)
		if now != p.seen && !p.told {
			paths = append(paths, path)
		}
		p.told = now != p.seen
	}
	return paths
}

// forget is for a session that starts afresh: packages are linked anew then.
// What %get has added stays.
func (m *modules) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.local, m.dirs = nil, nil
}

func (m *modules) close() error {
	m.nearby.wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.own.path == "" {
		return nil
	}
	err := m.own.remove()
	m.own = folder{}
	return err
}

// ownModule is the folder of the session's go.mod, made when there is none.
func (m *modules) ownModule(tools *toolchain.Toolchain) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.own.path != "" {
		return m.own.path, nil
	}
	f, err := newFolder()
	if err != nil {
		return "", err
	}
	text := "module notebook\n\ngo " + strings.TrimPrefix(language(tools.GoVersion()), "go") + "\n"
	if err := os.WriteFile(filepath.Join(f.path, "go.mod"), []byte(text), 0o600); err != nil {
		return "", errors.Join(err, f.remove())
	}
	m.own = f
	return f.path, nil
}

// importError is for packages that cannot be built or found.
func importError(paths []string, err error) error {
	var known *engine.Error
	if errors.As(err, &known) {
		return known
	}
	list := strings.Join(paths, ", ")
	text := strings.Split(strings.TrimRight(fmt.Sprintf("import %s: %v", list, err), "\n"), "\n")
	if hint := importHint(paths, err); hint != "" {
		text = append(text, "    hint: "+hint)
	}
	return &engine.Error{Name: engine.CompileError, Value: fmt.Sprintf("package %s cannot be imported", list), Traceback: text}
}

// importHint says what to do about an import that does not work.
func importHint(paths []string, err error) string {
	text := err.Error()
	switch {
	case errors.Is(err, toolchain.ErrNeedsC):
		return "use a package that needs no C, or run the code as a program with os/exec"
	case noNetwork(text):
		return "the module is not on this machine and the network cannot be reached; connect, or set GOPROXY to a folder that has it"
	case errors.Is(err, errNoModule), strings.Contains(text, "no required module provides package"), strings.Contains(text, "cannot find module providing package"):
		return "add its module with: %get " + paths[0]
	case strings.Contains(text, "is not in std"):
		return "no such package in the standard library; a module's path begins with a host name, as in example.com/name"
	case strings.Contains(text, "fingerprint mismatch"):
		return "the session already holds another version of a package which this one uses; restart the kernel and import this one first"
	}
	return ""
}

// noNetwork reports whether a go command failed for want of a network.
func noNetwork(text string) bool {
	for _, s := range []string{"dial tcp", "no such host", "Could not resolve host", "GOPROXY list is not the empty string, but contains no entries", "module lookup disabled by GOPROXY=off"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// isLocal says whether an argument of %get is a folder.
func isLocal(arg string) bool {
	if !strings.HasPrefix(arg, "./") && !strings.HasPrefix(arg, "../") && !filepath.IsAbs(arg) && arg != "." && arg != ".." {
		return false
	}
	st, err := os.Stat(arg)
	return err == nil && st.IsDir() || errors.Is(err, fs.ErrNotExist)
}
