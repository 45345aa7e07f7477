// Package docs_test runs what the documentation tells people to type.
package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// pages are README.md and the pages beside this file.
func pages(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob("*.md")
	if err != nil || len(list) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	return append(list, "../README.md", "../CONTRIBUTING.md")
}

var link = regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)

// Links between pages, and to files of the repository, lead somewhere.
func TestLinks(t *testing.T) {
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}

// elsewhere are commands that other tests run, by their beginning, or that
// start a server which runs until somebody stops it.
var elsewhere = map[string]string{
	"make demo":             "CI's fresh clone, and TestNative",
	"make install":          "go install and interleave install, below",
	"make test":             "it runs this test",
	"jupyter lab":           "the browser tests of cmd/interleave",
	"go install":            "this test builds the command into its own folder",
	"interleave doctor":     "its exit code depends on Jupyter being there; testdata/script/doctor.txtar",
	"go run ./bench":        "measures for minutes",
	"docker ":               "docker/test.sh",
	"make image":            "docker/test.sh",
	"make bench":            "measures for minutes",
	"make dist":             "builds for five platforms",
	"make check":            "runs the tests",
	"interleave uninstall":  "testdata/script/install.txtar",
	"interleave install":    "testdata/script/install.txtar",
	"go test":               "runs the tests",
	"make vulnerabilities":  "needs a network",
	"jupyter nbconvert":     "jupyter_native_test.go of cmd/interleave",
	"jupyter execute":       "jupyter_native_test.go of cmd/interleave",
	"papermill":             "needs a Python package",
	"interleave compare":    "testdata/script/compare.txtar",
	"make twins":            "needs Python packages",
	"make site":             "runs every notebook",
	"INTERLEAVE_TEST_ALL=1": "CI",
}

var block = regexp.MustCompile("(?ms)^```console\n(.*?)^```")

// Every command of a console block runs, in order, in a copy of what it needs,
// or is named above with the test that runs it.
func TestCommands(t *testing.T) {
	if runtime.GOOS+"/"+runtime.GOARCH != "linux/amd64" {
		t.Skip("cells are compiled on linux/amd64 only")
	}
	dir := t.TempDir()
	command := filepath.Join(dir, "bin", "interleave")
	if out, err := exec.Command("go", "build", "-o", command, "../cmd/interleave").CombinedOutput(); err != nil {
		t.Fatalf("build the command: %v\n%s", err, out)
	}
	if err := os.CopyFS(filepath.Join(dir, "notebooks"), os.DirFS("../notebooks")); err != nil {
		t.Fatal(err)
	}
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range block.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(b[1]) {
				if command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ "); ok && !tested(command) {
					run(t, page, dir, command)
				}
			}
		}
	}
}

func tested(command string) bool {
	for begin := range elsewhere {
		if strings.HasPrefix(command, begin) {
			return true
		}
	}
	return false
}

func run(t *testing.T, page, dir, command string) {
	t.Helper()
	// One notebook stands for all: they have a test of their own.
	command = strings.ReplaceAll(command, "notebooks/*.ipynb", "notebooks/01-producer-consumer.ipynb")
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %s: %v\n%s", page, command, err, out)
	}
}
