package cell_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/cell"
)

func TestIsComplete(t *testing.T) {
	for _, c := range []struct {
		src    string
		status cell.Status
		indent string
	}{
		{"x := 1", cell.Complete, ""},
		{"for i := range 3 {", cell.Incomplete, "\t"},
		{"func f() {\n\tif true {", cell.Incomplete, "\t\t"},
		{"x := 1 +", cell.Incomplete, "\t"},
		{"x := `raw", cell.Incomplete, ""},
		{"/* comment", cell.Incomplete, ""},
		{"fmt.Println(1,", cell.Incomplete, "\t"},
		{"x := )", cell.Invalid, ""},
		{"x := \"abc", cell.Invalid, ""},
		{"a b c", cell.Invalid, ""},
		{"", cell.Complete, ""},
		{"type t struct {\n\ta int\n}", cell.Complete, ""},
		{"f(func() {", cell.Incomplete, "\t"},
		{"if x := f(); x > 0", cell.Incomplete, ""},
		{"import (", cell.Incomplete, "\t"},
		{"%%bash\nfor i in", cell.Complete, ""},
		{"%time\nx := 1", cell.Complete, ""},
		{"x := []int{1,\n2}", cell.Complete, ""},
		{"strings.", cell.Incomplete, "\t"},
		{"x :=", cell.Incomplete, "\t"},
		{"func f() int", cell.Complete, ""},
		{"var", cell.Incomplete, ""},
		{"switch x {\ncase 1:", cell.Incomplete, "\t"},
		{"}", cell.Invalid, ""},
	} {
		status, indent := cell.IsComplete(c.src)
		if status != c.status || indent != c.indent {
			t.Errorf("%q is %s %q, want %s %q", c.src, status, indent, c.status, c.indent)
		}
	}
}

// session commits cells.
func session(t *testing.T, cells ...string) *cell.Scope {
	t.Helper()
	s, _ := newScope(t)
	for i, src := range cells {
		u, err := s.Compile(src, i+1)
		if err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		s.Commit(u, nil, nil)
	}
	return s
}

const earlier = `import "strings"

// point is a place.
type point struct{ X, Y int; label string }
func (p point) Add(q point) point { return point{p.X + q.X, p.Y + q.Y, ""} }
func (p *point) Reset() { *p = point{} }
type named struct{ point; name string }
const limit = 10
// sum adds up.
func sum(a ...int) (n int) { for _, x := range a { n += x }; return n }
p := point{1, 2, "a"}
counter := 0
`

func TestComplete(t *testing.T) {
	s := session(t, earlier)
	for _, c := range []struct {
		src  string // | is the cursor
		want string // texts that must be offered, ! for those that must not
	}{
		{"strings.ToU|", "ToUpper ToUpperSpecial !Title"},
		{"p.|", "X Y label Add Reset"},
		{"p.a|", "Add !X"},
		{"cou|", "counter"},
		{"lim|", "limit"},
		{"su|", "sum"},
		{"fm|", "fmt"},
		{"fmt.Printl|", "Println"},
		{"n := named{}\nn.|", "point name X Add"},
		{"func f(abcd int) int {\n\tabce := 1\n\treturn abc|\n}", "abcd abce"},
		{"for i := range 3 { abc := i; ab| }", "abc"},
		{"x := point{la|}", "label"},
		{"ret|", "return"},
		{"app|", "append"},
		{"if p.X > 1 {\n\tp.|", "X Add"},
		{"fmt.Println(strings.Rep|", "Repeat Replace"},
		{"x := 1\nx.|", "!X"},
		{"// comm|", "!comment"},
		{"s := \"fm|\"", "!fmt"},
		{"time.Now().Un|", "Unix UnixNano"},
		{"counter = 3\np.Add(p).R|", "!Zzz"},
		{"func (p point) Sub() int { return p.| }", "X Add Sub"},
	} {
		off := strings.Index(c.src, "|")
		got := s.Complete(strings.Replace(c.src, "|", "", 1), off)
		var texts []string
		for _, i := range got.Items {
			texts = append(texts, i.Text)
		}
		for _, w := range strings.Fields(c.want) {
			w, not := strings.CutPrefix(w, "!")
			if slices.Contains(texts, w) == not {
				t.Errorf("%q offers %q: %s, want %v", c.src, texts, w, !not)
			}
		}
		if got.Start > off || got.End < off {
			t.Errorf("%q: range %d-%d", c.src, got.Start, got.End)
		}
	}
}

func TestCompleteSignature(t *testing.T) {
	s := session(t, earlier)
	for _, i := range s.Complete("sum", 3).Items {
		if i.Text == "sum" && (i.Signature != "(a ...int) (n int)" || i.Kind != "function") {
			t.Errorf("sum is a %s %q", i.Kind, i.Signature)
		}
	}
}

func TestInspect(t *testing.T) {
	s := session(t, earlier)
	for _, c := range []struct {
		src, decl, doc, symbol string
	}{
		{"su|m(1)", "func sum(a ...int) (n int)", "sum adds up.", ""},
		{"p|", "var p point", "", "main.p"},
		{"p.Add|", "func (point).Add(q point) point", "", ""},
		{"strings.Repeat|", "func strings.Repeat(s string, count int) string", "", ""},
		{"point|{}", "type point struct{X int; Y int; label string}", "point is a place.", ""},
		{"limit|", "const limit untyped int = 10", "", ""},
		{"fmt|.Println()", `package fmt // import "fmt"`, "", ""},
		{"func f(a int) { a|++ }", "var a int", "", ""},
	} {
		off := strings.Index(c.src, "|")
		d, ok := s.Inspect(strings.Replace(c.src, "|", "", 1), off, 1)
		if !ok || d.Decl != c.decl || d.Doc != c.doc || d.Symbol != c.symbol {
			t.Errorf("%q: %v %+v", c.src, ok, d)
		}
	}
}

func TestNames(t *testing.T) {
	var got []string
	for _, n := range session(t, earlier, "counter := \"two\"").Names() {
		got = append(got, n.Name+" "+string(n.Kind)+" "+n.Type)
	}
	want := []string{"counter variable string", "limit constant ", "named type ", "p variable point", "point type ",
		"point.Add method ", "point.Reset method ", "strings package strings", "sum function "}
	if !slices.Equal(got, want) {
		t.Errorf("names\n%q\nwant\n%q", got, want)
	}
}
