package kernel

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/interleave-lab/interleave/kernel/jupyter"
)

// clockTick is the unit of times in /proc; the kernel's USER_HZ is 100 on every
// architecture that Go runs on.
const clockTick = time.Second / 100

// cpuTime returns the CPU time that a process has used, 0 when it is gone.
func cpuTime(pid int) time.Duration {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	// The name of the program, in parentheses, may hold anything.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, system := number(fields[11]), number(fields[12])
	return time.Duration(user+system) * clockTick
}

// memory returns the memory of a process in bytes: its proportional share
// where the system tells, else what is resident.
func memory(pid int) uint64 {
	dir := "/proc/" + strconv.Itoa(pid)
	if kb, ok := kilobytes(dir + "/smaps_rollup")["Pss"]; ok {
		return kb << 10
	}
	return kilobytes(dir + "/status")["VmRSS"] << 10
}

// cpuOfHost returns what all CPUs have done. Idle and waiting for disks are not
// busy.
func cpuOfHost() hostTime {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return hostTime{}
	}
	line, _, _ := strings.Cut(string(text), "\n")
	var t hostTime
	for i, f := range strings.Fields(line) {
		if i == 0 || i > 8 { // "cpu"; the time of guests is in user already
			continue
		}
		t.all += float64(number(f))
		if i != 4 && i != 5 { // idle, iowait
			t.busy += float64(number(f))
		}
	}
	return t
}

// hostMemory returns the memory of the machine, nil when it is not told.
func hostMemory() *jupyter.Memory {
	t := kilobytes("/proc/meminfo")
	total, available, free := t["MemTotal"]<<10, t["MemAvailable"]<<10, t["MemFree"]<<10
	if total == 0 || available > total {
		return nil
	}
	return &jupyter.Memory{
		Total:     total,
		Available: available,
		Used:      total - available,
		Free:      free,
		Percent:   100 * float64(total-available) / float64(total),
	}
}

// kilobytes reads lines like "MemTotal:  7 kB"; there are none in a file that
// cannot be read.
func kilobytes(path string) map[string]uint64 {
	values := make(map[string]uint64)
	text, err := os.ReadFile(path)
	if err != nil {
		return values
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		name, rest, ok := strings.Cut(lines.Text(), ":")
		if fields := strings.Fields(rest); ok && len(fields) > 0 {
			values[name] = number(fields[0])
		}
	}
	return values
}

// number is 0 for what is none.
func number(s string) uint64 {
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}
