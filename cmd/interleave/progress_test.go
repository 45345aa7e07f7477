package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/headless"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// shown is what a terminal shows in the end of what was written to it.
func shown(written string) string {
	var lines []string
	for line := range strings.Lines(written) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\r\x1b[K")
		lines = append(lines, parts[len(parts)-1])
	}
	return strings.Join(lines, "\n")
}

func TestProgressOnTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := &progress{w: &b, width: 40}
		p.building("Building the linker.")
		time.Sleep(3 * time.Second)
		p.building("Building the worker.")
		p.built()
		cell := &notebook.Cell{Source: "// what it does\nfor i := range 10 { work(i) } // and more"}
		p.cell(headless.Event{Number: 1, Total: 12, Cell: cell})
		time.Sleep(1540 * time.Millisecond)
		synctest.Wait()
		during := b.String()
		if want := "\r\x1b[K  [ 1/12] for i := range 10 { …  1.50 s"; !strings.HasSuffix(during, want) {
			t.Errorf("while it runs: %q, want it to end in %q", during, want)
		}
		p.cell(headless.Event{Number: 1, Total: 12, Cell: cell, Done: true, Took: 1540 * time.Millisecond})
		p.cell(headless.Event{Number: 2, Total: 12, Cell: cell})
		p.cell(headless.Event{Number: 2, Total: 12, Cell: cell, Done: true, Err: &engine.Error{Name: "PanicError"}})
		p.done(2*time.Minute+3*time.Second, "out.ipynb", "")
		want := strings.Join([]string{
			"  Building the linker.  3.00 s",
			"  Building the worker.  0 ms",
			"  [ 1/12]   1.54 s  for i := range 10 …",
			"  [ 2/12]     0 ms  for i …  PanicError",
			"  2:03 min in all",
			"  wrote out.ipynb",
		}, "\n")
		if got := shown(b.String()); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
}

func TestFirstLine(t *testing.T) {
	for code, want := range map[string]string{
		"x := 1\ny := 2":                            "x := 1",
		"\n// about\n\n\tx := 1":                    "x := 1",
		"import (\n\t\"fmt\"\n)\n\nfmt.Println(1)":  "fmt.Println(1)",
		"import \"fmt\"\nfmt.Println(1)":            "fmt.Println(1)",
		"import (\n\"fmt\"\n)":                      "import ( \"fmt\" )",
		"// only a comment":                         "// only a comment",
		"print(\"\x1b[31m\")":                       "print(\" [31m\")",
		"package main\n\nfunc main() { println() }": "package main",
	} {
		if got := firstLine(code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                        "0 ms",
		999 * time.Millisecond:   "999 ms",
		1500 * time.Millisecond:  "1.50 s",
		12340 * time.Millisecond: "12.3 s",
		61 * time.Second:         "1:01 min",
		2 * time.Hour:            "120:00 min",
	} {
		if got := short(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
