package parts

import (
	"context"
	"fmt"
	"html"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Site describes a web site on this machine. Its zero value has 150 pages that
// answer at once.
type Site struct {
	Pages   int     // how many, from 1; 150 when 0
	Latency Latency // of each answer; none when nil
	Errors  float64 // share of the requests that are answered with status 500
	Limit   int     // requests that are worked on at a time; no limit when 0
	Seed    uint64  // of latencies and errors
}

// Web is a web server with known behaviour: the n-th request for a page takes
// the same time and has the same fate in every run with the same seed,
// whatever else is asked in between. Page n is at /page/n; its title is
// Title(n).
type Web struct {
	URL  string // of the first page's folder, as in "http://127.0.0.1:41234"
	site Site

	server *http.Server
	done   chan struct{} // closed when the server has ended
	turns  chan struct{}

	mu       sync.Mutex // guards what follows
	visits   map[int]uint64
	counters Counters
	conns    map[net.Conn]http.ConnState
}

// Counters is what a server has seen.
type Counters struct {
	Requests    int // that have arrived
	Errors      int // of these, answered with status 500
	Running     int // being answered now
	Peak        int // most at a time
	Queued      int // waiting now for a turn, by Limit
	Connections int // that were opened
	Open        int // connections that are open now
}

// Start starts the server on a free port of 127.0.0.1. It ends with Close or
// with this process.
func (s Site) Start() (*Web, error) {
	if s.Pages == 0 {
		s.Pages = 150
	}
	if s.Latency == nil {
		s.Latency = Constant(0)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start a web site: %w", err)
	}
	w := &Web{
		URL: "http://" + l.Addr().String(), site: s, done: make(chan struct{}),
		visits: map[int]uint64{}, conns: map[net.Conn]http.ConnState{},
	}
	if s.Limit > 0 {
		w.turns = make(chan struct{}, s.Limit)
	}
	w.server = &http.Server{Handler: w, ConnState: w.connection}
	go func() {
		defer close(w.done)
		w.server.Serve(l) // returns when the server is closed
	}()
	return w, nil
}

// Close ends the server and all its connections.
func (w *Web) Close() error {
	err := w.server.Close()
	<-w.done
	return err
}

// Label says that it is a server of this package.
func (w *Web) Label() Label { return Label{Name: "net/http", Where: "server in this process"} }

// Page is the URL of page n.
func (w *Web) Page(n int) string { return w.URL + "/page/" + strconv.Itoa(n) }

// Pages are the URLs of all pages.
func (w *Web) Pages() []string {
	all := make([]string, w.site.Pages)
	for i := range all {
		all[i] = w.Page(i + 1)
	}
	return all
}

// Title is the title of page n, which a reader of the page should have found.
func (w *Web) Title(n int) string { return Title(n) }

// Title is the title of page n of every site.
func Title(n int) string {
	return fmt.Sprintf("%d. %s & %s", n, nouns[n%len(nouns)], nouns[(n/len(nouns)+n*7)%len(nouns)])
}

var nouns = [...]string{"Anchor", "Bridge", "Compass", "Dune", "Ember", "Fjord", "Glacier", "Harbour", "Island", "Jetty", "Kite", "Lantern", "Meadow"}

// Counters is what the server has seen so far.
func (w *Web) Counters() Counters {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.counters
	c.Open = len(w.conns)
	return c
}

// ServeHTTP answers a request, after its latency.
func (w *Web) ServeHTTP(out http.ResponseWriter, req *http.Request) {
	var n int
	if _, err := fmt.Sscanf(req.URL.Path, "/page/%d", &n); err != nil || n < 1 || n > w.site.Pages {
		http.NotFound(out, req)
		return
	}
	latency, fails := w.arrive(n)
	if !w.turn(req.Context()) {
		return
	}
	defer w.leave()
	t := time.NewTimer(latency)
	defer t.Stop()
	select {
	case <-t.C:
	case <-req.Context().Done(): // nobody waits for the answer any more
		return
	}
	if fails {
		http.Error(out, "this request was to fail", http.StatusInternalServerError)
		return
	}
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	title := html.EscapeString(Title(n))
	fmt.Fprintf(out, "<!DOCTYPE html>\n<html><head><title>%s</title></head>\n<body><h1>%s</h1>\n<a href=\"/page/%d\">next</a>\n</body></html>\n", title, title, n%w.site.Pages+1)
}

// arrive counts a request and says what is to become of it.
func (w *Web) arrive(page int) (latency time.Duration, fails bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.visits[page]++
	r := rand.New(rand.NewPCG(w.site.Seed, uint64(page)<<32|w.visits[page]))
	latency, fails = w.site.Latency(r), r.Float64() < w.site.Errors
	w.counters.Requests++
	w.counters.Queued++
	if fails {
		w.counters.Errors++
	}
	return latency, fails
}

// turn waits until the request may be worked on; false when it has been given
// up.
func (w *Web) turn(ctx context.Context) bool {
	mine := true
	if w.turns != nil {
		select {
		case w.turns <- struct{}{}:
		case <-ctx.Done():
			mine = false
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counters.Queued--
	if mine {
		w.counters.Running++
		w.counters.Peak = max(w.counters.Peak, w.counters.Running)
	}
	return mine
}

func (w *Web) leave() {
	w.mu.Lock()
	w.counters.Running--
	w.mu.Unlock()
	if w.turns != nil {
		<-w.turns
	}
}

func (w *Web) connection(c net.Conn, state http.ConnState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch state {
	case http.StateNew:
		w.counters.Connections++
		w.conns[c] = state
	case http.StateClosed, http.StateHijacked:
		delete(w.conns, c)
	}
}
