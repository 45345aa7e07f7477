package machine

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"time"
)

// Spent is what went by while something was measured.
type Spent struct {
	Wall      time.Duration `json:"wall"`                // by the clock
	CPU       time.Duration `json:"cpu"`                 // processor time of this process, all threads
	Steal     time.Duration `json:"steal,omitempty"`     // taken by the hypervisor, all cores together
	Throttled time.Duration `json:"throttled,omitempty"` // held back by a control group's quota
	Other     time.Duration `json:"other,omitempty"`     // processor time of all other processes
	GC        int           `json:"gc,omitempty"`        // cycles of the garbage collector
	Cores     int           `json:"cores"`               // logical cores this process may run on
}

// Meter measures what one piece of work spends. Its zero value is not usable;
// see Begin.
type Meter struct {
	start     time.Time
	cpu       time.Duration
	busy      time.Duration
	steal     time.Duration
	throttled time.Duration
	gc        int
}

// Begin starts a meter. Begin and End each cost some 0.1 ms on Linux, which is
// neither in Wall nor in CPU. Elsewhere, and in virtual time, Steal, Throttled
// and Other stay zero.
func Begin() Meter {
	m := Meter{gc: collections()}
	if runtime.GOOS == "linux" {
		y := system{os.ReadFile}
		m.throttled = y.throttled()
		m.busy, m.steal = y.processors()
	}
	m.cpu = CPUTime()
	m.start = time.Now()
	return m
}

// End says what was spent since Begin.
func (m Meter) End() Spent {
	s := Spent{Wall: time.Since(m.start), CPU: CPUTime() - m.cpu, GC: collections() - m.gc, Cores: runtime.NumCPU()}
	if runtime.GOOS == "linux" && !virtual() {
		y := system{os.ReadFile}
		busy, steal := y.processors()
		s.Steal = max(0, steal-m.steal)
		s.Throttled = max(0, y.throttled()-m.throttled)
		s.Other = max(0, busy-m.busy-s.CPU)
	}
	return s
}

// collections counts the garbage collections that the program did not ask for.
func collections() int {
	v := []metrics.Sample{{Name: "/gc/cycles/automatic:gc-cycles"}}
	metrics.Read(v)
	if v[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int(v[0].Value.Uint64())
}

// Limits from which on something counts as a disturbance.
const (
	stealLimit = 0.01 // of the time of all cores
	otherLimit = 0.10 // of the time of all cores
	// coarse is what the counters of /proc/stat cannot tell: a tick on each
	// end, and one for each core that was between two.
	coarse = 2 * tick
)

// Disturbances names what disturbed the work, in a few words, nothing when
// nothing did: "steal 3 %", "throttled 120 ms", "other processes 25 %". The
// counters step by 10 ms, so in rounds under some 50 ms only heavy disturbance
// is noticed.
func (s Spent) Disturbances() string {
	var why []string
	all := time.Duration(max(s.Cores, 1)) * s.Wall
	share := func(d time.Duration) float64 { return float64(d) / float64(max(all, 1)) }
	if s.Steal >= tick && share(s.Steal) > stealLimit {
		why = append(why, fmt.Sprintf("steal %.0f %%", 100*share(s.Steal)))
	}
	if s.Throttled > 0 {
		why = append(why, "throttled "+s.Throttled.Round(time.Millisecond).String())
	}
	if s.Other > coarse && share(s.Other) > otherLimit {
		why = append(why, fmt.Sprintf("other processes %.0f %%", 100*min(1, share(s.Other))))
	}
	return strings.Join(why, ", ")
}
