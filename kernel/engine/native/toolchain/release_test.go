package toolchain_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/kernel/engine/native/overlay"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// A tree of links has what is needed for building.
func TestLinkFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "from", "test"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.go", "b.html", "test/c.go"} {
		if err := os.WriteFile(filepath.Join(dir, "from", name), []byte(name), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(dir, "to")
	if err := toolchain.LinkTree(filepath.Join(dir, "from"), to); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a.go": true, "b.html": true, "test/c.go": false} {
		b, err := os.ReadFile(filepath.Join(to, name))
		if (err == nil) != want || err == nil && string(b) != name {
			t.Errorf("%s: %q %v", name, b, err)
		}
	}
}

// The go command decides: PATH, GOTOOLCHAIN, and the go.mod where the session
// is.
func TestGoDecidesAboutTheRelease(t *testing.T) {
	const old, other = "go1.25.14", "go1.26.11"
	command := testneeds.Go(t, old)
	testneeds.Go(t, other)
	dir := t.TempDir()
	mod := "module m\n\ngo 1.25.0\n\ntoolchain " + other + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, command, gotoolchain, dir, want string }{
		{"first on PATH", command, "local", "", old},
		{"GOTOOLCHAIN", "go", old, "", old},
		{"go.mod", command, "auto", dir, other},
		{"go.mod with GOTOOLCHAIN=local", command, "local", dir, old},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("GOTOOLCHAIN", c.gotoolchain)
			cfg := toolchain.Config{Go: c.command, Dir: c.dir, Progress: func(s string) { t.Log(s) }}
			if c.dir == "" {
				cfg.Dir = t.TempDir()
			}
			if got, _, err := toolchain.FindRelease(t.Context(), cfg); got != c.want || err != nil {
				t.Errorf("got %s %v, want %s", got, err, c.want)
			}
		})
	}
}

// pretend writes a go command that says another release of itself, and is
// itself when it is asked for one by name.
func pretend(t *testing.T, release string) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "go")
	script := fmt.Sprintf("#!/bin/sh\ncase $GOTOOLCHAIN in go1.*) exec %s \"$@\";; esac\n%s \"$@\" | sed 's/\"%s\"/\"%s\"/'\n",
		path, path, runtime.Version(), release)
	if err := os.WriteFile(name, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	return name
}

// For a release that nobody has tried another one is asked for.
func TestUnknownReleaseGivesWay(t *testing.T) {
	want := toolchain.Readable(runtime.Version())
	testneeds.Go(t, want)
	for _, release := range []string{"go1.99.1", "go1.24.3", "go1.27rc2", "devel go1.28-6aea8bb Tue Nov 3"} {
		var said []string
		cfg := toolchain.Config{Go: pretend(t, release), Dir: t.TempDir(), Progress: func(s string) { said = append(said, s) }}
		got, root, err := toolchain.FindRelease(t.Context(), cfg)
		if err != nil || got != want {
			t.Errorf("%s: got %s %v, want %s", release, got, err, want)
		}
		if _, err := os.Stat(filepath.Join(root, "src", "runtime", "proc.go")); err != nil {
			t.Errorf("%s: %v", release, err)
		}
		if len(said) != 1 || !strings.Contains(said[0], release) || !strings.Contains(said[0], want) {
			t.Errorf("%s: said %q", release, said)
		}
	}
}

// Where none can be had, nothing is built, and the error says what to do.
func TestUnknownReleaseWithoutNetwork(t *testing.T) {
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOPROXY", "off")
	cfg := source(t)
	cfg.Go, cfg.Cache, cfg.Dir = pretend(t, "go1.99.1"), t.TempDir(), t.TempDir()
	_, err := toolchain.Open(t.Context(), cfg)
	if !errors.Is(err, toolchain.ErrRelease) {
		t.Fatalf("got %v, want ErrRelease", err)
	}
	for _, part := range []string{"go1.99.1", toolchain.Readable(runtime.Version()), "1.25, 1.26, 1.27", "not available", "go.dev/dl"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q: %v", part, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(cfg.Cache, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left in the cache: %q %v", left, err)
	}
}

