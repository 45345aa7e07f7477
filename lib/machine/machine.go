// Package machine says on what a number was measured, and whether the machine
// was left alone meanwhile.
//
// A measurement without its circumstances cannot be compared with another
// one. A Stamp travels with every result and is printed under every chart. A
// Meter notes what happened around one piece of work: processor time, time
// taken away by the hypervisor or by a quota, other programs at work, garbage
// collections.
package machine

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Stamp describes the machine and the Go runtime at one moment. A field that
// could not be found out is zero and is left out of String.
type Stamp struct {
	CPU        string  `json:"cpu,omitempty"`      // model name as the system gives it
	Cores      int     `json:"cores"`              // logical cores this process may run on
	Physical   int     `json:"physical,omitempty"` // physical cores that these are threads of
	Quota      float64 `json:"quota,omitempty"`    // cores' worth of time a control group grants; 0 is no limit
	GOMAXPROCS int     `json:"gomaxprocs"`
	Go         string  `json:"go"` // runtime.Version
	OS         string  `json:"os"`
	Arch       string  `json:"arch"`

	Kernel     string  `json:"kernel,omitempty"`     // release of the operating system's kernel
	Governor   string  `json:"governor,omitempty"`   // of the clock frequency: "performance", "powersave"
	Load       float64 `json:"load,omitempty"`       // processes running or waiting to, average of the last minute
	GOGC       int     `json:"gogc,omitempty"`       // percent; negative is off
	GOMEMLIMIT int64   `json:"gomemlimit,omitempty"` // bytes; 0 is no limit
	Engine     string  `json:"engine,omitempty"`     // what ran the code: "native cells"; empty for a program
	Virtual    bool    `json:"virtual,omitempty"`    // the clock was that of testing/synctest, in which only waiting takes time
}

var engine atomic.Pointer[string]

// SetEngine names what runs the code, for every stamp from now on. The worker
// process of a notebook does so.
func SetEngine(name string) { engine.Store(&name) }

// Read takes the stamp of this process now. It reads a few small files on
// Linux (about 0.3 ms) and none elsewhere.
func Read() Stamp {
	s := Stamp{
		Cores:      runtime.NumCPU(),
		GOMAXPROCS: runtime.GOMAXPROCS(0),
		Go:         runtime.Version(),
		OS:         runtime.GOOS,
		Arch:       runtime.GOARCH,
		Virtual:    virtual(),
	}
	if name := engine.Load(); name != nil {
		s.Engine = *name
	}
	s.collector()
	if runtime.GOOS == "linux" {
		s.linux(system{os.ReadFile})
	}
	return s
}

// virtual says whether the clock is that of a bubble of testing/synctest, which
// begins with the year 2000 (and no other way to tell is offered).
func virtual() bool { return time.Now().UTC().Year() == 2000 }

// collector reads the settings of the garbage collector.
func (s *Stamp) collector() {
	v := []metrics.Sample{{Name: "/gc/gogc:percent"}, {Name: "/gc/gomemlimit:bytes"}}
	metrics.Read(v)
	if v[0].Value.Kind() == metrics.KindUint64 {
		s.GOGC = -1
		if percent := v[0].Value.Uint64(); percent < math.MaxInt32 {
			s.GOGC = int(percent)
		}
	}
	if v[1].Value.Kind() == metrics.KindUint64 {
		if limit := v[1].Value.Uint64(); limit < math.MaxInt64 {
			s.GOMEMLIMIT = int64(limit)
		}
	}
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
	if s.Virtual {
		parts = append(parts, "virtual time")
	}
	return strings.Join(parts, ", ")
}

// Details is what String leaves out: "kernel 6.8, governor performance,
// load 0.31, GOGC 100, GOMEMLIMIT 2.0 GiB, engine native cells".
func (s Stamp) Details() string {
	var parts []string
	add := func(is bool, format string, v any) {
		if is {
			parts = append(parts, fmt.Sprintf(format, v))
		}
	}
	add(s.Kernel != "", "kernel %s", s.Kernel)
	add(s.Governor != "", "governor %s", s.Governor)
	add(s.OS == "linux", "load %.2f", s.Load)
	add(s.GOGC > 0, "GOGC %d", s.GOGC)
	add(s.GOGC < 0, "GOGC %s", "off")
	add(s.GOMEMLIMIT > 0, "GOMEMLIMIT %.1f GiB", float64(s.GOMEMLIMIT)/(1<<30))
	add(s.Engine != "", "engine %s", s.Engine)
	return strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
