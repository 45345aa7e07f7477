package notebooks_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
)

// The notebooks on using the cores, held to what they must show whatever the
// machine: results that are checked, and outcomes that are among those there
// are. What was measured is never asserted.

// outcomes are the words a comparison may end with.
var outcomes = []string{"faster", "slower", "no difference shown"}

// drawn is illustrated, and reads the record.
func drawn(t *testing.T, file string, charts int, v any) notebook {
	t.Helper()
	n := illustrated(t, file, charts)
	record(t, n, v)
	return n
}

func TestCores(t *testing.T) {
	var r struct {
		Numbers                             int
		Sum                                 uint64 `json:",string"`
		Levels                              int
		Scaling, Fair, Unfair, Places, Core string
		Efficiency                          struct{ Value, Lo, Hi float64 }
		Inflation                           struct{ Value float64 }
		Share, Expected, Spawn              float64
		Machine                             struct{ Cores int }
	}
	drawn(t, "10-cores.ipynb", 5, &r)
	// The sum is what 1, 2, 3 and 100 goroutines and the processes agree on.
	var want uint64
	for i := range uint64(r.Numbers) {
		x := i * 0x9e3779b97f4a7c15
		x ^= x >> 29
		x *= 0xbf58476d1ce4e5b9
		want += x ^ x>>32
	}
	if r.Sum != want {
		t.Errorf("sum %d, want %d", r.Sum, want)
	}
	for what, word := range map[string]string{"fair pair": r.Fair, "unfair pair": r.Unfair, "processes": r.Places} {
		oneOf(t, what, word, outcomes...)
	}
	oneOf(t, "cores", r.Scaling, append([]string{"not shown here"}, outcomes...)...)
	oneOf(t, "one busy core", r.Core, "as", "not")
	if r.Levels > 1 && (r.Efficiency.Lo > r.Efficiency.Value || r.Efficiency.Value > r.Efficiency.Hi || r.Inflation.Value <= 0) {
		t.Errorf("efficiency %+v, processor time %+v", r.Efficiency, r.Inflation)
	}
	if r.Share <= 0 || math.Abs(r.Expected*float64(r.Machine.Cores)-1) > 1e-9 || r.Spawn <= 0 {
		t.Errorf("share %v of %v, spawn %v", r.Share, r.Expected, r.Spawn)
	}
}

func TestDeadCode(t *testing.T) {
	var r struct {
		Verdict      string
		Roots        map[string]int
		Stall        int
		Wrong, Right float64
		Listing      []string
	}
	drawn(t, "11-dead-code.ipynb", 1, &r)
	oneOf(t, "thrown away against kept", r.Verdict, outcomes...)
	if r.Roots["thrown"] != 0 || r.Roots["kept"] == 0 || r.Roots["sunk"] == 0 || len(r.Listing) == 0 {
		t.Errorf("square roots in the code: %v, listing %q", r.Roots, r.Listing)
	}
	if r.Stall != 1<<24 || r.Right > 1e-4 || r.Wrong < r.Right {
		t.Errorf("stall at %d; off by %v in 32 bits and %v in 64", r.Stall, r.Wrong, r.Right)
	}
}

func TestAmdahl(t *testing.T) {
	var r struct {
		Bound, Saved, Sigma, Kappa, Talk, Peak, Nmax, Gustafson, Serial float64
		Waiting, Cores                                                  string
		Refused                                                         string `json:"amdahl on talk"`
		Recovered                                                       []struct{ Set, Fitted float64 }
	}
	drawn(t, "12-amdahl.ipynb", 6, &r)
	if math.Abs(r.Bound-1.25) > 1e-6 || math.Abs(r.Saved-0.20) > 1e-6 {
		t.Errorf("saving %v is a speed-up of %v; want 0.20 and 1.25", r.Saved, r.Bound)
	}
	if len(r.Recovered) != 4 {
		t.Errorf("%d shares were set, want 4", len(r.Recovered))
	}
	for _, c := range r.Recovered {
		if math.Abs(c.Fitted-c.Set) > 0.02 {
			t.Errorf("a share of %v was fitted as %v", c.Set, c.Fitted)
		}
	}
	if math.Abs(r.Kappa/r.Talk-1) > 0.2 || math.Abs(r.Peak/r.Nmax-1) > 0.2 || math.Abs(r.Gustafson-r.Serial) > 0.02 || r.Refused == "" {
		t.Errorf("κ %v of %v, peak %v of %v, s %v of %v, Amdahl on a curve that turns: %q", r.Kappa, r.Talk, r.Peak, r.Nmax, r.Gustafson, r.Serial, r.Refused)
	}
	for what, word := range map[string]string{"waiting": r.Waiting, "cores": r.Cores} {
		oneOf(t, what, word, "recovered", "not recovered", "not shown here")
	}
}

