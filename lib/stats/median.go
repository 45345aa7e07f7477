package stats

import "math"

// MinCount is the smallest number of values that gives a 95 % interval for
// their median: with fewer, even the range from the smallest to the largest
// holds the true median less often than that.
const MinCount = 6

// Median is the median with its interval, whatever the distribution of the
// values, from MinCount values on. It is NaN of no values.
//
// The interval lies between two neighbouring pairs of order statistics,
// interpolated so that it covers 95 % (Hettmansperger and Sheather, Confidence
// Intervals Based on Interpolated Order Statistics, 1986). It is what the
// percentile bootstrap of a median aims at, without drawing: the chances of an
// order statistic to be the median of a resample are binomial and known.
//
// Tried and dropped, in 2,000 trials each of ten values from seven
// distributions: percentile bootstrap (covers 92-94 %), bootstrap with kernel
// noise (95-98 %), studentised bootstrap with the Maritz-Jarrett error
// (88-96 %). This covers 94-95.5 %, also with six values.
func Median(xs []float64) Estimate {
	ys := Ascending(xs)
	e := Exactly(Quantile(ys, 0.5))
	if len(ys) >= MinCount {
		e.Lo, e.Hi = medianInterval(ys, Level)
	}
	return e
}

// medianInterval is the interval of the given level, which must be at least
// 0.5 and at most that of the range.
func medianInterval(ascending []float64, level float64) (lo, hi float64) {
	n := len(ascending)
	k, wide, narrow := ranks(n, level)
	share := (wide - level) / (wide - narrow)
	w := float64(n-k) * share / (float64(k) + float64(n-2*k)*share)
	lo = (1-w)*ascending[k-1] + w*ascending[k]
	hi = (1-w)*ascending[n-k] + w*ascending[n-k-1]
	return lo, hi
}

// ranks is the largest k for which the k-th smallest and the k-th largest of n
// values enclose the median with at least the level; wide is how surely they
// do and narrow how surely the next pair does.
func ranks(n int, level float64) (k int, wide, narrow float64) {
	below := math.Exp2(float64(-n)) // P(Binomial(n, 1/2) < 1)
	wide = 1 - 2*below
	for k = 1; ; k++ {
		below += math.Exp(logChoose(n, k) - float64(n)*math.Ln2)
		narrow = 1 - 2*below
		if narrow < level {
			return k, wide, narrow
		}
		wide = narrow
	}
}

// logChoose is the logarithm of the number of ways to choose k of n.
func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// MedianTest is the p-value for a median of zero: the chance of values at
// least as far from it. It is 1 minus the level of the widest interval of
// Median that does not hold zero, so that test and interval never contradict
// each other; 1 when even the interval that covers one half holds zero, and
// when there are fewer than MinCount values.
func MedianTest(xs []float64) float64 {
	n := len(xs)
	if n < MinCount {
		return 1
	}
	ys := Ascending(xs)
	excludes := func(level float64) bool {
		lo, hi := medianInterval(ys, level)
		return lo > 0 || hi < 0
	}
	if ys[0] > 0 || ys[n-1] < 0 {
		return math.Exp2(float64(1 - n)) // all on one side: the sign test
	}
	in, out := 0.5, 1-math.Exp2(float64(1-n)) // levels that do and do not exclude zero
	if !excludes(in) {
		return 1
	}
	for range 40 {
		if mid := (in + out) / 2; excludes(mid) {
			in = mid
		} else {
			out = mid
		}
	}
	return 1 - in
}
