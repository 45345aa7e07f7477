package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// librariesFolder is where a module keeps the libraries of cells.
const librariesFolder = "interleave"

// WriteModule writes a program as a module of its own into a folder, with the
// libraries of source. The go command fetches what these need of others.
func WriteModule(dir, name string, p Program, source fs.FS) error {
	for _, path := range p.Imports {
		if !standard(path) && !strings.HasPrefix(path, module+"/") {
			return fmt.Errorf("the notebook imports %s: write the program into a module that requires it, with -o main.go", path)
		}
	}
	raw, err := fs.ReadFile(source, "go.mod")
	if err != nil {
		return err
	}
	sum, err := fs.ReadFile(source, "go.sum")
	if err != nil {
		return err
	}
	mod, err := goMod(raw, name)
	if err != nil {
		return err
	}
	return errors.Join(
		os.CopyFS(filepath.Join(dir, librariesFolder), source),
		os.WriteFile(filepath.Join(dir, "go.mod"), mod, 0o666),
		os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o666),
		os.WriteFile(filepath.Join(dir, "main.go"), p.Source, 0o666),
	)
}

// goMod is the go.mod of a program whose libraries have another.
func goMod(libraries []byte, name string) ([]byte, error) {
	from, err := modfile.Parse("go.mod", libraries, nil)
	if err != nil {
		return nil, err
	}
	to := new(modfile.File)
	err = errors.Join(to.AddModuleStmt(moduleName(name)), to.AddGoStmt(from.Go.Version), to.AddRequire(module, "v0.0.0"),
		to.AddReplace(module, "", "./"+librariesFolder, ""))
	for _, r := range from.Require {
		to.AddNewRequire(r.Mod.Path, r.Mod.Version, true)
	}
	to.Cleanup()
	return modfile.Format(to.Syntax), err
}

// moduleName makes a module path of a notebook's name.
func moduleName(name string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
	return "notebook/" + strings.Trim(clean, "-")
}
