package interleave_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/interleave-lab/interleave"

// mayImport says which folders of the module the packages of a folder may
// import (without their tests). A folder stands for itself and all below it;
// the longest folder that holds a package decides. Arrows point down:
// cmd -> kernel -> engine, jupyter -> display; engines -> worker, cell;
// charts -> lib.
var mayImport = map[string][]string{
	"":                               {},
	"bench":                          {"", "cmd", "kernel", "lib", "charts"},
	"cmd":                            {"", "cmd", "internal/exportdata", "kernel", "lib", "charts"},
	"charts":                         {"charts", "lib"},
	"charts/labextension":            {"charts/runtime"},
	"charts/runtime":                 {"charts/runtime"},
	"charts/render":                  {"charts", "lib/display"},
	"docs":                           {},
	"internal/exportdata":            {},
	"internal/testneeds":             {},
	"kernel":                         {"kernel/engine", "kernel/jupyter", "lib/display"},
	"kernel/cell":                    {},
	"kernel/engine":                  {"lib/display"},
	"kernel/engine/echo":             {"kernel/engine", "lib/display"},
	"kernel/engine/enginetest":       {"kernel/engine", "kernel/engine/enginetest", "lib/display"},
	"kernel/engine/native":           {"internal/exportdata", "kernel/cell", "kernel/engine", "kernel/worker", "lib/display"},
	"kernel/engine/native/overlay":   {},
	"kernel/engine/native/toolchain": {"kernel/engine/native/overlay", "kernel/engine/native/toolchain", "kernel/worker", "lib/display"},
	"kernel/engine/yaegi":            {"kernel/cell", "kernel/engine", "lib/display", "lib/prompt"},
	"kernel/jupyter":                 {},
	"kernel/kernelspec":              {"kernel/kernelspec"},
	"kernel/kerneltest":              {"internal/testneeds", "kernel", "lib/display"},
	"kernel/worker":                  {"kernel/worker", "lib"},
	"kernel/zmq":                     {"kernel/zmq"},
	"lib":                            {"lib"},
	"notebooks":                      {"", "cmd", "kernel", "lib", "charts"},
}

// foreign names the one folder that may import a library which would be a
// burden anywhere else.
var foreign = map[string]string{
	"github.com/go-echarts/go-echarts": "charts",
	"github.com/traefik/yaegi":         "kernel/engine/yaegi",
	"modernc.org/quickjs":              "charts/render",
	"modernc.org/libquickjs":           "charts/render/internal/bytecode",
	"github.com/evanw/esbuild":         "charts/runtime",
	"github.com/yuin/goldmark":         "cmd",
	"github.com/alecthomas/chroma":     "cmd",
}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestLayout(t *testing.T) {
	for _, p := range list(t) {
		from, ok := folder(p.ImportPath)
		if !ok {
			continue
		}
		allowed, ok := rule(from)
		if !ok {
			t.Errorf("%s stands in no folder of the layout: add it to mayImport", p.ImportPath)
		}
		for _, path := range p.Imports {
			if to, ours := folder(path); ours && to != from && !within(to, allowed) {
				t.Errorf("%s imports %s, which the layout does not allow", from, to)
			}
			for lib, only := range foreign {
				if strings.HasPrefix(path, lib) && !within(from, []string{only}) {
					t.Errorf("%s imports %s, which only %s may", from, path, only)
				}
			}
		}
	}
}

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var ps []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return ps
		case err != nil:
			t.Fatalf("decode go list: %v", err)
		}
		ps = append(ps, p)
	}
}

// folder is the folder of an import path, and whether it is of this module.
func folder(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

// rule is what the longest folder in the table that holds f allows.
func rule(f string) ([]string, bool) {
	for d := f; ; d = d[:strings.LastIndex(d, "/")] {
		if r, ok := mayImport[d]; ok {
			return r, true
		}
		if !strings.Contains(d, "/") {
			return nil, false
		}
	}
}

func within(f string, folders []string) bool {
	for _, d := range folders {
		if f == d || d != "" && strings.HasPrefix(f, d+"/") {
			return true
		}
	}
	return false
}
