package native

import (
	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// IsComplete says whether code is ready to be executed.
func (e *Engine) IsComplete(code string) (engine.Status, string) {
	s, indent := cell.IsComplete(code)
	return engine.Status(s), indent
}