func TestHandoff(t *testing.T) {
	var r struct {
		Items     int
		Got       struct{ Items, Sum int }
		PerSecond float64 `json:"per processor second"`
		Clock     string  `json:"by the clock"`
		Counts    []struct{ Buffer int }
	}
	drawn(t, "13-handoff.ipynb", 3, &r)
	if half := r.Items / 2; r.Got.Items != r.Items || r.Got.Sum != half*(half-1) {
		t.Errorf("the consumer got %+v of %d items", r.Got, r.Items)
	}
	// By processor time, which a busy machine does not change much: an item
	// takes some 30 to 200 ns.
	if r.PerSecond < 1e6 {
		t.Errorf("%.0f items for a second of processor time, want a million", r.PerSecond)
	}
	oneOf(t, "by the clock", r.Clock, "reached", "not shown here")
	if len(r.Counts) != 4 {
		t.Errorf("changes were counted for %d buffers, want 4", len(r.Counts))
	}
}

func TestFalseSharing(t *testing.T) {
	var r struct {
		Line, Sum, Want int
		Distances       []int
		Nanoseconds     []struct{ Y float64 }
		Verdict         string
		Cured           []string
	}
	drawn(t, "14-false-sharing.ipynb", 2, &r)
	oneOf(t, "apart against together", r.Verdict, "faster", "slower", "not shown here")
	for _, word := range r.Cured {
		oneOf(t, "cured", word, outcomes...)
	}
	if r.Sum != r.Want || r.Line < 16 || len(r.Nanoseconds) != len(r.Distances) {
		t.Errorf("counted %d of %d; line %d; %d distances, %d times", r.Sum, r.Want, r.Line, len(r.Distances), len(r.Nanoseconds))
	}
}

func TestLocks(t *testing.T) {
	var r struct {
		Names, Verdicts   []string
		Long              string
		Waits             []int64
		Hasty             []int
		Opening, Races    int
		Circle, Workloads int
		Certain, Survived bool
		Winners           map[string]int
	}
	testneeds.Command(t, "gcc", "install gcc (Debian, Ubuntu: apt install gcc libc6-dev)")
	drawn(t, "15-locks.ipynb", 4, &r)
	if len(r.Names) != 5 || len(r.Verdicts) != 4 {
		t.Errorf("%d banks, %d verdicts; want 5 and 4", len(r.Names), len(r.Verdicts))
	}
	for _, word := range append(r.Verdicts, r.Long) {
		oneOf(t, "bank", word, outcomes...)
	}
	// Both orders took all that the account had, and no money was lost.
	sum := 0
	for _, have := range r.Hasty {
		sum += have
	}
	if r.Hasty[0] != -r.Opening || sum != len(r.Hasty)*r.Opening {
		t.Errorf("the hasty bank ended with %v", r.Hasty)
	}
	if r.Races < 1 || !r.Certain || r.Circle != 4 || !r.Survived {
		t.Errorf("%d races, a circle of %d (certain: %v), survived: %v", r.Races, r.Circle, r.Certain, r.Survived)
	}
	won := 0
	for _, n := range r.Winners {
		won += n
	}
	if won != r.Workloads || slices.Min(r.Waits) == 0 {
		t.Errorf("%d of %d workloads have a winner; waits %v", won, r.Workloads, r.Waits)
	}
}

func TestClinic(t *testing.T) {
	var r struct {
		Circle, Philosophers, Guessed, Self, Leaked, Cured, Hopeless int
		Certain                                                      bool
		Plain                                                        bool `json:"plain certain"`
		Profile                                                      string
	}
	testneeds.Command(t, "gcc", "install gcc (Debian, Ubuntu: apt install gcc libc6-dev)")
	n := drawn(t, "20-clinic.ipynb", 3, &r)
	if r.Circle != 2*r.Philosophers || !r.Certain || r.Guessed == 0 || r.Plain || r.Self != 2 {
		t.Errorf("found: %+v", r)
	}
	if r.Leaked != 2 || r.Cured != 0 {
		t.Errorf("%d goroutines leaked and %d after the cure; want 2 and 0", r.Leaked, r.Cured)
	}
	oneOf(t, "the profile of leaks", r.Profile, "shown", "not shown here")
	if r.Profile == "shown" && r.Hopeless != 2 {
		t.Errorf("the profile found %d of 2 that can never go on", r.Hopeless)
	}
	// The race is told under the cell that has it, by its line.
	for _, c := range n.Cells {
		if !strings.HasPrefix(string(c.Source), "%race on") {
			continue
		}
		said := ""
		for _, o := range c.Outputs {
			said += string(o.Text)
		}
		if !strings.Contains(said, "data race") || !strings.Contains(said, "counter++") {
			t.Errorf("under the cell that races stands:\n%s", said)
		}
	}
}

