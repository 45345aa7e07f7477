package enginetest_test

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
)

func TestFilesParse(t *testing.T) {
	titles := map[string]bool{}
	n := 0
	for _, f := range enginetest.Files(t) {
		sessions, err := enginetest.Parse(f.Name, f.Text)
		if err != nil {
			t.Error(err)
		}
		for _, s := range sessions {
			if titles[s.Title] {
				t.Errorf("%s:%d: second session %q", s.File, s.Line, s.Title)
			}
			titles[s.Title] = true
			n += len(s.Cells)
		}
	}
	t.Logf("%d sessions, %d cells", len(titles), n)
}

func TestParse(t *testing.T) {
	sessions, err := enginetest.Parse("f", "about\n=== one\nwhy\n-- in --\nx\n\ny\n-- out regexp --\na+\n-- in --\n=== two\n-- in --\nz\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(sessions) != 2 || len(sessions[0].Cells) != 2 || sessions[0].Cells[0].Code != "x\n\ny\n" || sessions[1].Title != "two" {
		t.Errorf("sessions %+v", sessions)
	}
	want := enginetest.Section{Name: "out", Flag: "regexp", Text: "a+\n", Line: 8}
	if got := sessions[0].Cells[0].Want; len(got) != 1 || got[0] != want {
		t.Errorf("sections %+v, want %+v", got, want)
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"-- in --\n", `f:1: section "in" before the first session`},
		{"=== a\n-- out --\n", `f:2: section "out" before the first cell`},
		{"=== a\n-- in --\n-- oot --\n", `f:3: unknown section "oot"`},
		{"=== a\n-- in twice --\n", "f:2: section in takes no flag"},
		{"=== a\n-- in --\n-- stdin regexp --\n", `f:3: section stdin does not take the flag "regexp"`},
		{"=== a\n-- in --\n-- err --\nx\n-- err --\ny\n", `f:5: second section "err" of one cell`},
		{"=== a\n-- in --\n-- err --\n", "f:3: section err: no text"},
		{"=== a\n-- in --\n-- out regexp --\n(\n", "f:3: section out: error parsing regexp"},
		{"=== a\n-- in --\n-- display --\nx\n", `f:3: section display: first line "x" is not a MIME type`},
		{"=== a\n", `f:1: session "a" has no cell`},
	} {
		_, err := enginetest.Parse("f", c.text)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("Parse(%q): %v, want %s", c.text, err, c.want)
		}
	}
}
