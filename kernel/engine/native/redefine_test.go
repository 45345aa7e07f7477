package native_test

import (
	"flag"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest/redefine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

var (
	sequences = flag.Int("redefine.sequences", 100, "how many random sessions TestRedefine plays")
	cells     = flag.Int("redefine.cells", 6, "how many cells each of them has")
	first     = flag.Uint64("redefine.first", 1, "the number of the first one")
)

// TestRedefine plays sessions made at random, half of them with functions that
// the compiler may not inline. To play others or more:
//
//	go test -run TestRedefine . -redefine.first 1000 -redefine.sequences 500
func TestRedefine(t *testing.T) {
	open := opener(func(*native.Config) {})
	half := redefine.Options{First: *first, Sequences: *sequences / 2, Cells: *cells, NoInline: true}
	t.Run("not inlined", func(t *testing.T) { redefine.Run(t, open, half) })
	rest := redefine.Options{First: *first + uint64(half.Sequences), Sequences: *sequences - half.Sequences, Cells: *cells}
	t.Run("inlined", func(t *testing.T) { redefine.Run(t, open, rest) })
}
