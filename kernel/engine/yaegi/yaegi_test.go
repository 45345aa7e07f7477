package yaegi_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/yaegi"
	"github.com/interleave-lab/interleave/lib/display"
)

// program is the process that interprets.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "interpreter")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "interpreter")
	if out, err := exec.Command("go", "build", "-o", program, "./testdata/interpreter").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build the interpreter: %v\n%s", err, out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// output writes down what a cell shows.
type output struct {
	mu     sync.Mutex
	text   strings.Builder
	inputs []string
}

func (o *output) add(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	fmt.Fprintf(&o.text, format, args...)
}

func (o *output) Stream(s engine.Stream, text string) { o.add("%s", text) }
func (o *output) Display(d display.Data)              { o.add("[display %v]", d.Bundle["text/plain"]) }
func (o *output) Update(d display.Data)               { o.add("[update %v]", d.Bundle["text/plain"]) }
func (o *output) Result(d display.Data)               { o.add("[%v]", d.Bundle["text/plain"]) }
func (o *output) Clear(wait bool)                     { o.add("[clear %v]", wait) }
func (o *output) Input(context.Context, string, bool) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.inputs) == 0 {
		return "", engine.ErrNoStdin
	}
	line := o.inputs[0]
	o.inputs = o.inputs[1:]
	return line, nil
}

// session runs cells one after the other.
type session struct {
	t *testing.T
	*yaegi.Engine
	n      int
	inputs []string
}

func start(t *testing.T) *session {
	s := &session{t: t, Engine: yaegi.New(yaegi.Config{Program: program, Reason: "There is no go command on PATH."})}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// run returns what the cell shows and its error as "Name: value".
func (s *session) run(ctx context.Context, code string) string {
	s.t.Helper()
	s.n++
	o := &output{inputs: s.inputs}
	err := s.Execute(ctx, engine.Cell{Code: code, Count: s.n, AllowStdin: len(s.inputs) > 0}, o)
	_, text, _ := strings.Cut("\n"+o.text.String(), "and restart the kernel: cells are then compiled, and this runs.\n")
	if s.n > 1 {
		text = o.text.String()
	}
	if fault, ok := errors.AsType[*engine.Error](err); ok {
		return text + "!" + fault.Error()
	}
	if err != nil {
		s.t.Fatalf("%s: %v", code, err)
	}
	return text
}

func TestCells(t *testing.T) {
	s := start(t)
	for _, test := range []struct{ code, want string }{
		{`x := 40`, ""},
		{`x + 2`, "[42]"},
		{`fmt.Println("hello", x)`, "hello 40\n"},
		{"import \"strings\"\n\nfunc up(s string) string { return strings.ToUpper(s) }\n\nup(\"go\")", "[GO]"},
		{"type point struct{ X, Y int }\nfunc (p point) Sum() int { return p.X + p.Y }\np := point{1, 2}\np.Sum()", "[3]"},
		{`up("twice"); up("shown")`, "[SHOWN]"},
		{`up("hushed");`, ""},
		{`func up(s string) string { return "new " + s }`, ""},
		{`up("a")`, "[new a]"},
		{"func pair() (int, error) { return 1, nil }\npair()", "[1]"},
		{"func bad() (int, error) { return 1, errors.New(\"no luck\") }\nbad()", "!CellError: no luck"},
		{"func nothing() { fmt.Print(\"called once\") }\nnothing()", "called once"},
		{`strings.Repeat("ab", 3)`, "[ababab]"},
		{`display.HTML("<b>bold</b>")`, "[bold]"},
		{`display.Show(1, "two")`, "[display 1][display two]"},
		{"for i := 0; i < 3; i++ {\n\tfmt.Print(i)\n}", "012"},
		{"a := []int{1}\n\ni := 3\na[i]", "!PanicError: reflect: slice index out of range"},
		{"len(a)", "[1]"},
		{"if x > 1 {\n\tpanic(\"boo\")\n}", "!PanicError: boo"},
		{`os.Exit(3)`, "!ExitError: exit status 3"},
		{`x`, "[40]"},
		{`x = (1`, "!CompileError: cell[22]:1:5: this ( is not closed"},
		{"x = 1\nnope()", "!CompileError: cell[23]:2: undefined: nope"},
		{"const k = 3\nk", "[3]"},
		{`fmt.Fprint(os.Stderr, "to stderr")`, "to stderr"},
	} {
		if got := s.run(t.Context(), test.code); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.code, got, test.want)
		}
	}
}

