package native_test

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

// racing opens a notebook with the race detector.
func racing(t *testing.T) *notebook {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a worker with the race detector")
	}
	testneeds.Command(t, "gcc", "apt-get install gcc libc6-dev")
	c := config(t)
	c.Race = true
	return openWith(t, c)
}

// A race is reported under the cell, with its lines; what is synchronised is
// silent.
func TestRace(t *testing.T) {
	n := racing(t)
	n.want("total := 0\nvar wg sync.WaitGroup\nvar mu sync.Mutex", "")
	n.want("for range 4 {\n\twg.Go(func() {\n\t\tmu.Lock()\n\t\tdefer mu.Unlock()\n\t\ttotal++\n\t})\n}\nwg.Wait()\ntotal", "4")
	n.races("for range 2 {\n\twg.Go(func() {\n\t\ttotal++\n\t})\n}\nwg.Wait()", "data race", "by goroutine", "cell[3]:3", "total++", "Previous write by goroutine", "cell[3]:3")
	n.races("var m = map[string]int{}\nfor i := range 2 {\n\twg.Go(func() {\n\t\tm[\"a\"] = i\n\t})\n}\nwg.Wait()", "data race", "Write by goroutine", "cell[4]:4", `m["a"] = i`)
	n.races("func add(to *int) {\n\t*to++\n}\ndone := make(chan bool)\ngo func() {\n\tadd(&total)\n\tdone <- true\n}()\nadd(&total)\n<-done",
		"data race", "cell[5]:2  add", "*to++", "cell[5]:2  add", "created at", "cell[5]:5")
	n.want("c := make(chan int)\ngo func() { total++; c <- 1 }()\n<-c\ntotal++", "")
	n.want("var hits atomic.Int64\nfor range 8 {\n\twg.Go(func() { hits.Add(1) })\n}\nwg.Wait()\nhits.Load()", "8")
}

// races runs a cell that must succeed and report a race with these lines.
func (n *notebook) races(code string, lines ...string) {
	n.t.Helper()
	out, err := n.run(n.t.Context(), code)
	if err != nil {
		n.t.Fatalf("cell %d: %v", n.count, err)
	}
	rest := out
	for _, l := range lines {
		_, after, ok := strings.Cut(rest, l)
		if !ok {
			n.t.Fatalf("cell %d has no %q in its place:\n%s", n.count, l, out)
		}
		rest = after
	}
	for _, never := range []string{"WARNING", "=====", "kernel/worker", "\x01", "ʹ"} {
		if strings.Contains(out, never) {
			n.t.Errorf("cell %d says %q:\n%s", n.count, never, out)
		}
	}
}

// The report belongs to the cell whose goroutine it is about, while others run.
func TestRaceOfAnEarlierCell(t *testing.T) {
	n := racing(t)
	var first, second page
	run := func(code string, p *page) {
		n.count++
		if err := n.eng.Execute(t.Context(), engine.Cell{Code: code, Count: n.count}, p); err != nil {
			t.Fatal(err)
		}
	}
	run("shared := 0\ngate, done := make(chan bool), make(chan bool)\ngo func() {\n\t<-gate\n\ttime.Sleep(10 * time.Millisecond)\n\tshared++\n\tdone <- true\n}()", &first)
	run("gate <- true\nshared = 5\n_ = <-done", &second)
	if got := first.text(); !strings.Contains(got, "data race") || !strings.Contains(got, "cell[1]:6") || !strings.Contains(got, "cell[2]:2") {
		t.Errorf("the first cell has %q, want the race of its goroutine", got)
	}
	if got := second.text(); got != "" {
		t.Errorf("the second cell has %q", got)
	}
}

// A session goes on with the detector: declarations are kept.
func TestSetRace(t *testing.T) {
	n := racing(t)
	if notice, err := n.eng.SetRace(t.Context(), true, nil); notice != "" || err != nil {
		t.Errorf("already on: %q %v", notice, err)
	}
	n.want("x := 7\nfunc twice(n int) int { return 2 * n }", "")
	pid := n.eng.PIDs()[0]
	notice, err := n.eng.SetRace(t.Context(), false, nil)
	if err != nil || !strings.Contains(notice, "without the race detector") || !strings.Contains(notice, "x") {
		t.Fatalf("off: %q %v", notice, err)
	}
	if now := n.eng.PIDs(); len(now) != 1 || now[0] == pid {
		t.Errorf("PIDs %v, want another than %d", now, pid)
	}
	n.want("twice(21)", "42")
	n.want("x", "0")
	n.want("var wg sync.WaitGroup\nfor range 2 {\n\twg.Go(func() { x++ })\n}\nwg.Wait()", "")
}

// A sample of the sessions runs with the detector as without; all of them:
// -run Conformance -native.race.
func TestRaceSessions(t *testing.T) {
	racing(t)
	open := opener(func(c *native.Config) { c.Race = true })
	n := 0
	for _, f := range enginetest.Files(t) {
		sessions, err := enginetest.Parse(f.Name, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range sessions {
			if i%12 != 3 || s.Open() || strings.Contains(f.Name, "survive") {
				continue
			}
			n++
			t.Run(s.Title, func(t *testing.T) {
				e := open(t)
				if err := e.(*native.Engine).Prepare(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				if err := s.Play(t.Context(), e); err != nil {
					t.Error(err)
				}
			})
		}
	}
	if n < 20 {
		t.Errorf("only %d sessions were played", n)
	}
}

// %%race checks one cell in a process of its own; the values of the session
// stay.
func TestRaceMagic(t *testing.T) {
	n := open(t, t.TempDir())
	if *race {
		t.Skip("the session has the race detector already")
	}
	n.want("kept := 7\nfunc twice(n int) int { return 2 * n }", "")
	out, err := n.run(t.Context(), "%%race\ncounter := 0\nvar g sync.WaitGroup\nfor range 2 {\n\tg.Go(func() {\n\t\tfor range 1000 {\n\t\t\tcounter += twice(1)\n\t\t}\n\t})\n}\ng.Wait()")
	if err != nil || !strings.Contains(out, "data race") || !strings.Contains(out, "cell[2]:7") {
		t.Errorf("%v: no race is told of in\n%s", err, out)
	}
	n.shows("%%race\nvar counter atomic.Int64\nvar g sync.WaitGroup\ng.Go(func() { counter.Add(1) })\ng.Wait()\nfmt.Println(counter.Load())", "1\n", "no data race was seen")
	n.fails("%%race\nkept++", engine.CompileError, "does not have the values of kept")
	n.fails("%%race\nnope()", engine.CompileError, "undefined: nope")
	n.fails("%%race\npanic(\"oh\")", engine.PanicError, "oh")
	n.fails("%%race\nos.Exit(3)", engine.ExitError, "3")
	n.want("kept", "7")
	n.fails("counter", engine.CompileError, "undefined: counter")
}
