package native_test

import (
	"flag"
	"go/version"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/internal/testneeds"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

// How the engine is built for the tests of this package:
//
//	go test ./kernel/engine/native -run Conformance -native.release go1.25.14
//
// A release newer than the go command on PATH builds the test, too:
//
//	GOTOOLCHAIN=go1.27.4 go test ./kernel/engine/native -run Conformance
var (
	goRelease = flag.String("native.release", "", "run the sessions with this `release` of Go, fetched if need be, in place of the one on PATH")
	race      = flag.Bool("native.race", false, "run the sessions with the race detector")
	gcDebug   = flag.Bool("native.gcdebug", false, "run the sessions with GOGC=1, gccheckmark=1 and clobberfree=1: what the collector loses is seen at once")
)

// config is the engine's configuration for a session of a test.
func config(t testing.TB) native.Config {
	t.Helper()
	c := native.Config{Source: interleave.Source, Dir: t.TempDir(), Race: *race}
	if *goRelease != "" {
		c.Go = command(t, *goRelease)
	}
	if *gcDebug {
		if strings.Contains(t.Name(), "/survive/") {
			t.Skip("gccheckmark turns preemption off, which interrupting needs")
		}
		c.Env = checkedMemory()
	}
	return c
}

// checkedMemory is the environment of a worker whose collector runs all the
// time, checks its marks and overwrites what it frees.
func checkedMemory() []string {
	return append(os.Environ(), "GOGC=1", "GODEBUG=gccheckmark=1,clobberfree=1")
}

// opener makes engines from configurations that change edits.
func opener(change func(*native.Config)) func(*testing.T) engine.Engine {
	return func(t *testing.T) engine.Engine {
		c := config(t)
		change(&c)
		e := native.New(c)
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Errorf("close the engine: %v", err)
			}
		})
		return e
	}
}

// command is the go command of a release; it is fetched once for all sessions.
func command(t testing.TB, release string) string {
	t.Helper()
	commands.Lock()
	defer commands.Unlock()
	if commands.of == nil {
		commands.of = map[string]string{}
	}
	if commands.of[release] == "" {
		if version.Compare(version.Lang(release), version.Lang(runtime.Version())) > 0 {
			t.Fatalf("this test was built with %s and cannot read %s: run it with GOTOOLCHAIN=%s", runtime.Version(), release, release)
		}
		commands.of[release] = testneeds.Go(t, release)
	}
	return commands.of[release]
}

var commands struct {
	sync.Mutex
	of map[string]string
}
