package native_test

import (
	"testing"

	"github.com/interleave-lab/interleave/kernel/engine/enginetest"
	"github.com/interleave-lab/interleave/kernel/engine/native"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, opener(func(*native.Config) {}))
}
