package native_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// files writes files below a folder.
func files(t *testing.T, dir string, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// proxy makes a module proxy in a folder ("Module cache", File system), with
// one module in it, and lets the go command use nothing else.
func proxy(t *testing.T, module, version string, texts map[string]string) {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, module, "@v")
	files(t, dir, map[string]string{
		"list":            version + "\n",
		version + ".info": `{"Version":"` + version + `"}`,
		version + ".mod":  texts["go.mod"],
	})
	f, err := os.Create(filepath.Join(dir, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, text := range texts {
		w, err := z.Create(module + "@" + version + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "file://"+root)
	t.Setenv("GONOSUMDB", "*")
	t.Setenv("GOFLAGS", "-modcacherw")
	t.Setenv("GOMODCACHE", t.TempDir())
}

var hello = map[string]string{
	"go.mod":   "module example.com/hello\n\ngo 1.24\n",
	"hello.go": "package hello\n\nimport \"fmt\"\n\nvar Count int\n\nfunc To(name string) string { Count++; return fmt.Sprint(\"hello \", name) }\n",
}

func (n *notebook) refuses(code string, wants ...string) {
	n.t.Helper()
	_, err := n.run(n.t.Context(), code)
	e, ok := err.(*engine.Error)
	if !ok {
		n.t.Fatalf("%s: %v", code, err)
	}
	for _, want := range wants {
		if !strings.Contains(e.Text(), want) {
			n.t.Errorf("%s: %q is missing in:\n%s", code, want, e.Text())
		}
	}
}

func (n *notebook) shows(code string, wants ...string) {
	n.t.Helper()
	got, err := n.run(n.t.Context(), code)
	if err != nil {
		n.t.Fatalf("%s: %v", code, err)
	}
	for _, want := range wants {
		if !strings.Contains(got, want) {
			n.t.Errorf("%s: %q is missing in:\n%s", code, want, got)
		}
	}
}

// In the folder of a module its packages are used, with its versions.
func TestModuleOfTheNotebook(t *testing.T) {
	dir := t.TempDir()
	files(t, dir, map[string]string{
		"go.mod":         "module example.com/app\n\ngo 1.24\n\nrequire example.com/hello v1.0.0\n\nreplace example.com/hello => ./third/hello\n",
		"greet/greet.go": "package greet\n\nimport \"example.com/hello\"\n\nfunc All(names ...string) (s []string) {\n\tfor _, n := range names {\n\t\ts = append(s, hello.To(n))\n\t}\n\treturn s\n}\n",
		"tagged/on.go":   "//go:build special\n\npackage tagged\n\nconst On = true\n",
		"tagged/off.go":  "//go:build !special\n\npackage tagged\n\nconst On = false\n",
	})
	files(t, filepath.Join(dir, "third/hello"), hello)
	t.Setenv("GOFLAGS", "-tags=special")
	n := open(t, dir)
	n.shows("import \"example.com/app/greet\"\nfmt.Println(greet.All(\"a\", \"b\"))", "[hello a hello b]")
	n.shows("import \"example.com/hello\"\nfmt.Println(hello.Count)", "2")
	n.shows("import \"example.com/app/tagged\"\nfmt.Println(tagged.On)", "true")
	n.shows("import \"golang.org/x/sync/errgroup\"\nvar g errgroup.Group\nfmt.Println(g.Wait())", "<nil>")
	n.refuses(`import "example.com/nowhere"`, "no required module provides package example.com/nowhere", "%get example.com/nowhere")

	// Files that change are told, once.
	files(t, dir, map[string]string{"greet/greet.go": "package greet\n\nfunc All(names ...string) []string { return nil }\n"})
	n.shows("fmt.Println(greet.All(\"c\"))", "package example.com/app/greet has changed", "[hello c]")
	n.want("1;", "")
	n.shows("%reset\nimport \"example.com/app/greet\"\nfmt.Println(greet.All(\"c\"))", "[]\n")
}

func TestWorkspaceAndVendor(t *testing.T) {
	dir := t.TempDir()
	files(t, filepath.Join(dir, "hello"), hello)
	files(t, dir, map[string]string{
		"go.work":                                "go 1.24\n\nuse ./notebooks\nuse ./hello\n",
		"notebooks/go.mod":                       "module example.com/notebooks\n\ngo 1.24\n",
		"vendored/go.mod":                        "module example.com/vendored\n\ngo 1.24\n\nrequire example.com/far v1.0.0\n",
		"vendored/main.go":                       "package vendored\n\nimport _ \"example.com/far\"\n",
		"vendored/far.nb":                        "",
		"vendored/README.md":                     "",
		"notebooks/readme.md":                    "",
		"vendored/vendor/modules.txt":            "# example.com/far v1.0.0\n## explicit; go 1.24\nexample.com/far\n",
		"vendored/vendor/example.com/far/far.go": "package far\n\nconst Away = \"far\"\n",
	})
	n := open(t, filepath.Join(dir, "notebooks"))
	n.shows("import \"example.com/hello\"\nfmt.Println(hello.To(\"workspace\"))", "hello workspace")

	t.Setenv("GOWORK", "off")
	n = open(t, filepath.Join(dir, "vendored"))
	n.shows("import \"example.com/far\"\nfmt.Println(far.Away)", "far")
}

// Elsewhere the session has a go.mod of its own, to which %get adds.
func TestGet(t *testing.T) {
	proxy(t, "example.com/hello", "v1.2.0", hello)
	folder := t.TempDir()
	files(t, filepath.Join(folder, "mylib"), map[string]string{
		"go.mod": "module example.com/mylib\n\ngo 1.24\n", "sub/sub.go": "package sub\n\nconst Here = \"beside\"\n",
	})
	dir := filepath.Join(folder, "notebooks")
	files(t, dir, map[string]string{"data.csv": "1\n"})
	n := open(t, dir)
	n.want("kept := 41", "")
	n.refuses(`import "example.com/hello"`, "hint: add its module with: %get example.com/hello")
	n.refuses("%get example.com/hello@v9.9.9", "go get failed", "example.com/hello@v9.9.9: reading")
	n.shows("%get example.com/hello@v1.2.0\nimport \"example.com/hello\"\nfmt.Println(hello.To(\"proxy\"), kept+1)", "hello proxy 42")
	n.shows("%get ../mylib\nimport \"example.com/mylib/sub\"\nfmt.Println(sub.Here)", "beside")
	n.shows("fmt.Println(hello.Count)", "1")
	n.refuses("%get", "needs the path of a module")
	n.refuses("%get ../nothing", "no module in this folder")

	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the notebook's folder was written to: %v, %v", entries, err)
	}
}

func TestAutogetAndNoNetwork(t *testing.T) {
	proxy(t, "example.com/hello", "v1.2.0", hello)
	n := open(t, t.TempDir())
	n.want("%autoget", "%autoget is off\n")
	n.want("%autoget on", "")
	n.shows("import \"example.com/hello\"\nfmt.Println(hello.To(\"you\"))", "hello you")
	n.want("%autoget off", "")
	n.refuses("%autoget perhaps", "takes on or off")

	t.Setenv("GOPROXY", "off")
	n.refuses("%get example.com/other", "network cannot be reached")
}
