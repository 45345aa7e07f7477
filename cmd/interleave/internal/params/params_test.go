package params_test

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/params"
)

const declared = `import (
	"os"
	"time"
)

n := 5
var name = "web" // a comment
var (
	rate       float64 = 0.5
	small      int8
	unsigned   uint
	verbose    = !true
)
pause, big := 10*time.Millisecond, 1<<40
var limit time.Duration
const fixed = 3
list := []int{1}
home := os.Getenv("HOME")
type level int
var l level = 2
letter := 'x'
for i := 0; i < n; i++ { inner := i; _ = inner }`

func set(t *testing.T, code string, pairs ...string) (string, error) {
	t.Helper()
	n := &notebook.Notebook{Cells: []*notebook.Cell{
		{ID: "a", Type: notebook.Markdown},
		{ID: "b", Type: notebook.Code, Source: code, Metadata: map[string]any{"tags": []any{"parameters"}}},
		{ID: "c", Type: notebook.Code},
	}}
	var list []params.Param
	for _, s := range pairs {
		p, err := params.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if err := params.Inject(n, list); err != nil {
		return "", err
	}
	if len(n.Cells) != 4 || !n.Cells[2].Tagged("injected-parameters") {
		t.Fatalf("the injected cell does not follow the parameters cell")
	}
	_, values, _ := strings.Cut(n.Cells[2].Source, "// Parameters of this run\n")
	return values, nil
}

func TestValues(t *testing.T) {
	for _, c := range [][2]string{
		{"n=7", "n = 7"},
		{"n=-0x10", "n = -0x10"},
		{"n=1_000", "n = 1_000"},
		{"name=two words", `name = "two words"`},
		{"name=", `name = ""`},
		{"name=a=b\"\n", `name = "a=b\"\n"`},
		{"rate=3", "rate = 3"},
		{"rate=-1e-3", "rate = -1e-3"},
		{"small=-128", "small = -128"},
		{"unsigned=18446744073709551615", "unsigned = 18446744073709551615"},
		{"verbose=true", "verbose = true"},
		{"pause=1.5s", "pause = 1500 * time.Millisecond"},
		{"pause=2h", "pause = 2 * time.Hour"},
		{"limit=0s", "limit = 0"},
		{"limit=-3ns", "limit = -3 * time.Nanosecond"},
		{"big=2", "big = 2"},
		{"l=4", "l = 4"},
		{"letter=98", "letter = 98"},
	} {
		got, err := set(t, declared, c[0])
		if err != nil || got != c[1] {
			t.Errorf("%s: %q, %v; want %q", c[0], got, err, c[1])
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range [][2]string{
		{"n=seven", `n: "seven" is not a value of type int`},
		{"n=1.5", `n: "1.5" is not a value of type int`},
		{"n=+5", `n: "+5" is not`},
		{"n=9223372036854775808", "is not a value of type int"},
		{"n=1;os.Exit(1)", "is not a value of type int"},
		{"small=128", "is not a value of type int8"},
		{"unsigned=-1", "is not a value of type uint"},
		{"rate=inf", "is not a value of type float64"},
		{"rate=1e999", "is not a value of type float64"},
		{"verbose=yes", `verbose: "yes" is not a value of type bool`},
		{"limit=30", `limit: "30" is not a duration; write it like 30s`},
		{"fixed=4", "fixed: is declared as a constant; declare it with var"},
		{"list=1", "list: is a []int; only booleans"},
		{"home=x", "home: its type is not to be seen"},
		{"inner=1", "does not declare inner; it declares big, fixed, home"},
		{"i=1", "does not declare i;"},
	} {
		_, err := set(t, declared, c[0])
		if err == nil || !strings.HasPrefix(err.Error(), "set parameters: ") || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v, want %q", c[0], err, c[1])
		}
	}
}

func TestSeveral(t *testing.T) {
	got, err := set(t, declared, "n=1", "name=x", "n=2")
	if want := "n = 2\nname = \"x\""; err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

func TestUnreadableCell(t *testing.T) {
	for _, code := range []string{"", "}{", "import", `import "time"; func f() {}`, "x :="} {
		if _, err := set(t, code, "n=1"); err == nil || !strings.Contains(err.Error(), "does not declare n") {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestImports(t *testing.T) {
	for _, code := range []string{
		`import "time"; d := time.Second`,
		"import \"time\"\nimport \"os\"\nd := time.Second",
		`d := 2*time.Second`,
		`var d time.Duration`,
	} {
		got, err := set(t, code, "d=1m")
		if err != nil || got != "d = 1 * time.Minute" {
			t.Errorf("%s: %q, %v", code, got, err)
		}
	}
}

func TestEarlierInjectionIsReplaced(t *testing.T) {
	n := &notebook.Notebook{Cells: []*notebook.Cell{
		{ID: "p", Type: notebook.Code, Source: "n := 1", Metadata: map[string]any{"tags": []any{"parameters"}}},
	}}
	for _, value := range []string{"2", "3"} {
		if err := params.Inject(n, []params.Param{{Name: "n", Value: value}}); err != nil {
			t.Fatal(err)
		}
	}
	if len(n.Cells) != 2 || !strings.HasSuffix(n.Cells[1].Source, "n = 3") {
		t.Errorf("%d cells, the last is %q", len(n.Cells), n.Cells[len(n.Cells)-1].Source)
	}
	if n.Cells[0].ID == n.Cells[1].ID {
		t.Error("two cells have one id")
	}
}

func TestNoParametersCell(t *testing.T) {
	n := &notebook.Notebook{}
	if err := params.Inject(n, nil); err != nil {
		t.Error(err)
	}
	err := params.Inject(n, []params.Param{{Name: "n", Value: "1"}})
	if err == nil || !strings.Contains(err.Error(), "no code cell has the tag parameters") {
		t.Errorf("err = %v", err)
	}
}

func TestParse(t *testing.T) {
	for _, s := range []string{"", "x", "=1"} {
		if _, err := params.Parse(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
	if p, err := params.Parse("a=b=c"); err != nil || p != (params.Param{Name: "a", Value: "b=c"}) {
		t.Errorf("%v, %v", p, err)
	}
}
