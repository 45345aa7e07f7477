package machine

import (
	"errors"
	"io/fs"
	"runtime"
	"strings"
	"testing"
)

func TestCPUInfo(t *testing.T) {
	const text = `processor	: 0
model name	: Intel(R) Xeon(R) CPU   E5-2680 v4 @ 2.40GHz
physical id	: 0
core id		: 0

processor	: 1
model name	: Intel(R) Xeon(R) CPU   E5-2680 v4 @ 2.40GHz
physical id	: 0
core id		: 0

processor	: 2
physical id	: 1
core id		: 0
`
	model, physical := cpuinfo(text)
	if model != "Intel Xeon E5-2680 v4 @ 2.40GHz" || physical != 2 {
		t.Errorf("got %q with %d physical cores", model, physical)
	}
}

func TestQuota(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  float64
	}{
		"none":          {nil, 0},
		"v2 unlimited":  {map[string]string{"/sys/fs/cgroup/cpu.max": "max 100000\n"}, 0},
		"v2 one and ½":  {map[string]string{"/sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1.5},
		"v1 unlimited":  {map[string]string{"/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, 0},
		"v1 two":        {map[string]string{"/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}, 2},
		"not a number":  {map[string]string{"/sys/fs/cgroup/cpu.max": "a b\n"}, 0},
		"period is nil": {map[string]string{"/sys/fs/cgroup/cpu.max": "100 0\n"}, 0},
	} {
		got := quota(func(path string) ([]byte, error) {
			if s, ok := c.files[path]; ok {
				return []byte(s), nil
			}
			return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("absent")}
		})
		if got != c.want {
			t.Errorf("%s: quota %v, want %v", name, got, c.want)
		}
	}
}

func TestString(t *testing.T) {
	s := Stamp{CPU: "Xeon", Cores: 4, Physical: 2, Quota: 1.5, GOMAXPROCS: 2, Go: "go1.26.8", OS: "linux", Arch: "amd64"}
	const want = "Xeon, 4 cores (2 physical), quota 1.5, GOMAXPROCS 2, go1.26.8 linux/amd64"
	if got := s.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (Stamp{Cores: 1, GOMAXPROCS: 1}).String(); !strings.HasPrefix(got, "1 core, GOMAXPROCS 1") {
		t.Errorf("got %s", got)
	}
}

func TestRead(t *testing.T) {
	s := Read()
	if s.Go != runtime.Version() || s.Cores < 1 || s.GOMAXPROCS < 1 {
		t.Errorf("Read() = %+v", s)
	}
}
