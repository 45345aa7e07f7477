package notebooks_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The notebooks on waiting for the world: networks, files, other processes.
// They wait more than they compute, so they run beside each other.

func TestScraper(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "30-scraper.ipynb", 6)
	var r struct {
		Titles  int
		Pages   []int
		Took    map[string]map[string][]float64
		Limits  []struct{ Limit, Peak, Connections int }
		Doorman []int
		Error   string
		Stopped bool
		Running int `json:"running after stop"`
		Asked   int `json:"asked until stop"`
		Retried struct{ Requests, Errors int }
		Opened  map[string]int `json:"connections"`
		AtOnce  string         `json:"at once verdict"`
		Reuse   string         `json:"reuse verdict"`
	}
	record(t, n, &r)
	if r.Titles != 150 {
		t.Errorf("%d titles were right, want 150", r.Titles)
	}
	for _, way := range []string{"in turn", "at once"} {
		if len(r.Took[way]) != len(r.Pages) {
			t.Errorf("%s: times of %d numbers of pages, want %d", way, len(r.Took[way]), len(r.Pages))
		}
	}
	for _, l := range r.Limits {
		if l.Peak < 1 || l.Peak > l.Limit {
			t.Errorf("limit %d: the site has seen %d at once", l.Limit, l.Peak)
		}
	}
	// The doorman lets nobody pass before the limit is reached, and sees when
	// it is exceeded.
	if len(r.Doorman) != 3 || r.Doorman[1] != r.Doorman[0] || r.Doorman[2] > r.Doorman[0] {
		t.Errorf("limit, most at the door and at the site: %v; want the limit twice and no more", r.Doorman)
	}
	if !strings.Contains(r.Error, "500 Internal Server Error") {
		t.Errorf("the error of a page came out as %q", r.Error)
	}
	if !r.Stopped || r.Running != 0 || r.Asked >= 150 {
		t.Errorf("stopped %v, %d go on at the server, %d asked for", r.Stopped, r.Running, r.Asked)
	}
	if r.Retried.Errors == 0 || r.Retried.Requests != 60+r.Retried.Errors {
		t.Errorf("retries: %+v; want one more request for each error", r.Retried)
	}
	if anew, shared := r.Opened["a client for each page"], r.Opened["one client, enough of them"]; anew < 100 || shared >= anew {
		t.Errorf("connections %v", r.Opened)
	}
	oneOf(t, "at once", r.AtOnce, "faster", "slower", "no difference shown")
	oneOf(t, "connections used again", r.Reuse, "faster", "slower", "no difference shown")
}

func TestWebServer(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "31-web-server.ipynb", 5)
	var r struct {
		Loads []struct {
			Server, Verdict                     string
			Users, Peak, Timeouts, Failed, Sent int
			Rate, Predicted, Share              float64
		}
		Baselines []struct {
			Name, Skipped string
			Answers       int
		}
		Knee struct{ Index int }
		Late map[string]float64
	}
	record(t, n, &r)
	if len(r.Loads) != 7 {
		t.Fatalf("%d loads, want 7", len(r.Loads))
	}
	for i, most := range []int{1, 5, 20} {
		l := r.Loads[i]
		if l.Peak < 1 || l.Peak > most || l.Failed+l.Timeouts != 0 {
			t.Errorf("%s: %d at work, %d failed, %d timed out; want at most %d and none", l.Server, l.Peak, l.Failed, l.Timeouts, most)
		}
		oneOf(t, "Little's law, "+l.Server, l.Verdict, "holds", "not shown here")
	}
	// 20 users in turn cannot all be served within four means.
	if l := r.Loads[3]; l.Timeouts == 0 || l.Share <= 0 || l.Share > 1 {
		t.Errorf("impatient users in turn: %+v", l)
	}
	if len(r.Baselines) != 6 {
		t.Errorf("%d servers in the table, want 6", len(r.Baselines))
	}
	for _, b := range r.Baselines {
		if b.Answers == 0 && b.Skipped == "" {
			t.Errorf("%s answers nothing and says no reason", b.Name)
		}
	}
	if block := float64(100 * time.Millisecond); r.Late["loop"] < 0.9*block {
		t.Errorf("the loop was held up for %v by a handler that blocks it for %v", r.Late["loop"], block)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "33-load.ipynb", 6)
	var r struct {
		Capacity float64
		Knee     struct {
			Found  bool
			Reason string
		}
		Stall    time.Duration
		P99      map[string]time.Duration
		Arrivals map[string]time.Duration
		Storms   []struct {
			Client         string
			Share, Goodput float64
		}
		Recovered map[string]float64
		Hedged    struct{ Extra float64 }
		Verdicts  map[string]string
	}
	record(t, n, &r)
	if r.Knee.Found == (r.Knee.Reason != "") {
		t.Errorf("knee %+v; want one, or a reason", r.Knee)
	}
	// A request that is due when the server stands still waits for its end,
	// whatever the machine does.
	if r.P99["open"] < r.Stall*7/10 {
		t.Errorf("the server stands still for %v, and the open load sees %v", r.Stall, r.P99["open"])
	}
	if len(r.Arrivals) != 5 || len(r.Storms) != 6 || len(r.Recovered) != 3 {
		t.Errorf("%d kinds of users, %d storms, %d recoveries; want 5, 6 and 3", len(r.Arrivals), len(r.Storms), len(r.Recovered))
	}
	if r.Hedged.Extra < 0 || r.Hedged.Extra > 1 {
		t.Errorf("hedging made %v more requests; want a share", r.Hedged.Extra)
	}
	for _, what := range []string{"omission", "storm", "breaker", "hedging"} {
		oneOf(t, what, r.Verdicts[what], "shown", "not shown here")
	}
}

