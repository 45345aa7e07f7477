package machine

import (
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// files is a system of which only these files are there.
func files(texts map[string]string) system {
	return system{func(path string) ([]byte, error) {
		if s, ok := texts[path]; ok {
			return []byte(s), nil
		}
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}}
}

const (
	v2Mount = "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n"
	v1Mount = "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
)

func TestModel(t *testing.T) {
	const text = "processor	: 0\nmodel name	: Intel(R) Xeon(R) CPU   E5-2680 v4 @ 2.40GHz\n\nprocessor	: 1\nmodel name	: Other\n"
	if got := model(text); got != "Intel Xeon E5-2680 v4 @ 2.40GHz" {
		t.Errorf("got %q", got)
	}
	if got := model("no such key"); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
}

func TestPhysicalCores(t *testing.T) {
	topology := map[string]string{"/proc/self/status": "Name:\tx\nCpus_allowed_list:\t0-2,5\n"}
	for cpu, at := range map[string][2]string{"0": {"0", "0"}, "1": {"0", "1"}, "2": {"0", "0"}, "5": {"1", "0"}} {
		dir := "/sys/devices/system/cpu/cpu" + cpu + "/topology/"
		topology[dir+"physical_package_id"], topology[dir+"core_id"] = at[0]+"\n", at[1]+"\n"
	}
	if got := files(topology).physical(); got != 3 {
		t.Errorf("%d physical cores, want 3: threads 0 and 2 share one", got)
	}
	delete(topology, "/sys/devices/system/cpu/cpu5/topology/core_id")
	if got := files(topology).physical(); got != 0 {
		t.Errorf("%d physical cores, want 0 when one is unknown", got)
	}
	if got := files(nil).physical(); got != 0 {
		t.Errorf("%d physical cores of nothing", got)
	}
	for _, bad := range []string{"x", "1-", "0-99999999", "-"} {
		if got := cpuList(bad); got != nil {
			t.Errorf("list %q: %v", bad, got)
		}
	}
}

func TestQuota(t *testing.T) {
	v2 := map[string]string{"/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": v2Mount}
	nested := map[string]string{"/proc/self/cgroup": "0::/box/inner\n", "/proc/self/mountinfo": v2Mount}
	v1 := map[string]string{"/proc/self/cgroup": "4:cpu,cpuacct:/\n0::/\n", "/proc/self/mountinfo": v1Mount + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"}
	docker := map[string]string{"/proc/self/cgroup": "4:cpu,cpuacct:/docker/ab\n", "/proc/self/mountinfo": "33 31 0:29 /docker/ab /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"}
	const cpu = "/sys/fs/cgroup/cpu,cpuacct/"
	for name, c := range map[string]struct {
		groups, files map[string]string
		want          float64
	}{
		"none":                {nil, nil, 0},
		"v2 unlimited":        {v2, map[string]string{"/sys/fs/cgroup/cpu.max": "max 100000\n"}, 0},
		"v2 one and a half":   {v2, map[string]string{"/sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.5},
		"v2 the least counts": {nested, map[string]string{"/sys/fs/cgroup/box/cpu.max": "50000 100000\n", "/sys/fs/cgroup/box/inner/cpu.max": "150000 100000\n"}, 0.5},
		"v1 unlimited":        {v1, map[string]string{cpu + "cpu.cfs_quota_us": "-1\n", cpu + "cpu.cfs_period_us": "100000\n"}, 0},
		"v1 two":              {v1, map[string]string{cpu + "cpu.cfs_quota_us": "200000\n", cpu + "cpu.cfs_period_us": "100000\n"}, 2},
		"v1 in a container":   {docker, map[string]string{cpu + "cpu.cfs_quota_us": "200000\n", cpu + "cpu.cfs_period_us": "100000\n"}, 2},
		"not a number":        {v2, map[string]string{"/sys/fs/cgroup/cpu.max": "a b\n"}, 0},
		"no period":           {v2, map[string]string{"/sys/fs/cgroup/cpu.max": "100 0\n"}, 0},
	} {
		all := map[string]string{}
		for _, m := range []map[string]string{c.groups, c.files} {
			for k, v := range m {
				all[k] = v
			}
		}
		if got := files(all).quota(); got != c.want {
			t.Errorf("%s: quota %v, want %v", name, got, c.want)
		}
	}
}

func TestThrottled(t *testing.T) {
	v2 := files(map[string]string{"/proc/self/cgroup": "0::/a\n", "/proc/self/mountinfo": v2Mount,
		"/sys/fs/cgroup/cpu.stat": "usage_usec 5\n", "/sys/fs/cgroup/a/cpu.stat": "nr_throttled 3\nthrottled_usec 2500\n"})
	if got := v2.throttled(); got != 2500*time.Microsecond {
		t.Errorf("version 2: %v", got)
	}
	v1 := files(map[string]string{"/proc/self/cgroup": "4:cpu,cpuacct:/\n", "/proc/self/mountinfo": v1Mount,
		"/sys/fs/cgroup/cpu,cpuacct/cpu.stat": "nr_throttled 3\nthrottled_time 1500000\n"})
	if got := v1.throttled(); got != 1500*time.Microsecond {
		t.Errorf("version 1: %v", got)
	}
}

func TestProcessors(t *testing.T) {
	busy, steal := files(map[string]string{"/proc/stat": "cpu  100 20 30 900 5 6 7 8 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"}).processors()
	if busy != 1630*time.Millisecond || steal != 80*time.Millisecond {
		t.Errorf("busy %v, steal %v", busy, steal)
	}
	if busy, steal := files(map[string]string{"/proc/stat": "cpu 1 2\n"}).processors(); busy != 0 || steal != 0 {
		t.Errorf("too few fields: busy %v, steal %v", busy, steal)
	}
}

func TestString(t *testing.T) {
	s := Stamp{CPU: "Xeon", Cores: 4, Physical: 2, Quota: 1.5, GOMAXPROCS: 2, Go: "go1.26.8", OS: "linux", Arch: "amd64",
		Kernel: "6.8", Governor: "performance", Load: 0.25, GOGC: 100, GOMEMLIMIT: 2 << 30, Engine: "native cells"}
	const want = "Xeon, 4 cores (2 physical), quota 1.5, GOMAXPROCS 2, go1.26.8 linux/amd64"
	if got := s.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	const details = "kernel 6.8, governor performance, load 0.25, GOGC 100, GOMEMLIMIT 2.0 GiB, engine native cells"
	if got := s.Details(); got != details {
		t.Errorf("got  %s\nwant %s", got, details)
	}
	if got := (Stamp{Cores: 1, GOMAXPROCS: 1}).String(); !strings.HasPrefix(got, "1 core, GOMAXPROCS 1") {
		t.Errorf("got %s", got)
	}
}

func TestRead(t *testing.T) {
	s := Read()
	if s.Go != runtime.Version() || s.Cores < 1 || s.GOMAXPROCS < 1 || s.GOGC == 0 {
		t.Errorf("Read() = %+v", s)
	}
	if s.OS == "linux" && (s.Kernel == "" || s.Physical > s.Cores) {
		t.Errorf("Read() = %+v", s)
	}
}

// In virtual time nothing real can be said about disturbances, and the stamp
// says that the time was virtual.
func TestVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := Begin()
		time.Sleep(time.Hour)
		if s := m.End(); s.Wall != time.Hour || s.Other != 0 || s.Disturbances() != "" {
			t.Errorf("spent %+v", s)
		}
		if s := Read(); !s.Virtual || !strings.HasSuffix(s.String(), ", virtual time") {
			t.Errorf("stamp %s", s)
		}
	})
	if Read().Virtual {
		t.Error("real time is called virtual")
	}
}

func TestDisturbances(t *testing.T) {
	second := Spent{Wall: time.Second, Cores: 2, CPU: time.Second}
	for want, change := range map[string]func(s *Spent){
		"":                     func(s *Spent) { s.Other, s.Steal, s.GC = 150*time.Millisecond, 20*time.Millisecond, 7 },
		"steal 5 %":            func(s *Spent) { s.Steal = 100 * time.Millisecond },
		"throttled 30ms":       func(s *Spent) { s.Throttled = 30 * time.Millisecond },
		"other processes 25 %": func(s *Spent) { s.Other = 500 * time.Millisecond },
		"steal 10 %, other processes 15 %": func(s *Spent) {
			s.Steal, s.Other = 200*time.Millisecond, 300*time.Millisecond
		},
	} {
		s := second
		change(&s)
		if got := s.Disturbances(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	short := Spent{Wall: 10 * time.Millisecond, Cores: 2, Other: 20 * time.Millisecond, Steal: 5 * time.Millisecond}
	if got := short.Disturbances(); got != "" {
		t.Errorf("within the resolution of the counters: %q", got)
	}
	if got := (Spent{}).Disturbances(); got != "" {
		t.Errorf("nothing: %q", got)
	}
}

// A busy loop costs processor time, as much as wall time at most on one core.
func TestMeter(t *testing.T) {
	if CPUTime() == 0 {
		t.Skip("this system does not tell processor time")
	}
	m := Begin()
	for begin := CPUTime(); CPUTime()-begin < 20*time.Millisecond; {
	}
	if s := m.End(); s.CPU < 20*time.Millisecond || s.Wall <= 0 || s.Other < 0 || s.Steal < 0 {
		t.Errorf("spent %+v", s)
	}
	m = Begin()
	runtime.GC() // asked for: does not count
	if s := m.End(); s.GC < 0 {
		t.Errorf("spent %+v", s)
	}
}
