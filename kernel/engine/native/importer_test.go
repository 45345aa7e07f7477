package native

import (
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// archives are the export data of packages and of all they import.
func archives(t testing.TB, paths ...string) func(string) (io.ReadCloser, error) {
	t.Helper()
	args := append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}, paths...)
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[path] = file
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
}

// What is read is what go/importer reads.
func TestExportsAreThoseOfTheStandardImporter(t *testing.T) {
	paths := []string{"fmt", "net/http", "slices", "iter", "sync/atomic", "encoding/json", "runtime", "net"}
	open := archives(t, paths...)
	ours, theirs := newExports(open), importer.ForCompiler(token.NewFileSet(), "gc", open)
	for _, path := range paths {
		p, err := ours.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		q, err := theirs.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		if !p.Complete() {
			t.Errorf("%s is not complete", path)
		}
		for _, name := range q.Scope().Names() {
			x, y := p.Scope().Lookup(name), q.Scope().Lookup(name)
			if x == nil || types.ObjectString(x, nil) != types.ObjectString(y, nil) {
				t.Errorf("%s.%s: %v, want %v", path, name, x, y)
			}
		}
	}
	again, err := ours.Import("fmt")
	if first := ours.packages["fmt"]; err != nil || again != first {
		t.Errorf("imported again: %p %v, want %p", again, err, first)
	}
	if p, err := ours.Import("unsafe"); p != types.Unsafe || err != nil {
		t.Errorf("unsafe: %v %v", p, err)
	}
}

// A file that is cut short is an error, never a panic.
func TestExportsThatAreDamaged(t *testing.T) {
	open := archives(t, "errors")
	r, err := open("errors")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	begin := strings.Index(string(whole), "\n$$B\n")
	for _, n := range []int{0, 8, begin, begin + 5, begin + 200} {
		cut := newExports(func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(whole[:n]))), nil })
		if p, err := cut.Import("errors"); err == nil {
			t.Errorf("the first %d of %d bytes are %v", n, len(whole), p)
		}
	}
	if _, err := newExports(open).Import("no/such"); err == nil {
		t.Error("a package that is not there was imported")
	}
}

func TestLanguage(t *testing.T) {
	for release, want := range map[string]string{"1.20.3": "go1.20", "1.99.1": ""} {
		if got := language(release); got != want {
			t.Errorf("language of %s: %q, want %q", release, got, want)
		}
		if _, ours := newImporter(release, nil).(*exports); ours != (want == "") {
			t.Errorf("export data of %s is read by our own importer: %v", release, ours)
		}
	}
}

func BenchmarkImport(b *testing.B) {
	open := archives(b, "net/http")
	for name, make := range map[string]func() types.Importer{
		"ours":   func() types.Importer { return newExports(open) },
		"theirs": func() types.Importer { return importer.ForCompiler(token.NewFileSet(), "gc", open) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := make().Import("net/http"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