// A go command from before GOTOOLCHAIN is what it is.
func TestReleaseThatCannotGiveWay(t *testing.T) {
	name := filepath.Join(t.TempDir(), "go")
	const script = "#!/bin/sh\necho '{\"GOVERSION\": \"go1.20.1\", \"GOHOSTOS\": \"linux\", \"GOHOSTARCH\": \"amd64\"}'\n"
	if err := os.WriteFile(name, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	cfg := toolchain.Config{Go: name, Dir: t.TempDir(), Progress: func(string) {}}
	if got, _, err := toolchain.FindRelease(t.Context(), cfg); !errors.Is(err, toolchain.ErrRelease) {
		t.Errorf("got %s %v, want ErrRelease", got, err)
	}
}

// A release newer than the Go that built this program gives way to one which
// it can read; without network it is used all the same.
func TestReleaseNewerThanOurs(t *testing.T) {
	want := toolchain.Readable(runtime.Version())
	if want == overlay.Newest() {
		t.Skipf("built with %s: there is no newer one", runtime.Version())
	}
	testneeds.Go(t, want)
	said := ""
	cfg := toolchain.Config{Go: pretend(t, overlay.Newest()), Dir: t.TempDir(), Progress: func(s string) { said += s + "\n" }}
	if got, _, err := toolchain.FindRelease(t.Context(), cfg); got != want || err != nil || !strings.Contains(said, "go install") {
		t.Errorf("got %s %v, said %q, want %s", got, err, said, want)
	}
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOPROXY", "off")
	if got, _, err := toolchain.FindRelease(t.Context(), cfg); got != overlay.Newest() || err != nil || !strings.Contains(said, "cannot be had") {
		t.Errorf("without network: got %s %v, said %q, want %s", got, err, said, overlay.Newest())
	}
}

func TestReadable(t *testing.T) {
	for built, want := range map[string]string{
		"go1.26.0": "go1.26.11", "go1.27.9": "go1.27.4", "go1.99.1": "go1.27.4", "devel go1.28-abc": "go1.27.4",
	} {
		if got := toolchain.Readable(built); got != want {
			t.Errorf("built with %s: %s, want %s", built, got, want)
		}
	}
}

// A release whose source is not as expected is not half patched.
func TestReleaseWithAnotherSource(t *testing.T) {
	if testing.Short() {
		t.Skip("copies a Go release")
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(t.TempDir(), "go")
	if err := toolchain.LinkTree(strings.TrimSpace(string(out)), root); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "src", "runtime", "symtab.go")
	damage(t, file, func(b []byte) []byte {
		return []byte(strings.Replace(string(b), "res := md.text + off", "res := off + md.text", 1))
	})
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOTOOLCHAIN", "local")
	cfg := source(t)
	cfg.Go, cfg.Cache, cfg.Dir = filepath.Join(root, "bin", "go"), t.TempDir(), t.TempDir()
	_, err = toolchain.Open(t.Context(), cfg)
	if !errors.Is(err, toolchain.ErrRelease) || !errors.Is(err, overlay.ErrMismatch) || !strings.Contains(err.Error(), "runtime/symtab.go") {
		t.Errorf("got %v, want ErrRelease, ErrMismatch and the file", err)
	}
	if left, err := filepath.Glob(filepath.Join(cfg.Cache, "*", "*")); err != nil || len(left) > 0 {
		t.Errorf("left in the cache: %q %v", left, err)
	}
}

// The worker's module can be built by the releases that are claimed.
func TestForRelease(t *testing.T) {
	const mod = "module m\n\ngo 1.26.0\n\nrequire example.com/go v1.26.0\n"
	for release, want := range map[string]string{
		"go1.25.14": "module m\n\ngo 1.25\n\nrequire example.com/go v1.26.0\n", "go1.26.8": mod, "go1.27.4": mod,
	} {
		if got := string(toolchain.ForRelease([]byte(mod), release)); got != want {
			t.Errorf("for %s:\n%s", release, got)
		}
	}
}

// Look says what would be used, and fetches nothing.
func TestLook(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	i, err := toolchain.Look(t.Context(), toolchain.Config{Dir: t.TempDir()})
	if err != nil || i.Release != runtime.Version() || i.Fault != nil || i.Instead != "" || i.Linker < 30 || i.Compiler == 0 || i.Library < 30 {
		t.Errorf("got %+v %v", i, err)
	}
	t.Setenv("GOMODCACHE", t.TempDir())
	i, err = toolchain.Look(t.Context(), toolchain.Config{Go: pretend(t, "go1.99.1"), Dir: t.TempDir()})
	if err != nil || i.Release != "go1.99.1" || i.Instead != toolchain.Readable(runtime.Version()) || i.Why == "" {
		t.Errorf("got %+v %v", i, err)
	}
	if _, err := toolchain.Look(t.Context(), toolchain.Config{Go: "/nowhere/go"}); !errors.Is(err, toolchain.ErrNoGo) {
		t.Errorf("no go command: %v", err)
	}
}
