package virt_test

import (
	"time"

	"github.com/interleave-lab/interleave/lib/machine"
)

// cpu is a clock that virtual time does not stop.
func cpu() time.Duration { return machine.CPUTime() }
