//go:build !unix && !windows

package machine

import "time"

// CPUTime is zero where the system does not tell processor time.
func CPUTime() time.Duration { return 0 }
