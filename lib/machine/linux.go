package machine

import (
	"path"
	"strconv"
	"strings"
	"time"
)

// system reads the files in which Linux describes itself.
type system struct {
	read func(path string) ([]byte, error)
}

// text is the content of a file without space around it, empty when there is
// none.
func (y system) text(path string) string {
	b, _ := y.read(path)
	return strings.TrimSpace(string(b))
}

func (s *Stamp) linux(y system) {
	s.CPU = model(y.text("/proc/cpuinfo"))
	s.Physical = y.physical()
	s.Quota = y.quota()
	s.Kernel = y.text("/proc/sys/kernel/osrelease")
	s.Governor = y.text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
	if load, _, ok := strings.Cut(y.text("/proc/loadavg"), " "); ok {
		s.Load, _ = strconv.ParseFloat(load, 64)
	}
}

// model finds the model name in the text of /proc/cpuinfo (proc(5)).
func model(text string) string {
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(key) == "model name" {
			name := strings.Join(strings.Fields(value), " ")
			return strings.NewReplacer("(R)", "", "(TM)", "", " CPU", "").Replace(name)
		}
	}
	return ""
}

// physical counts the cores of which the logical cores of this process are
// threads (Documentation/admin-guide/cputopology.rst), 0 when the system does
// not say.
func (y system) physical() int {
	cores := map[string]bool{}
	for _, cpu := range cpuList(y.field("/proc/self/status", "Cpus_allowed_list:")) {
		dir := "/sys/devices/system/cpu/cpu" + strconv.Itoa(cpu) + "/topology/"
		id := y.text(dir + "core_id")
		if id == "" {
			return 0
		}
		cores[y.text(dir+"physical_package_id")+"/"+id] = true
	}
	return len(cores)
}

// field is what follows a word at the beginning of a line.
func (y system) field(path, name string) string {
	for line := range strings.Lines(y.text(path)) {
		if value, ok := strings.CutPrefix(line, name); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// cpuList reads a list such as "0-3,8" (cpuset(7)).
func cpuList(text string) (cpus []int) {
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		to := from
		if isRange && err == nil {
			to, err = strconv.Atoi(last)
		}
		if err != nil || to-from > 1<<16 {
			return nil
		}
		for cpu := from; cpu <= to; cpu++ {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}

// groups are the folders of the control groups that limit the processor time
// of this process, its own first, then those around it as far as they can be
// seen (cgroups(7)). Version is 2, or 1, or 0 when there are none.
func (y system) groups() (dirs []string, version int) {
	own := map[int]string{} // path by version
	for line := range strings.Lines(y.text("/proc/self/cgroup")) {
		f := strings.SplitN(strings.TrimSpace(line), ":", 3)
		switch {
		case len(f) != 3:
		case f[0] == "0" && f[1] == "":
			own[2] = f[2]
		case contains(f[1], "cpu"):
			own[1] = f[2]
		}
	}
	for line := range strings.Lines(y.text("/proc/self/mountinfo")) {
		mount, system, ok := strings.Cut(line, " - ")
		m, f := strings.Fields(mount), strings.Fields(system)
		if !ok || len(m) < 5 || len(f) < 3 {
			continue
		}
		v := 0
		switch {
		case f[0] == "cgroup" && contains(f[2], "cpu"):
			v = 1
		case f[0] == "cgroup2":
			v = 2
		}
		if p, member := own[v]; member && (version == 0 || v == 1) { // mixed: version 1 has the processor
			dirs, version = above(m[4], strings.TrimPrefix(p, strings.TrimSuffix(m[3], "/"))), v
		}
	}
	return dirs, version
}

func contains(list, name string) bool {
	for word := range strings.SplitSeq(list, ",") {
		if word == name {
			return true
		}
	}
	return false
}

// above lists a folder below a mount point and all between them.
func above(mount, p string) (dirs []string) {
	for p = path.Clean("/" + p); ; p = path.Dir(p) {
		dirs = append(dirs, path.Join(mount, p))
		if p == "/" {
			return dirs
		}
	}
}

// quota is the least limit of all groups around this process.
func (y system) quota() (least float64) {
	dirs, version := y.groups()
	for _, dir := range dirs {
		var q float64
		if version == 2 {
			if f := strings.Fields(y.text(dir + "/cpu.max")); len(f) == 2 {
				q = share(f[0], f[1])
			}
		} else {
			q = share(y.text(dir+"/cpu.cfs_quota_us"), y.text(dir+"/cpu.cfs_period_us"))
		}
		if q > 0 && (least == 0 || q < least) {
			least = q
		}
	}
	return least
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

// throttled is for how long the groups have held this process back.
func (y system) throttled() (sum time.Duration) {
	dirs, version := y.groups()
	name, unit := "throttled_usec", time.Microsecond
	if version == 1 {
		name, unit = "throttled_time", time.Nanosecond
	}
	for _, dir := range dirs {
		n, _ := strconv.ParseInt(y.field(dir+"/cpu.stat", name), 10, 64)
		sum += time.Duration(n) * unit
	}
	return sum
}

// ticks of /proc/stat in a second: USER_HZ, 100 wherever Go runs.
const tick = time.Second / 100

// processors is for how long all cores together have been at work, and for how
// long the hypervisor let them wait (proc_stat(5)).
func (y system) processors() (busy, steal time.Duration) {
	f := strings.Fields(y.field("/proc/stat", "cpu "))
	if len(f) < 8 {
		return 0, 0
	}
	at := func(i int) time.Duration {
		n, _ := strconv.ParseInt(f[i], 10, 64)
		return time.Duration(n) * tick
	}
	const user, nice, kernel, irq, softirq, stolen = 0, 1, 2, 5, 6, 7
	return at(user) + at(nice) + at(kernel) + at(irq) + at(softirq), at(stolen)
}
