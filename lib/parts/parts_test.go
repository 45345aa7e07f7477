package parts_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/net/html"

	"github.com/interleave-lab/interleave/lib/parts"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLabel(t *testing.T) {
	for want, l := range map[string]parts.Label{
		"PostgreSQL 15.18, " + parts.Private:                                    {Name: "PostgreSQL", Version: "15.18", Where: parts.Private},
		"miniredis 2.40.0 (stand-in for Redis), private server on this machine": {Name: "miniredis", Version: "2.40.0", StandIn: "Redis", Where: parts.Private},
		"files": {Name: "files"},
	} {
		if got := l.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Means of many draws, whose deviation is far below the tolerance.
func TestLatencies(t *testing.T) {
	const n = 200_000
	tests := map[string]struct {
		l    parts.Latency
		mean float64 // ms
	}{
		"constant":    {parts.Constant(3 * time.Millisecond), 3},
		"uniform":     {parts.Uniform(time.Millisecond, 3*time.Millisecond), 2},
		"exponential": {parts.Exponential(5 * time.Millisecond), 5},
		"log-normal":  {parts.LogNormal(2*time.Millisecond, 0.5), 2 * math.Exp(0.125)},
		"mixed":       {parts.Mixed(parts.Constant(time.Millisecond), parts.Constant(101*time.Millisecond), 0.1), 11},
		"measured":    {parts.Measured(time.Millisecond, 2*time.Millisecond, 6*time.Millisecond), 3},
		"nothing":     {parts.Measured(), 0},
	}
	for name, c := range tests {
		r := rand.New(rand.NewPCG(1, 2))
		var sum time.Duration
		for range n {
			sum += c.l(r)
		}
		if got := sum.Seconds() * 1000 / n; math.Abs(got-c.mean) > 0.02*c.mean {
			t.Errorf("%s: mean %v ms, want %v", name, got, c.mean)
		}
	}
}

func start(t *testing.T, s parts.Site) *parts.Web {
	t.Helper()
	w, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func client(t *testing.T) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(c *http.Client, url string) (status int, body string, err error) {
	resp, err := c.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

func TestPagesHaveTheirTitles(t *testing.T) {
	w, c := start(t, parts.Site{}), client(t)
	titles := map[string]bool{}
	for i, url := range w.Pages() {
		_, body, err := get(c, url)
		if err != nil {
			t.Fatal(err)
		}
		if got := title(t, body); got != w.Title(i+1) || titles[got] {
			t.Errorf("page %d: %q, want %q, once", i+1, got, w.Title(i+1))
		}
		titles[w.Title(i+1)] = true
	}
	if len(titles) != 150 {
		t.Errorf("%d titles", len(titles))
	}
	for _, url := range []string{w.URL + "/", w.Page(0), w.Page(151), w.URL + "/page/x"} {
		if status, _, err := get(c, url); status != http.StatusNotFound || err != nil {
			t.Errorf("%s: %d %v", url, status, err)
		}
	}
	if n := w.Counters(); n.Requests != 150 || n.Connections != 1 || n.Running != 0 || n.Peak != 1 {
		t.Errorf("%+v", n)
	}
}

// title is what a reader of the page finds.
func title(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "title" {
			return n.FirstChild.Data
		}
	}
	return ""
}

// The fate of a request depends on the seed, the page and how often that was
// asked for, not on the order.
func TestFateIsSeeded(t *testing.T) {
	site := parts.Site{Pages: 20, Errors: 0.3, Seed: 7}
	fates := func(order []int) map[string]int {
		w, c := start(t, site), client(t)
		seen := map[string]int{}
		for _, visit := range []int{1, 2} {
			for _, p := range order {
				status, _, err := get(c, w.Page(p))
				if err != nil {
					t.Fatal(err)
				}
				seen[fmt.Sprint(p, visit)] = status
			}
		}
		if n := w.Counters(); n.Errors < 4 || n.Errors > 24 {
			t.Errorf("%d of 40 have failed, want about 12", n.Errors)
		}
		return seen
	}
	var up, down []int
	for i := range 20 {
		up, down = append(up, i+1), append(down, 20-i)
	}
	a, b := fates(up), fates(down)
	for visit, status := range a {
		if b[visit] != status {
			t.Errorf("page and visit %s: %d and %d", visit, status, b[visit])
		}
	}
}

func TestLimitAndPeak(t *testing.T) {
	for limit, want := range map[int]int{0: 12, 3: 3, 1: 1} {
		release := make(chan struct{})
		site := parts.Site{Pages: 12, Limit: limit, Latency: func(*rand.Rand) time.Duration { return 20 * time.Millisecond }}
		w, c := start(t, site), client(t)
		var group sync.WaitGroup
		for _, url := range w.Pages() {
			group.Go(func() {
				<-release
				if status, _, err := get(c, url); status != 200 || err != nil {
					t.Errorf("%s: %d %v", url, status, err)
				}
			})
		}
		close(release)
		group.Wait()
		n := w.Counters()
		if n.Peak > want || limit > 0 && n.Peak != want || n.Queued != 0 || n.Running != 0 || n.Requests != 12 {
			t.Errorf("limit %d: %+v", limit, n)
		}
	}
}

func TestRequestThatIsGivenUp(t *testing.T) {
	w, c := start(t, parts.Site{Latency: parts.Constant(time.Hour), Limit: 1}), client(t)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range 2 { // one is worked on, one waits for its turn
		group.Go(func() {
			req, err := http.NewRequestWithContext(ctx, "GET", w.Page(1), nil)
			if err != nil {
				t.Error(err)
			}
			if _, err := c.Do(req); err == nil {
				t.Error("answered")
			}
		})
	}
	for n := w.Counters(); n.Running != 1 || n.Queued != 1; n = w.Counters() {
		time.Sleep(time.Millisecond)
	}
	cancel()
	group.Wait()
	for n := w.Counters(); n.Running+n.Queued+n.Open != 0; n = w.Counters() {
		time.Sleep(time.Millisecond) // the server gets to know; the test's limit ends this
	}
}

func TestFiles(t *testing.T) {
	f, err := parts.MakeFiles(t.TempDir(), 20, 64<<10, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(f.Dir); err == nil {
			t.Error("the files are still there")
		}
	}()
	if err := f.Warm(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.Label().String(), "warm") {
		t.Errorf("label: %v", f.Label())
	}
	if runtime.GOOS != "linux" {
		t.Skip("the page cache can be looked at on Linux only")
	}
	warm, err := f.Cached()
	if err != nil || warm < 0.99 {
		t.Errorf("warm: %v %v", warm, err)
	}
	cold, err := f.Cold()
	if err != nil {
		t.Fatal(err)
	}
	label := f.Label().String()
	if cold < 0.5 != strings.Contains(label, "cold page cache") {
		t.Errorf("%v cached is labelled %q", cold, label)
	}
	if err := f.Warm(); err != nil {
		t.Error(err)
	}
	os.WriteFile(f.Paths[3], []byte("else"), 0o600)
	if err := f.Warm(); err == nil {
		t.Error("a file that has changed")
	}
	if _, err := parts.MakeFiles(f.Paths[0], 1, 1, 1); err == nil {
		t.Error("files inside of a file")
	}
}

func BenchmarkWeb(b *testing.B) {
	w, err := parts.Site{}.Start()
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	for b.Loop() {
		if _, _, err := get(http.DefaultClient, w.Page(1)); err != nil {
			b.Fatal(err)
		}
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}