// What the interpreter gets wrong is refused before anything of the cell runs.
func TestRefusals(t *testing.T) {
	s := start(t)
	for _, test := range []struct {
		code, why string
		line      int
	}{
		{"fmt.Println(1)\ngo fmt.Println(2)", "a goroutine (go)", 2},
		{"c := make(chan int)\nselect {\ncase <-c:\ndefault:\n}", "select", 2},
		{"start := time.Now()\n\ntime.Since(start)", "measuring time: it would be the interpreter's (time.Since)", 3},
		{"func f() {\n\tgo f()\n}", "a goroutine (go)", 2},
		{`import "unsafe"`, "package unsafe", 1},
		{`import "github.com/interleave-lab/interleave/lib/bench"`, "which measures or starts goroutines", 1},
		{`import "example.com/x"`, "must be part of the interpreter", 1},
		{"for range 3 {\n}", "range over an integer", 1},
		{"var wg sync.WaitGroup", "goroutines (sync.WaitGroup)", 1},
		{"return", "return outside of a function", 1},
		{"defer fmt.Println(1)", "defer outside of a function", 1},
		{"package main\nfunc main() {}", "a whole program", 1},
		{"%%race\nx := 1", "%%race is not there in an interpreted session", 0},
	} {
		s.n++
		o := &output{}
		err := s.Execute(t.Context(), engine.Cell{Code: test.code, Count: s.n}, o)
		e, ok := errors.AsType[*engine.Error](err)
		if !ok || e.Name != engine.CompileError || !strings.Contains(e.Error(), test.why) || e.Line != test.line {
			t.Errorf("%s: %+v", test.code, err)
			continue
		}
		if text := e.Text(); !strings.Contains(text, "install Go (https://go.dev/dl/)") {
			t.Errorf("%s: the error does not say what to do:\n%s", test.code, text)
		}
		if strings.Contains(o.text.String(), "1\n") && test.line == 2 {
			t.Errorf("%s: a part of it ran", test.code)
		}
	}
}

func TestBanner(t *testing.T) {
	s := start(t)
	o := &output{}
	if err := s.Execute(t.Context(), engine.Cell{Code: "1", Count: 1}, o); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"interpreted by yaegi", "There is no go command on PATH.", "https://go.dev/dl/", "[1]"} {
		if !strings.Contains(o.text.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, o.text.String())
		}
	}
	if i := s.Info(); !strings.Contains(i.Name, "interpreted") || i.GoVersion == "" {
		t.Errorf("%+v", i)
	}
}

func TestInterrupt(t *testing.T) {
	s := start(t)
	s.run(t.Context(), "x := 0")
	ctx, cancel := context.WithCancel(t.Context())
	o := &stopping{cancel: cancel}
	err := s.Execute(ctx, engine.Cell{Code: "x = 1\nfmt.Println(\"begun\")\nfor {\n\tx++\n}", Count: 2}, o)
	if e, ok := errors.AsType[*engine.Error](err); !ok || e.Name != engine.Interrupted {
		t.Fatalf("got %v", err)
	}
	if got := s.run(t.Context(), "x > 0"); got != "[true]" {
		t.Errorf("values are lost: %s", got)
	}
}

// stopping interrupts when the cell has begun.
type stopping struct {
	output
	cancel context.CancelFunc
}

func (o *stopping) Stream(s engine.Stream, text string) {
	if strings.Contains(text, "begun") {
		o.cancel()
	}
}

func TestInput(t *testing.T) {
	s := start(t)
	s.run(t.Context(), "1")
	s.inputs = []string{"5 apples"}
	if got := s.run(t.Context(), "var n int\nvar what string\nfmt.Scan(&n, &what)\nfmt.Println(what, n+1)"); got != "apples 6\n" {
		t.Errorf("got %s", got)
	}
	s.inputs = nil
	if got := s.run(t.Context(), "_, err := prompt.Line(\"name? \")\nerr"); !strings.Contains(got, "does not answer input requests") {
		t.Errorf("got %s", got)
	}
}

func TestLostAndReset(t *testing.T) {
	s := start(t)
	s.run(t.Context(), "x := 1")
	got := s.run(t.Context(), "func deep(n int) int { return deep(n+1) + 1 }\ndeep(0)")
	if !strings.Contains(got, "!SessionLost: the interpreter ended: exit status 2") {
		t.Fatalf("got %.300s", got)
	}
	if got := s.run(t.Context(), "y := 2\ny"); got != "[2]" {
		t.Errorf("after the loss: %s", got)
	}
	if got := s.run(t.Context(), "%reset\ny"); got != "!CompileError: cell[4]:2: undefined: y" {
		t.Errorf("after %%reset: %s", got)
	}
}

func TestComplete(t *testing.T) {
	s := start(t)
	for _, test := range []struct{ code, want string }{
		{"strings.ToU", "ToUpper ToUpperSpecial"},
		{"x := strco", "strconv"},
		{"display.Mark", "Markdown"},
	} {
		c, err := s.Complete(t.Context(), test.code, len(test.code))
		var names []string
		for _, i := range c.Items {
			names = append(names, i.Text)
		}
		if got := strings.Join(names, " "); err != nil || got != test.want {
			t.Errorf("%s: %s, %v", test.code, got, err)
		}
	}
}

// The tables of symbols hold every function of the packages they stand for.
func TestSymbolsAreComplete(t *testing.T) {
	s := start(t)
	for name, folder := range map[string]string{"display": "../../../lib/display", "prompt": "../../../lib/prompt"} {
		c, err := s.Complete(t.Context(), name+".", len(name)+1)
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]bool{"SetSink": true, "Attached": true, "SetSource": true} // for those who show, not for cells
		for _, i := range c.Items {
			have[i.Text] = true
		}
		for _, f := range functions(t, folder) {
			if !have[f] {
				t.Errorf("%s.%s is missing in symbols.go", name, f)
			}
		}
	}
}

func functions(t *testing.T, folder string) (names []string) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Recv == nil && fd.Name.IsExported() {
				names = append(names, fd.Name.Name)
			}
		}
	}
	return names
}
