package machine_test

import (
	"testing"

	"github.com/interleave-lab/interleave/lib/machine"
)

func BenchmarkMeter(b *testing.B) {
	for b.Loop() {
		machine.Begin().End()
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		machine.Read()
	}
}
