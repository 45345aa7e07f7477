package parts

import (
	"math"
	"math/rand/v2"
	"time"
)

// Latency is a distribution of times. The numbers come from r alone.
type Latency func(r *rand.Rand) time.Duration

// Constant is always d.
func Constant(d time.Duration) Latency { return func(*rand.Rand) time.Duration { return d } }

// Uniform lies between from and to, everywhere as likely.
func Uniform(from, to time.Duration) Latency {
	return func(r *rand.Rand) time.Duration { return from + time.Duration(r.Float64()*float64(to-from)) }
}

// Exponential has the given mean, and no memory: most are short, some are
// long.
func Exponential(mean time.Duration) Latency {
	return func(r *rand.Rand) time.Duration { return time.Duration(r.ExpFloat64() * float64(mean)) }
}

// LogNormal has the given median; sigma is the deviation of the logarithm. The
// 99th percentile is at median·exp(2.33·sigma): with 0.5 at 3.2 medians. Real
// services often look like this.
func LogNormal(median time.Duration, sigma float64) Latency {
	return func(r *rand.Rand) time.Duration {
		return time.Duration(float64(median) * math.Exp(sigma*r.NormFloat64()))
	}
}

// Mixed is slow with the given probability and otherwise usual: a cache that
// misses, a collector that stops everything.
func Mixed(usual, slow Latency, probability float64) Latency {
	return func(r *rand.Rand) time.Duration {
		if r.Float64() < probability {
			return slow(r)
		}
		return usual(r)
	}
}

// Measured takes one of the given times, each as likely.
func Measured(times ...time.Duration) Latency {
	return func(r *rand.Rand) time.Duration {
		if len(times) == 0 {
			return 0
		}
		return times[r.IntN(len(times))]
	}
}
