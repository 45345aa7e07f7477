package native_test

import (
	"testing"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

func TestSurvive(t *testing.T) {
	enginetest.Survive(t, func(t *testing.T) engine.Engine {
		return native.New(native.Config{Source: interleave.Source, Dir: t.TempDir()})
	})
}

// What a whole program has set for its process does not outlast it.
func TestProgramsSettingsArePutBack(t *testing.T) {
	n := open(t, "")
	n.want("procs := runtime.GOMAXPROCS(0)", "")
	n.want(`package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

func main() {
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 3)
	debug.SetGCPercent(7)
	debug.SetMemoryLimit(1 << 40)
	debug.SetMaxStack(1 << 20)
	fmt.Println("set")
}`, "set\n")
	n.want(`fmt.Println(runtime.GOMAXPROCS(0)-procs, debug.SetGCPercent(100), debug.SetMemoryLimit(-1) < 1<<40, debug.SetMaxStack(64<<20)>>20)`, "0 100 false 64\n")
}
