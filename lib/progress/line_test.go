package progress

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestLine(t *testing.T) {
	var out strings.Builder
	l := &line{out: &out}
	l.show(State{Name: "rounds", Done: 10, Total: 40, Elapsed: 2 * time.Second}, false)
	l.show(State{Name: "rounds", Done: 40, Total: 40, Elapsed: 2 * time.Minute}, true)
	want := clear + "[=====               ] rounds 10/40, 25 %, 2.0 s, 6.0 s left" + clear + "rounds 40/40 in 2m0s\n"
	if out.String() != want {
		t.Errorf("got  %q\nwant %q", out.String(), want)
	}
}

func TestTerminal(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if terminal(null) {
		t.Error("the null device is no terminal")
	}
}
