package notebooks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// notebook is what these tests read of a notebook (nbformat 4.5).
type notebook struct {
	Cells    []cell
	Metadata struct {
		Kernelspec struct{ Name, Language string }
	}
	Format int `json:"nbformat"`
	Minor  int `json:"nbformat_minor"`
}

type cell struct {
	ID       string
	Type     string `json:"cell_type"`
	Source   text
	Metadata struct{ Tags []string }
	Outputs  []output
}

type output struct {
	Type      string `json:"output_type"`
	Data      map[string]json.RawMessage
	Text      text   // of a stream
	Name      string `json:"ename"`
	Traceback []string
}

// text is a string or a list of lines, as nbformat allows.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	var lines []string
	if json.Unmarshal(b, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

func read(t *testing.T, file string) notebook {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var n notebook
	if err := json.Unmarshal(raw, &n); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return n
}

func all(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks here: %v", err)
	}
	return files
}

// TestForm checks what every notebook of ours has in common.
func TestForm(t *testing.T) {
	for _, file := range all(t) {
		n := read(t, file)
		if n.Format != 4 || n.Minor < 5 || n.Metadata.Kernelspec.Name != "interleave" || n.Metadata.Kernelspec.Language != "go" {
			t.Errorf("%s: format %d.%d, kernel %+v", file, n.Format, n.Minor, n.Metadata.Kernelspec)
		}
		if len(n.Cells) < 5 || len(n.Cells) > 25 {
			t.Errorf("%s: %d cells; a story has 5 to 25", file, len(n.Cells))
		}
		ids := map[string]bool{}
		parameters := 0
		for _, c := range n.Cells {
			if c.ID == "" || ids[c.ID] {
				t.Errorf("%s: the id %q is empty or given twice", file, c.ID)
			}
			ids[c.ID] = true
			if slices.Contains(c.Metadata.Tags, "parameters") {
				parameters++
			}
			if slices.Contains(c.Metadata.Tags, "injected-parameters") {
				t.Errorf("%s: it holds the parameters of a trial run; run it without -p before it is stored", file)
			}
			for _, o := range c.Outputs {
				if o.Type == "error" {
					t.Errorf("%s: the stored output of cell %s is an error: %s", file, c.ID, o.Name)
				}
			}
		}
		if parameters != 1 {
			t.Errorf("%s: %d cells are tagged parameters, want 1", file, parameters)
		}
	}
}

// measured finds numbers with a unit of time or a factor. No finding is typed
// into a text: cells compute them.
var measured = regexp.MustCompile(`\d\s*(×|ms\b|µs\b|%|times\b|seconds\b)|\d+\.\d+ s\b`)

func TestTextStatesNoFindings(t *testing.T) {
	for _, file := range all(t) {
		for _, c := range read(t, file).Cells {
			if c.Type == "markdown" {
				if m := measured.FindString(string(c.Source)); m != "" {
					t.Errorf("%s: the text of cell %s states %q; compute it in a cell", file, c.ID, m)
				}
			}
		}
	}
}

// command is the program under test, built by the first notebook that runs.
var command struct {
	build sync.Once
	dir   string // made by TestMain
	err   error
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "notebooks")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	command.dir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// run runs a notebook in quick mode by the command and returns it with its
// outputs.
func run(t *testing.T, file string) notebook {
	t.Helper()
	program := filepath.Join(command.dir, "interleave")
	command.build.Do(func() {
		if out, err := exec.Command("go", "build", "-o", program, "../cmd/interleave").CombinedOutput(); err != nil {
			command.err = fmt.Errorf("build the command: %w\n%s", err, out)
		}
	})
	if command.err != nil {
		t.Fatal(command.err)
	}
	done := filepath.Join(t.TempDir(), file)
	if out, err := exec.Command(program, "run", file, "-o", done, "-p", "quick=true", "--timeout", "5m").CombinedOutput(); err != nil {
		t.Fatalf("run %s: %v\n%s", file, err, out)
	}
	return read(t, done)
}

// record is the JSON that the last cell of a notebook shows.
func record(t *testing.T, n notebook, v any) {
	t.Helper()
	last := n.Cells[len(n.Cells)-1]
	for _, o := range last.Outputs {
		if raw, ok := o.Data["application/json"]; ok {
			if err := json.Unmarshal(raw, v); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("cell %s shows no JSON", last.ID)
}

// producerConsumer is the record of the first notebook.
type producerConsumer struct {
	Facts  []way
	Unfair struct{ Claimed, Fair float64 }
}

type way struct {
	Way                      string
	Items, Once, AtOnce      int
	Paper, Virtual, Measured time.Duration
	Exact                    bool
}

func TestProducerConsumer(t *testing.T) {
	n := illustrated(t, "01-producer-consumer.ipynb", 4)
	var r producerConsumer
	record(t, n, &r)
	if len(r.Facts) != 2 {
		t.Fatalf("%d ways were examined, want 2", len(r.Facts))
	}
	for _, f := range r.Facts {
		if f.Items != 20 || f.Once != 20 {
			t.Errorf("%s: %d items, %d processed exactly once; want 20", f.Way, f.Items, f.Once)
		}
		if !f.Exact || f.Virtual != f.Paper {
			t.Errorf("%s: %v in virtual time; want %v, as on paper", f.Way, f.Virtual, f.Paper)
		}
		// Sleeps may be longer than asked for, never shorter.
		if f.Measured < f.Paper {
			t.Errorf("%s: measured %v, less than the %v it sleeps", f.Way, f.Measured, f.Paper)
		}
	}
	if seq, con := r.Facts[0], r.Facts[1]; seq.AtOnce != 1 || con.AtOnce < 2 {
		t.Errorf("%d waits at once in turn and %d at once", seq.AtOnce, con.AtOnce)
	}
	if r.Unfair.Claimed >= r.Unfair.Fair {
		t.Errorf("the unfair pair claims %v, the fair one %v; the fault is gone", r.Unfair.Claimed, r.Unfair.Fair)
	}
}

// oneOf reports a verdict that is not one of the words that are allowed.
func oneOf(t *testing.T, what, verdict string, words ...string) {
	t.Helper()
	if !slices.Contains(words, verdict) {
		t.Errorf("%s: %q; want one of %q", what, verdict, words)
	}
}

// illustrated runs a notebook and counts its charts.
func illustrated(t *testing.T, file string, charts int) notebook {
	t.Helper()
	n := run(t, file)
	if got := pictures(t, n); got != charts {
		t.Errorf("%d charts were drawn, want %d", got, charts)
	}
	return n
}

// pictures counts the charts in a notebook, and reports cells that failed.
func pictures(t *testing.T, n notebook) (count int) {
	t.Helper()
	for _, c := range n.Cells {
		for _, o := range c.Outputs {
			if o.Type == "error" {
				t.Errorf("cell %s failed: %s\n%s", c.ID, o.Name, strings.Join(o.Traceback, "\n"))
			}
			if strings.Contains(string(o.Data["text/html"]), "data:image/svg+xml") {
				count++
			}
		}
	}
	return count
}
