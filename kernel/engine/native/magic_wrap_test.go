package native_test

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// %%bench measures statements, and compares the ways that comments name.
func TestBenchMagic(t *testing.T) {
	n := open(t, t.TempDir())
	n.want("words := strings.Fields(strings.Repeat(\"go \", 200))", "")
	n.shows("%%bench -rounds 3 -budget 20s joining\nstrings.Join(words, \" \")", "joining", "the cell")
	n.shows(`%%bench -rounds 3 -budget 20s
func add(words []string) (s string) {
	for _, w := range words {
		s += w
	}
	return s
}
few := words[:20]
// case add
add(few)
// case builder
var b strings.Builder
for _, w := range few {
	b.WriteString(w)
}
b.String()`, "add", "builder")
	n.want("add(words[:2])", "gogo") // declarations stay
	n.fails("few", engine.CompileError, "undefined: few")
	// A call without a value is work, too; ways that disagree are none.
	n.shows("%%bench -rounds 3 -budget 20s\nx := []int{3, 1, 2}\nslices.Sort(x)", "the cell")
	if _, err := n.run(t.Context(), "%%bench -rounds 3 -budget 20s\n// case one\n1 + len(words)\n// case two\n2 + len(words)"); err == nil {
		t.Error("ways with different results are compared")
	}
	n.fails("%%bench -rounds 3\nnope(1)", engine.CompileError, "cell[8]:2")
	n.fails("%%bench -rounds none\nx := 1", engine.CompileError, "%%bench takes -rounds N")
	n.fails("%%bench\nfunc f() {}", engine.CompileError, "no statements")
}

// %%virtual: sleeping takes no time, and its statements see the same clock in
// every run.
func TestVirtualMagic(t *testing.T) {
	n := open(t, t.TempDir())
	n.want("var woken []time.Duration", "")
	n.want("%%virtual\nbegin := time.Now()\nfor i := range 3 {\n\tgo func() {\n\t\ttime.Sleep(time.Duration(i+1) * time.Hour)\n\t\twoken = append(woken, time.Since(begin))\n\t}()\n}\ntime.Sleep(24 * time.Hour)\ntime.Since(begin).String()", "")
	n.want("woken", "[1h0m0s 2h0m0s 3h0m0s]")
	n.want("%%virtual\nx := 20\nx + 1", "21")
	n.fails("%%virtual\nselect {}", engine.CellError, "deadlock")
	n.fails("%%virtual\nfmt.Println(nope)", engine.CompileError, "cell[6]:2")
	n.fails("%%virtual fast\nx := 1", engine.CompileError, "takes no arguments")
}

// %%trace shows a timeline of the statements.
func TestTraceMagic(t *testing.T) {
	n := open(t, t.TempDir())
	n.want("sum := 0", "")
	n.shows("%%trace\nvar g sync.WaitGroup\nfor range 3 {\n\tg.Go(func() { time.Sleep(2 * time.Millisecond) })\n}\ng.Wait()\nsum = 3", "bound", "caller")
	n.want("sum", "3")
	n.fails("%%trace -last\nx := 1", engine.CompileError, "needs a duration")
	n.fails("%%trace -first\nx := 1", engine.CompileError, "%%trace takes -last")
	n.fails("%%trace\npanic(\"oh\")", engine.PanicError, "cell[6]:2")
	n.shows("%%trace -last 1s -others\ntime.Sleep(time.Millisecond)", "bound")
}

// %%go builds and runs the cell as a program, with flags.
func TestGoMagic(t *testing.T) {
	n := open(t, t.TempDir())
	n.want("x := 1", "")
	n.want("%%go\nx := 7\nfmt.Println(x, len(os.Args))\nx + 1", "7 1\n8\n")
	n.want("x", "1")
	n.want("%%go -tags=none\npackage main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"whole\") }", "whole\n")
	n.shows("%%go -gcflags=-m\nfunc leak() *int { x := 3; return &x }\nfmt.Println(*leak())", "cell[5]:2:20: moved to heap: x", "3\n")
	n.fails("%%go\nx := (", engine.CompileError, "cell[6]:2")
	n.fails("%%go -race off\nx := 1", engine.CompileError, "with = before a value")
	out, err := n.run(t.Context(), "%%go\nimport \"nosuch\"\nos.Exit(nosuch.X)")
	if err == nil || !strings.Contains(out, "nosuch") {
		t.Errorf("%v: %s", err, out)
	}
	n.fails("%%go\nos.Exit(3)", engine.CompileError, "exit status 3")
}

// What authors of gonb type.
func TestMagicsOfGonb(t *testing.T) {
	n := open(t, t.TempDir())
	n.want("import \"flag\"\nvar n = flag.Int(\"n\", 1, \"\")\n%% -n=5 \"two words\"\nflag.Parse()\nfmt.Println(*n, flag.Args())", "5 [two words]\n")
	n.want("%args a b\nos.Args[1:]", "[a b]")
	n.want("%main\nfmt.Println(len(os.Args))", "3\n")
	n.fails("%args 'a", engine.CompileError, "is not closed")
	n.want("list := []int{1}\nfunc f() int { return len(list) }\ntype t struct{}", "")
	n.want("%rm list, t", "")
	n.fails("list", engine.CompileError, "undefined: list")
	n.fails("var x t", engine.CompileError, "undefined: t")
	n.want("f()", "0") // what uses it keeps it, and its value is freed
	n.fails("%rm list", engine.CompileError, "has not declared list")
	n.fails("%rm", engine.CompileError, "needs names")
	t.Setenv("GOFLAGS", "")
	n.want("%goflags -tags=special -mod=mod\n%goflags", "GOFLAGS=-tags=special -mod=mod\n")
	n.fails("%goflags -race", engine.CompileError, "%race on")
	n.fails("%goflags special", engine.CompileError, "flags of the go command")
	n.want("%goflags none\n%goflags", "GOFLAGS=\n")
}