func TestExecutors(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "36-executors.ipynb", 4)
	var r struct {
		Visits []struct {
			Place      string
			Titles     []string
			PIDs, Here int
		}
		Trials  []struct{ AtOnce int }
		Order   []int
		Failure bool
		Verdict string
	}
	record(t, n, &r)
	if len(r.Visits) != 4 || len(r.Trials) != 3 {
		t.Fatalf("%d places and %d trials, want 4 and 3", len(r.Visits), len(r.Trials))
	}
	for i, v := range r.Visits {
		if len(v.Titles) != 5 || !slices.Equal(v.Titles, r.Visits[0].Titles) {
			t.Errorf("%s: titles %q, want those of %s", v.Place, v.Titles, r.Visits[0].Place)
		}
		if elsewhere := i == 3; elsewhere != (v.Here == 0) {
			t.Errorf("%s: %d calls in the process of the notebook", v.Place, v.Here)
		}
	}
	if r.Trials[0].AtOnce != 1 || r.Trials[2].AtOnce < 2 {
		t.Errorf("jobs at once: %+v; want 1 in turn and more with goroutines", r.Trials)
	}
	slices.Sort(r.Order)
	if !slices.Equal(r.Order, []int{1, 2, 3, 4, 5}) || !r.Failure {
		t.Errorf("futures came in the order %v; failure %v", r.Order, r.Failure)
	}
	oneOf(t, "the bound", r.Verdict, "holds", "not shown here")
}

func TestTimelines(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "32-timelines.ipynb", 5)
	var r struct {
		Regions, Peaks, Events []int
		Kinds, Class           []string
		Waiting                []time.Duration
		Users, Courses         time.Duration
		Verdicts               map[string]string
	}
	record(t, n, &r)
	want := []string{"framework", "ask for the user", "ask for the courses", "response"}
	if !slices.Equal(r.Regions, []int{12, 12}) || !slices.Equal(r.Kinds, want) {
		t.Errorf("%v regions %q; want 12 in each trace, of %q", r.Regions, r.Kinds, want)
	}
	if len(r.Peaks) != 2 || r.Peaks[0] != 1 || slices.Min(r.Events) == 0 {
		t.Errorf("requests at once %v, events %v", r.Peaks, r.Events)
	}
	for _, w := range r.Waiting {
		if w < 3*(r.Users+r.Courses)/2 {
			t.Errorf("handlers waited for %v; each of three waits for %v and %v", w, r.Users, r.Courses)
		}
	}
	for _, c := range r.Class {
		oneOf(t, "class", c, "I/O-bound", "CPU-bound", "mixed")
	}
	oneOf(t, "overlap", r.Verdicts["overlap"], "shown", "not shown here")
	oneOf(t, "crowding", r.Verdicts["crowding"], "shown", "not shown here")
}

