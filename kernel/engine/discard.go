package engine

import (
	"context"

	"github.com/interleave-lab/interleave/lib/display"
)

// Discard is an Output that nobody reads. Embedded, it takes what another
// Output has no use for.
type Discard struct{}

func (Discard) Stream(Stream, string) {}
func (Discard) Display(display.Data)  {}
func (Discard) Update(display.Data)   {}
func (Discard) Result(display.Data)   {}
func (Discard) Clear(bool)            {}

// Input returns ErrNoStdin.
func (Discard) Input(context.Context, string, bool) (string, error) { return "", ErrNoStdin }
