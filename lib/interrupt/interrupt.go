// Package interrupt lets a long measurement end in good order when the reader
// of a notebook interrupts its cell.
//
// An interrupt stops the goroutines of a cell wherever they are. A library
// that has something to hand over, such as the rounds measured so far, asks
// for a Context instead: it ends first, and the cell is stopped only if it
// does not come to its end by itself soon.
package interrupt

import (
	"context"
	"errors"
	"sync"
)

// ErrInterrupted is the cause of a Context that ended because its cell was
// interrupted.
var ErrInterrupted = errors.New("interrupted")

// Source tells of interrupts. It is called on a goroutine of the cell and
// arranges for f to be called, at most once and on any goroutine, when that
// cell is interrupted; release says that this is no longer wanted.
type Source func(f func()) (release func())

var source struct {
	sync.Mutex
	set Source
}

// SetSource makes s tell of interrupts from now on; nil takes the source away.
// The worker process does so for cells. Without a source, as in a plain
// program, nothing is ever interrupted.
func SetSource(s Source) {
	source.Lock()
	defer source.Unlock()
	source.set = s
}

// Context returns a context that ends when parent does, when the cell that
// calls is interrupted (then its cause is ErrInterrupted), or when stop is
// called, which releases what the context holds.
func Context(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	source.Lock()
	notify := source.set
	source.Unlock()
	if notify == nil {
		return ctx, func() { cancel(nil) }
	}
	release := notify(func() { cancel(ErrInterrupted) })
	return ctx, func() {
		release()
		cancel(nil)
	}
}
