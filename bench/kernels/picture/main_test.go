package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const file = `{"machine": {"date": "2026-01-02", "cpu": "X", "cores": 2, "go": "go1.26.8", "python": "3.11", "load": [0.5, 1, 1]},
"kernels": ["a", "b"], "names": {"a": "ours 1", "b": "theirs 2"}, "times": ["start", "trivial", "bare"],
"values": {"a": {"start": [100, 120, 110], "trivial": [10, 12, 11], "bare": [1], "state": ["yes"]},
           "b": {"start": [20, 22, 21], "trivial": [100, 90, 95]}},
"faults": {"a": {}, "b": {"bare": "no answer"}}}`

func TestPicture(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "k.json"), filepath.Join(dir, "k.png")
	if err := os.WriteFile(in, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(in, out); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.DecodeConfig(f)
	if err != nil || picture.Width < 600 {
		t.Errorf("the picture is %d wide, %v", picture.Width, err)
	}
}

func TestDraw(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct{ from, to, want string }{
		{"", "", "Ours 1 answers first in 1 of 2 measures"},
		{"", "", `Without "bare" (theirs 2): no answer, or a wrong one.`},
		{`"bare": "no answer"`, ``, `Without "bare" (theirs 2)`},
		{`[100, 120, 110]`, `[10, 12, 11]`, "Ours 1 answers first in 2 of 2 measures"},
	} {
		in := filepath.Join(dir, "k.json")
		if err := os.WriteFile(in, []byte(strings.Replace(file, test.from, test.to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := read(in)
		if err != nil {
			t.Fatal(err)
		}
		c, err := draw(m)
		if said := c.String() + m.without(); err != nil || !strings.Contains(said, test.want) {
			t.Errorf("%v, without %q:\n%s", err, test.want, said)
		}
	}
	if _, err := draw(measured{Kernels: []string{"a"}}); err == nil {
		t.Error("one kernel was compared with itself")
	}
	if err := run(filepath.Join(dir, "none.json"), filepath.Join(dir, "none.png")); err == nil {
		t.Error("a file that is not there was drawn")
	}
}
