package native_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// besides runs a cell beside the one that runs.
func (n *notebook) beside(ctx context.Context, code string) (string, error) {
	var p page
	err := n.eng.ExecuteBeside(ctx, engine.Cell{Code: code, Count: 100}, &p)
	return p.text(), err
}

// A second console works in the session while a cell computes: it looks at
// values, declares, fails, panics and is interrupted, and the cell goes on.
func TestCellsBesideACell(t *testing.T) {
	n := open(t, t.TempDir())
	n.want("var rounds atomic.Int64\ndone := make(chan bool)\nlabel := \"busy\"", "")
	result := make(chan error)
	go func() {
		_, err := n.run(t.Context(), "for {\n\trounds.Add(1)\n\tselect {\n\tcase <-done:\n\t\tpanic(\"as it was told\")\n\tdefault:\n\t}\n}")
		result <- err
	}()
	wants := func(code, out string) {
		t.Helper()
		if got, err := n.beside(t.Context(), code); err != nil || got != out {
			t.Errorf("%s: %q, %v; want %q", code, got, err, out)
		}
	}
	fails := func(code, name, part string) {
		t.Helper()
		_, err := n.beside(t.Context(), code)
		var e *engine.Error
		if !errors.As(err, &e) || e.Name != name || !strings.Contains(e.Text(), part) {
			t.Errorf("%s: %v, want %s with %q", code, err, name, part)
		}
	}
	wants("label", "busy")
	wants("for rounds.Load() == 0 {\n\truntime.Gosched()\n}\nrounds.Load() > 0", "true")
	wants("mine := len(label)\nfmt.Println(mine)", "4\n")
	wants("mine + 1", "5")
	fails("nope", engine.CompileError, "undefined: nope")
	fails("panic(\"oh\")", engine.PanicError, "oh")
	fails("os.Exit(3)", engine.ExitError, "3")
	fails("io.EOF", engine.CellError, "EOF")
	fails("%reset", engine.CompileError, "magics run in the notebook")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		time.Sleep(100 * time.Millisecond) // it runs, most likely; both orders must end
		cancel()
	}()
	if _, err := n.beside(ctx, "for {\n}"); err == nil || !strings.Contains(err.Error(), "nterrupted") {
		t.Errorf("an interrupted cell: %v", err)
	}
	wants("done <- true", "")
	if err := <-result; err == nil || !strings.Contains(err.Error(), "as it was told") {
		t.Errorf("the cell ended with %v", err)
	}
	n.want("mine", "4")
	wants("label", "busy") // also while none runs
}
