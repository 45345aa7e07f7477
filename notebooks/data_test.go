package notebooks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/lib/bench"
	"github.com/interleave-lab/interleave/lib/result"
)

// The notebooks on databases, on how goroutines end and on virtual time, on
// Python beside Go and on machines beside each other, held to what they must
// show whatever the machine.

func TestStructuredConcurrency(t *testing.T) {
	n := illustrated(t, "60-structured-concurrency.ipynb", 4)
	var r struct {
		Outcomes []struct {
			Way          string
			Left, Errors int
		}
		Cut        bool
		Left       int
		Waiting    float64
		Exact      time.Duration
		Overshoots []time.Duration
		Answers    []struct {
			Took time.Duration
			Got  string
		}
		Orphan string
	}
	record(t, n, &r)
	// Who returns at the first error leaves the two others; errgroup hears the
	// first error only, a scope both.
	for i, want := range [][2]int{{2, 1}, {0, 1}, {0, 2}} {
		if o := r.Outcomes[i]; o.Left != want[0] || o.Errors != want[1] {
			t.Errorf("%s: %d left, %d errors heard; want %d and %d", o.Way, o.Left, o.Errors, want[0], want[1])
		}
	}
	if !r.Cut || r.Left != 0 || r.Exact != 0 {
		t.Errorf("cut %v, %d left, %v late in virtual time; want true, 0, 0", r.Cut, r.Left, r.Exact)
	}
	if len(r.Overshoots) != 20 || len(r.Answers) != 4 || r.Answers[1].Got != "near" || r.Orphan != "deaf" {
		t.Errorf("%d overshoots, answers %v, orphan %q", len(r.Overshoots), r.Answers, r.Orphan)
	}
}

func TestPostgres(t *testing.T) {
	n := run(t, "50-postgres.ipynb")
	var r struct {
		Part       string
		Skipped    bool
		Verdicts   map[string]string
		Users      []int
		Throughput []float64
		Errors     float64
		Knee       float64
		Found      bool
		Little     float64
		Sizes      []struct {
			Connections                     int
			Throughput, Waited, Served, P99 float64
		}
	}
	record(t, n, &r)
	if r.Skipped {
		testneeds.Missing(t, r.Part)
	}
	if got := pictures(t, n); got != 4 {
		t.Errorf("%d charts were drawn, want 4", got)
	}
	if len(r.Verdicts) != 2 || !verdicts(r.Verdicts) {
		t.Errorf("verdicts %v", r.Verdicts)
	}
	if len(r.Throughput) != len(r.Users) || slices.Min(r.Throughput) <= 0 || r.Errors != 0 {
		t.Errorf("%v a second for %v users, %v of them wrong", r.Throughput, r.Users, r.Errors)
	}
	if r.Found && !slices.Contains(r.Users, int(r.Knee)) {
		t.Errorf("the knee is at %v, which was not measured", r.Knee)
	}
	if len(r.Sizes) != len(r.Users)-1 {
		t.Errorf("%d sizes of pools were measured", len(r.Sizes))
	}
}

// verdicts says whether all are words that a comparison can come to.
func verdicts(of map[string]string) bool {
	for _, v := range of {
		if !slices.Contains([]string{"faster", "slower", "no difference shown"}, v) {
			return false
		}
	}
	return true
}

func TestRedis(t *testing.T) {
	n := illustrated(t, "51-redis.ipynb", 3)
	var r struct {
		Part        string
		Verdicts    map[string]string
		Depths      []int
		Nanoseconds []float64
		Failed      float64
		Worth       int
	}
	record(t, n, &r)
	if r.Part == "" || r.Failed != 0 {
		t.Errorf("measured with %q, %v of the reads failed", r.Part, r.Failed)
	}
	if len(r.Verdicts) != 2 || !verdicts(r.Verdicts) {
		t.Errorf("verdicts %v", r.Verdicts)
	}
	if len(r.Nanoseconds) != len(r.Depths) || slices.Min(r.Nanoseconds) <= 0 || !slices.Contains(r.Depths, r.Worth) {
		t.Errorf("%v ns at depths %v, worth it from %d on", r.Nanoseconds, r.Depths, r.Worth)
	}
}

