package diag_test

import (
	"os"
	"os/exec"
	"testing"
)

// child runs a test again in a process of its own.
func child(t *testing.T, name, env string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+name+"$")
	cmd.Env = append(os.Environ(), env)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// exit ends such a process: its goroutines are in a deadlock for good.
func exit(t *testing.T) {
	if t.Failed() {
		t.FailNow() // which writes what failed
	}
	os.Exit(0)
}
