package charts_test

import (
	"fmt"
	"time"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/lib/bench"
)

func comparison(work string, base, other []time.Duration) bench.Comparison {
	c, err := bench.Between(work, bench.Sample{Name: "sequential", Rounds: base}, bench.Sample{Name: "concurrent", Rounds: other})
	if err != nil {
		panic(err)
	}
	return c
}

// rounds are ten times around a middle, the same for every call.
func rounds(middle time.Duration) []time.Duration {
	var ds []time.Duration
	for i := range 10 {
		ds = append(ds, middle+middle*time.Duration((i*7)%10-5)/100)
	}
	return ds
}

func oneRound() bench.Comparison {
	return comparison("2 × 10 items", []time.Duration{30 * time.Second}, []time.Duration{10 * time.Second})
}

func tenRounds() []bench.Comparison {
	return []bench.Comparison{
		comparison("fetch 20 URLs", rounds(2100*time.Millisecond), rounds(240*time.Millisecond)),
		comparison("decode JSON", rounds(610*time.Millisecond), rounds(610*time.Millisecond)),
		comparison("add two numbers", rounds(time.Microsecond), rounds(3*time.Microsecond)),
	}
}

func ExampleSeqVsConc() {
	c, err := charts.SeqVsConc(oneRound())
	fmt.Println(c.Title(), err)
	fmt.Print(c.Spec().Table)
	// Output:
	// 2 × 10 items: concurrent is 3× faster than sequential, 10 s instead of 30 s <nil>
	// work          sequential (s)  concurrent (s)  speed-up (×)  from (×)  to (×)  verdict
	// 2 × 10 items              30              10             3         3       3  faster
}

func ExampleSeqVsConc_several() {
	c, err := charts.SeqVsConc(tenRounds()...)
	fmt.Println(c.Title(), err)
	same, err := charts.SeqVsConc(tenRounds()[1])
	fmt.Println(same.Title(), err)
	// Output:
	// Concurrent against sequential: faster in 1 of 3, slower in 1 of 3, no difference shown in 1 of 3; speed-up 0.333× to 8.75× <nil>
	// Decode JSON: no difference shown between sequential (607 ms) and concurrent (607 ms) <nil>
}
