package native_test

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// shop is a folder with a module, where the tables are asked.
var shop = map[string]string{
	"go.mod":            "module example.com/shop\n\ngo 1.25\n",
	"cart/cart.go":      "// Package cart holds what a customer wants.\npackage cart\n\n// Cart is a list of goods.\ntype Cart struct {\n\t// Goods are in the order in which they were added.\n\tGoods []string\n}\n\n// New makes an empty cart.\nfunc New() *Cart { return &Cart{} }\n\n// Add puts something into the cart.\nfunc (c *Cart) Add(what string) { c.Goods = append(c.Goods, what) }\n\n// Limit is how much fits.\nconst Limit = 10\n",
	"price/price.go":    "package price\n\n// Of is the price of something in cents.\nfunc Of(what string) int { return 100 * len(what) }\n",
	"data/cities.csv":   "Bern\n",
	"data/countries.md": "# none\n",
	"readme.md":         "hello\n",
}

// session is what the notebook has declared when the tables are asked.
const session = `import "strings"

// point is a place.
type point struct {
	X, Y  int
	label string
}

// Add adds two points.
func (p point) Add(q point) point { return point{p.X + q.X, p.Y + q.Y, ""} }
func (p *point) Reset()           { *p = point{} }

type named struct {
	point
	Name string
}

type shape interface {
	// Area is in square metres.
	Area() float64
}

type pair[K comparable, V any] struct {
	Key   K
	Value V
}

func (p pair[K, V]) Swap() (V, K) { return p.Value, p.Key }

const limit = 10

// sum adds up.
func sum(a ...int) (n int) {
	for _, x := range a {
		n += x
	}
	return n
}

func scale(p point, by float64) point { return p }

var (
	counter  = 0
	corner   = point{1, 2, "a"}
	title    = "points"
	total    = 2.5
	done     = make(chan bool, 1)
	ready    = true
	wait     = 3 * time.Second
	byName   = map[string]point{"a": corner}
	list     = []point{corner}
	client   = &http.Client{}
	group    sync.WaitGroup
	couple   = pair[string, int]{"a", 1}
	broken   = io.EOF
	anything any = 7
)
`

func openShop(t *testing.T) *notebook {
	t.Helper()
	dir := t.TempDir()
	files(t, dir, shop)
	n := open(t, dir)
	n.want(session, "")
	return n
}

// rows reads a table: lines of columns between tabs. The first column is the
// cell, with the cursor at the bar, a pilcrow for the end of a line and an arrow
// for a tab.
func rows(t *testing.T, name string, columns int) (list [][]string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cols := strings.Split(line, "\t")
		if len(cols) < columns {
			t.Fatalf("%s: %q has %d columns, want %d", name, line, len(cols), columns)
		}
		cols[0] = strings.NewReplacer("¶", "\n", "→", "\t").Replace(cols[0])
		list = append(list, cols)
	}
	return list
}

func cursor(t *testing.T, text string) (code string, offset int) {
	t.Helper()
	before, after, ok := strings.Cut(text, "|")
	if !ok {
		t.Fatalf("%q has no cursor", text)
	}
	return before + after, len(before)
}

// Each row of completions.txt: a cell, what is to be proposed first, and what
// else is to be proposed, or not where a ! stands before it.
func TestCompletions(t *testing.T) {
	n := openShop(t)
	table := rows(t, "completions.txt", 2)
	if len(table) < 120 {
		t.Errorf("%d completions in the table, want 120", len(table))
	}
	check := func(t *testing.T) {
		for _, row := range table {
			code, offset := cursor(t, row[0])
			got, err := n.eng.Complete(t.Context(), code, offset)
			if err != nil {
				t.Errorf("%q: %v", row[0], err)
				continue
			}
			checkCompletion(t, row, got)
			if got.Start < 0 || got.Start > offset || got.End < offset || got.End > len(code) {
				t.Errorf("%q: replaces %d to %d of %d bytes", row[0], got.Start, got.End, len(code))
			}
		}
	}
	t.Run("idle", check)
	t.Run("beside a cell", func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			n.run(ctx, "for { counter++ }")
		}()
		check(t)
		stop()
		<-ended
	})
}

func checkCompletion(t *testing.T, row []string, got engine.Completion) {
	t.Helper()
	texts := map[string]bool{}
	first := "nothing"
	for i, item := range got.Items {
		texts[item.Text] = true
		if i == 0 {
			first = strings.TrimSpace(item.Text + " " + item.Kind + " " + item.Signature)
		}
	}
	want := row[1]
	if first != want && !strings.HasPrefix(first, want+" ") {
		t.Errorf("%q: the first proposal is %q, want %q", row[0], first, want)
	}
	if len(row) < 3 {
		return
	}
	for _, w := range strings.Fields(row[2]) {
		w, not := strings.CutPrefix(w, "!")
		if texts[w] == not {
			t.Errorf("%q: %s is proposed: %v", row[0], w, !not)
		}
	}
}

// Each row of inspections.txt: a cell, the detail, the first line, and what
// else stands there, further columns each.
func TestInspections(t *testing.T) {
	n := openShop(t)
	n.want("import \"example.com/shop/cart\"\nmine := cart.New()", "")
	table := rows(t, "inspections.txt", 3)
	if len(table) < 60 {
		t.Errorf("%d inspections in the table, want 60", len(table))
	}
	for _, row := range table {
		code, offset := cursor(t, row[0])
		plain, markdown := inspected(t, n, code, offset, int(row[1][0]-'0'), slices.ContainsFunc(row[3:], isValue))
		if first, _, _ := strings.Cut(plain, "\n"); first != row[2] {
			t.Errorf("%q: the first line is %q, want %q", row[0], first, row[2])
		}
		for _, want := range row[3:] {
			want, not := strings.CutPrefix(want, "!")
			want = strings.ReplaceAll(want, "¶", "\n")
			if strings.Contains(plain, want) == not && strings.Contains(markdown, want) == not {
				t.Errorf("%q: %q is there: %v, in\n%s", row[0], want, !not, plain)
			}
		}
	}
}

// isValue says whether a column of the table is the value of a variable.
func isValue(want string) bool { return strings.HasPrefix(want, "= ") }

// inspected is what an inspection says. On a machine that is busy otherwise the
// value may be missing, for which it does not wait long: then it is asked again.
func inspected(t *testing.T, n *notebook, code string, offset, detail int, value bool) (plain, markdown string) {
	t.Helper()
	for range 60 {
		bundle, err := n.eng.Inspect(t.Context(), code, offset, detail)
		if err != nil {
			t.Errorf("%q: %v", code, err)
		}
		plain, _ = bundle["text/plain"].(string)
		markdown, _ = bundle["text/markdown"].(string)
		if !value || strings.Contains(plain, "\n= ") {
			break
		}
	}
	return plain, markdown
}
