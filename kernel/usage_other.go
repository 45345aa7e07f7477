//go:build !linux

package kernel

import (
	"time"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// Elsewhere than on Linux the system does not tell without C libraries.

func cpuTime(int) time.Duration   { return 0 }
func memory(int) uint64           { return 0 }
func cpuOfHost() hostTime         { return hostTime{} }
func hostMemory() *jupyter.Memory { return nil }
