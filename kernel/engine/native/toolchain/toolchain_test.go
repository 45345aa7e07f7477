package toolchain_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// source is this module as it is on disk; the command embeds the same files.
func source(t testing.TB) toolchain.Config {
	t.Helper()
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	return toolchain.Config{Source: sub(os.DirFS(root), "go.mod", "go.sum", "lib", "kernel/worker"), Progress: func(s string) { t.Log(s) }}
}

var shared struct {
	once sync.Once
	err  error
}

// open returns the toolchain in the user's cache folder, which all tests
// share: it is keyed by all that it is made of.
func open(t testing.TB) *toolchain.Toolchain {
	t.Helper()
	tc, err := toolchain.Open(context.Background(), source(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tc.Close(); err != nil {
			t.Error(err)
		}
	})
	return tc
}

func TestOpen(t *testing.T) {
	tc := open(t)
	t.Log(tc.BuildID(), tc.GoVersion(), len(tc.Packages()))
}
