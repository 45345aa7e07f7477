package virt

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/lib/diag"
)

// EscapeError is returned when something inside waited for something outside.
type EscapeError struct {
	Waits []diag.Goroutine // who waited, and for what (State, Func, Where)
	Left  bool             // they still wait: Run has given up
}

func (e *EscapeError) Error() string {
	var b strings.Builder
	b.WriteString("run in virtual time: ")
	for i, g := range e.Waits {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s waits for %s at %s", g.Func, outside(g.State), g.Where)
	}
	if e.Left {
		fmt.Fprintf(&b, ": no virtual time can pass meanwhile, so it was given up after %v", patience)
	} else {
		b.WriteString(": the run has ended, but its times are not virtual ones")
	}
	return b.String()
}

// outside names what a goroutine in a state waits for.
func outside(state string) string {
	switch {
	case state == "IO wait":
		return "the real network (use net.Pipe)"
	case strings.HasPrefix(state, "chan"), strings.HasPrefix(state, "select"):
		return "a channel that was made outside (make it inside)"
	case state == "syscall":
		return "the operating system (a file, a process)"
	case strings.HasPrefix(state, "sync.WaitGroup"):
		return "a wait group from outside (make it inside)"
	case strings.HasPrefix(state, "sync."), strings.HasPrefix(state, "semacquire"):
		return "a lock that is held outside, or by one that waits"
	}
	return "something outside (" + state + ")"
}

// DeadlockError is returned when all goroutines inside wait for each other and
// no timer is left.
type DeadlockError struct {
	Waits []diag.Goroutine
	text  string // the runtime's
}

func (e *DeadlockError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "run in virtual time: %s", e.text)
	for i, g := range e.Waits {
		sep := "; "
		if i == 0 {
			sep = ": "
		}
		fmt.Fprintf(&b, "%s%s in %s (%s)", sep, g.State, g.Func, g.Where)
	}
	return b.String()
}

// deadlock explains what synctest has panicked with.
func (b *bubble) deadlock(p any) error {
	text := fmt.Sprint(p)
	if !strings.Contains(text, "deadlock") {
		return fmt.Errorf("run in virtual time: %s", text)
	}
	return &DeadlockError{Waits: b.goroutines(), text: text}
}

// watch looks from outside whether a bubble waits for something outside.
type watch struct {
	bubble  *bubble
	waiting []diag.Goroutine // who waited when it was looked last
	since   time.Time
	network []diag.Goroutine // who was seen to wait for the network
}

// look returns an error when the bubble has waited for too long.
func (w *watch) look() error {
	var waits []diag.Goroutine
	for _, g := range w.bubble.goroutines() {
		switch {
		case g.State == "running", g.State == "runnable":
			w.waiting = nil
			return nil
		case g.Durable:
			continue
		}
		waits = append(waits, g)
		if g.State == "IO wait" && !slices.ContainsFunc(w.network, func(x diag.Goroutine) bool { return x.Where == g.Where }) {
			w.network = append(w.network, g)
		}
	}
	if len(waits) == 0 || !slices.EqualFunc(waits, w.waiting, same) {
		w.waiting, w.since = waits, time.Now()
		return nil
	}
	if time.Since(w.since) < patience {
		return nil
	}
	return &EscapeError{Waits: waits, Left: true}
}

// same reports whether a goroutine has not moved.
func same(a, b diag.Goroutine) bool { return a.ID == b.ID && a.State == b.State && a.Where == b.Where }
