package redefine_test

import (
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest/redefine"
)

// TestModelAgreesWithGo holds the model against the go command.
func TestModelAgreesWithGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs: run it without -short")
	}
	for n := range uint64(8) {
		redefine.Generate(n, 12, n%2 == 0).Agree(t)
	}
}

func TestSequencesAreReproducible(t *testing.T) {
	for n := range uint64(20) {
		one, two := redefine.Generate(n, 10, false), redefine.Generate(n, 10, false)
		if one.Text() != two.Text() || one.Program != two.Program {
			t.Errorf("sequence %d differs from one time to the next", n)
		}
		if _, err := enginetest.Parse("sequence", one.Text()); err != nil {
			t.Errorf("sequence %d is no session: %v", n, err)
		}
	}
}
