package cell_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/cell"
)

func TestItems(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"", ""},
		{"// only a note", ""},
		{"x := 1; y := 2\nx + y", "statement 1 `x := 1`; statement 1 `y := 2`; statement 2 `x + y` shown"},
		{"x + y;", "statement 1 `x + y`"},
		{"import \"fmt\"\n\ntype t struct {\n\ta int\n}\nvar v t\nfmt.Println(v)",
			"import 1 `import \"fmt\"`; declaration 3 `type t struct {|\ta int|}`; var 6 `var v t`; statement 7 `fmt.Println(v)` shown"},
		{"for i := range 3 {\n\t_ = i\n}", "statement 1 `for i := range 3 {|\t_ = i|}`"},
		{"package main\n\nfunc main() {}", "package 1 `package main`; declaration 3 `func main() {}`"},
	} {
		items, err := cell.Items(test.src, 1)
		if err != nil {
			t.Errorf("%q: %v", test.src, err)
		}
		var got []string
		for _, it := range items {
			if !strings.HasPrefix(test.src[it.Offset:], it.Text) {
				t.Errorf("%q: %q does not stand at %d", test.src, it.Text, it.Offset)
			}
			s := fmt.Sprintf("%s %d `%s`", it.Kind, it.Line, strings.ReplaceAll(it.Text, "\n", "|"))
			if it.Show {
				s += " shown"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "; "); s != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.src, s, test.want)
		}
	}
	_, err := cell.Items("x := (1", 4)
	if e, ok := errors.AsType[*cell.Errors](err); !ok || e.List[0].Pos() != "cell[4]:1:6" {
		t.Errorf("got %v", err)
	}
}
