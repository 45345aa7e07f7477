package overlay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"go/version"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
)

var patches = map[string]overlay.Patch{"linker": overlay.Linker(), "compiler": overlay.Compiler(), "library": overlay.Library()}

// goroot is the release in use; its sources are read by the tests themselves,
// so that the test cache sees when they change.
func goroot(t *testing.T) (release, root string) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOVERSION", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(out))
	if err := overlay.Check(f[0]); err != nil {
		t.Skipf("the go command is of an untested release (%v): put one of %v first in PATH", err, overlay.Tested)
	}
	return f[0], f[1]
}

// Every edit matches exactly once, and the result is Go: in the release in use
// and in all that are claimed.
func TestApply(t *testing.T) {
	release, root := goroot(t)
	t.Run("in use", func(t *testing.T) { apply(t, release, root) })
	for _, release := range overlay.Tested {
		t.Run(release, func(t *testing.T) {
			if testing.Short() {
				t.Skip("fetches a release")
			}
			apply(t, release, filepath.Dir(filepath.Dir(testneeds.Go(t, release))))
		})
	}
}

func apply(t *testing.T, release, root string) {
	for name, p := range patches {
		out, err := p.Apply(release, os.DirFS(filepath.Join(root, "src")))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for file, text := range out {
			if path.Ext(file) != ".go" {
				continue // the assembler reads it when a worker is built
			}
			if _, err := format.Source([]byte(text)); err != nil {
				t.Errorf("%s: %s: %v", name, file, err)
			}
		}
		if len(out) == 0 {
			t.Errorf("%s changes nothing", name)
		}
	}
}

// HACKING.md has a row for each edit that is not made to every release.
func TestEditsOfOneReleaseAreDocumented(t *testing.T) {
	text, err := os.ReadFile("HACKING.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range patches {
		for _, release := range overlay.Tested {
			for _, e := range p.Edits(release) {
				row := fmt.Sprintf("| `%s` | %s |", e.File, bounds(e))
				if bounds(e) != "" && !strings.Contains(string(text), row) {
					t.Errorf("%s: no row %s", name, row)
				}
			}
		}
	}
}

func bounds(e overlay.Edit) string {
	var b []string
	if e.Since != "" {
		b = append(b, "since "+strings.TrimPrefix(e.Since, "go"))
	}
	if e.Until != "" {
		b = append(b, "before "+strings.TrimPrefix(e.Until, "go"))
	}
	return strings.Join(b, ", ")
}

// A file that is not as expected is refused with release, file and passage.
func TestApplyRefuses(t *testing.T) {
	release, root := goroot(t)
	for name, p := range patches {
		for _, file := range p.Sources(release) {
			text, err := os.ReadFile(filepath.Join(root, "src", filepath.FromSlash(file)))
			if err != nil {
				t.Fatal(err)
			}
			twice := string(text) + string(text)
			for what, content := range map[string]string{"empty": "package p\n", "doubled": twice} {
				src := fstest.MapFS{}
				for _, f := range p.Sources(release) {
					b, err := os.ReadFile(filepath.Join(root, "src", filepath.FromSlash(f)))
					if err != nil {
						t.Fatal(err)
					}
					src[f] = &fstest.MapFile{Data: b}
				}
				src[file] = &fstest.MapFile{Data: []byte(content)}
				_, err := p.Apply(release, src)
				if !errors.Is(err, overlay.ErrMismatch) {
					t.Fatalf("%s: %s %s: %v, want ErrMismatch", name, what, file, err)
				}
				for _, want := range []string{release, file, "times instead of once"} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%s: the error does not name %q: %v", name, want, err)
					}
				}
			}
		}
	}
}

// New files must not replace files of the release.
func TestApplyKeepsFiles(t *testing.T) {
	release, _ := goroot(t)
	_, err := overlay.Library().Apply(release, fstest.MapFS{"runtime/live_cell.go": &fstest.MapFile{}})
	if err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("got %v", err)
	}
}

func TestWrite(t *testing.T) {
	release, root := goroot(t)
	dir := t.TempDir()
	file, err := overlay.Library().Write(release, root, dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var o struct{ Replace map[string]string }
	if err := json.Unmarshal(b, &o); err != nil {
		t.Fatal(err)
	}
	for old, new := range o.Replace {
		if !strings.HasPrefix(old, root) || !strings.HasPrefix(new, dir) {
			t.Errorf("%s is replaced by %s", old, new)
		}
		if _, err := os.Stat(new); err != nil {
			t.Error(err)
		}
	}
	if _, ok := o.Replace[filepath.Join(root, "src", "runtime", "live_cell.go")]; !ok {
		t.Error("no new file in package runtime")
	}
}

func TestCheck(t *testing.T) {
	for release, ok := range map[string]bool{
		overlay.Tested[0]:                       true,
		version.Lang(overlay.Tested[0]) + ".99": true,
		"go1.3":                                 false,
		"go1.99.1":                              false,
		"devel go1.27-abcdef":                   false,
		"":                                      false,
		"go1.26-custom X:nodwarf5":              true,
		"go1.27rc1":                             false,
		"go1.26beta1":                           false,
		"go1.24.9":                              false,
		runtime.Version() + "-flavour":          true,
	} {
		err := overlay.Check(release)
		if (err == nil) != ok {
			t.Errorf("%q: %v", release, err)
		}
		if err != nil && !errors.Is(err, overlay.ErrUntested) {
			t.Errorf("%q: %v is not ErrUntested", release, err)
		}
	}
}

// The fingerprint covers edits and files.
func TestFingerprinted(t *testing.T) {
	text := string(overlay.Library().Fingerprinted())
	for _, want := range []string{"live_cell.go", "liveEnter", "newg.cell = callergp.cell"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not part of it", want)
		}
	}
	if text != string(overlay.Library().Fingerprinted()) {
		t.Error("it differs from call to call")
	}
}

// The files are readable Go, and comment what they declare.
func TestFilesAreFormatted(t *testing.T) {
	err := fs.WalkDir(os.DirFS("files"), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go.txt") {
			return err
		}
		b, err := os.ReadFile(filepath.Join("files", name))
		if err != nil {
			return err
		}
		clean, err := format.Source(b)
		if err != nil {
			return err
		}
		if string(clean) != string(b) {
			t.Errorf("files/%s is not formatted as gofmt does", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
