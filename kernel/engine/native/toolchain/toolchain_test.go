package toolchain_test

import (
	"context"
	"go/importer"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine/native/toolchain"
)

// source is what the command carries along.
func source(t testing.TB) toolchain.Config {
	return toolchain.Config{Source: interleave.Source, Progress: func(s string) { t.Log(s) }}
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
	if tc.BuildID() == "" || !strings.HasPrefix(tc.GoVersion(), "1.") {
		t.Errorf("build id %q, Go version %q", tc.BuildID(), tc.GoVersion())
	}
	for path, has := range map[string]bool{"fmt": true, "net/http": true, "unsafe": true, "debug/dwarf": false, "no/such": false} {
		if tc.Has(path) != has {
			t.Errorf("has %s: %v", path, !has)
		}
	}
	packages := tc.Packages()
	for path, listed := range map[string]bool{
		"fmt": true, "debug/dwarf": true, "unsafe": true, "github.com/interleave-lab/interleave/lib/display": true, "github.com/interleave-lab/interleave/charts": true,
		"internal/abi": false, "main": false, "github.com/interleave-lab/interleave/kernel/worker/rt": false,
	} {
		if slices.Contains(packages, path) != listed {
			t.Errorf("%s is listed: %v", path, !listed)
		}
	}
	if !slices.IsSorted(packages) {
		t.Error("the list of packages is not sorted")
	}
}

// Export data is what go/types reads.
func TestExport(t *testing.T) {
	tc := open(t)
	imp := importer.ForCompiler(token.NewFileSet(), "gc", tc.Export)
	p, err := imp.Import("net/http")
	if err != nil {
		t.Fatal(err)
	}
	if p.Scope().Lookup("Get") == nil {
		t.Error("net/http has no Get")
	}
}
