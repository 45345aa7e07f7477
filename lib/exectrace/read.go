package exectrace

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/exp/trace"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// maxSpans bounds the memory of a recording to some 100 MB.
const maxSpans = 1 << 20

// reader makes a recording of the events of a trace.
type reader struct {
	others     bool
	begin, end trace.Time // of the recorded call; 0 while unknown
	now        trace.Time
	events     int
	spans      int
	root       trace.GoID

	gs      map[trace.GoID]*goroutine
	order   []*goroutine
	threads map[trace.ThreadID]*occupant
	procs   map[trace.ProcID]*occupant
	tasks   map[trace.TaskID]*task
	gc      []timeline.Span
	phases  map[string]trace.Time
	hosts   []hosted // spans of threads and processors, lanes unnamed yet
}

type goroutine struct {
	id, parent trace.GoID
	function   string
	lane       string
	state      string // one of the kinds, empty while it does not exist
	reason     string
	since      trace.Time
	spans      []timeline.Span
	regions    []timeline.Span
	open       []region
}

type region struct {
	kind string
	task trace.TaskID
	from trace.Time
}

type task struct {
	kind   string
	number int
	from   trace.Time
	to     trace.Time
	parent trace.TaskID
}

// occupant is what a thread or a processor does.
type occupant struct {
	g     *goroutine
	kind  string
	since trace.Time
}

// hosted is a span of a thread or a processor.
type hosted struct {
	thread bool
	number int64
	g      *goroutine
	kind   string
	from   time.Duration
	to     time.Duration
}

func (r *Recording) read(data []byte, o options) error {
	t := &reader{
		others: o.others, root: trace.NoGoroutine,
		gs: map[trace.GoID]*goroutine{}, threads: map[trace.ThreadID]*occupant{}, procs: map[trace.ProcID]*occupant{},
		tasks: map[trace.TaskID]*task{}, phases: map[string]trace.Time{},
	}
	if len(data) == 0 {
		return errors.New("it is empty")
	}
	from, err := trace.NewReader(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%w; the parser may be older than this Go release", err)
	}
	for {
		e, err := from.ReadEvent()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if t.events++; t.events == 1 && o.last > 0 {
			t.begin = e.Time() // the mark may have been dropped
		}
		if t.event(e) || t.spans > maxSpans {
			break
		}
	}
	t.finish(r, o)
	return nil
}

// event takes one event and reports whether the recorded call has ended.
func (t *reader) event(e trace.Event) (end bool) {
	t.now = e.Time()
	if g := t.gs[e.Goroutine()]; g != nil && (g.function == "" || starter(g.function)) {
		g.function = cmp.Or(lastFunction(e.Stack()), g.function)
	}
	switch e.Kind() {
	case trace.EventStateTransition:
		if s := e.StateTransition(); s.Resource.Kind == trace.ResourceGoroutine {
			t.transition(e, s)
		}
	case trace.EventLog:
		return t.mark(e)
	case trace.EventRegionBegin:
		if g := t.gs[e.Goroutine()]; g != nil {
			g.open = append(g.open, region{e.Region().Type, e.Region().Task, t.now})
		}
	case trace.EventRegionEnd:
		if g := t.gs[e.Goroutine()]; g != nil {
			t.endRegion(g, e.Region().Type)
		}
	case trace.EventTaskBegin:
		k := e.Task()
		t.tasks[k.ID] = &task{kind: k.Type, from: t.now, parent: k.Parent, number: len(t.tasks) + 1}
	case trace.EventTaskEnd:
		if k := t.tasks[e.Task().ID]; k != nil {
			k.to = t.now
		}
	case trace.EventRangeBegin, trace.EventRangeEnd:
		t.phase(e)
	}
	return false
}

// mark looks for the marks of the recorded call.
func (t *reader) mark(e trace.Event) (end bool) {
	l := e.Log()
	if l.Category != category {
		return false
	}
	if l.Message == markEnd {
		t.root, t.end = e.Goroutine(), t.now
		return true
	}
	t.root, t.begin = e.Goroutine(), t.now
	for _, g := range t.gs { // what was before the begin does not count
		g.since = t.now
	}
	g := t.goroutine(t.root)
	if g.state == "" {
		g.state = Running
	}
	g.since = t.now
	t.occupy(g, e.Thread(), e.Proc(), Running)
	return false
}

func (t *reader) goroutine(id trace.GoID) *goroutine {
	g := t.gs[id]
	if g == nil {
		g = &goroutine{id: id, parent: trace.NoGoroutine, since: t.now}
		t.gs[id] = g
		t.order = append(t.order, g)
	}
	return g
}

var states = map[trace.GoState]string{
	trace.GoRunning: Running, trace.GoRunnable: Runnable, trace.GoWaiting: Waiting, trace.GoSyscall: Syscall,
}

