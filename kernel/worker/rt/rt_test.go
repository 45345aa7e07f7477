package rt_test

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"testing"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/lib/display"
)

type myError struct{}

func (*myError) Error() string { return "mine" }

func TestResults(t *testing.T) {
	var got []string
	rt.SetOutcome(rt.Outcome{
		Result: func(d display.Data) { got = append(got, fmt.Sprint("result ", d.Bundle["text/plain"])) },
		Fail:   func(err error) { got = append(got, fmt.Sprint("fail ", err)) },
	})
	rt.Show()
	rt.Show(nil)
	rt.Show(1, "x")
	rt.Show(display.Live("seen already"))
	rt.ShowErr(error(nil))
	rt.ShowErr(2, error(nil))
	rt.ShowErr(2, errors.New("bad"))
	rt.ShowErr((*myError)(nil)) // as an error it is not nil
	want := "[result <nil> result 1 x result 2 fail bad fail mine]"
	if s := fmt.Sprint(got); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

func TestProgram(t *testing.T) {
	args := os.Args
	defer func() { os.Args = args }()
	os.Args = []string{"x", "-n", "7"}
	for range 2 {
		log.SetPrefix("prefix")
		log.SetFlags(0)
		rt.Program()
		if len(os.Args) != 1 || log.Prefix() != "" || log.Flags() != log.LstdFlags {
			t.Errorf("args %q, prefix %q, flags %d", os.Args, log.Prefix(), log.Flags())
		}
		n := flag.Int("n", 3, "a flag which is defined each time")
		flag.Parse()
		http.HandleFunc("/path", func(http.ResponseWriter, *http.Request) {})
		if *n != 3 || flag.NArg() != 0 {
			t.Errorf("n %d, arguments %q", *n, flag.Args())
		}
	}
}

// In an ordinary program the entry points exist and do nothing much.
func TestPlainProgram(t *testing.T) {
	if rt.Linked {
		t.Skip("built as a worker")
	}
	r := rt.Enter(7)
	if r.ID() != 7 || rt.Current() != r {
		t.Errorf("id %d", rt.Current().ID())
	}
	rt.Stopping(true)
	rt.Check()
	rt.Stopping(false)
	if running, waiting := r.Stop(); running != 0 || waiting != 0 {
		t.Errorf("%d, %d", running, waiting)
	}
	if (rt.Record{}).ID() != 0 {
		t.Error("the zero record has an id")
	}
}
