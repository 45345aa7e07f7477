package virt_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

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
}

func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if err := virt.Run(func() { time.Sleep(time.Hour) }); err != nil {
			b.Fatal(err)
		}
	}
}
