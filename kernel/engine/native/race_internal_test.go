package native

import (
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
)

const raceReport = raceLine + raceTitle + `Write at 0x00c000012345 by goroutine 7:
  main.add` + raceMark + `2()
      cell[2]:3 +0x44
  runtime.goexit` + raceMark + `2()
      /go/src/runtime/asm.s:1 +0x1

Previous read at 0x00c000012345 by goroutine 6:
  [failed to restore the stack]

Goroutine 7 (running) created at:
  main.f` + raceMark + `2()
      cell[3]:9 +0x10
` + raceLine

// Whatever way the text is cut, the report comes out whole and all else as it
// was.
func TestRaceReportInPieces(t *testing.T) {
	text := "before\n" + raceReport + raceLine + "no report\n" + raceReport + "after"
	for _, size := range []int{len(text), 100, 40, 7, 1} {
		src := &sources{}
		src.add(2, "a\nb\nto++\n")
		out := &outputs{sources: src}
		var cell2, newest page
		out.add(2, &cell2)
		out.newest(&newest)
		r := &races{outputs: out}
		for from := 0; from < len(text); from += size {
			r.Stream(9, "stderr", []byte(text[from:min(from+size, len(text))]))
		}
		r.giveUp()
		if got, want := newest.b.String(), "before\n"+raceLine+"no report\nafter"; got != want {
			t.Errorf("%d bytes at once: other text is %q, want %q", size, got, want)
		}
		const want = "data race\nWrite by goroutine 7\n    cell[2]:3  add\n        to++\nGoroutine 7 (running) created at\n    cell[3]:9  f\n"
		got := strings.NewReplacer(red, "", plain, "").Replace(cell2.b.String())
		if got != want+want {
			t.Errorf("%d bytes at once: cell 2 has %q, want twice %q", size, got, want)
		}
	}
}

// A report whose end does not come is shown all the same; what goroutines
// print meanwhile is not part of it.
func TestRaceReportWithoutEnd(t *testing.T) {
	out := &outputs{sources: &sources{}}
	var cell2, cell5 page
	out.add(2, &cell2)
	out.add(5, &cell5)
	r := &races{outputs: out}
	cut := strings.Index(raceReport, "Previous")
	r.Stream(5, "stderr", []byte(raceReport[:cut]))
	r.Stream(5, "stderr", []byte("mine\n"))
	r.Stream(5, "stdout", []byte(raceReport))
	if got := cell5.b.String(); got != "mine\n"+raceReport {
		t.Errorf("cell 5 has %q", got)
	}
	r.giveUp()
	if got := cell2.b.String(); !strings.Contains(got, "cell[2]:3") {
		t.Errorf("cell 2 has %q", got)
	}
}

func TestRaceEnv(t *testing.T) {
	env := raceEnv([]string{"A=1", "GORACE=halt_on_error=1"})
	if last := env[len(env)-1]; last != "GORACE=atexit_sleep_ms=0 halt_on_error=1" {
		t.Errorf("the last of the environment is %q", last)
	}
}

// page is an output that keeps text.
type page struct {
	engine.Output
	b strings.Builder
}

func (p *page) Stream(_ engine.Stream, text string) { p.b.WriteString(text) }
