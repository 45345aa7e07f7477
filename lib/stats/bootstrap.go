package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Bootstrap is a statistic of xs with its bias-corrected and accelerated
// bootstrap interval (BCa; Efron, Better Bootstrap Confidence Intervals,
// 1987), from 2,000 resamples drawn by the seed. Use it for statistics that
// change smoothly with the values, such as means and ratios of sums, from some
// twenty values on; for a median, Median is exact. With fewer than MinCount
// values there is no interval.
func Bootstrap(xs []float64, seed uint64, statistic func([]float64) float64) Estimate {
	e := Exactly(statistic(xs))
	if len(xs) < MinCount {
		return e
	}
	const resamples = 2000
	r := rand.New(rand.NewPCG(seed, 0))
	values, drawn := make([]float64, resamples), make([]float64, len(xs))
	less := 0.0
	for i := range values {
		for j := range drawn {
			drawn[j] = xs[r.IntN(len(xs))]
		}
		values[i] = statistic(drawn)
		switch {
		case values[i] < e.Value:
			less++
		case values[i] == e.Value:
			less += 0.5
		}
	}
	slices.Sort(values)
	bias := NormalQuantile(min(max(less/resamples, 1.0/resamples), 1-1.0/resamples))
	a := acceleration(xs, statistic)
	end := func(p float64) float64 {
		z := bias + NormalQuantile(p)
		return Quantile(values, normalShare(bias+z/(1-a*z)))
	}
	e.Lo, e.Hi = end((1-Level)/2), end((1+Level)/2)
	return e
}

func normalShare(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// acceleration is one sixth of the skewness of the jackknife values.
func acceleration(xs []float64, statistic func([]float64) float64) float64 {
	left := make([]float64, 0, len(xs)-1)
	values := make([]float64, len(xs))
	for i := range xs {
		left = append(append(left[:0], xs[:i]...), xs[i+1:]...)
		values[i] = statistic(left)
	}
	mean := Mean(values)
	var square, cube float64
	for _, v := range values {
		square += (mean - v) * (mean - v)
		cube += (mean - v) * (mean - v) * (mean - v)
	}
	if square == 0 {
		return 0
	}
	return cube / (6 * math.Pow(square, 1.5))
}
