package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/echo"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the command, so that scripts run it as
// people do. Its cells are those of the toy engine.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"interleave":        func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, newToy)) },
		"interleave-native": main,
	})
}

// toy is the toy engine with the manners of the native one: it is prepared
// first and calls a cell that is stopped Interrupted.
type toy struct {
	*echo.Engine
	dir string
}

func newToy(dir string) engine.Engine { return toy{echo.New(), dir} }

func (e toy) Prepare(ctx context.Context, progress func(string)) error {
	if os.Getenv("TOY_ANNOUNCE") == "build" {
		fmt.Fprintln(os.Stderr, "toy: now")
		<-ctx.Done()
		return errors.New("build the toy: killed")
	}
	if os.Getenv("TOY_UNBUILT") != "" {
		progress("Building the toy.")
		progress("Building its linker.")
	}
	return nil
}

func (e toy) Execute(ctx context.Context, c engine.Cell, out engine.Output) error {
	if c.Code == "dir" {
		out.Stream(engine.Stdout, e.dir+"\n")
		return nil
	}
	if os.Getenv("TOY_ANNOUNCE") == "cell" {
		fmt.Fprintln(os.Stderr, "toy: now")
	}
	err := e.Engine.Execute(ctx, c, out)
	if err != nil && ctx.Err() != nil {
		return &engine.Error{Name: engine.Interrupted, Value: "interrupted", Traceback: []string{"interrupted"}}
	}
	return err
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("JUPYTER_DATA_DIR", e.WorkDir+"/jupyter")
			e.Setenv("JUPYTER_PATH", "")
			e.Setenv("XDG_CACHE_HOME", e.WorkDir+"/cache")
			e.Setenv("GORACE", "atexit_sleep_ms=0") // a command of the race detector sleeps for a second
			bin, _, _ := strings.Cut(e.Getenv("PATH"), string(os.PathListSeparator))
			e.Setenv("INTERLEAVE", filepath.Join(bin, "interleave"))
			return nil
		},
		Cmds: commands,
	})
}

// commands are what scripts know beside the usual.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"cmpjunit":    cmpjunit,
	"empty":       empty,
	"exits":       exits,
	"interrupted": interrupted,
}

// empty fails when there is a file below one of the folders, which may be
// missing.
func empty(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("say exists instead")
	}
	for _, dir := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				err = fmt.Errorf("%s is left", name)
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}))
	}
}

// TestNative runs the command as people get it, with their own cache: the
// first time it builds linker and worker.
func TestNative(t *testing.T) {
	if runtime.GOOS+"/"+runtime.GOARCH != "linux/amd64" {
		t.Skip("the native engine needs linux/amd64")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/native",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", os.Getenv("HOME"))
			e.Setenv("XDG_CACHE_HOME", cache)
			e.Setenv("JUPYTER_DATA_DIR", e.WorkDir+"/jupyter")
			e.Setenv("JUPYTER_PATH", "")
			e.Setenv("GORACE", "atexit_sleep_ms=0")
			bin, _, _ := strings.Cut(e.Getenv("PATH"), string(os.PathListSeparator))
			e.Setenv("INTERLEAVE_NATIVE", filepath.Join(bin, "interleave-native"))
			return nil
		},
		Cmds: commands,
	})
}
