package load

import (
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/hdr"
)

// outcome of a request.
type outcome int

const (
	answered outcome = iota
	failed
	timedOut
	cut // by the end of the whole load; it counts nowhere
)

// windows is into how many parts a load is divided, so that its numbers have
// intervals and results can be compared.
const windows = 20

// Window is a part of a load, by time.
type Window struct {
	Answered int64          `json:"answered"` // requests answered in it
	Good     int64          `json:"good"`     // of these, within the goal
	Latency  *hdr.Histogram `json:"latency"`  // of requests that were due in it
}

// recorder takes down what happens. Its methods may be called by several
// goroutines at once.
type recorder struct {
	mu       sync.Mutex // guards all below but the histograms
	length   time.Duration
	goal     time.Duration
	admitted int // requests or sessions under way, in an open loop
	windows  [windows]Window
	service  *hdr.Histogram
	lag      *hdr.Histogram
	sent     int64
	count    [cut + 1]int64
	refused  int64
	first    string // error

	inFlight int
	area     float64       // requests under way, times nanoseconds
	changed  time.Duration // when inFlight was last accounted for
	inside   littleSums
	closed   bool // nothing is taken down any more
}

// littleSums are about requests that ended before the end of the load.
type littleSums struct {
	ended int64
	spent float64 // nanoseconds under way
}

func newRecorder(length, goal time.Duration) *recorder {
	r := &recorder{length: length, goal: goal, service: &hdr.Histogram{}, lag: &hdr.Histogram{}}
	for i := range r.windows {
		r.windows[i].Latency = &hdr.Histogram{}
	}
	return r
}

// window is the one at that time; what comes after the end is in the last.
func (r *recorder) window(at time.Duration) *Window {
	i := int(float64(windows) * float64(at) / float64(r.length))
	return &r.windows[min(max(i, 0), windows-1)]
}

// account adds up how many requests have been under way since the last change.
func (r *recorder) account(at time.Duration) {
	if to := min(at, r.length); to > r.changed {
		r.area += float64(r.inFlight) * float64(to-r.changed)
		r.changed = to
	}
}

// enter is called when a request is sent.
func (r *recorder) enter(at time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.account(at)
	r.inFlight++
	r.sent++
}

// leave is called when a request has ended.
func (r *recorder) leave(due, sent, ended time.Duration, o outcome, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.account(ended)
	r.inFlight--
	r.count[o]++
	if o == cut {
		return
	}
	if ended <= r.length {
		r.inside.ended++
		r.inside.spent += float64(ended - sent)
	}
	r.lag.Record(sent - due)
	if o == failed {
		if r.first == "" {
			r.first = err.Error()
		}
		return
	}
	r.window(due).Latency.Record(ended - due)
	r.service.Record(ended - sent)
	if o == answered && ended <= r.length {
		w := r.window(ended)
		w.Answered++
		if r.goal <= 0 || ended-due <= r.goal {
			w.Good++
		}
	}
}

// refuse is called for a request that was not sent since too many were under
// way.
func (r *recorder) refuse(time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused++
}

// result sums up what happened in so much time. Requests that are still under
// way are cut off when the load was ended early, else they have timed out; what
// becomes of them is not taken down.
func (r *recorder) result(took time.Duration, early bool) Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.account(took)
	r.closed = true
	if early {
		r.count[cut] += int64(r.inFlight)
	} else {
		r.count[timedOut] += int64(r.inFlight)
	}
	result := Result{
		Sent: r.sent, Failed: r.count[failed], Timeouts: r.count[timedOut], Refused: r.refused, Cut: r.count[cut],
		FirstError: r.first, Windows: r.windows[:], Service: r.service, Lag: r.lag,
	}
	result.Little.derive(r.area, r.inside, took)
	return result
}
