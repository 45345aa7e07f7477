package kernel

import (
	"context"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/interleave-lab/interleave/kernel/engine"
	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// meter remembers the times of the last usage request, since CPU usage is a
// difference.
type meter struct {
	mu    sync.Mutex // guards what follows
	at    time.Time
	spent map[int]time.Duration // CPU time by process
	host  hostTime
}

// hostTime is CPU time of the machine since it was started.
type hostTime struct {
	busy, all float64 // in one unit
}

// resources tells what the kernel and the processes of its engine use. What the
// system does not tell is zero or left out. The first answer has no CPU usage.
func (k *Kernel) resources(context.Context, *request, jupyter.UsageRequest) jupyter.Content {
	pids := []int{os.Getpid()}
	if u, ok := k.cfg.Engine.(engine.Usage); ok {
		pids = append(pids, u.PIDs()...)
	}
	reply := jupyter.UsageReply{
		Outcome:    jupyter.Outcome{Status: jupyter.OK},
		PID:        os.Getpid(),
		CPUCount:   runtime.NumCPU(),
		HostMemory: hostMemory(),
	}
	reply.Hostname, _ = os.Hostname() // empty where there is none
	spent := make(map[int]time.Duration, len(pids))
	for _, pid := range pids {
		spent[pid] = cpuTime(pid)
		reply.KernelMemory += memory(pid)
	}
	reply.KernelCPU, reply.HostCPU = k.usage.since(time.Now(), spent, cpuOfHost())
	return reply
}

// since returns percentages since the last call: of one CPU for the processes,
// of all CPUs for the machine.
func (m *meter) since(now time.Time, spent map[int]time.Duration, host hostTime) (kernel float64, machine *float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if elapsed := now.Sub(m.at); !m.at.IsZero() && elapsed > 0 {
		for pid, t := range spent {
			if before, ok := m.spent[pid]; ok && t > before {
				kernel += 100 * float64(t-before) / float64(elapsed)
			}
		}
	}
	if all := host.all - m.host.all; m.host.all > 0 && all > 0 {
		percent := 100 * (host.busy - m.host.busy) / all
		machine = &percent
	}
	m.at, m.spent, m.host = now, spent, host
	return kernel, machine
}
