package queueing_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/interleave-lab/interleave/lib/queueing"
)

// Values of Erlang's C from the usual tables, and M/M/1 in closed form.
func TestTheory(t *testing.T) {
	for _, c := range []struct {
		station queueing.MMc
		waits   float64
	}{
		{queueing.MMc{Arrivals: 0.5, Service: 1, Servers: 1}, 0.5},
		{queueing.MMc{Arrivals: 1, Service: 1, Servers: 2}, 1.0 / 3},
		{queueing.MMc{Arrivals: 2, Service: 1, Servers: 3}, 4.0 / 9},
		{queueing.MMc{Arrivals: 5, Service: 1, Servers: 6}, 0.5875},
		{queueing.MMc{Arrivals: 8, Service: 1, Servers: 10}, 0.4092},
		{queueing.MMc{Arrivals: 3, Service: 1, Servers: 2}, 1},
	} {
		if got := c.station.Waits(); math.Abs(got-c.waits) > 1e-4 {
			t.Errorf("%+v: a user waits with the chance %.4f, want %.4f", c.station, got, c.waits)
		}
	}
	one := queueing.MMc{Arrivals: 3, Service: 5, Servers: 1}
	for name, c := range map[string][2]float64{
		"response": {one.Response(), 0.5}, "wait": {one.Wait(), 0.3}, "present": {one.Present(), 1.5}, "utilization": {one.Utilization(), 0.6},
		"median of the response": {one.ResponseQuantile(0.5), math.Ln2 / 2}, "p90 of the wait": {one.WaitQuantile(0.9), math.Log(6) / 2}, "p10 of the wait": {one.WaitQuantile(0.1), 0},
	} {
		if math.Abs(c[0]-c[1]) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, c[0], c[1])
		}
	}
	// Equal rates of service and of spare capacity are no special case to a user.
	equal, nearly := queueing.MMc{Arrivals: 1, Service: 1, Servers: 2}, queueing.MMc{Arrivals: 1.0001, Service: 1, Servers: 2}
	if a, b := equal.ResponseQuantile(0.9), nearly.ResponseQuantile(0.9); math.Abs(a/b-1) > 0.001 {
		t.Errorf("p90 %v and, with hardly more arrivals, %v", a, b)
	}
	full := queueing.MMc{Arrivals: 2, Service: 1, Servers: 2}
	for _, x := range []float64{full.Wait(), full.Response(), full.Present(), full.WaitQuantile(0.5), full.ResponseQuantile(0.5)} {
		if !math.IsInf(x, 1) {
			t.Errorf("a full station: %v, want infinity", x)
		}
	}
}

// The simulation must agree with the theory within 3 % (20 % for the chance of a
// tail), and Little's law must hold within 2 %. With many servers few users
// wait, so it takes more of them.
func TestSimulationAgreesWithTheory(t *testing.T) {
	for _, c := range []struct {
		m     queueing.MMc
		users int
	}{
		{queueing.MMc{Arrivals: 5, Service: 10, Servers: 1}, 400_000},
		{queueing.MMc{Arrivals: 7, Service: 10, Servers: 1}, 400_000},
		{queueing.MMc{Arrivals: 15, Service: 10, Servers: 2}, 400_000},
		{queueing.MMc{Arrivals: 32, Service: 10, Servers: 4}, 400_000},
		{queueing.MMc{Arrivals: 130, Service: 10, Servers: 16}, 2_000_000},
	} {
		m := c.m
		s, err := m.Simulate(c.users, 1)
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string][3]float64{
			"response":     {queueing.Mean(s.Responses), m.Response(), 0.03},
			"wait":         {queueing.Mean(s.Waits), m.Wait(), 0.03},
			"present":      {s.Present, m.Present(), 0.03},
			"Little's law": {s.Present, s.Arrivals * queueing.Mean(s.Responses), 0.02},
		} {
			if math.Abs(c[0]/c[1]-1) > c[2] {
				t.Errorf("%+v: %s is %v, want %v within %v", m, name, c[0], c[1], c[2])
			}
		}
		for _, q := range []float64{0.5, 0.9, 0.99} {
			for name, c := range map[string][2]float64{
				"response": {m.ResponseQuantile(q), share(s.Responses, m.ResponseQuantile(q))},
				"wait":     {m.WaitQuantile(q), share(s.Waits, m.WaitQuantile(q))},
			} {
				if c[0] > 0 && math.Abs((1-c[1])/(1-q)-1) > 0.2 {
					t.Errorf("%+v: %.4f of the %ss exceed the %v quantile", m, 1-c[1], name, q)
				}
			}
		}
	}
}

