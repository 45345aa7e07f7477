package native_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
)

func TestMagicsOfGoroutines(t *testing.T) {
	n := open(t, "")
	n.want("%goroutines", "No goroutine of a cell lives.\n")
	n.want("quit := make(chan int)\nfor range 3 { go func() { <-quit }() }", "")
	waiting := regexp.MustCompile(`cell\[2\]: 3 goroutines\n    3 goroutines: waits: chan receive at cell\[2\]:2, started at cell\[2\]:2\n`)
	n.until("%goroutines", waiting.MatchString)
	n.fails("%stop", engine.CompileError, "wants the number of a cell")
	n.fails("%stop 99", engine.CompileError, "no cell with that number")
	n.fails("%gorutines", engine.CompileError, "did you mean %goroutines?")
	n.want("%stop 1", "Nothing to stop: no goroutine lives there. Pending timers, if any, will not start one.\n")
	if out, err := n.run(t.Context(), "%stop 2"); err != nil || !strings.HasPrefix(out, "Stopped: 3 goroutines of cell[2].") {
		t.Errorf("%%stop 2: %v\n%s", err, out)
	}
	if out, _ := n.run(t.Context(), "%goroutines"); !strings.Contains(out, "it was stopped and ends at its next step") {
		t.Errorf("%%goroutines after %%stop:\n%s", out)
	}
}

// until runs a cell again and again until its output is right.
func (n *notebook) until(code string, right func(out string) bool) {
	n.t.Helper()
	last := ""
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(10 * time.Millisecond) {
		out, err := n.run(n.t.Context(), code)
		if err != nil {
			n.t.Fatalf("%s: %v", code, err)
		}
		if last = out; right(out) {
			return
		}
	}
	n.t.Errorf("%s still writes\n%s", code, last)
}

func TestLimitOfMemory(t *testing.T) {
	n := open(t, "")
	n.want("%limit", "The memory of the session is not limited.\n")
	for _, bad := range []string{"%limit cpu 2", "%limit memory 3 apples", "%limit memory -1GB", "%limit memory GB"} {
		n.fails(bad, engine.CompileError, "wants a size")
	}
	n.fails("%limit memory 1MB", engine.CompileError, "the worker itself needs 64 MB")
	n.want("%limit memory 0.25 GB", "The session may use 256 MB of memory. When it uses more its values are lost, and the cell says so.\n")
	n.want("kept := 1", "")
	n.fails("var hog [][]byte\nfor { hog = append(hog, bytes.Repeat([]byte{1}, 1<<20)) }", engine.SessionLost, "more than its limit of 256 MB")
	n.want("kept", "0")
	n.want("%limit memory off", "The memory of the session is not limited.\n")
}

// StopAll, which two interrupts lead to, ends what cells have left running and
// what their timers would start.
func TestStopAll(t *testing.T) {
	n := open(t, "")
	n.want("var beats atomic.Int64\nvar again func()\nagain = func() { beats.Add(1); time.AfterFunc(time.Millisecond, again) }\nagain()\ngo func() { for { beats.Add(1); time.Sleep(time.Millisecond) } }()", "")
	if err := n.eng.StopAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.until("func() bool { b := beats.Load(); time.Sleep(50*time.Millisecond); return b == beats.Load() }()", func(out string) bool { return out == "true" })
}

// The error of an interrupt says what each goroutine of the cell did.
func TestInterruptTellsOfGoroutines(t *testing.T) {
	n := open(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var p page
	done := make(chan error, 1)
	go func() {
		code := "go func() {\n\tfor {}\n}()\nfor {\n\tfmt.Println(\"on\"); time.Sleep(time.Hour)\n}"
		done <- n.eng.Execute(ctx, engine.Cell{Code: code, Count: 1}, &p)
	}()
	for !strings.Contains(p.text(), "on") {
		time.Sleep(time.Millisecond)
	}
	cancel()
	var e *engine.Error
	if err := <-done; !errors.As(err, &e) || e.Name != engine.Interrupted {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"cell[1]:5", "1 goroutine beside its own", "running at cell[1]:", "started at cell[1]:1"} {
		if !strings.Contains(e.Text(), want) {
			t.Errorf("the error lacks %q:\n%s", want, e.Text())
		}
	}
}