func TestCancellation(t *testing.T) {
	n := illustrated(t, "61-cancellation.ipynb", 4)
	var r struct {
		Outcomes []struct {
			Way          string
			Heard, Tried int
			Times        []time.Duration
		}
		Deaf  []string
		Nodes []struct {
			Name, Cause string
			Ended       time.Duration
		}
		Rest time.Duration
	}
	record(t, n, &r)
	if want := []string{"waits for a mutex", "reads in a system call of its own", "computes, and never looks"}; !slices.Equal(r.Deaf, want) {
		t.Errorf("deaf are %q, want %q", r.Deaf, want)
	}
	for _, o := range r.Outcomes {
		if slices.Contains(r.Deaf, o.Way) {
			continue
		}
		if o.Heard != o.Tried || len(o.Times) == 0 || slices.Min(o.Times) < 0 {
			t.Errorf("one who %s: %d of %d stops were heard, times %v", o.Way, o.Heard, o.Tried, o.Times)
		}
	}
	if len(r.Nodes) != 5 || r.Nodes[2].Name != "query" || r.Nodes[2].Ended != 2*time.Second || r.Nodes[4].Ended != 0 {
		t.Errorf("contexts %+v", r.Nodes)
	}
}

func TestVirtualTime(t *testing.T) {
	n := illustrated(t, "62-virtual-time.ipynb", 3)
	var r struct {
		Totals, Paper       []time.Duration
		Slept               time.Duration
		Measured, Simulated time.Duration
		Stories             []int
		Faulty, Right       time.Duration
	}
	record(t, n, &r)
	if len(r.Totals) != 6 || !slices.Equal(r.Totals, r.Paper) {
		t.Errorf("virtual totals %v, on paper %v", r.Totals, r.Paper)
	}
	if r.Slept < 2*time.Minute || r.Measured < r.Simulated {
		t.Errorf("%v slept; %v really waited for %v", r.Slept, r.Measured, r.Simulated)
	}
	if r.Stories[1] != 1 {
		t.Errorf("%d stories in virtual time, want 1", r.Stories[1])
	}
	if r.Faulty <= time.Hour || r.Right > time.Hour {
		t.Errorf("the faulty client stays %v, the mended one %v; want more and at most an hour", r.Faulty, r.Right)
	}
}

func TestAnatomy(t *testing.T) {
	testneeds.Command(t, "python3", "apt install python3")
	n := illustrated(t, "63-anatomy.ipynb", 1)
	var r struct {
		Pairs []struct {
			Name            string
			PythonRan, Same bool
		}
		Ran, Words int
	}
	record(t, n, &r)
	if len(r.Pairs) != 9 || r.Ran != 9 || r.Words == 0 {
		t.Errorf("%d pairs, %d run in Python, %d words", len(r.Pairs), r.Ran, r.Words)
	}
	for _, p := range r.Pairs {
		if !p.Same {
			t.Errorf("%s: Go and Python differ", p.Name)
		}
	}
}

// TestPythonTwins runs the notebook without its Python, as a reader has it who
// has not said make twins; with INTERLEAVE_TEST_TWINS=1, with it.
func TestPythonTwins(t *testing.T) {
	with := os.Getenv("INTERLEAVE_TEST_TWINS") == "1"
	if !with {
		t.Setenv("INTERLEAVE_TWINS", "none")
	}
	n := run(t, "70-python-twins.ipynb")
	pictures(t, n)
	var r struct {
		Python string
		Rivals int
		Table  []struct{ ID, Work, Against, Outcome, Why string }
	}
	record(t, n, &r)
	seen := map[string]bool{}
	for _, row := range r.Table {
		seen[row.ID] = true
		if !slices.Contains([]string{"reached", "not reached", "open", "no demand", "skipped"}, row.Outcome) {
			t.Errorf("%s %s: outcome %q", row.ID, row.Work, row.Outcome)
		}
		if row.Outcome == "skipped" && row.Why == "" {
			t.Errorf("%s %s against %s is skipped without a reason", row.ID, row.Work, row.Against)
		}
		if with && row.Outcome == "skipped" && row.Against != "–" {
			t.Errorf("%s %s against %s is skipped: %s", row.ID, row.Work, row.Against, row.Why)
		}
	}
	for _, id := range []string{"S03–S05, S14", "S06", "S07", "S08", "S09", "S13", "S16", "S18", "S19", "S20", "S32"} {
		if !seen[id] {
			t.Errorf("the table has no row %s", id)
		}
	}
	if with != (r.Rivals > 0) {
		t.Errorf("%d rivals were measured, with Python: %v (%s)", r.Rivals, with, r.Python)
	}
}

func TestMongoDB(t *testing.T) {
	n := illustrated(t, "52-mongodb.ipynb", 2)
	var r struct {
		Part       string
		StandIn    string `json:"stand-in"`
		Documents  int
		Verdicts   map[string]string
		Users      []int
		Throughput []float64
		Failed     float64
	}
	record(t, n, &r)
	if r.Part == "" || r.Documents == 0 || r.Failed != 0 || len(r.Throughput) != len(r.Users) {
		t.Errorf("measured with %q: %d documents, %v for %v users, %v failed", r.Part, r.Documents, r.Throughput, r.Users, r.Failed)
	}
	if len(r.Verdicts) != 5 || !verdicts(r.Verdicts) {
		t.Errorf("verdicts %v", r.Verdicts)
	}
	// A stand-in is named under the chart, where its numbers are.
	if said := outputs(n); r.StandIn != "" && strings.Count(said, "stand-in for "+r.StandIn) < 3 {
		t.Errorf("the stand-in is not named beside what was measured with it")
	}
}