func TestSimulateRefuses(t *testing.T) {
	for _, m := range []queueing.MMc{{}, {Arrivals: 1, Service: 1}, {Arrivals: math.NaN(), Service: 1, Servers: 1}} {
		if _, err := m.Simulate(1, 1); err == nil {
			t.Errorf("%+v: no error", m)
		}
	}
	if _, err := (queueing.MMc{Arrivals: 1, Service: 2, Servers: 1}).Simulate(0, 1); err == nil {
		t.Error("no users, no error")
	}
}

func ExampleMMc() {
	m := queueing.MMc{Arrivals: 15, Service: 10, Servers: 2}
	fmt.Printf("%.0f %% busy, %.0f %% of the users wait, %.0f ms on average, %.2f present\n",
		100*m.Utilization(), 100*m.Waits(), 1000*m.Response(), m.Present())
	// Output: 75 % busy, 64 % of the users wait, 229 ms on average, 3.43 present
}

func ExampleMMc_Utilization() {
	fmt.Println(queueing.MMc{Arrivals: 30, Service: 10, Servers: 4}.Utilization())
	// Output: 0.75
}

func ExampleMMc_Waits() {
	fmt.Printf("%.3f\n", queueing.MMc{Arrivals: 10, Service: 10, Servers: 2}.Waits())
	// Output: 0.333
}

func ExampleMMc_Wait() {
	fmt.Printf("%.2f s\n", queueing.MMc{Arrivals: 9, Service: 10, Servers: 1}.Wait())
	// Output: 0.90 s
}

func ExampleMMc_Response() {
	fmt.Printf("%.2f s\n", queueing.MMc{Arrivals: 9, Service: 10, Servers: 1}.Response())
	// Output: 1.00 s
}

func ExampleMMc_Present() {
	fmt.Printf("%.2f\n", queueing.MMc{Arrivals: 9, Service: 10, Servers: 1}.Present())
	// Output: 9.00
}

func ExampleMMc_WaitQuantile() {
	fmt.Printf("%.2f s\n", queueing.MMc{Arrivals: 9, Service: 10, Servers: 1}.WaitQuantile(0.99))
	// Output: 4.50 s
}

func ExampleMMc_ResponseQuantile() {
	fmt.Printf("%.2f s\n", queueing.MMc{Arrivals: 9, Service: 10, Servers: 1}.ResponseQuantile(0.99))
	// Output: 4.61 s
}

func ExampleMMc_Simulate() {
	m := queueing.MMc{Arrivals: 5, Service: 10, Servers: 1}
	s, err := m.Simulate(100_000, 1)
	fmt.Printf("%.2f s in theory, %.1f s simulated, %v\n", m.Response(), queueing.Mean(s.Responses), err)
	// Output: 0.20 s in theory, 0.2 s simulated, <nil>
}

func ExampleMean() {
	fmt.Println(queueing.Mean([]time.Duration{time.Second, 2 * time.Second}))
	// Output: 1.5
}

// share is how many of the times do not exceed the limit.
func share(times []time.Duration, limit float64) float64 {
	n := 0
	for _, d := range times {
		if d.Seconds() <= limit {
			n++
		}
	}
	return float64(n) / float64(len(times))
}
