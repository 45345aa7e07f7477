package pool

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// Record is the life of one call. Times count from the first submission.
type Record struct {
	ID      uint64        `json:"id"`
	Func    string        `json:"func"`           // the function, as in "main.sum"
	Item    string        `json:"item,omitempty"` // its argument, if that is short
	Worker  string        `json:"worker"`         // who made the call, empty if nobody did
	Queued  time.Duration `json:"queued"`
	Started time.Duration `json:"started"`
	Ended   time.Duration `json:"ended"` // 0: not yet
	Lost    []Attempt     `json:"lost,omitempty"`
	Error   string        `json:"error,omitempty"`
}

// Attempt is a call that its worker did not survive.
type Attempt struct {
	Worker  string        `json:"worker"`
	Started time.Duration `json:"started"`
	Ended   time.Duration `json:"ended"`
}

// Waited is how long the call waited for a worker.
func (r Record) Waited() time.Duration { return r.Started - r.Queued }

// Ran is how long the call took, waiting left out.
func (r Record) Ran() time.Duration { return r.Ended - r.Started }

// Log keeps the records of an Executor. Its zero value is ready, and its
// methods may be called from several goroutines.
type Log struct {
	mu      sync.Mutex // guards what follows and all entries
	start   time.Time
	entries []*entry
	dropped int
}

// maxRecords bounds the memory of a log to some tens of megabytes.
const maxRecords = 200_000

type entry struct {
	log *Log
	Record
}

// Queue notes that a job was submitted. Its end is noted by itself.
func (l *Log) Queue(j *Job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.start.IsZero() {
		l.start = time.Now()
	}
	if len(l.entries) == maxRecords {
		l.dropped++
		return
	}
	j.entry = &entry{log: l, Record: Record{ID: j.id, Func: j.name, Item: j.item, Queued: time.Since(l.start)}}
	l.entries = append(l.entries, j.entry)
}

// Start notes that a worker takes up a job.
func (l *Log) Start(j *Job, worker string) {
	l.change(j, func(r *Record, now time.Duration) { r.Worker, r.Started = worker, now })
}

// Lost notes that the worker of a job has died; the job is to start again.
func (l *Log) Lost(j *Job) {
	l.change(j, func(r *Record, now time.Duration) {
		r.Lost = append(r.Lost, Attempt{r.Worker, r.Started, now})
		r.Worker, r.Started = "", 0
	})
}

func (l *Log) change(j *Job, f func(r *Record, now time.Duration)) {
	if j.entry == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if j.entry.Ended == 0 {
		f(&j.entry.Record, time.Since(l.start))
	}
}

func (e *entry) end(err error) {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	e.Ended = max(time.Since(e.log.start), 1)
	if err != nil {
		e.Error = err.Error()
	}
}

// Records are the calls so far, in order of their submission. After 200,000 no
// more are kept; Dropped counts those.
func (l *Log) Records() []Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	records := make([]Record, len(l.entries))
	for i, e := range l.entries {
		records[i] = e.Record
		records[i].Lost = slices.Clone(e.Lost)
	}
	return records
}

// Dropped is the number of calls without a record.
func (l *Log) Dropped() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}

// ByWorker is the timeline of the workers: a lane for each, with a span of
// kind "run" for each call, "error" for one that failed, "lost" for one that
// the worker did not survive. Calls that have not ended are left out.
func ByWorker(records []Record) timeline.Timeline {
	t := timeline.Timeline{Name: "workers"}
	for _, r := range records {
		for _, a := range r.Lost {
			t.Spans = append(t.Spans, timeline.Span{Lane: a.Worker, Kind: "lost", Item: r.label(), From: a.Started, To: a.Ended})
		}
		if r.Ended > 0 && r.Worker != "" {
			t.Spans = append(t.Spans, timeline.Span{Lane: r.Worker, Kind: r.kind(), Item: r.label(), From: r.Started, To: r.Ended})
		}
	}
	return ordered(t)
}

// ByCall is the timeline of the calls: a lane for each, with a span "queued"
// and one as in ByWorker.
func ByCall(records []Record) timeline.Timeline {
	t := timeline.Timeline{Name: "calls"}
	for i, r := range records {
		if r.Ended == 0 {
			continue
		}
		lane := fmt.Sprintf("call %d", i+1)
		started := r.Started
		if r.Worker == "" {
			started = r.Ended
		}
		t.Spans = append(t.Spans, timeline.Span{Lane: lane, Kind: "queued", Item: r.label(), From: r.Queued, To: started})
		if r.Worker != "" {
			t.Spans = append(t.Spans, timeline.Span{Lane: lane, Kind: r.kind(), Item: r.label(), From: r.Started, To: r.Ended})
		}
	}
	return ordered(t)
}

func (r Record) kind() string {
	if r.Error != "" {
		return "error"
	}
	return "run"
}

func (r Record) label() string {
	if r.Item == "" {
		return short(r.Func)
	}
	return short(r.Func) + "(" + r.Item + ")"
}

func ordered(t timeline.Timeline) timeline.Timeline {
	slices.SortStableFunc(t.Spans, func(a, b timeline.Span) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Lane, b.Lane))
	})
	return t
}
