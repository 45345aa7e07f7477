package runtime_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts/runtime"
	"github.com/interleave-lab/interleave/charts/runtime/internal/bundle"
	"github.com/interleave-lab/interleave/internal/testneeds"
)

// The committed script belongs to the sources and pins beside it.
func TestInputs(t *testing.T) {
	want, err := os.ReadFile("inputs.sum")
	if err != nil {
		t.Fatal(err)
	}
	got, err := bundle.Inputs(os.DirFS("src"))
	if err != nil {
		t.Fatal(err)
	}
	if got+"\n" != string(want) {
		t.Error("src or the pins changed after the script was built; run go generate in charts/runtime")
	}
}

// Building again gives the same bytes.
func TestReproducible(t *testing.T) {
	testneeds.Command(t, "npm", "apt-get install npm")
	b, err := bundle.Build(context.Background(), os.DirFS("src"))
	if errors.Is(err, bundle.ErrUnreachable) {
		testneeds.Missing(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	if string(b.Script) != runtime.Script() {
		t.Errorf("building gives %d bytes that differ from the %d committed; run go generate in charts/runtime", len(b.Script), len(runtime.Script()))
	}
	if string(b.Notices) != runtime.Notices() {
		t.Error("the notices differ")
	}
}

func TestScript(t *testing.T) {
	script := runtime.Script()
	for _, notice := range []string{"Apache License", "Copyright 2017-2026 The Apache Software Foundation", "BSD 3-Clause License", "Mike Bostock", "Baidu", "Microsoft"} {
		if !strings.Contains(script, notice) || !strings.Contains(runtime.Notices(), notice) {
			t.Errorf("the notices lack %q", notice)
		}
	}
	if strings.Contains(strings.ToLower(script), "</script") {
		t.Error("the script would end its own element")
	}
	if size := len(runtime.Compressed()); size > 450_000 {
		t.Errorf("the script has %d bytes compressed; every report carries it", size)
	}
	if !bytes.HasPrefix(runtime.Compressed(), []byte{0x1f, 0x8b}) {
		t.Error("not a gzip file")
	}
}
