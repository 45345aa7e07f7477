package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strings"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/interleave-lab/interleave/internal/exportdata"
)

// module is the path of the module whose libraries cells import.
const module = "github.com/interleave-lab/interleave"

// Packages finds packages by their import path and by their name, with the go
// command. It is used by one goroutine at a time.
type Packages struct {
	ctx    context.Context
	dir    string // where the packages of others are found
	ours   string // where those of our module are found
	byName map[string][]string
	fset   *token.FileSet
	known  map[string]*types.Package
	failed map[string]error
}

// Find prepares to find the packages that a notebook in a folder may import.
// The packages of our module come from source where the folder's own module
// does not require it; scratch is an empty folder for that.
func Find(ctx context.Context, dir, scratch string, source fs.FS) (*Packages, error) {
	p := &Packages{ctx: ctx, dir: dir, ours: dir, byName: map[string][]string{},
		fset: token.NewFileSet(), known: map[string]*types.Package{}, failed: map[string]error{}}
	std, err := p.golist(dir, "std")
	if err != nil {
		return nil, err
	}
	if _, err := p.golist(dir, module+"/lib/display"); err != nil {
		if err := os.CopyFS(scratch, source); err != nil {
			return nil, fmt.Errorf("write the libraries: %w", err)
		}
		p.ours = scratch
	}
	libraries, err := folders(source)
	if err != nil {
		return nil, err
	}
	for _, path := range append(std, libraries...) {
		p.byName[nameOf(path)] = append(p.byName[nameOf(path)], path)
	}
	return p, nil
}

// golist runs go list and returns its lines.
func (p *Packages) golist(dir string, args ...string) ([]string, error) {
	cmd := exec.CommandContext(p.ctx, "go", append([]string{"list"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("export needs the go command: install Go from https://go.dev/dl/ and add its bin folder to PATH")
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("go list %s: %s", strings.Join(args, " "), strings.TrimSpace(string(exit.Stderr)))
	}
	return strings.Fields(string(out)), err
}

// folders lists the import paths of the libraries in source.
func folders(source fs.FS) (paths []string, err error) {
	seen := map[string]bool{}
	err = fs.WalkDir(source, ".", func(name string, d fs.DirEntry, err error) error {
		dir := path.Dir(name)
		switch {
		case err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"), seen[dir]:
			return err
		case dir == "charts" || strings.HasPrefix(dir, "lib/") && !strings.Contains(dir, "internal"):
			seen[dir] = true
			paths = append(paths, module+"/"+dir)
		}
		return nil
	})
	return paths, err
}

// nameOf guesses the name of a package from its path.
func nameOf(p string) string {
	name := path.Base(p)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		name = path.Base(path.Dir(p))
	}
	return name
}

// ByName lists the packages that have a name, for imports that are left out.
func (p *Packages) ByName(name string) []string { return p.byName[name] }

// Import returns a package, the same one each time.
func (p *Packages) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if k := p.known[path]; k != nil && k.Complete() {
		return k, nil
	}
	if err := p.failed[path]; err != nil {
		return nil, err
	}
	k, err := p.read(path)
	if err != nil {
		p.failed[path] = err
	}
	return k, err
}

// read reads the export data of a package, which the go command compiles when
// it has none.
func (p *Packages) read(path string) (*types.Package, error) {
	dir := p.dir
	if strings.HasPrefix(path, module+"/") {
		dir = p.ours
	}
	found, err := p.golist(dir, "-export", "-f", "{{.Export}}", path)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("go list -export %s: no export data", path)
	}
	archive, err := os.ReadFile(found[0])
	if err != nil {
		return nil, err
	}
	data, err := exportdata.Of(archive)
	if err != nil {
		return nil, fmt.Errorf("read the export data of %s: %w", path, err)
	}
	return gcexportdata.Read(bytes.NewReader(data), p.fset, p.known, path)
}
