package native

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
	"github.com/interleave-lab/interleave/kernel/worker"
)

// program is a program with functions of the notebook, for processes beside
// the worker: it is linked against the worker's executable as this starts,
// with all that the functions need and nothing else of the session.
type program struct {
	session *session
	tools   *toolchain.Toolchain // that link it
	link    *toolchain.Session
	dir     string
	modules []worker.Module // in the order they are loaded
}

// Program implements worker.Programmer.
func (o *outputs) Program(ctx context.Context, functions []string) (file string, err error) {
	s := o.engine.live()
	if s == nil {
		return "", ErrClosed
	}
	text, err := s.registration(functions)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(s.dir.path, "program")
	if err != nil {
		return "", err
	}
	p := &program{session: s, tools: s.tools, dir: dir}
	if p.link, err = s.tools.NewSession(dir); err == nil {
		err = p.build(ctx, text)
		err = errors.Join(err, p.link.Close())
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("link the functions for another process: %w", err), os.RemoveAll(dir))
	}
	return p.write()
}

// registration is a cell that registers the functions with package pool.
func (s *session) registration(functions []string) (string, error) {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "import ʹpool %q\n", ourModule+"/lib/pool")
	for _, f := range functions {
		name, ours := strings.CutPrefix(f, "main.")
		vars, ok := s.known.scope.Variables(name)
		switch {
		case !ours:
			return "", fmt.Errorf("%s is not of this notebook: declare a function that calls it", f)
		case !ok:
			return "", fmt.Errorf("%s has no name in this notebook: declare it as a function, a literal or a method cannot move to another process", name)
		case len(vars) > 0:
			return "", fmt.Errorf("%s uses %s of this notebook, which another process does not have: make it a part of the argument", name, strings.Join(vars, ", "))
		}
		fmt.Fprintf(&b, "ʹpool.Register(%s)\n", name)
	}
	return b.String(), nil
}

// build compiles and links the text and the packages it needs.
func (p *program) build(ctx context.Context, text string) error {
	p.session.known.mu.Lock()
	unit, err := p.session.known.scope.Standalone(text, 0)
	p.session.known.mu.Unlock()
	if err != nil {
		return err
	}
	if err := p.images(ctx, unit.Imports); err != nil {
		return err
	}
	_, err = p.cell(ctx, unit)
	return err
}

// images links the packages that the worker's executable lacks.
func (p *program) images(ctx context.Context, paths []string) error {
	missing := slices.DeleteFunc(slices.Clone(paths), p.link.Has)
	if len(missing) == 0 {
		return nil
	}
	groups, err := p.session.mods.sorted(ctx, p.tools, missing)
	if err != nil {
		return err
	}
	for _, dir := range slices.Sorted(maps.Keys(groups)) {
		paths := slices.DeleteFunc(groups[dir], p.link.Has)
		if len(paths) == 0 {
			continue
		}
		img, err := p.link.Image(ctx, dir, paths...)
		if err != nil {
			return importError(paths, err)
		}
		if err := p.link.AddImage(img); err != nil {
			return err
		}
		p.modules = append(p.modules, img.Module())
	}
	return nil
}

func (p *program) cell(ctx context.Context, unit *cell.Unit) (*toolchain.Linked, error) {
	source, object := filepath.Join(p.dir, "functions.go"), filepath.Join(p.dir, "functions.a")
	if err := os.WriteFile(source, unit.Source, 0o600); err != nil {
		return nil, err
	}
	if err := p.link.Compile(ctx, toolchain.Compile{Source: source, Object: object}); err != nil {
		return nil, compilerError(err, unit)
	}
	linked, err := p.link.Link(ctx, toolchain.Link{Object: object, Entry: unit.Entry})
	if err != nil {
		return nil, linkError(err)
	}
	p.modules = append(p.modules, linked.Module)
	return linked, nil
}

// write writes down what a process is to load.
func (p *program) write() (file string, err error) {
	b, err := json.Marshal(p.modules)
	if err != nil {
		return "", err
	}
	file = filepath.Join(p.dir, "modules.json")
	return file, os.WriteFile(file, b, 0o600)
}
