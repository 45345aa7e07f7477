package kernel

import (
	"context"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// job is a cell that waits to be executed.
type job struct {
	*request
	jupyter.ExecuteRequest
	arrived time.Time
	abort   bool // an earlier cell failed
	beside  bool // of a subshell
}

// queue holds the cells that wait, in order of arrival.
type queue struct {
	limit int
	wake  chan struct{} // has an element when there may be a job

	mu   sync.Mutex // guards jobs and last
	jobs []*job
	last failure
}

func newQueue(limit int) *queue {
	return &queue{limit: limit, wake: make(chan struct{}, 1)}
}

// push appends j and reports whether there was room.
func (q *queue) push(j *job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) >= q.limit {
		return false
	}
	j.abort = q.last.covers(j)
	q.jobs = append(q.jobs, j)
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return true
}

// next waits for a job; it returns nil when ctx has ended.
func (q *queue) next(ctx context.Context) *job {
	for ctx.Err() == nil {
		if j := q.pop(); j != nil {
			return j
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
		}
	}
	return nil
}

// pop takes the first job, nil when there is none.
func (q *queue) pop() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) == 0 {
		return nil
	}
	j := q.jobs[0]
	q.jobs[0] = nil
	q.jobs = q.jobs[1:]
	return j
}

// abortAfter marks all jobs that were sent before the failure of j could be
// known: those that wait, and those still on their way (see failure).
// Interrupt is the header of the request that interrupted j, or zero.
func (q *queue) abortAfter(j *job, interrupt jupyter.Header) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, waiting := range q.jobs {
		waiting.abort = true
	}
	q.last = newFailure(j, time.Now())
	q.last.because(interrupt)
}

// failure remembers a cell that failed and wanted to stop what follows. A
// client that runs all cells sends them in one go, but a cell may fail before
// the next has arrived. Whether a later arrival was sent before its client could
// know is told by the client's own clock: it was, if its date is before the
// date of the failed request plus the time which that request spent here. Equal
// dates say nothing, since some clients write always the same.
type failure struct {
	session       string
	sent, failed  time.Time // by the clock of the client
	failedByOurs  time.Time
	knowsSentTime bool
}

// overtaken is how long after a failure a message may arrive that was sent
// before it. It only bounds what a clock set back at that moment may do.
const overtaken = time.Second

func newFailure(j *job, now time.Time) failure {
	sent, ok := j.Header.Time()
	return failure{
		session:       j.Header.Session,
		sent:          sent,
		failed:        sent.Add(now.Sub(j.arrived)),
		failedByOurs:  now,
		knowsSentTime: ok,
	}
}

// because takes into account that the cell failed by an interrupt of the same
// client, which comes on a channel of its own and may overtake cells: what was
// sent before the interrupt was sent before the failure.
func (f *failure) because(interrupt jupyter.Header) {
	if sent, ok := interrupt.Time(); ok && interrupt.Session == f.session && sent.After(f.failed) {
		f.failed = sent
	}
}

func (f failure) covers(j *job) bool {
	sent, ok := j.Header.Time()
	return ok && f.knowsSentTime && j.Header.Session == f.session &&
		sent.After(f.sent) && sent.Before(f.failed) &&
		j.arrived.Sub(f.failedByOurs) < overtaken
}
