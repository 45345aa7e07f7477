package scope

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ChildError is the error of a child.
type ChildError struct {
	Child string // the name given to Go
	Err   error
}

func (e *ChildError) Error() string { return e.Child + ": " + e.Err.Error() }

// Unwrap is the error which the child returned.
func (e *ChildError) Unwrap() error { return e.Err }

// Panic is what Run panics with when a child has panicked.
type Panic struct {
	Child string // the name; with those of scopes in between, as in "outer/inner"
	Value any    // what was given to panic
	Stack []byte // of the child, as of debug.Stack
}

// Error is the value and the stack of the child, so that a panic which nobody
// recovers shows both.
func (p *Panic) Error() string { return p.summary() + "\n\n" + string(p.Stack) }

func (p *Panic) summary() string { return fmt.Sprintf("panic in child %s: %v", p.Child, p.Value) }

// Unwrap is the value given to panic if that is an error, as runtime.Error is.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// LeftBehindError is returned by a scope with Grace for children that had not
// ended when the grace was over. They still run.
type LeftBehindError struct {
	Grace    time.Duration
	Children []Straggler
}

// Straggler is a child that does not end.
type Straggler struct {
	Name  string
	State string // what its goroutine does, as in "chan receive"
	Where string // the function and line it is in, the standard library left out
	Stack string
}

func (e *LeftBehindError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d left behind %v after the cancel", len(e.Children), e.Grace)
	for i, c := range e.Children {
		sep := "; "
		if i == 0 {
			sep = ": "
		}
		fmt.Fprintf(&b, "%s%s (%s at %s)", sep, c.Name, c.State, c.Where)
	}
	return b.String()
}

// noteGoroutine keeps the number of the calling goroutine, by which its stack
// is found later. It takes about 1 µs.
func (s *Scope) noteGoroutine(c *child) {
	var buf [64]byte
	text := string(buf[:runtime.Stack(buf[:], false)])
	number, _, _ := strings.Cut(strings.TrimPrefix(text, "goroutine "), " ")
	id, _ := strconv.ParseUint(number, 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	c.id = id
}

// leftBehind says who still runs, nil if the last has just ended.
func (s *Scope) leftBehind(grace time.Duration) error {
	stacks := goroutines()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == 0 {
		return nil
	}
	e := &LeftBehindError{Grace: grace}
	for c := range s.running {
		e.Children = append(e.Children, straggler(c, stacks[c.id]))
		c.node.end(LeftBehind, "still running")
	}
	slices.SortFunc(e.Children, func(a, b Straggler) int { return strings.Compare(a.Name, b.Name) })
	return e
}

// goroutines are the stacks of all goroutines, by number.
func goroutines() map[uint64]string {
	buf := make([]byte, 1<<20)
	n := runtime.Stack(buf, true)
	for n == len(buf) && n < 64<<20 {
		buf = make([]byte, 2*n)
		n = runtime.Stack(buf, true)
	}
	stacks := map[uint64]string{}
	for _, text := range strings.Split(string(buf[:n]), "\n\n") {
		number, _, _ := strings.Cut(strings.TrimPrefix(text, "goroutine "), " ")
		if id, err := strconv.ParseUint(number, 10, 64); err == nil {
			stacks[id] = text
		}
	}
	return stacks
}

func straggler(c *child, stack string) Straggler {
	g := Straggler{Name: c.name, State: "running", Where: "unknown", Stack: stack}
	if _, rest, ok := strings.Cut(stack, "["); ok {
		g.State, _, _ = strings.Cut(rest, "]")
	}
	lines := strings.Split(stack, "\n")
	for i := 1; i+1 < len(lines); i += 2 {
		if name, _, _ := strings.Cut(lines[i], "("); !library(lines[i]) && !strings.HasPrefix(lines[i], "created by") {
			place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +")
			g.Where = name + " " + place
			break
		}
	}
	return g
}

// library reports whether a line of a stack names a function of the standard
// library: its first element has no dot, and it is not main.
func library(line string) bool {
	first, _, slash := strings.Cut(line, "/")
	if slash {
		return !strings.Contains(first, ".")
	}
	pkg, _, _ := strings.Cut(line, ".")
	return pkg != "main"
}
