// Package rt is what runs beside the code of cells: the functions which
// generated code calls (Show, ShowErr, Check, Program), and for package child
// the entry points into the worker's patched runtime (Enter, Stop, Load, ...).
package rt

import (
	"sync/atomic"

	"github.com/interleave-lab/interleave/lib/display"
)

// Outcome takes what generated code hands over.
type Outcome struct {
	Result func(display.Data) // the value of the trailing expression
	Fail   func(error)        // the trailing error; the cell has failed
}

var outcome Outcome

// SetOutcome names who takes results. Package child does so once.
func SetOutcome(o Outcome) { outcome = o }

// Show makes the values of the cell's trailing expression its result. No
// values, or one without anything to show, are no result.
func Show(values ...any) {
	if d := display.Of(values...); len(d.Bundle) > 0 {
		outcome.Result(d)
	}
}

// ShowErr is Show for values of which the last has the type error: nil is left
// out, any other makes the cell fail and nothing is shown.
func ShowErr(values ...any) {
	n := len(values) - 1
	if err, ok := values[n].(error); ok && err != nil {
		outcome.Fail(err)
		return
	}
	Show(values[:n]...)
}

// Check ends the calling goroutine if its cell is being interrupted. It stands
// in loops which contain calls; it costs one load.
func Check() {
	if atomic.LoadUint32(&checking) != 0 {
		runtimeDie()
	}
}
