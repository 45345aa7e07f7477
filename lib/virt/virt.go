// Package virt runs concurrent code in virtual time.
//
// Inside Run the clock stands still while any goroutine can go on, and jumps
// to the next timer when all of them wait: sleeping for an hour takes no time,
// and every run sees the same times. It is testing/synctest without a test.
//
// # What escapes
//
// Virtual time knows only what is inside. A goroutine that waits for the real
// network, a file, a process, a lock or channel from outside, keeps the clock
// from moving: it waits in real time, and no time passes for the others. Run
// returns an *EscapeError then, which names what was waited for and where.
// Inside, use net.Pipe in place of a connection, and make channels, locks and
// wait groups there. (A channel made inside and used outside makes the
// goroutine outside panic; a sync.WaitGroup used on both sides ends the
// program: both by the runtime, which cannot be kept from it.)
package virt

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/interleave-lab/interleave/lib/diag"
)

// Run calls f in a bubble of its own and returns when f and every goroutine it
// started have returned. Channels, timers and wait groups that f uses must be
// made inside f, and the clock there starts at midnight UTC on 1 January 2000.
//
// A panic of f comes back as an error, a deadlock inside as a *DeadlockError;
// the goroutines of a deadlock are never freed. When the bubble waits for
// something outside for a second of real time, Run gives it up and returns an
// *EscapeError; the goroutines stay behind. It returns one also when f has
// ended, but was seen to wait for the network. A panic of a goroutine that f
// started ends the program, as everywhere. A run takes some ten microseconds of
// real time and what f computes. Run must not be called inside another Run.
func Run(f func()) error {
	if bubble := bubbleOf(); bubble != 0 {
		return errors.New("run in virtual time: this is virtual time already: Run inside of Run")
	}
	b := &bubble{ended: make(chan error, 1)}
	go func() { b.ended <- b.run(f) }()
	t := time.NewTimer(firstLook)
	defer t.Stop()
	for w := (watch{bubble: b}); ; {
		select {
		case err := <-b.ended:
			if err == nil && len(w.network) > 0 {
				err = &EscapeError{Waits: w.network}
			}
			return err
		case <-t.C:
		}
		if err := w.look(); err != nil {
			return err
		}
		t.Reset(nextLook)
	}
}

// How often the watch looks, and how long something outside may be waited for.
const (
	firstLook = 20 * time.Millisecond
	nextLook  = 100 * time.Millisecond
	patience  = time.Second
)

// bubble is one run.
type bubble struct {
	number atomic.Int64 // the runtime's; 0 until it has begun
	ended  chan error
}

// run is the run itself.
func (b *bubble) run(f func()) (err error) {
	defer func() {
		if p := recover(); p != nil { // synctest panics when a bubble is deadlocked
			err = b.deadlock(p)
		}
	}()
	fault := errors.New("run in virtual time: the goroutine of the function ended by runtime.Goexit")
	// A zero T is enough for a bubble. Going through testing.MainStart would
	// register flags, read os.Args and print PASS.
	synctest.Test(new(testing.T), func(*testing.T) {
		b.number.Store(int64(bubbleOf()))
		done := make(chan struct{})
		go func() { // so that runtime.Goexit in f ends only this goroutine
			defer close(done)
			fault = protect(f)
		}()
		<-done
	})
	return fault
}

// protect calls f and returns its panic as an error, nil when it returns.
func protect(f func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("run in virtual time: panic: %v", p)
		}
	}()
	f()
	return nil
}

// bubbleOf is the number of the bubble of the calling goroutine, 0 for none.
func bubbleOf() (number int) {
	var buf [128]byte
	line := string(buf[:runtime.Stack(buf[:], false)])
	if _, rest, ok := strings.Cut(line, "synctest bubble "); ok {
		fmt.Sscanf(rest, "%d", &number)
	}
	return number
}

// goroutines are those of the bubble, but for the one that holds it.
func (b *bubble) goroutines() (mine []diag.Goroutine) {
	number := int(b.number.Load())
	for _, g := range diag.Goroutines() {
		if g.Bubble == number && number != 0 && !strings.HasPrefix(g.State, "synctest") && !holds(g) {
			mine = append(mine, g)
		}
	}
	return mine
}

// holds reports whether a goroutine is one of ours, which wait for the
// function to return.
func holds(g diag.Goroutine) bool {
	return strings.HasPrefix(g.Func, "github.com/interleave-lab/interleave/lib/virt.(*bubble).") || strings.HasPrefix(g.Func, "testing")
}
