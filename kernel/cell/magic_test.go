package cell_test

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/cell"
)

func TestMagicsBelow(t *testing.T) {
	for _, c := range []struct {
		src    string
		magics string
		code   string
	}{
		{"%time\nx := 1", "%time", "     \nx := 1"},
		{"func f() {}\n\n%%\nf()", "%%", "func f() {}\n\n  \nf()"},
		{"func f() {}\n%main a b\nf()", "%main a b", "func f() {}\n         \nf()"},
		{"x := `\n%%\n`", "", "x := `\n%%\n`"},
		{"/*\n%%\n*/\nx := 1", "", "/*\n%%\n*/\nx := 1"},
		{"x := \"a\" // no\n%%\ny := 2", "%%", "x := \"a\" // no\n  \ny := 2"},
		{"%%bash\n%%\nls", "%%bash", "      \n%%\nls"},
		{"x := 7 %\n3", "", "x := 7 %\n3"},
	} {
		magics, code := cell.SplitMagics(c.src)
		if got := strings.Join(magics, "|"); got != c.magics || code != c.code {
			t.Errorf("%q: %q and %q, want %q and %q", c.src, got, code, c.magics, c.code)
		}
	}
}

func TestPlain(t *testing.T) {
	s := session(t, earlier)
	for _, c := range []struct{ src, want string }{
		{"fmt.Println(strings.Repeat(\"a\", 2))", "func main() {\n//line cell[3]:1:1\nfmt.Println("},
		{"func f() int { return 1 }\nx := f()\nx + 1", "//line cell[3]:3:1\nʹfmt.Println(x + 1)"},
		{"import \"os\"\nos.Exit(2)", "import  \"os\"\n"},
		{"package main\nimport \"fmt\"\nfunc main() { fmt.Println(1) }", "import  \"fmt\"\n"},
	} {
		text, err := s.Plain(c.src, 3)
		if err != nil || !strings.Contains(text, c.want) {
			t.Errorf("%q: %v, %q is missing in\n%s", c.src, err, c.want, text)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "x.go", text, 0); err != nil {
			t.Errorf("%q: %v in\n%s", c.src, err, text)
		}
	}
	if _, err := s.Plain("x := (", 3); err == nil {
		t.Error("what does not parse is no program")
	}
}

func TestRemove(t *testing.T) {
	s := session(t, earlier)
	if unknown := s.Remove("counter", "limit", "strings", "nobody"); !slices.Equal(unknown, []string{"nobody"}) {
		t.Errorf("unknown are %q", unknown)
	}
	for _, n := range s.Names() {
		if n.Name == "counter" || n.Name == "limit" || n.Name == "strings" {
			t.Errorf("%s is still there", n.Name)
		}
	}
	if _, err := s.Compile("counter", 3); err == nil {
		t.Error("counter is still known")
	}
	s.Remove("point") // what uses it keeps it
	if _, err := s.Compile("sum(p.X, p.Add(p).Y)", 4); err != nil {
		t.Errorf("what uses a removed type: %v", err)
	}
	if _, err := s.Compile("type point int\nvar q point = 3", 5); err != nil {
		t.Errorf("a new type of the name: %v", err)
	}
}

// Notebooks for gophernotes list functions without bodies as documentation.
func TestFunctionsWithoutABody(t *testing.T) {
	s := session(t)
	u, err := s.Compile("const kind = \"text/html\"\n\ntype data struct{ A int }\n\nfunc HTML(html string) data\nfunc JSON(json map[string]interface{}) data // not here\nfunc own() int { return 1 }", 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(u.Notices, "\n"); got != "functions without a body were left out: HTML, JSON" {
		t.Errorf("notices %q", got)
	}
	s.Commit(u, nil, nil)
	if _, err := s.Compile("own()", 2); err != nil {
		t.Error(err)
	}
	if _, err := s.Compile("HTML(\"x\")", 3); err == nil || !strings.Contains(err.Error(), "undefined: HTML") {
		t.Errorf("a call: %v", err)
	}
}