// outputs is the plain text of all that a notebook shows.
func outputs(n notebook) string {
	var all strings.Builder
	for _, c := range n.Cells {
		for _, o := range c.Outputs {
			var plain text
			if json.Unmarshal(o.Data["text/plain"], &plain) == nil {
				all.WriteString(string(plain) + "\n")
			}
		}
	}
	return all.String()
}

func TestMachines(t *testing.T) {
	stored, err := filepath.Glob(filepath.Join("results", "*.json"))
	if err != nil || len(stored) == 0 {
		t.Fatalf("no stored results: %v", err)
	}
	systems := map[string]bool{"linux/amd64": false, "linux/arm64": false, "darwin/arm64": false, "windows/amd64": false}
	systems[runtime.GOOS+"/"+runtime.GOARCH] = true
	for _, path := range stored {
		f, err := result.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if m := f.Machine; m.CPU == "" || m.Cores == 0 || m.Go == "" || f.Made.IsZero() || f.Rounds < bench.MinRounds {
			t.Errorf("%s: %d rounds on %s, made %v; want a stamped result with intervals", path, f.Rounds, m, f.Made)
		}
		systems[f.Machine.OS+"/"+f.Machine.Arch] = true
	}
	n := illustrated(t, "71-machines.ipynb", 1)
	var r struct {
		Operations []string
		Stored     int
		Compared   []struct{ With, Operation, Verdict string }
		Missing    []string
	}
	record(t, n, &r)
	if r.Stored != len(stored) || len(r.Operations) != 9 || len(r.Compared) != 9*len(stored) {
		t.Errorf("%d stored results, %d operations, %d comparisons; want %d, 9 and %d", r.Stored, len(r.Operations), len(r.Compared), len(stored), 9*len(stored))
	}
	for _, c := range r.Compared {
		if !verdicts(map[string]string{"": c.Verdict}) {
			t.Errorf("%s with %s: verdict %q", c.Operation, c.With, c.Verdict)
		}
	}
	for system, measured := range systems {
		if slices.Contains(r.Missing, system) == measured {
			t.Errorf("%s is said to be missing: %v; a result is there: %v", system, !measured, measured)
		}
	}
}

func TestStartHere(t *testing.T) {
	n := illustrated(t, "00-start-here.ipynb", 2)
	var r struct {
		Notebooks int
		Absent    []string
		Verdicts  map[string]string
	}
	record(t, n, &r)
	others := all(t)
	others = slices.DeleteFunc(others, func(f string) bool { return strings.HasPrefix(f, "00-") || strings.HasPrefix(f, ".") })
	if r.Notebooks != len(others) || len(r.Absent) > 0 {
		t.Errorf("the picture has %d notebooks, of which %v are not there; there are %d", r.Notebooks, r.Absent, len(others))
	}
	if !verdicts(r.Verdicts) {
		t.Errorf("verdicts %v", r.Verdicts)
	}
	var prose strings.Builder
	for _, c := range n.Cells {
		if c.Type == "markdown" {
			prose.WriteString(string(c.Source))
		}
	}
	for _, file := range others {
		if got := strings.Count(prose.String(), "]("+file+")"); got != 1 {
			t.Errorf("%s is linked %d times, want once", file, got)
		}
	}
	links := regexp.MustCompile(`\]\(([^)]*\.ipynb)\)`).FindAllStringSubmatch(prose.String(), -1)
	for _, l := range links {
		if !slices.Contains(others, l[1]) {
			t.Errorf("%s is linked and not there", l[1])
		}
	}
	// Every row of the course, every experiment beyond it, and every claim of
	// it that is taken apart has a place in the tables.
	rows := regexp.MustCompile(`\| [^|]*\|\n`).FindAllString(prose.String(), -1)
	table := strings.Join(rows, "")
	for prefix, last := range map[string]int{"S": 32, "X": 18, "F": 9} {
		for i := 1; i <= last; i++ {
			id := fmt.Sprintf("%s%02d", prefix, i)
			if prefix == "F" {
				id = fmt.Sprintf("F%d", i)
			}
			later := id == "X14" || id == "X16" // for which the tools are still to come
			if strings.Contains(table, id) == later {
				t.Errorf("%s stands in the tables: %v", id, !later)
			}
		}
	}
}