func (t *reader) transition(e trace.Event, s trace.StateTransition) {
	from, to := s.Goroutine()
	g := t.goroutine(s.Resource.Goroutine())
	if from == trace.GoNotExist {
		g.parent, g.function = e.Goroutine(), firstFunction(s.Stack)
	}
	state := states[to]
	if state == g.state && from == trace.GoUndetermined {
		return // told again, as at the begin of each part of a trace
	}
	t.close(g)
	g.state, g.reason, g.since = state, s.Reason, t.now
	switch {
	case from == trace.GoUndetermined && e.Goroutine() != g.id:
	case state == Running, state == Syscall:
		t.occupy(g, e.Thread(), e.Proc(), state)
	default:
		t.vacate(e.Thread(), e.Proc(), g)
	}
}

// close ends the span of what a goroutine was doing.
func (t *reader) close(g *goroutine) {
	if g.state == "" || t.begin == 0 || t.now <= g.since {
		return
	}
	item := ""
	if g.state == Waiting {
		item = cmp.Or(g.reason, "unknown")
	}
	t.spans++
	g.spans = append(g.spans, timeline.Span{Kind: g.state, Item: item, From: t.since(g.since), To: t.since(t.now)})
}

func (t *reader) since(at trace.Time) time.Duration { return max(at.Sub(t.begin), 0) }

// occupy notes that a goroutine runs on a thread, and unless it is in a system
// call on a processor.
func (t *reader) occupy(g *goroutine, m trace.ThreadID, p trace.ProcID, kind string) {
	t.vacate(m, p, g)
	if m != trace.NoThread {
		t.threads[m] = &occupant{g, kind, t.now}
	}
	if p != trace.NoProc && kind == Running {
		t.procs[p] = &occupant{g, kind, t.now}
	}
}

// vacate ends the spans of a thread and of a processor.
func (t *reader) vacate(m trace.ThreadID, p trace.ProcID, g *goroutine) {
	if o := t.threads[m]; o != nil {
		t.host(true, int64(m), o)
		delete(t.threads, m)
	}
	if o := t.procs[p]; o != nil && o.g == g {
		t.host(false, int64(p), o)
		delete(t.procs, p)
	}
}

func (t *reader) host(thread bool, number int64, o *occupant) {
	if t.begin != 0 && t.now > max(o.since, t.begin) {
		t.spans++
		t.hosts = append(t.hosts, hosted{thread, number, o.g, o.kind, t.since(o.since), t.since(t.now)})
	}
}

func (t *reader) endRegion(g *goroutine, kind string) {
	for i := len(g.open) - 1; i >= 0; i-- {
		if o := g.open[i]; o.kind == kind {
			g.open = slices.Delete(g.open, i, i+1)
			if t.begin != 0 {
				g.regions = append(g.regions, timeline.Span{Kind: kind, Item: t.taskName(o.task), From: t.since(o.from), To: t.since(t.now)})
			}
			return
		}
	}
}

func (t *reader) taskName(id trace.TaskID) string {
	if k := t.tasks[id]; k != nil {
		return fmt.Sprintf("%s %d", k.kind, k.number)
	}
	return ""
}

// phase notes the phases of garbage collection.
func (t *reader) phase(e trace.Event) {
	name := e.Range().Name
	if !strings.HasPrefix(name, "GC ") && !strings.HasPrefix(name, "stop-the-world") {
		return
	}
	if e.Kind() == trace.EventRangeBegin {
		t.phases[name] = t.now
		return
	}
	from, ok := t.phases[name]
	if ok && t.begin != 0 && t.now > t.begin {
		t.gc = append(t.gc, timeline.Span{Lane: "GC", Kind: name, From: t.since(from), To: t.since(t.now)})
	}
	delete(t.phases, name)
}

// firstFunction is where a new goroutine begins.
func firstFunction(s trace.Stack) string {
	for f := range s.Frames() {
		return named(f)
	}
	return ""
}

// named is the name of a function. Functions that the kernel of a notebook has
// named have a place instead, as in "cell[7]:3".
func named(f trace.StackFrame) string {
	if strings.Contains(f.Func, "ʹ") {
		return fmt.Sprintf("%s:%d", f.File[strings.LastIndex(f.File, "/")+1:], f.Line)
	}
	return f.Func
}

// lastFunction is where a goroutine that runs already has begun, or what that
// function only calls.
func lastFunction(s trace.Stack) string {
	name := ""
	for f := range s.Frames() {
		if name == "" || !starter(f.Func) {
			name = named(f)
		}
	}
	return name
}

// starter reports whether a function is one by which libraries start what they
// were given, which says nothing about a goroutine.
func starter(function string) bool {
	for _, prefix := range []string{
		"sync.(*WaitGroup).Go.", "golang.org/x/sync/errgroup.",
		"github.com/interleave-lab/interleave/lib/scope.", "github.com/interleave-lab/interleave/lib/pool.",
	} {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}
