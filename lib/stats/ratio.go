package stats

import "math"

// Verdict is the outcome of a comparison.
type Verdict string

// The three verdicts there are.
const (
	Faster       Verdict = "faster"
	Slower       Verdict = "slower"
	NoDifference Verdict = "no difference shown"
)

// Alpha is the chance of a false alarm in every test of this module.
const Alpha = 1 - Level

// Ratio compares times: base divided by other, above 1 when other is faster.
type Ratio struct {
	Estimate
	// P is the chance of a ratio at least as far from 1 when there is no
	// difference.
	P float64 `json:"p"`
	// Detectable is the smallest difference that eight in ten such comparisons
	// would have shown: 0.03 is 3 %. Infinite without an interval.
	Detectable float64 `json:"-"`
}

// PairedRatio is for times measured in turn, so that base[i] and other[i] met
// the same moment: the median of their ratios, with the interval of Median for
// the logarithms. All values must be positive and their numbers equal.
func PairedRatio(base, other []float64) Ratio {
	logs := make([]float64, len(base))
	for i := range base {
		logs[i] = math.Log(base[i] / other[i])
	}
	return ratio(Median(logs), MedianTest(logs), len(logs) >= MinCount)
}

// UnpairedRatio is for times measured apart, on two days or two machines: the
// typical ratio of any value of base to any of other, with the interval and
// the p-value of the Mann-Whitney test. All values must be positive.
func UnpairedRatio(base, other []float64) Ratio {
	x, y := logarithms(base), logarithms(other)
	_, p := MannWhitney(x, y)
	return ratio(Shift(x, y), p, shiftRank(len(x), len(y)) > 0)
}

func logarithms(xs []float64) []float64 {
	ys := make([]float64, len(xs))
	for i, x := range xs {
		ys[i] = math.Log(x)
	}
	return ys
}

func ratio(logs Estimate, p float64, interval bool) Ratio {
	r := Ratio{Estimate: logs.Map(math.Exp), P: p, Detectable: math.Inf(1)}
	if interval {
		// The interval reaches 1.96 errors to each side; 0.84 more and a
		// difference stands out in eight of ten comparisons.
		half := (logs.Hi - logs.Lo) / 2
		r.Detectable = math.Expm1(half * (1 + NormalQuantile(0.8)/NormalQuantile((1+Level)/2)))
	}
	return r
}

// Verdict is the outcome when p is the p-value to go by: r.P, or what Holm
// makes of it where there are several comparisons. Too few values for an
// interval have a p-value that shows nothing.
func (r Ratio) Verdict(p float64) Verdict {
	switch {
	case p >= Alpha:
		return NoDifference
	case r.Value > 1:
		return Faster
	default:
		return Slower
	}
}
