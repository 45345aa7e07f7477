package native_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

func TestTestMagic(t *testing.T) {
	n := open(t, t.TempDir())
	n.fails("%%test", engine.CompileError, "has no Test, Benchmark, Example or Fuzz function")
	n.want("func sum(xs ...int) (s int) {\n\tfor _, x := range xs {\n\t\ts += x\n\t}\n\treturn s\n}", "")
	n.shows(`%%test -v
func TestSum(t *testing.T) {
	t.Run("two", func(t *testing.T) {
		if got := sum(1, 2); got != 3 {
			t.Errorf("got %d", got)
		}
	})
}

func ExampleSum() {
	fmt.Println(sum(2, 3))
	// Output: 5
}

func FuzzSum(f *testing.F) {
	f.Add(1, 2)
	f.Fuzz(func(t *testing.T, a, b int) {
		if sum(a, b) != a+b {
			t.Error("wrong")
		}
	})
}

func Testing() {} // is none`, "--- PASS: TestSum/two", "--- PASS: FuzzSum/seed#0", "--- PASS: ExampleSum", "PASS")

	// Later the function is wrong, and the tests of the earlier cell tell.
	n.want("func sum(xs ...int) int { return len(xs) }", "")
	out, err := n.run(t.Context(), "%%test -run Sum")
	if err == nil || !strings.Contains(err.Error(), "tests failed") {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"--- FAIL: TestSum", "cell[3]:5: got 2", "--- FAIL: ExampleSum", "got:\n2\nwant:\n5"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	n.shows("%%test -run=NONE -bench Sum -benchtime 10x\nfunc BenchmarkSum(b *testing.B) {\n\tfor b.Loop() {\n\t\tsum(1, 2)\n\t}\n}", "BenchmarkSum", "ns/op")
	n.fails("%%test -fun", engine.CompileError, "-fun is not known")
	n.fails("%%test -run", engine.CompileError, "-run needs a value")
}

func TestTextMagics(t *testing.T) {
	dir := t.TempDir()
	n := open(t, dir)
	n.want("%%writefile data.csv\na,b\n1,2", "wrote data.csv\n")
	n.want("%%writefile -a data.csv\n3,4\n", "added to data.csv\n")
	if text, err := os.ReadFile(filepath.Join(dir, "data.csv")); err != nil || string(text) != "a,b\n1,2\n3,4\n" {
		t.Errorf("%q, %v", text, err)
	}
	n.fails("%%writefile", engine.CompileError, "needs the name of a file")
	n.fails("%%writefile no/such/folder\nx", engine.CompileError, "no/such/folder")
	n.shows("%%html\n<b>bold</b>", "bold")
	n.shows("%%markdown\n# Title", "# Title")
	n.shows("$ echo from the shell", "from the shell\n")
	n.shows("%time\nx := 1\nfmt.Println(x)", "1\n", "compile ", "link ", "run ")
	if out, _ := n.run(t.Context(), "fmt.Println(x)"); out != "1\n" {
		t.Errorf("%%time still tells: %q", out)
	}
	n.fails("%race perhaps", engine.CompileError, "takes on or off")
	n.want("%race", "%race is off\n")
}

// Display is built into gophernotes; an author's own function of the name wins.
func TestDisplayOfGophernotes(t *testing.T) {
	n := open(t, t.TempDir())
	n.shows("{\n\tDisplay(display.Markdown(\"* first\"))\n\tDisplay(2)\n}", "* first2")
	n.shows("Display(3, 4)", "34")
	n.want("func Display(x int) { fmt.Println(\"mine\", x) }\nDisplay(5)", "mine 5\n")
	n.want("Display(6)", "mine 6\n")
	other := open(t, t.TempDir())
	other.want("func Display(x int) { fmt.Println(\"mine\", x) }\nDisplay(5)", "mine 5\n")
}

// Every magic is told of in the documentation.
func TestMagicsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../../docs/magics.md")
	if err != nil {
		t.Fatal(err)
	}
	n := open(t, t.TempDir())
	help, err := n.run(t.Context(), "%help")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(help) {
		if name, _, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.ContainsAny(name[:1], "%!$") {
			count++
			if !strings.Contains(string(page), "`"+strings.TrimRight(name, "N")) {
				t.Errorf("docs/magics.md does not tell of %s", name)
			}
		}
	}
	if count < 10 {
		t.Errorf("%%help lists %d magics:\n%s", count, help)
	}
}
