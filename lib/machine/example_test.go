package machine_test

import (
	"fmt"
	"runtime"
	"time"

	"github.com/interleave-lab/interleave/lib/machine"
)

func ExampleRead() {
	s := machine.Read()
	fmt.Println(s.Go == runtime.Version(), s.Cores >= 1)
	// Output: true true
}

func ExampleStamp_String() {
	fmt.Println(machine.Stamp{CPU: "Xeon", Cores: 8, Physical: 4, GOMAXPROCS: 8, Go: "go1.26.8", OS: "linux", Arch: "amd64"})
	// Output: Xeon, 8 cores (4 physical), GOMAXPROCS 8, go1.26.8 linux/amd64
}

func ExampleStamp_Details() {
	fmt.Println(machine.Stamp{OS: "linux", Kernel: "6.8", Load: 0.5, GOGC: 100}.Details())
	// Output: kernel 6.8, load 0.50, GOGC 100
}

func ExampleSetEngine() {
	machine.SetEngine("native cells")
	defer machine.SetEngine("")
	fmt.Println(machine.Read().Engine)
	// Output: native cells
}

// A meter around a piece of work tells waiting (little CPU) from computing.
func ExampleBegin() {
	m := machine.Begin()
	time.Sleep(20 * time.Millisecond)
	spent := m.End()
	fmt.Println(spent.Wall >= 20*time.Millisecond)
	// Output: true
}

func ExampleMeter_End() {
	m := machine.Begin()
	fmt.Println(m.End().Cores == runtime.NumCPU())
	// Output: true
}

func ExampleSpent_Disturbances() {
	s := machine.Spent{Wall: time.Second, Cores: 2, Steal: 100 * time.Millisecond, Throttled: 40 * time.Millisecond}
	fmt.Println(s.Disturbances())
	// Output: steal 5 %, throttled 40ms
}

func ExampleCPUTime() {
	before := machine.CPUTime()
	for i := range 1000 {
		_ = i * i
	}
	fmt.Println(machine.CPUTime() >= before)
	// Output: true
}
