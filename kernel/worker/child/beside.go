package child

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/interleave-lab/interleave/kernel/worker/rt"
	"github.com/interleave-lab/interleave/kernel/worker/wire"
	"github.com/interleave-lab/interleave/lib/pool"
)

// programEnv tells a worker that it is a process beside another one, for calls
// of package pool, and which file names its modules.
const programEnv = "INTERLEAVE_WORKER_PROGRAM"

// program is the pool.Source of cells: it has the kernel's side link a program
// with the functions, which copies of this executable then load.
func (p *process) program(functions []string) (launch pool.Launch, closed func(), err error) {
	r := p.channel.call(wire.Call{Cell: p.cell(), Op: wire.OpProgram, Text: strings.Join(functions, "\n")})
	if r.Outcome != wire.OK {
		return nil, nil, errors.New(r.Text)
	}
	launch = func(cmd *exec.Cmd) error {
		cmd.Path, cmd.Args = "/proc/self/exe", []string{"interleave-pool"}
		cmd.Env = append(cmd.Env, programEnv+"="+r.Text)
		return nil
	}
	return launch, func() { os.RemoveAll(filepath.Dir(r.Text)) }, nil
}

// beside is the life of a process beside a worker: it loads a program, whose
// cell registers functions, and makes calls until its pool is closed. It does
// not return. Nothing of it is stopped or survives as in a worker: it is a
// process like any other.
func (p *process) beside(file string) {
	os.Unsetenv(programEnv)
	preferredByOOM()
	if err := p.loadProgram(file); err != nil {
		fmt.Fprintf(os.Stderr, "load the functions of a worker process: %v\n", err)
		os.Exit(1)
	}
	pool.Serve()
	os.Exit(2) // it was not started by a pool
}

func (p *process) loadProgram(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var modules []wire.Module
	if err := json.Unmarshal(text, &modules); err != nil {
		return err
	}
	for _, m := range modules {
		conflicts, err := p.add(m)
		switch {
		case err != nil:
			return err
		case len(conflicts) > 0:
			return fmt.Errorf("load %s: this process has made %d interface tables that it brings", m.File, len(conflicts))
		case m.Entry == 0:
			rt.Init(m.Moduledata)
		default:
			rt.Func(m.Entry)()
		}
	}
	return nil
}
