package cell_test

import (
	"bytes"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/kernel/cell"
)

// rtSource stands in for the package that generated code calls.
const rtSource = `package rt

import "fmt"

func Show(vals ...any) {
	for _, v := range vals {
		fmt.Printf("show %T %v\n", v, v)
	}
}
func ShowErr(vals ...any) {
	err := vals[len(vals)-1]
	for _, v := range vals[:len(vals)-1] {
		fmt.Printf("show %T %v\n", v, v)
	}
	if err != nil {
		fmt.Println("error", err)
	}
}
func Check()   {}
func Program() {}
`

const rtPath = "github.com/interleave-lab/interleave/kernel/worker/rt"

// tests use no more packages than these.
var known = strings.Fields("bufio bytes cmp container/heap container/list context crypto/rand embed encoding/json errors flag fmt html/template io iter log maps math math/rand math/rand/v2 net/http os reflect regexp runtime slices sort strconv strings sync sync/atomic testing text/template time unicode unsafe")

// goTool compiles and links with the Go commands.
type goTool struct {
	dir   string
	files map[string]string // import path to export data
}

var tool = sync.OnceValues(func() (*goTool, error) {
	dir, err := os.MkdirTemp("", "celltest")
	if err != nil {
		return nil, err
	}
	g := &goTool{dir: dir, files: map[string]string{}}
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, known...)
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for l := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(l), " "); ok {
			g.files[path] = file
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "rt.go"), []byte(rtSource), 0o600); err != nil {
		return nil, err
	}
	g.files[rtPath] = filepath.Join(dir, "rt.a")
	return g, g.compile(rtPath, g.files[rtPath], filepath.Join(dir, "rt.go"))
})

func TestMain(m *testing.M) {
	code := m.Run()
	if g, err := tool(); err == nil {
		os.RemoveAll(g.dir)
	}
	os.Exit(code)
}

func (g *goTool) config() string {
	var b strings.Builder
	for path, file := range g.files {
		if file != "" {
			fmt.Fprintf(&b, "packagefile %s=%s\n", path, file)
		}
	}
	return b.String()
}

func (g *goTool) compile(pkg, object string, files ...string) error {
	cfg := filepath.Join(g.dir, "importcfg")
	if err := os.WriteFile(cfg, []byte(g.config()), 0o600); err != nil {
		return err
	}
	args := []string{"tool", "compile", "-o", object, "-p", pkg, "-complete", "-dwarf=false", "-lang=go1.26", "-trimpath", g.dir + "=>", "-importcfg", cfg, "-pack"}
	cmd := exec.Command("go", append(args, files...)...)
	cmd.Dir = g.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compile: %w\n%s", err, out)
	}
	return nil
}

// compileUnit compiles a unit as the engine does.
func (g *goTool) compileUnit(t *testing.T, u *cell.Unit) string {
	t.Helper()
	dir := t.TempDir()
	src, obj := filepath.Join(dir, "unit.go"), filepath.Join(dir, "unit.a")
	if err := os.WriteFile(src, u.Source, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := g.compile("main", obj, src); err != nil {
		t.Fatalf("%v\n%s", err, numbered(u.Source))
	}
	return src
}

// run runs a unit as a program of its own and returns what it wrote.
func (g *goTool) run(t *testing.T, u *cell.Unit) string {
	t.Helper()
	src := g.compileUnit(t, u)
	dir := filepath.Dir(src)
	start, obj, bin := filepath.Join(dir, "start.go"), filepath.Join(dir, "all.a"), filepath.Join(dir, "all")
	text := "package main\nimport \"os\"\nfunc init() { " + strings.TrimPrefix(u.Entry, "main.") + "(); os.Exit(0) }\n"
	if !bytes.Contains(u.Source, []byte("\nfunc main()")) {
		text += "func main() {}\n"
	}
	if err := os.WriteFile(start, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := g.compile("main", obj, src, start); err != nil {
		t.Fatalf("%v\n%s", err, numbered(u.Source))
	}
	cmd := exec.Command("go", "tool", "link", "-s", "-w", "-importcfg", filepath.Join(g.dir, "importcfg"), "-o", bin, obj)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("link: %v\n%s", err, out)
	}
	return output(exec.Command(bin))
}

// goRun runs a program with the go command.
func (g *goTool) goRun(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "prog.go")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return output(exec.Command("go", "run", file))
}

// output is what a command writes; a failure shows in it.
func output(cmd *exec.Cmd) string {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		out.WriteString(errs.String())
	}
	return out.String()
}

func numbered(src []byte) string {
	var b strings.Builder
	n := 0
	for l := range strings.Lines(string(src)) {
		n++
		fmt.Fprintf(&b, "%4d %s", n, l)
	}
	return b.String()
}

func (g *goTool) importer() types.Importer {
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if f := g.files[path]; f != "" {
			return os.Open(f)
		}
		return nil, fmt.Errorf("no package %s", path)
	})
}

// packages finds paths by package name, as the toolchain does.
func (g *goTool) packages(name string) []string {
	var list []string
	for _, p := range known {
		base := p[strings.LastIndex(p, "/")+1:]
		if base == "v2" {
			base = "rand"
		}
		if base == name {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

func newScope(t testing.TB) (*cell.Scope, *goTool) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Fatalf("tests compile cells: %v (%s)", err, runtime.Version())
	}
	g, err := tool()
	if err != nil {
		t.Fatal(err)
	}
	return cell.NewScope(cell.Config{Importer: g.importer(), Packages: g.packages, Names: func() []string { return []string{"fmt", "flag", "rand"} }}), g
}
