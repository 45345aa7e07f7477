//go:build !race

// The race detector makes the JavaScript engine 50 times slower.

package bytecode_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/interleave-lab/interleave/charts/render/internal/bytecode"
)

// What is stored is what compiling gives, so that the first picture of a
// process does not wait for that.
func TestStored(t *testing.T) {
	want, err := bytecode.File()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("code.gz")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the runtime changed after it was compiled; run go generate ./charts/runtime")
	}
}
