package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
)

// exportedNotebooks are the notebooks that are tried as programs.
const exportedNotebooks = "../../notebooks/0[1-4]-*.ipynb"

// TestExportedNotebooks makes programs of ready notebooks, builds and runs them
// and looks for the tables and charts that the notebooks show.
func TestExportedNotebooks(t *testing.T) {
	files, err := filepath.Glob(exportedNotebooks)
	if err != nil || len(files) < 4 {
		t.Fatalf("%d notebooks, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".ipynb"), func(t *testing.T) {
			t.Parallel()
			n, err := notebook.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := programOf(t.Context(), n, file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			exe := filepath.Join(dir, "program")
			if err := os.WriteFile(exe+".go", p.Source, 0o600); err != nil {
				t.Fatal(err)
			}
			shellOut(t, nil, "go", "build", "-o", exe, exe+".go")
			out, err := exec.CommandContext(t.Context(), exe, "-quick").CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			heads := tableHeads(n)
			if len(heads) < 2 {
				t.Fatalf("the notebook shows %d tables", len(heads))
			}
			for _, head := range heads {
				if !slices.ContainsFunc(strings.Split(string(out), "\n"), head.MatchString) {
					t.Errorf("no line of the program is the head of a table, %s:\n%s", head, out)
				}
			}
		})
	}
}

// tableHeads matches the head lines of the tables and charts that a notebook
// shows: the names of columns, whose units depend on the numbers.
func tableHeads(n *notebook.Notebook) (heads []*regexp.Regexp) {
	for _, c := range n.Cells {
		for _, o := range c.Outputs {
			text, _ := o.Data["text/markdown"].(string)
			if head, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(rest, "|--") || strings.HasPrefix(rest, "| --") {
				heads = append(heads, regexp.MustCompile("^"+regexp.QuoteMeta(head)+"$"))
			}
			spec, _ := o.Data[charts.MIME].(map[string]any)
			table, _ := spec["table"].(map[string]any)
			columns, _ := table["columns"].([]any)
			var names []string
			for _, c := range columns {
				names = append(names, regexp.QuoteMeta(c.(map[string]any)["name"].(string)))
			}
			if len(names) > 0 {
				heads = append(heads, regexp.MustCompile("^ *"+strings.Join(names, ` .*?`)))
			}
		}
	}
	return heads
}

// small is a notebook that imports a library and reads a parameter.
const small = `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[
{"cell_type":"code","id":"p","execution_count":null,"metadata":{"tags":["parameters"]},"source":"n := 2 // how many","outputs":[]},
{"cell_type":"code","id":"b","execution_count":null,"metadata":{},"source":"%time\ndisplay.Markdown(fmt.Sprintf(\"**%d** of them\", n))","outputs":[]}]}`

// A folder is a module that builds where nothing of ours is known.
func TestExportedModule(t *testing.T) {
	dir := t.TempDir()
	nb := filepath.Join(dir, "a small one.ipynb")
	if err := os.WriteFile(nb, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	command := func(args ...string) int {
		stdout.Reset()
		stderr.Reset()
		return run(args, &stdout, &stderr, newEngine)
	}
	to := filepath.Join(dir, "program")
	if code := command("export", nb, "-o", to); code != 0 {
		t.Fatalf("exit %d\n%s", code, &stderr)
	}
	if want := "note: cell 2: %time is left out\n"; stderr.String() != want {
		t.Errorf("said %q, want %q", &stderr, want)
	}
	build := exec.Command("go", "build", "-o", "program")
	build.Dir = to
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(filepath.Join(to, "program"), "-n", "7").CombinedOutput()
	if err != nil || string(out) != "**7** of them\n" {
		t.Errorf("the program says %q, %v", out, err)
	}

	for _, refused := range []struct {
		args []string
		want string
	}{
		{[]string{"export"}, "needs one notebook, got 0"},
		{[]string{"export", filepath.Join(dir, "none.ipynb")}, "no such file"},
		{[]string{"export", nb, "-o", to}, "is not empty"},
	} {
		if code := command(refused.args...); code != exitUsage || !strings.Contains(stderr.String(), refused.want) {
			t.Errorf("%q: exit %d, %s; want %s", refused.args, code, &stderr, refused.want)
		}
	}
	if code := command("export", nb); code != 0 || !strings.Contains(stdout.String(), "package main") {
		t.Errorf("to standard output: exit %d, %s", code, &stdout)
	}
}
