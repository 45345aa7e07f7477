// Package virt runs concurrent code in virtual time.
//
// Inside Run the clock stands still while any goroutine can go on, and jumps
// to the next timer when all of them wait: sleeping for an hour takes no time,
// and every run sees the same times. It is testing/synctest without a test.
package virt

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
)

// Run calls f in a bubble of its own and returns when f and every goroutine it
// started have returned. Channels, timers and wait groups that f uses must be
// made inside f, and the clock there starts at midnight UTC on 1 January 2000.
//
// A panic of f and a deadlock inside the bubble come back as an error; the
// goroutines of a deadlock are never freed. A panic of a goroutine that f
// started ends the program, as everywhere. A run takes a few microseconds of
// real time and what f computes. Run must not be called inside another Run.
func Run(f func()) (err error) {
	defer func() {
		if p := recover(); p != nil { // synctest panics when a bubble is deadlocked
			err = fmt.Errorf("run in virtual time: %v", p)
		}
	}()
	fault := errors.New("run in virtual time: the goroutine of the function ended by runtime.Goexit")
	// A zero T is enough for a bubble. Going through testing.MainStart would
	// register flags, read os.Args and print PASS.
	synctest.Test(new(testing.T), func(*testing.T) {
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
