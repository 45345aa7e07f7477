// Package machine says on what a number was measured.
//
// A measurement without its circumstances cannot be compared with another
// one. A Stamp travels with every result and is printed under every chart.
package machine

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Stamp describes the machine and the Go runtime at one moment. A field that
// could not be found out is zero and is left out of String.
type Stamp struct {
	CPU        string  `json:"cpu,omitempty"`      // model name as the system gives it
	Cores      int     `json:"cores"`              // logical cores this process may run on
	Physical   int     `json:"physical,omitempty"` // physical cores of the machine
	Quota      float64 `json:"quota,omitempty"`    // cores' worth of time a control group grants; 0 is no limit
	GOMAXPROCS int     `json:"gomaxprocs"`
	Go         string  `json:"go"` // runtime.Version
	OS         string  `json:"os"`
	Arch       string  `json:"arch"`
}

// Read takes the stamp of this process now. It reads a few small files on
// Linux (about 0.1 ms) and none elsewhere.
func Read() Stamp {
	s := Stamp{
		Cores:      runtime.NumCPU(),
		GOMAXPROCS: runtime.GOMAXPROCS(0),
		Go:         runtime.Version(),
		OS:         runtime.GOOS,
		Arch:       runtime.GOARCH,
	}
	if runtime.GOOS == "linux" {
		info, _ := os.ReadFile("/proc/cpuinfo")
		s.CPU, s.Physical = cpuinfo(string(info))
		s.Quota = quota(os.ReadFile)
	}
	return s
}

// String is one line for a person, such as
// "Xeon E5, 4 cores (2 physical), quota 1.5, GOMAXPROCS 2, go1.26.8 linux/amd64".
func (s Stamp) String() string {
	var parts []string
	if s.CPU != "" {
		parts = append(parts, s.CPU)
	}
	cores := plural(s.Cores, "core")
	if s.Physical > 0 && s.Physical != s.Cores {
		cores += fmt.Sprintf(" (%d physical)", s.Physical)
	}
	parts = append(parts, cores)
	if s.Quota > 0 {
		parts = append(parts, "quota "+strconv.FormatFloat(s.Quota, 'g', 3, 64))
	}
	parts = append(parts,
		fmt.Sprintf("GOMAXPROCS %d", s.GOMAXPROCS),
		fmt.Sprintf("%s %s/%s", s.Go, s.OS, s.Arch))
	return strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// cpuinfo finds the model name and counts the physical cores in the text of
// /proc/cpuinfo (proc(5)). Virtual machines often leave the core ids out; then
// physical is 0.
func cpuinfo(text string) (model string, physical int) {
	cores := map[string]bool{}
	socket := ""
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.Join(strings.Fields(value), " ")
		switch strings.TrimSpace(key) {
		case "model name":
			model = value
		case "physical id":
			socket = value
		case "core id":
			cores[socket+"/"+value] = true
		}
	}
	return strings.NewReplacer("(R)", "", "(TM)", "", " CPU", "").Replace(model), len(cores)
}

// quota reads the limit of this process's control group, version 2 first,
// then version 1. Inside a container its own group is mounted as the root.
func quota(read func(string) ([]byte, error)) float64 {
	if b, err := read("/sys/fs/cgroup/cpu.max"); err == nil {
		if f := strings.Fields(string(b)); len(f) == 2 {
			return share(f[0], f[1])
		}
	}
	q, err1 := read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")
	p, err2 := read("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
	if err1 != nil || err2 != nil {
		return 0
	}
	return share(strings.TrimSpace(string(q)), strings.TrimSpace(string(p)))
}

// share is quota divided by period, 0 when either says that there is no limit.
func share(quota, period string) float64 {
	q, err1 := strconv.ParseFloat(quota, 64) // "max" and "-1" mean no limit
	p, err2 := strconv.ParseFloat(period, 64)
	if err1 != nil || err2 != nil || q <= 0 || p <= 0 {
		return 0
	}
	return q / p
}