func TestCostLadder(t *testing.T) {
	var r struct {
		Costs []struct {
			Name          string
			Value, Lo, Hi float64
		}
		Labels         []string
		Skipped        []string
		Early, Waiting int
		Counts         []int
		Fair           string
	}
	drawn(t, "17-cost-ladder.ipynb", 3, &r)
	if len(r.Costs)+len(r.Skipped) != 13 {
		t.Errorf("%d rungs and %d skipped; want 13 in all", len(r.Costs), len(r.Skipped))
	}
	for i, c := range r.Costs {
		if c.Value <= 0 || c.Lo > c.Value || c.Value > c.Hi || i > 0 && c.Value < r.Costs[i-1].Value {
			t.Errorf("rung %d: %+v", i, c)
		}
	}
	if r.Early != 0 || r.Waiting < 1 {
		t.Errorf("%d sleeps were too short; %d ticks waited", r.Early, r.Waiting)
	}
	chosen := 0
	for _, n := range r.Counts {
		chosen += n
	}
	if chosen != 100_000 || r.Fair != "fair" {
		t.Errorf("select chose %v: %s", r.Counts, r.Fair)
	}
}

func TestModels(t *testing.T) {
	var r struct {
		Requests   int
		Sum, Again string
		Verdicts   []string
		Costs      map[string]struct{ Threads, Changes float64 }
		Rows       map[string]int
	}
	drawn(t, "18-models.ipynb", 2, &r)
	if r.Sum == "" || r.Sum != r.Again {
		t.Errorf("sums %q and %q", r.Sum, r.Again)
	}
	for _, word := range r.Verdicts {
		oneOf(t, "models", word, outcomes...)
	}
	if len(r.Verdicts) != 2 || len(r.Costs) != 3 || len(r.Rows) != 3 {
		t.Errorf("%d verdicts, %d costs, %d recordings", len(r.Verdicts), len(r.Costs), len(r.Rows))
	}
	// A thread that blocks in a system call is a thread of the process.
	if r.Costs["a thread for each"].Threads < r.Costs["goroutines"].Threads {
		t.Errorf("threads: %+v", r.Costs)
	}
}

func TestMooresLaw(t *testing.T) {
	type bend struct{ Year, Before, After float64 }
	var r struct {
		Source, Licence string
		Bends           map[string]bend
		Stopped         bool
		WentOn          bool    `json:"went on"`
		First           float64 `json:"first multicore"`
		Cores           int
	}
	drawn(t, "19-moores-law.ipynb", 2, &r)
	if !strings.Contains(r.Licence, "creativecommons.org/licenses/by/4.0") || !strings.HasPrefix(r.Source, "https://") {
		t.Errorf("source %q, licence %q", r.Source, r.Licence)
	}
	clock, transistors := r.Bends["clock"], r.Bends["transistors"]
	if !r.Stopped || clock.Year < 2002 || clock.Year > 2008 || clock.Before < 0.3 || math.Abs(clock.After) > 0.05 {
		t.Errorf("the clock bends: %+v", clock)
	}
	if !r.WentOn || transistors.Before < 0.4 || transistors.After < 0.4 {
		t.Errorf("transistors double %v and %v times a year", transistors.Before, transistors.After)
	}
	if math.Floor(r.First) != 2004 || r.Cores < 1 {
		t.Errorf("the first multicore of %v; %d cores here", r.First, r.Cores)
	}
}

func TestCollector(t *testing.T) {
	var r struct {
		Outcomes []struct {
			Setting         string
			Cycles, Heap    uint64
			Share           float64
			P50, P99, Worst int64
		}
		Tail, Tea, Quota string
		Wrong            int
		After            int `json:"gogc after"`
		Before           int `json:"gogc before"`
	}
	drawn(t, "16-collector.ipynb", 3, &r)
	if len(r.Outcomes) != 6 {
		t.Fatalf("%d settings were tried, want 6", len(r.Outcomes))
	}
	for _, o := range r.Outcomes {
		if o.P50 <= 0 || o.P50 > o.P99 || o.P99 > o.Worst+o.Worst/500 || o.Heap == 0 || o.Share < 0 {
			t.Errorf("%+v", o)
		}
	}
	// Eager collection is more collections, whatever the machine.
	if eager, lazy := r.Outcomes[0], r.Outcomes[2]; eager.Cycles <= lazy.Cycles {
		t.Errorf("%d collections with %s, %d with %s", eager.Cycles, eager.Setting, lazy.Cycles, lazy.Setting)
	}
	if r.Wrong != 0 || r.After != r.Before {
		t.Errorf("%d wrong answers; GOGC %d, and %d afterwards", r.Wrong, r.Before, r.After)
	}
	oneOf(t, "slowest requests", r.Tail, outcomes...)
	oneOf(t, "Green Tea", r.Tea, append([]string{"not shown here"}, outcomes...)...)
	oneOf(t, "quota", r.Quota, "shown", "not shown here")
}