func TestBackpressure(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "34-backpressure.ipynb", 3)
	var r struct {
		Room     int
		Outcomes []struct {
			Name                                 string
			Offered, Lost, Served, Left, Deepest int
		}
		Virtual  struct{ Offered, Served, Expected, Wrong int }
		Verdicts map[string]string
	}
	record(t, n, &r)
	if len(r.Outcomes) != 4 {
		t.Fatalf("%d queues, want 4", len(r.Outcomes))
	}
	for _, o := range r.Outcomes {
		if o.Offered == 0 || o.Offered != o.Lost+o.Served+o.Left {
			t.Errorf("%s: %+v; want everything served, lost or left", o.Name, o)
		}
	}
	for _, o := range r.Outcomes[1:3] {
		if o.Deepest > r.Room {
			t.Errorf("%s: %d in a queue with room for %d", o.Name, o.Deepest, r.Room)
		}
	}
	if v := r.Virtual; v.Wrong != 0 || v.Served < v.Expected || v.Served > v.Expected+1 {
		t.Errorf("virtual time: %+v; want what arithmetic says", v)
	}
	oneOf(t, "growing", r.Verdicts["growing"], "shown", "not shown here")
	oneOf(t, "slowed", r.Verdicts["slowed"], "shown", "not shown here")
}

func TestPoolSize(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "35-pool-size.ipynb", 2)
	var r struct {
		Needed            int
		Trials            []struct{ Workers, Peak int }
		Simulated, Theory float64
		Found, Predicted  float64
		Little            map[string]string
		Agreement         string
	}
	record(t, n, &r)
	// 4 are busy on average; Erlang's formula asks for 6.
	if r.Needed != 6 {
		t.Errorf("%d workers are needed by theory, want 6", r.Needed)
	}
	if off := r.Simulated/r.Theory - 1; off < -0.1 || off > 0.1 {
		t.Errorf("simulated %v, in theory %v", r.Simulated, r.Theory)
	}
	if off := r.Found/r.Predicted - 1; off < -0.05 || off > 0.05 {
		t.Errorf("%v users inside, by Little's law %v", r.Found, r.Predicted)
	}
	for _, s := range r.Trials {
		if s.Peak < 1 || s.Peak > s.Workers {
			t.Errorf("%d of %d workers worked at once", s.Peak, s.Workers)
		}
	}
	for workers, v := range r.Little {
		oneOf(t, "Little's law with "+workers+" workers", v, "holds", "not shown here")
	}
	oneOf(t, "agreement", r.Agreement, "shown", "not shown here")
}

func TestFiles(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "37-files.ipynb", 4)
	var r struct {
		Whole, Kept int
		Verdicts    map[string]string
		Warm, Cold  string
		Cached      float64
		Threads     []struct{ Threads int }
	}
	record(t, n, &r)
	if r.Whole == 0 || r.Whole != r.Kept {
		t.Errorf("%d of %d files were kept whole", r.Whole, r.Kept)
	}
	for _, what := range []string{"one core", "all cores", "new memory", "cold", "synced"} {
		oneOf(t, what, r.Verdicts[what], "faster", "slower", "no difference shown")
	}
	// What is said of a warm cache is what was measured.
	if gained := r.Verdicts["one core"] == "faster"; gained != strings.HasPrefix(r.Warm, "**a gain**") {
		t.Errorf("a warm cache on one core: measured %q, said %q", r.Verdicts["one core"], r.Warm)
	}
	if hidden := r.Cached > 0.5; hidden != strings.Contains(r.Cold, "not shown here") {
		t.Errorf("%v of the cold files were cached, and it is said: %q", r.Cached, r.Cold)
	}
	if len(r.Threads) != 4 {
		t.Errorf("threads were counted %d times, want 4", len(r.Threads))
	}
	for _, c := range r.Threads {
		if c.Threads < 1 {
			t.Errorf("threads %v; want some at any time", r.Threads)
		}
	}
}

func TestLandscape(t *testing.T) {
	t.Parallel()
	n := illustrated(t, "38-landscape.ipynb", 2)
	var r struct {
		Programs []struct {
			Name  string
			Class struct{ Bound string }
		}
		Helps []struct{ What, Change, Verdict string }
	}
	record(t, n, &r)
	if len(r.Programs) != 5 {
		t.Fatalf("%d programs, want 5", len(r.Programs))
	}
	for _, p := range r.Programs {
		oneOf(t, p.Name, p.Class.Bound, "I/O-bound", "CPU-bound", "mixed")
	}
	if got := r.Programs[0].Class.Bound; got != "I/O-bound" {
		t.Errorf("the scraper is called %s", got)
	}
	if got := r.Programs[2].Class.Bound; got != "CPU-bound" {
		t.Errorf("the computation is called %s", got)
	}
	if len(r.Helps) < 2 {
		t.Errorf("what helps: %+v", r.Helps)
	}
	for _, h := range r.Helps {
		oneOf(t, h.What+" "+h.Change, h.Verdict, "faster", "slower", "no difference shown")
	}
}
