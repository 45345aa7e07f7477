package native_test

import (
	"testing"

	"github.com/interleave-lab/interleave"
	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

func TestSurvive(t *testing.T) {
	enginetest.Survive(t, func(t *testing.T) engine.Engine {
		return native.New(native.Config{Source: interleave.Source, Dir: t.TempDir()})
	})
}
