package toolchain

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// raceBuild are the flags with which packages are compiled for the race
// detector. It needs cgo in the runtime; names and users are still looked up
// by Go code, as without it.
var raceBuild = []string{"-race", "-tags", "interleave,netgo,osusergo"}

// raceLink are the flags of the worker: the detector and libc are in it, and
// no other linker has a part in that.
var raceLink = []string{"-race", "-linkmode=internal"}

// ErrNoCompiler is returned for a session with the race detector where there is
// no C compiler.
var ErrNoCompiler = errors.New("the race detector needs a C compiler, once, to build a worker with it: install gcc and the headers of libc (apt-get install gcc libc6-dev, dnf install gcc glibc-devel)")

// needCompiler looks for the C compiler that the go command would use.
func (r release) needCompiler(ctx context.Context) error {
	out, err := Output(r.goCommand(ctx, r.Root, "env", "CC"))
	if err != nil {
		return fmt.Errorf("ask for the C compiler: %w", err)
	}
	name, _, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if _, err := exec.LookPath(name); err != nil {
		return fmt.Errorf("%w (%w)", ErrNoCompiler, err)
	}
	return nil
}
