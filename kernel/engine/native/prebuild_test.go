package native_test

import (
	"testing"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

// After Prebuild a cell finds the libraries which the worker lacks: nothing is
// compiled or linked for them, and all come at once, whichever is named.
func TestPrebuild(t *testing.T) {
	e := native.New(native.Config{Source: interleave.Source})
	defer e.Close()
	if err := e.Prebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	n := open(t, t.TempDir())
	t.Setenv("PATH", t.TempDir()) // no go command
	n.want("var line charts.Line", "")
	n.want("{ var r exectrace.Recording; _ = r }", "")
}
