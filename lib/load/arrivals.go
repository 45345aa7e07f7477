package load

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// Arrivals are the times at which users come. Make them with Constant,
// Poisson, Ramp or Burst.
type Arrivals struct {
	text string
	err  error
	// start begins a schedule and returns the function that gives its times,
	// one after the other.
	start func(random *rand.Rand, length time.Duration) (next func() time.Duration)
}

// String tells the arrivals in words: "Poisson, 500/s".
func (a Arrivals) String() string { return a.text }

func (a Arrivals) check() error {
	if a.err == nil && a.start == nil {
		return errors.New("no arrivals; make them with Constant, Poisson, Ramp or Burst")
	}
	return a.err
}

// Schedule yields the times of all arrivals before the end, as time since the
// beginning, ascending. The same seed gives the same times. Arrivals that make
// no sense have none.
func (a Arrivals) Schedule(seed uint64, length time.Duration) iter.Seq[time.Duration] {
	return func(yield func(time.Duration) bool) {
		if a.check() != nil {
			return
		}
		next := a.start(rand.New(rand.NewPCG(seed, 0)), length)
		for at := next(); at < length && yield(at); {
			at = next()
		}
	}
}

// rateText also refuses rates that make no sense.
func rateText(rates ...float64) (text string, err error) {
	for i, r := range rates {
		if !(r > 0) || math.IsInf(r, 1) {
			err = fmt.Errorf("a rate of %v requests a second; want more than 0", r)
		}
		if i > 0 {
			text += " to "
		}
		text += strconv.FormatFloat(r, 'g', 4, 64) + "/s"
	}
	return text, err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Constant is one user every 1/rate seconds, from the beginning on.
func Constant(rate float64) Arrivals {
	text, err := rateText(rate)
	return Arrivals{"constant, " + text, err, func(*rand.Rand, time.Duration) func() time.Duration {
		n := -1.0
		return func() time.Duration { n++; return seconds(n / rate) }
	}}
}

// Poisson is independent users, rate a second on average: the times between
// them are exponential.
func Poisson(rate float64) Arrivals {
	text, err := rateText(rate)
	return Arrivals{"Poisson, " + text, err, func(random *rand.Rand, _ time.Duration) func() time.Duration {
		at := 0.0
		return func() time.Duration { at += random.ExpFloat64() / rate; return seconds(at) }
	}}
}

// Ramp is independent users whose rate changes evenly from one value to the
// other over the whole length.
func Ramp(from, to float64) Arrivals {
	text, err := rateText(from, to)
	return Arrivals{"ramp, " + text, err, func(random *rand.Rand, length time.Duration) func() time.Duration {
		sum := 0.0 // the number of arrivals to be expected so far
		return func() time.Duration {
			sum += random.ExpFloat64()
			return seconds(rampTime(sum, from, to, length.Seconds()))
		}
	}}
}

// rampTime solves from·t + (to-from)·t²/(2·length) = sum for t.
func rampTime(sum, from, to, length float64) float64 {
	d := from*from + 2*(to-from)/length*sum
	if d < 0 {
		return length // a falling rate whose sum is never reached
	}
	return 2 * sum / (from + math.Sqrt(d))
}

// Burst is size users at once, every so often, from the beginning on.
func Burst(size int, every time.Duration) Arrivals {
	var err error
	if size < 1 || every <= 0 {
		err = fmt.Errorf("bursts of %d every %v; want at least one, and more than 0", size, every)
	}
	return Arrivals{fmt.Sprintf("bursts of %d every %v", size, every), err, func(*rand.Rand, time.Duration) func() time.Duration {
		n := -1
		return func() time.Duration { n++; return time.Duration(n/size) * every }
	}}
}
