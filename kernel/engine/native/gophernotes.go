package native

import (
	"context"
	"regexp"

	"github.com/interleave-lab/interleave/kernel/cell"
	"github.com/interleave-lab/interleave/kernel/engine"
)

// Notebooks written for gophernotes call Display, which is built in there.
// Here it is declared by the first cell that calls it and nobody declares:
// like any function, an author's own takes its place.
const displayFunction = "func Display(values ...any) { display.Show(values...) }"

var (
	callsDisplay    = regexp.MustCompile(`(^|[^.\w])Display\(`)
	declaresDisplay = regexp.MustCompile(`\bfunc Display\(|\bDisplay\s*(:=|=)|\bvar Display\b`)
)

// declareDisplay declares Display if the code needs it.
func (e *Engine) declareDisplay(ctx context.Context, s *session, code string, out engine.Output) error {
	if !callsDisplay.MatchString(code) || declaresDisplay.MatchString(code) || s.known.declares("Display") {
		return nil
	}
	e.serial++
	e.outputs.add(e.serial, out)
	err := e.execute(ctx, s, displayFunction, 0, out)
	e.serial++
	e.outputs.add(e.serial, out)
	return err
}

// declares says whether the notebook has declared a name.
func (k *known) declares(name string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, n := range k.scope.Names() {
		if n.Name == name && n.Kind != cell.Import {
			return true
		}
	}
	return false
}
