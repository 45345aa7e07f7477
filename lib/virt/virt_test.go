package virt_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/diag"
	"github.com/interleave-lab/interleave/lib/virt"
)

func ExampleRun() {
	err := virt.Run(func() {
		start := time.Now()
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() { time.Sleep(time.Duration(i) * time.Hour) })
		}
		group.Wait()
		fmt.Println("slept", time.Since(start))
	})
	fmt.Println(err)
	// Output:
	// slept 3h0m0s
	// <nil>
}

// A deadlock inside says who waits where.
func ExampleDeadlockError() {
	err := virt.Run(func() { forever() })
	var dead *virt.DeadlockError
	fmt.Println(errors.As(err, &dead), dead.Waits[0].State, dead.Waits[0].Func)
	// Output: true chan receive github.com/interleave-lab/interleave/lib/virt_test.forever
}

func ExampleDeadlockError_Error() {
	err := virt.Run(func() { forever() })
	fmt.Println(strings.Contains(err.Error(), "deadlock"), strings.Contains(err.Error(), "virt_test.go:"))
	// Output: true true
}

func ExampleEscapeError_Error() {
	err := &virt.EscapeError{Waits: []diag.Goroutine{{State: "IO wait", Func: "main.fetch", Where: "cell[2]:4"}}, Left: true}
	fmt.Println(err)
	// Output: run in virtual time: main.fetch waits for the real network (use net.Pipe) at cell[2]:4: no virtual time can pass meanwhile, so it was given up after 1s
}

func forever() { <-make(chan int) }

func TestFaultsComeBack(t *testing.T) {
	for want, f := range map[string]func(){
		"panic: no":       func() { panic("no") },
		"deadlock":        func() { <-make(chan int) },
		"runtime.Goexit":  func() { runtime.Goexit() },
		"blocked gorouti": func() { go func() { <-make(chan int) }() },
	} {
		if err := virt.Run(f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error that says %q", err, want)
		}
	}
	if err := virt.Run(func() {}); err != nil {
		t.Errorf("a run after faults: %v", err)
	}
	var inner error
	if err := virt.Run(func() { inner = virt.Run(func() {}) }); err != nil || inner == nil || !strings.Contains(inner.Error(), "Run inside of Run") {
		t.Errorf("a run inside of a run: %v %v", inner, err)
	}
}

func TestDeadlockNamesItsPlaces(t *testing.T) {
	err := virt.Run(func() {
		c := make(chan int)
		go func() { c <- 1 }()
		forever()
	})
	var dead *virt.DeadlockError
	if !errors.As(err, &dead) || len(dead.Waits) != 2 {
		t.Fatalf("got %v", err)
	}
	if text := err.Error(); !strings.Contains(text, "chan send in") || !strings.Contains(text, "virt_test.go:") {
		t.Errorf("text: %s", text)
	}
}

func TestEscapes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	outside := make(chan int)
	defer close(outside)
	var lock sync.Mutex
	lock.Lock()
	defer lock.Unlock()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	sleep, n := exec.Command("sleep", "3"), 0
	for want, f := range map[string]func(){
		"the real network": func() {
			if c, err := l.Accept(); err == nil {
				c.Close()
			}
		},
		"a channel that was made outside": func() { <-outside },
		"a lock that is held outside":     func() { lock.Lock(); n++; lock.Unlock() },
		"the operating system": func() {
			if sleep.Start() == nil {
				sleep.Wait()
			}
		},
	} {
		var escape *virt.EscapeError
		err := virt.Run(f)
		if !errors.As(err, &escape) || !escape.Left || !strings.Contains(err.Error(), want) || !strings.Contains(escape.Waits[0].Where, "virt_test.go:") {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

// A run that has ended, but has waited for the network: as often as it takes
// until that was seen.
func TestEscapeThatEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var escape *virt.EscapeError
	for err = nil; err == nil; {
		go func() {
			time.Sleep(300 * time.Millisecond)
			if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
				c.Close()
			}
		}()
		err = virt.Run(func() {
			if c, err := l.Accept(); err == nil {
				c.Close()
			}
		})
	}
	if !errors.As(err, &escape) || !escape.Left && !strings.Contains(err.Error(), "not virtual") {
		t.Errorf("got %v", err)
	}
}

// Work that takes longer than the watch waits is no escape.
func TestLongRun(t *testing.T) {
	err := virt.Run(func() {
		for start := cpu(); cpu()-start < 1500*time.Millisecond; {
			time.Sleep(time.Hour)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if err := virt.Run(func() { time.Sleep(time.Hour) }); err != nil {
			b.Fatal(err)
		}
	}
}
