package scope

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/lib/timeline"
)

// Outcome is how a scope or a child ended.
type Outcome string

// The outcomes.
const (
	OK         Outcome = "ok"
	Failed     Outcome = "error"
	Panicked   Outcome = "panic"
	Cancelled  Outcome = "cancelled"   // returned because its context ended
	Cut        Outcome = "cut"         // by the deadline of MoveOnAfter
	LeftBehind Outcome = "left behind" // had not ended when the grace was over
	Running    Outcome = "running"     // had not ended when the record was taken
)

// Record is the life of a scope or a child, with all that ran inside. Times
// count from the start of the outermost scope.
type Record struct {
	Name     string        `json:"name"`
	From     time.Duration `json:"from"`
	To       time.Duration `json:"to"`
	Outcome  Outcome       `json:"outcome"`
	Error    string        `json:"error,omitempty"`
	Children []Record      `json:"children,omitempty"` // in order of their start
}

// Duration is how long it ran.
func (r Record) Duration() time.Duration { return r.To - r.From }

// All calls yield for the record and all inside it, parents first, with the
// names from the outermost on.
func (r Record) All() func(yield func(path []string, r Record) bool) {
	return func(yield func([]string, Record) bool) { r.walk(nil, yield) }
}

func (r Record) walk(above []string, yield func([]string, Record) bool) bool {
	path := append(slices.Clip(above), r.Name)
	if !yield(path, r) {
		return false
	}
	for _, c := range r.Children {
		if !c.walk(path, yield) {
			return false
		}
	}
	return true
}

// Timeline has one lane for each scope and child, named by its path, with one
// span whose kind is the outcome. A name that occurs again gets a number.
func (r Record) Timeline() timeline.Timeline {
	t := timeline.Timeline{Name: r.Name}
	seen := map[string]int{}
	for path, c := range r.All() {
		lane := strings.Join(path, "/")
		if seen[lane]++; seen[lane] > 1 {
			lane = fmt.Sprintf("%s %d", lane, seen[lane])
		}
		t.Spans = append(t.Spans, timeline.Span{Lane: lane, Kind: string(c.Outcome), Item: c.Error, From: c.From, To: c.To})
	}
	slices.SortStableFunc(t.Spans, func(a, b timeline.Span) int { return cmp.Compare(a.From, b.From) })
	return t
}

// String is the tree, one line for each scope and child.
func (r Record) String() string {
	var b strings.Builder
	for path, c := range r.All() {
		name := strings.Repeat("  ", len(path)-1) + c.Name
		fmt.Fprintf(&b, "%-24s %10v %10v  %s", name, c.From.Round(time.Microsecond), c.To.Round(time.Microsecond), c.Outcome)
		if line, _, _ := strings.Cut(c.Error, "\n"); line != "" {
			fmt.Fprintf(&b, ": %s", line)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// node is a record that is still being written. All methods do nothing on nil.
type node struct {
	tree *tree
	Record
	children []*node
}

// tree is what the nodes of one outermost scope share.
type tree struct {
	mu    sync.Mutex // guards all nodes
	start time.Time
}

type nodeKey struct{}

// attach makes the node of a new scope: inside the one that ctx belongs to, or
// the first of a tree when a record is wanted, or none.
func attach(ctx context.Context, o options) *node {
	if above, _ := ctx.Value(nodeKey{}).(*node); above != nil {
		return above.child(o.name)
	}
	if o.keep == nil {
		return nil
	}
	return &node{tree: &tree{start: time.Now()}, Record: Record{Name: o.name, Outcome: Running}}
}

func withNode(ctx context.Context, n *node) context.Context {
	if n == nil {
		return ctx
	}
	return context.WithValue(ctx, nodeKey{}, n)
}

func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	c := &node{tree: n.tree, Record: Record{Name: name, Outcome: Running}}
	n.tree.mu.Lock()
	defer n.tree.mu.Unlock()
	c.From = time.Since(n.tree.start)
	n.children = append(n.children, c)
	return c
}

// end notes the outcome, the first time.
func (n *node) end(o Outcome, err string) {
	if n == nil {
		return
	}
	n.tree.mu.Lock()
	defer n.tree.mu.Unlock()
	if n.Outcome == Running {
		n.To, n.Outcome, n.Error = time.Since(n.tree.start), o, err
	}
}

func (n *node) endScope(parent context.Context, errs []error, p *Panic) {
	switch {
	case n == nil:
	case p != nil:
		n.end(Panicked, p.summary())
	case len(errs) == 0:
		n.end(OK, "")
	case consequence(parent, errors.Join(errs...)):
		n.end(Cancelled, errs[0].Error())
	default:
		n.end(Failed, errors.Join(errs...).Error())
	}
}

// record is a copy of what is known by now.
func (n *node) record() Record {
	n.tree.mu.Lock()
	defer n.tree.mu.Unlock()
	return n.copy(time.Since(n.tree.start))
}

func (n *node) copy(now time.Duration) Record {
	r := n.Record
	if r.Outcome == Running {
		r.To = now
	}
	for _, c := range n.children {
		r.Children = append(r.Children, c.copy(now))
	}
	return r
}
