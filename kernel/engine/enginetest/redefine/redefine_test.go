package redefine_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest/redefine"
)

var (
	programs = flag.Int("redefine.programs", 8, "how many sequences TestModelAgreesWithGo compares with go run")
	first    = flag.Uint64("redefine.first", 0, "the number of the first one")
)

// TestModelAgreesWithGo holds the model against the go command, after few
// cells of a sequence and after many. To compare more:
//
//	go test . -redefine.programs 300 -timeout 1h
func TestModelAgreesWithGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs: run it without -short")
	}
	for n := *first; n < *first+uint64(*programs); n++ {
		t.Run(fmt.Sprint(n), redefine.Generate(n, 2+int(n*5%12), n%2 == 0).Agree)
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
