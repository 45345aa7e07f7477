package enginetest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

// Contract holds the engine to what package engine promises beside running
// cells. Abilities that the engine does not have are not asked for.
func Contract(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, engine.Engine)
	}{
		{"info", checkInfo},
		{"close ends a running cell", closeEndsCell},
		{"closed", closedRunsNothing},
		{"one cell at a time", oneAtATime},
		{"counts repeat", countsRepeat},
		{"interrupted before it starts", interruptedBefore},
		{"is complete", checkComplete},
		{"completion", checkCompletion},
		{"inspection", checkInspection},
		{"restart", checkRestart},
		{"processes", checkUsage},
		{"a lost process", checkLost},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

// execute runs one cell and returns what it printed.
func execute(t *testing.T, e engine.Engine, count int, code string) string {
	t.Helper()
	r := newRecord(nil)
	c := Cell{Code: code}
	if err := c.checkErr(count, c.run(t.Context(), e, count, r)); err != nil {
		t.Fatalf("%s\n%v", code, err)
	}
	var b strings.Builder
	for _, p := range r.seen().flow(false) {
		b.WriteString(p.Text)
	}
	return b.String()
}

func checkInfo(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	i := e.Info()
	if i.Name == "" || i.Banner == "" || !strings.HasPrefix(i.GoVersion, "1.") {
		t.Errorf("info %+v", i)
	}
}

func closeEndsCell(t *testing.T, e engine.Engine) {
	c := Cell{Code: "fmt.Println(\"running\")\nfor {\n\ttime.Sleep(time.Hour)\n}"}
	r := newRecord(nil)
	done := make(chan error, 1)
	go func() { done <- c.run(t.Context(), e, 1, r) }()
	<-r.changed
	shut(t, e)
	if err := <-done; err == nil {
		t.Error("a cell that never ends was fine")
	}
}

func closedRunsNothing(t *testing.T, e engine.Engine) {
	execute(t, e, 1, "x := 1")
	shut(t, e)
	r := newRecord(nil)
	if err := e.Execute(t.Context(), engine.Cell{Code: "x", Count: 2}, r); err == nil {
		t.Error("a closed engine ran a cell")
	}
	shut(t, e)
}

// oneAtATime asks for two cells at once: they may run in either order but not
// together.
func oneAtATime(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	execute(t, e, 1, "var inside, most atomic.Int32")
	done := make(chan error, 2)
	for i := range cap(done) {
		go func() {
			code := "for range 100 {\n\tif n := inside.Add(1); n > most.Load() {\n\t\tmost.Store(n)\n\t}\n\truntime.Gosched()\n\tinside.Add(-1)\n}"
			done <- e.Execute(t.Context(), engine.Cell{Code: code, Count: 2 + i}, newRecord(nil))
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got := execute(t, e, 4, "most.Load()"); got != "1\n" {
		t.Errorf("%s cells ran at once", strings.TrimSpace(got))
	}
}

// countsRepeat runs cells with one count, as front ends do with silent ones.
func countsRepeat(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	for i := range 3 {
		code := fmt.Sprintf("func f%[1]d() any { type local struct{ n [%[1]d]int }; return local{} }\ntype here struct{ s [%[1]d]string }\nfmt.Printf(\"%%v %%v\\n\", f%[1]d(), here{})", i)
		want := fmt.Sprintf("{%v} {%v}\n", make([]int, i), make([]string, i))
		if got := execute(t, e, 7, code); got != want {
			t.Errorf("cell %d printed %q, want %q", i, got, want)
		}
	}
	if got := execute(t, e, 7, "fmt.Println(f0(), f1(), f2())"); got != "{[]} {[0]} {[0 0]}\n" {
		t.Errorf("functions of three cells with one count printed %q", got)
	}
}

func interruptedBefore(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := e.Execute(ctx, engine.Cell{Code: "for {\n}", Count: 1}, newRecord(nil))
	want := Cell{Want: []Section{{Name: "err", Flag: "regexp", Text: "Interrupted: .*\n"}}}
	if err := want.checkErr(1, err); err != nil {
		t.Error(err)
	}
	if got := execute(t, e, 2, "1 + 1"); got != "2\n" {
		t.Errorf("after the interrupt: %q", got)
	}
}

func checkComplete(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	c, ok := e.(engine.Checker)
	if !ok {
		t.Log("the engine does not check whether code is complete: nothing to check")
		return
	}
	for _, test := range []struct {
		code   string
		want   engine.Status
		indent string
	}{
		{"", engine.Complete, ""},
		{"x := 1", engine.Complete, ""},
		{"x", engine.Complete, ""},
		{"// a comment", engine.Complete, ""},
		{"import \"fmt\"", engine.Complete, ""},
		{"func f() {}", engine.Complete, ""},
		{"for i := range 3 {\n\tfmt.Println(i)\n}", engine.Complete, ""},
		{"for i := range 3 {", engine.Incomplete, "\t"},
		{"func f() {\n\tif true {", engine.Incomplete, "\t\t"},
		{"x := []int{\n\t1,", engine.Incomplete, "\t"},
		{"fmt.Println(\"a\",", engine.Incomplete, "\t"},
		{"x := 1 +", engine.Incomplete, "\t"},
		{"s := `raw", engine.Incomplete, ""},
		{"/* open", engine.Incomplete, ""},
		{"type t struct {", engine.Incomplete, "\t"},
		{"switch x {\ncase 1:", engine.Incomplete, "\t"},
		{"x := := 1", engine.Invalid, ""},
		{"}", engine.Invalid, ""},
		{"func f() { ) }", engine.Invalid, ""},
		{"s := \"open", engine.Invalid, ""},
	} {
		got, indent := c.IsComplete(test.code)
		if got != test.want || indent != test.indent && test.code != "switch x {\ncase 1:" {
			t.Errorf("IsComplete(%q) = %s %q, want %s %q", test.code, got, indent, test.want, test.indent)
		}
	}
}

func checkCompletion(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	c, ok := e.(engine.Completer)
	if !ok {
		t.Log("the engine does not complete: nothing to check")
		return
	}
	execute(t, e, 1, "type point struct{ X, Yes int }\nfunc (p point) Move(n int) point { return p }\nfunc pointless() {}\npnt := point{}\nimport \"strings\"")
	for _, test := range []struct{ code, replaced, item string }{
		{"strings.ToU|", "ToU", "ToUpper"},
		{"x := strings.|", "", "Builder"},
		{"math.Sq|", "Sq", "Sqrt"},
		{"pnt.|", "", "Move"},
		{"pnt.Y|", "Y", "Yes"},
		{"point|", "point", "pointless"},
		{"pn|", "pn", "pnt"},
		{"retu|", "retu", "return"},
		{"pnt.Move(1).|", "", "X"},
		{"func f(abcdef int) {\n\tabc|\n}", "abc", "abcdef"},
		{"\"é\"; pnt.Mo|", "Mo", "Move"},
	} {
		before, after, _ := strings.Cut(test.code, "|")
		got, err := c.Complete(t.Context(), before+after, len(before))
		if err != nil {
			t.Errorf("complete %q: %v", test.code, err)
			continue
		}
		found := slices.ContainsFunc(got.Items, func(i engine.CompletionItem) bool { return i.Text == test.item })
		if !found || got.Start < 0 || got.End > len(before+after) || (before + after)[got.Start:got.End] != test.replaced {
			t.Errorf("complete %q: %d items of %d:%d, want %s among them", test.code, len(got.Items), got.Start, got.End, test.item)
		}
	}
}

func checkInspection(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	i, ok := e.(engine.Inspector)
	if !ok {
		t.Log("the engine does not inspect: nothing to check")
		return
	}
	execute(t, e, 1, "// half halves.\nfunc half(n int) int { return n / 2 }\nanswer := 42")
	for _, test := range []struct{ code, want string }{
		{"half|(3)", "func half(n int) int"},
		{"half|(3)", "half halves"},
		{"ans|wer", "42"},
		{"strings.ToUp|per", "ToUpper(s string) string"},
		{"ha|lf", "half"},
	} {
		before, after, _ := strings.Cut(test.code, "|")
		got, err := i.Inspect(t.Context(), before+after, len(before), 0)
		text, _ := got["text/plain"].(string)
		if err != nil || !strings.Contains(ansi.ReplaceAllString(text, ""), test.want) {
			t.Errorf("inspect %q: %v %q, want %q", test.code, err, text, test.want)
		}
	}
	if got, err := i.Inspect(t.Context(), "noSuchName", 3, 0); err != nil || len(got) > 0 {
		t.Errorf("inspect a name that nobody declared: %v %v", got, err)
	}
}

func checkRestart(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	r, ok := e.(engine.Restarter)
	if !ok {
		t.Log("the engine does not restart: nothing to check")
		return
	}
	execute(t, e, 1, "kept := 5\ntype old struct{}")
	if err := r.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := Cell{Want: []Section{{Name: "err", Text: "1:1: undefined: kept\n"}}}
	if err := c.checkErr(1, e.Execute(t.Context(), engine.Cell{Code: "kept", Count: 1}, newRecord(nil))); err != nil {
		t.Error(err)
	}
	if got := execute(t, e, 2, "old := 3\nold + 1"); got != "4\n" {
		t.Errorf("after the restart: %q", got)
	}
}

func checkUsage(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	u, ok := e.(engine.Usage)
	if !ok {
		t.Log("the engine has no processes of its own: nothing to check")
		return
	}
	execute(t, e, 1, "pid := os.Getpid()")
	got := strings.TrimSpace(execute(t, e, 2, "pid"))
	if pids := u.PIDs(); !slices.ContainsFunc(pids, func(p int) bool { return fmt.Sprint(p) == got }) {
		t.Errorf("processes %v, want %s among them", pids, got)
	}
}

// checkLost kills the processes of the engine while a cell runs: the cell says
// that values are lost, declarations are not.
func checkLost(t *testing.T, e engine.Engine) {
	defer shut(t, e)
	u, ok := e.(engine.Usage)
	if !ok {
		t.Log("the engine has no processes of its own: nothing to check")
		return
	}
	execute(t, e, 1, "total := 5\nfunc seven() int { return 7 }")
	c := Cell{
		Code: "fmt.Println(\"running\")\nfor {\n\ttime.Sleep(time.Hour)\n}",
		Want: []Section{{Name: "err", Flag: "regexp", Text: "SessionLost: .*\n"}},
	}
	r := newRecord(nil)
	done := make(chan error, 1)
	go func() { done <- c.run(t.Context(), e, 2, r) }()
	<-r.changed
	for _, pid := range u.PIDs() {
		if p, err := os.FindProcess(pid); err == nil && pid != os.Getpid() {
			p.Kill() // one that has ended meanwhile is as good
		}
	}
	err := <-done
	if err := c.checkErr(2, err); err != nil {
		t.Fatal(err)
	}
	if got := execute(t, e, 3, "fmt.Println(seven(), total)"); got != "7 0\n" {
		t.Errorf("after the loss: %q", got)
	}
	if got := execute(t, e, 4, "total = 6\ntotal"); got != "6\n" {
		t.Errorf("a lost variable, set again: %q", got)
	}
}
