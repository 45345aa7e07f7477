package child

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// settings are those of the process that a program may change. They are read
// as metrics, since the functions that set them have no way to only ask.
type settings struct{ percent, memory, procs uint64 }

var settingNames = [...]string{"/gc/gogc:percent", "/gc/gomemlimit:bytes", "/sched/gomaxprocs:threads"}

func readSettings() settings {
	var samples [len(settingNames)]metrics.Sample
	for i, name := range settingNames {
		samples[i].Name = name
	}
	metrics.Read(samples[:])
	value := func(i int) uint64 {
		if samples[i].Value.Kind() != metrics.KindUint64 {
			return 0 // unknown to this release: then it is never restored
		}
		return samples[i].Value.Uint64()
	}
	return settings{value(0), value(1), value(2)}
}

// restore puts back what a whole program has changed, as the end of its process
// would have. Each change stops the world, so nothing is set that is as it was.
func (s settings) restore() {
	debug.SetMaxStack(maxStack)
	now := readSettings()
	if now.percent != s.percent {
		percent := -1
		if s.percent < math.MaxInt32 {
			percent = int(s.percent)
		}
		debug.SetGCPercent(percent)
	}
	if now.memory != s.memory {
		debug.SetMemoryLimit(int64(min(s.memory, math.MaxInt64)))
	}
	if now.procs != s.procs {
		runtime.GOMAXPROCS(int(s.procs))
	}
}
