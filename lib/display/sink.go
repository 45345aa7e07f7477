package display

import (
	"fmt"
	"os"
	"sync"
)

// A Sink takes what is shown. Its methods may be called from several
// goroutines at once; each returns when the data has been passed on.
type Sink interface {
	Show(d Data)
	Update(d Data) // replaces what was shown with the same ID
	Clear(wait bool)
}

var sink struct {
	sync.Mutex
	set Sink
}

// SetSink makes s the receiver of everything that is shown from now on, and
// returns the one before. The kernel does so for cells; a test may do so to
// see what its code shows. A nil Sink prints to standard output.
func SetSink(s Sink) (previous Sink) {
	sink.Lock()
	defer sink.Unlock()
	previous, sink.set = sink.set, s
	return previous
}

// Attached says whether somebody takes what is shown: true in a cell, false in
// a plain program, where it is only printed.
func Attached() bool {
	sink.Lock()
	defer sink.Unlock()
	return sink.set != nil
}

func current() Sink {
	sink.Lock()
	defer sink.Unlock()
	if sink.set == nil {
		return printing{}
	}
	return sink.set
}

// Show shows values at once, each for itself, at any time: see Of. A nil in
// the last place is left out, so that the results of a function which also
// returns an error can be passed as they are.
func Show(values ...any) {
	if n := len(values) - 1; n > 0 && values[n] == nil {
		values = values[:n]
	}
	for _, v := range values {
		if d := Of(v); len(d.Bundle) > 0 {
			current().Show(d)
		}
	}
}

// Clear removes what the cell has shown and printed so far. With wait the
// front end does so when the next output arrives, so that an animation does
// not flicker.
func Clear(wait bool) { current().Clear(wait) }

// printing is the sink of a plain program.
type printing struct{}

func (printing) Show(d Data) {
	if s, ok := d.Bundle[mimeText].(string); ok {
		fmt.Fprintln(os.Stdout, s)
	}
}

func (p printing) Update(d Data) { p.Show(d) }

func (printing) Clear(bool) {}
