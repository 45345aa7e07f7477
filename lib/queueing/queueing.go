// Package queueing predicts what a user waits, from theory and by simulation,
// to be held against what package load measures.
//
// The formulas are those of Erlang (1917) for independent users, exponential
// service times and one queue before all servers, as in Kleinrock, Queueing
// Systems 1, 3.2 and 3.5.
package queueing

import (
	"container/heap"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// MMc is a station of equal servers with one queue: M/M/c. With one server it
// is M/M/1.
type MMc struct {
	Arrivals float64 // users a second, independent of each other
	Service  float64 // users a second that one server can serve, on average
	Servers  int
}

// check reports a station that makes no sense.
func (m MMc) check() error {
	if !(m.Arrivals > 0) || !(m.Service > 0) || m.Servers < 1 {
		return fmt.Errorf("queueing: %v arrivals and %v served a second by each of %d servers; want more than 0 of each", m.Arrivals, m.Service, m.Servers)
	}
	return nil
}

// Utilization is the share of the time for which a server is busy, ρ. From 1
// on the queue grows for ever, and all that follows is infinite.
func (m MMc) Utilization() float64 { return m.Arrivals / (m.Service * float64(m.Servers)) }

// Waits is the chance that a user has to wait for a server: Erlang's C.
func (m MMc) Waits() float64 {
	rho := m.Utilization()
	if rho >= 1 {
		return 1
	}
	load := m.Arrivals / m.Service
	blocked := 1.0 // Erlang's B, by its recurrence: no factorials that overflow
	for servers := 1; servers <= m.Servers; servers++ {
		blocked = load * blocked / (float64(servers) + load*blocked)
	}
	return blocked / (1 - rho*(1-blocked))
}

// Wait is the mean time in the queue, in seconds.
func (m MMc) Wait() float64 {
	if m.Utilization() >= 1 {
		return math.Inf(1)
	}
	return m.Waits() / m.spare()
}

// spare is by how much more users a second could be served than come.
func (m MMc) spare() float64 { return m.Service*float64(m.Servers) - m.Arrivals }

// Response is the mean time from arrival to departure, in seconds: W.
func (m MMc) Response() float64 { return m.Wait() + 1/m.Service }

// Present is the mean number of users in the station, waiting or being served:
// L, by Little's law.
func (m MMc) Present() float64 { return m.Arrivals * m.Response() }

// WaitQuantile is the time in the queue that a share q of the users do not
// exceed, in seconds.
func (m MMc) WaitQuantile(q float64) float64 {
	if m.Utilization() >= 1 {
		return math.Inf(1)
	}
	return max(0, math.Log(m.Waits()/(1-q))/m.spare())
}

// ResponseQuantile is the time from arrival to departure that a share q of the
// users do not exceed, in seconds.
func (m MMc) ResponseQuantile(q float64) float64 {
	if m.Utilization() >= 1 {
		return math.Inf(1)
	}
	lo, hi := 0.0, 1/m.Service
	for m.stays(hi) > 1-q {
		lo, hi = hi, 2*hi
	}
	for range 60 {
		if mid := (lo + hi) / 2; m.stays(mid) > 1-q {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// stays is the chance of a response time above t: the sum of an exponential
// service time and, with the chance Waits, an exponential wait.
func (m MMc) stays(t float64) float64 {
	c, mu, spare := m.Waits(), m.Service, m.spare()
	if math.Abs(mu-spare) < 1e-9*mu {
		return math.Exp(-mu*t) * (1 + c*mu*t)
	}
	return math.Exp(-mu*t) + c*mu/(mu-spare)*(math.Exp(-spare*t)-math.Exp(-mu*t))
}

// Simulation is what happened to simulated users.
type Simulation struct {
	Waits     []time.Duration // in the queue, in order of arrival
	Responses []time.Duration // from arrival to departure
	// Present is how many users one who arrives finds in the station, on
	// average. Since arrivals are independent that is the average over time
	// (Wolff, Poisson Arrivals See Time Averages, 1982), found without
	// measuring any time: Little's law can be tried on it.
	Present  float64
	Arrivals float64 // users a second, as they came
}

// Mean is the mean of times, in seconds.
func Mean(times []time.Duration) float64 {
	sum := 0.0
	for _, d := range times {
		sum += d.Seconds()
	}
	return sum / float64(len(times))
}

// Simulate sends so many users through the station, drawn by the seed, and
// says what happened to them. It costs some 0.3 µs a user.
//
// It returns an error for a station that makes no sense, and for no users.
func (m MMc) Simulate(users int, seed uint64) (Simulation, error) {
	if err := m.check(); err != nil {
		return Simulation{}, err
	}
	if users < 1 {
		return Simulation{}, errors.New("queueing: no users to simulate")
	}
	random := rand.New(rand.NewPCG(seed, 0))
	free := make([]float64, m.Servers) // when each server is free
	s := Simulation{Waits: make([]time.Duration, users), Responses: make([]time.Duration, users)}
	var departures departures
	now, found := 0.0, 0
	for i := range users {
		now += random.ExpFloat64() / m.Arrivals
		for len(departures) > 0 && departures[0] <= now {
			heap.Pop(&departures)
		}
		found += len(departures)
		server := slices.Index(free, slices.Min(free))
		start := max(now, free[server])
		free[server] = start + random.ExpFloat64()/m.Service
		heap.Push(&departures, free[server])
		s.Waits[i], s.Responses[i] = seconds(start-now), seconds(free[server]-now)
	}
	s.Arrivals = float64(users) / now
	s.Present = float64(found) / float64(users)
	return s, nil
}

// departures of the users in the station, the next one first.
type departures []float64

func (d departures) Len() int           { return len(d) }
func (d departures) Less(i, j int) bool { return d[i] < d[j] }
func (d departures) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *departures) Push(x any)        { *d = append(*d, x.(float64)) }
func (d *departures) Pop() any {
	last := len(*d) - 1
	x := (*d)[last]
	*d = (*d)[:last]
	return x
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
