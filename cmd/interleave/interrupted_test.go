package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// interrupted runs a notebook, presses Ctrl-C while the engine is built or once
// a cell runs, and holds that the command then ends as one that was
// interrupted: interrupted (build | cell) IN OUT.
func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: interrupted (build | cell) IN OUT")
	}
	cmd := exec.Command(ts.Getenv("INTERLEAVE"), "run", ts.MkAbs(args[1]), "-o", ts.MkAbs(args[2]))
	cmd.Env = append(os.Environ(), "TOY_ANNOUNCE="+args[0])
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	var said []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said = append(said, lines.Text())
		if lines.Text() == "toy: now" {
			ts.Check(cmd.Process.Signal(os.Interrupt))
		}
	}
	exit, ok := errors.AsType[*exec.ExitError](cmd.Wait())
	if !ok || exit.ExitCode() != 130 {
		ts.Fatalf("ended with %v, want exit code 130; it said:\n%s", exit, strings.Join(said, "\n"))
	}
	if last := said[len(said)-1]; !strings.HasSuffix(last, "stopped (interrupt)") {
		ts.Fatalf("the last word is %q", last)
	}
}
