package toolchain_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// image makes and loads packages which the worker lacks.
func (l *live) image(dir string, paths ...string) *toolchain.Image {
	l.Helper()
	ctx := context.Background()
	img, err := l.session.Image(ctx, dir, paths...)
	if err != nil {
		l.Fatal(err)
	}
	for {
		conflicts, err := l.worker.Load(ctx, img.Module())
		if err != nil {
			l.Fatal(err)
		}
		if len(conflicts) == 0 {
			break
		}
		l.relinks++
		if img, err = l.session.RelinkImage(ctx, img, conflicts); err != nil {
			l.Fatal(err)
		}
	}
	if err := l.session.AddImage(img); err != nil {
		l.Fatal(err)
	}
	return img
}

const dwarfUse = `_, err := dwarf.New(nil, nil, nil, nil, nil, nil, nil, nil)
fmt.Println(err != nil, pe.COFFSymbolSize)`

// Packages of the standard library which the worker lacks are made once and
// found again by the next session.
func TestImageOfStandardLibrary(t *testing.T) {
	var first string
	for range 2 {
		l := startLive(t)
		if l.session.Has("debug/dwarf") {
			t.Fatal("debug/dwarf is in the worker: take another package for this test")
		}
		img := l.image(l.tools.ModuleDir(), "debug/dwarf", "debug/pe")
		if first == "" {
			first = img.Module().File
		} else if img.Module().File != first {
			t.Errorf("image %s was not found again: %s", first, img.Module().File)
		}
		if !l.session.Has("debug/dwarf") {
			t.Error("debug/dwarf is not there after its image was added")
		}
		l.want("true 18\n", "fmt debug/dwarf debug/pe", "var data *dwarf.Data", dwarfUse)
		r, err := l.session.Export("debug/pe")
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		l.image(l.tools.ModuleDir(), "debug/plan9obj")
		l.want("true true\n", "fmt debug/plan9obj debug/dwarf", "", `fmt.Println(plan9obj.Magic64 != 0, data == nil)
var e error = dwarf.DecodeError{}
_ = e`)
	}
}

// The module's own packages which need modules of others.
func TestImageOfCharts(t *testing.T) {
	l := startLive(t)
	const charts = "github.com/interleave-lab/interleave/charts"
	if l.session.Has(charts) {
		t.Fatal("charts is in the worker: this test tests nothing")
	}
	l.image(l.tools.ModuleDir(), charts)
	l.want("interleave/charts\n", "fmt reflect strings "+charts, "", `fmt.Println(strings.TrimPrefix(reflect.TypeOf(charts.Chart{}).PkgPath(), "github.com/interleave-lab/"))`)
}

// Packages of the author's own module, with initialisers and types of their
// own; the content of the package is part of the image's identity.
func TestImageOfModule(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/main\n\ngo 1.26\n")
	for _, word := range []string{"one", "two"} {
		write("dep/dep.go", "package dep\n\nvar Ready = 1\n\nfunc init() { Ready++ }\n")
		write("words/words.go", `package words

import "example.com/main/dep"

type Word struct { Text string }

func (w Word) String() string { return w.Text }

var All = map[string]Word{"a": {"`+word+`"}}

var n = 0

func init() { n += dep.Ready }

func Count() int { return n }
`)
		l := startLive(t)
		l.want("", "", "type Word struct{ n int }\nvar mine = Word{1}", "")
		l.image(dir, "example.com/main/words")
		l.want(word+" words.Word main.Word 2 true\n", "fmt example.com/main/words", "", `w := words.All["a"]
_, ok := any(w).(fmt.Stringer)
fmt.Printf("%v %T %T %d %v\n", w, w, mine, words.Count(), ok)`)
	}
}

// Names that only look like those of the session.
func TestImageOfMainDomain(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module main.example.com/m\n\ngo 1.26\n",
		"m.go":   "package m\n\ntype T struct{ N int }\n\nfunc (t T) String() string { return \"m\" }\n\nfunc Make() any { return T{1} }\n\nvar V = 1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	l := startLive(t)
	l.image(dir, "main.example.com/m")
	l.want("m m.T true 1\n", "fmt main.example.com/m", "type T struct{ S string }\nvar t T", `_, ok := m.Make().(m.T)
fmt.Printf("%v %T %v %d\n", m.Make(), m.T{}, ok, m.V)`)
	l.want("m m.T true 2 main.T\n", "fmt main.example.com/m", "", `m.V++
_, ok := m.Make().(fmt.Stringer)
fmt.Printf("%v %T %v %d %T\n", m.Make(), m.T{}, ok, m.V, t)`)
}

// An image that brings a type which a cell has made already uses that one,
// and is not offered to other sessions.
func TestImageAfterCells(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module example.com/m\n\ngo 1.26\n",
		"m.go":    "package m\n\nfunc Make() any { return map[[3]int8][]uint16{{1}: {2}} }\n\ntype Namer interface { Name() string; Mode() int8 }\n\nfunc Is(v any) bool { _, ok := v.(map[[3]int8][]uint16); return ok }\n",
		"x/x.go":  "package x\n\nimport \"example.com/m\"\n\nfunc Make() any { return m.Make() }\n",
		"nope.go": "package m\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	l := startLive(t)
	before := l.image(dir, "example.com/m").Module().File // leaves a public image behind
	l = startLive(t)
	l.cell("", "var v any = 1", "v = map[[3]int8][]uint16{{5}: {6}}")
	img := l.image(dir, "example.com/m")
	if img.Module().File == before {
		t.Error("an image was loaded that defines a type of a cell again")
	}
	if rel, err := filepath.Rel(l.dir, img.Module().File); err != nil || strings.HasPrefix(rel, "..") {
		t.Errorf("image %s refers to cells of this session but is kept for others", img.Module().File)
	}
	l.want("true true true\n", "fmt example.com/m", "", `_, ok := m.Make().(map[[3]int8][]uint16)
_, ok2 := v.(map[[3]int8][]uint16)
fmt.Println(m.Is(v), ok, ok2)`)
	l.image(dir, "example.com/m/x")
	l.want("true\n", "fmt example.com/m example.com/m/x", "", "fmt.Println(m.Is(x.Make()))")
}

// What cannot be had is said by the go command, and changes nothing.
func TestImageErrors(t *testing.T) {
	l := startLive(t)
	for path, want := range map[string]string{
		"no/such/package":           "no/such/package",
		"example.org/nothing/there": "example.org/nothing/there",
	} {
		_, err := l.session.Image(context.Background(), l.tools.ModuleDir(), path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("image of %s: %v", path, err)
		}
	}
	if _, err := l.session.Image(context.Background(), l.tools.ModuleDir(), "runtime/cgo"); !errors.Is(err, toolchain.ErrNeedsC) || !strings.Contains(err.Error(), "runtime/cgo") {
		t.Errorf("a package that needs C: %v", err)
	}
	if _, err := l.session.Export("no/such/package"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("export: %v, want not exist", err)
	}
	l.want("still\n", "fmt", "", `fmt.Println("still")`)
}
