package notebooks_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The notebooks on waiting for the world: networks, files, other processes.
// They wait more than they compute, so they run beside each other.

// oneOf reports a verdict that is not one of the words that are allowed.
func oneOf(t *testing.T, what, verdict string, words ...string) {
	t.Helper()
	if !slices.Contains(words, verdict) {
		t.Errorf("%s: %q; want one of %q", what, verdict, words)
	}
}

func TestScraper(t *testing.T) {
	t.Parallel()
	n := run(t, "30-scraper.ipynb")
	if got := pictures(t, n); got != 6 {
		t.Errorf("%d charts were drawn, want 6", got)
	}
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
	n := run(t, "31-web-server.ipynb")
	if got := pictures(t, n); got != 5 {
		t.Errorf("%d charts were drawn, want 5", got)
	}
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
