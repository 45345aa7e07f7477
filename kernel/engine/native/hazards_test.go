package native_test

import (
	"flag"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

var hazards = flag.Int("native.hazards", 40, "TestHazards plays every `n`th session about redefinition")

// TestHazards plays sessions about redefinition where what is wrong with memory
// shows at once: with the race detector, and with a collector that runs all
// the time, checks its marks and overwrites what it frees. All of them, with
// functions that may be inlined and with such that may not, in an hour:
//
//	go test -run TestHazards . -native.hazards 1 -timeout 3h
func TestHazards(t *testing.T) {
	play := func(name string, change func(*native.Config)) {
		t.Run(name, func(t *testing.T) { enginetest.PlayHazards(t, opener(change), *hazards) })
	}
	if *hazards == 1 {
		play("plain", func(*native.Config) {})
	}
	play("race detector", func(c *native.Config) { c.Race = true })
	play("collector", func(c *native.Config) { c.Env = checkedMemory() })
}
