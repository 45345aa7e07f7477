package stats

import (
	"math"
	"slices"
)

// MannWhitney tests whether values of x tend to be larger or smaller than
// values of y. It returns the number of pairs in which x is the larger (a tie
// counts one half) and the two-sided p-value: exact for up to 50 values a side
// without ties, else by the normal approximation with corrections for ties and
// continuity (Mann and Whitney 1947; Hollander, Wolfe and Chicken,
// Nonparametric Statistical Methods, 4.1). Without values p is 1.
func MannWhitney(x, y []float64) (u, p float64) {
	m, n := len(x), len(y)
	if m == 0 || n == 0 {
		return 0, 1
	}
	u, ties := count(x, y)
	if ties == 0 && max(m, n) <= exactLimit {
		return u, exactP(u, m, n)
	}
	return u, normalP(u, float64(m), float64(n), ties)
}

// exactLimit is the size up to which the distribution of U is worked out: 50
// against 50 cost 0.2 million additions.
const exactLimit = 50

// count is U and the sum of t³-t over the groups of t equal values.
func count(x, y []float64) (u, ties float64) {
	for _, a := range x {
		for _, b := range y {
			switch {
			case a > b:
				u++
			case a == b:
				u += 0.5
			}
		}
	}
	all := Ascending(append(slices.Clone(x), y...))
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		t := float64(j - i)
		ties += t*t*t - t
		i = j
	}
	return u, ties
}

// exactP doubles the smaller tail.
func exactP(u float64, m, n int) float64 {
	tail := 0.0
	for i, p := range uDistribution(m, n) {
		if float64(i) > min(u, float64(m*n)-u) {
			break
		}
		tail += p
	}
	return min(1, 2*tail)
}

// uDistribution is the chance of each value of U from 0 to m·n when x and y
// do not differ: the coefficients of the Gaussian binomial, by its recurrence
// as a product of (1-q^(n+i))/(1-q^i).
func uDistribution(m, n int) []float64 {
	d := make([]float64, m*n+1)
	d[0] = 1
	for i := 1; i <= m; i++ {
		for s := m * n; s >= n+i; s-- {
			d[s] -= d[s-n-i]
		}
		for s := i; s <= m*n; s++ {
			d[s] += d[s-i]
		}
	}
	total := math.Exp(logChoose(m+n, m))
	for s := range d {
		d[s] /= total
	}
	return d
}

func normalP(u, m, n, ties float64) float64 {
	all := m + n
	variance := m * n / 12 * (all + 1 - ties/(all*(all-1)))
	distance := math.Abs(u-m*n/2) - 0.5
	if variance <= 0 || distance <= 0 {
		return 1
	}
	return math.Erfc(distance / math.Sqrt(2*variance))
}

// Shift is how much larger values of x are than values of y: the median of
// all differences, with the interval of all shifts which the Mann-Whitney test
// would not reject (Hodges and Lehmann 1963). The interval needs as many
// values as allow it to reject anything, 4 a side; without, and for more than
// a thousand a side, it costs memory for all m·n differences.
func Shift(x, y []float64) Estimate {
	d := make([]float64, 0, len(x)*len(y))
	for _, a := range x {
		for _, b := range y {
			d = append(d, a-b)
		}
	}
	slices.Sort(d)
	e := Exactly(Quantile(d, 0.5))
	if k := shiftRank(len(x), len(y)); k > 0 {
		e.Lo, e.Hi = d[k-1], d[len(d)-k]
	}
	return e
}

// shiftRank is the rank of the lower end among the ordered differences, 0 when
// there is none.
func shiftRank(m, n int) int {
	tail := (1 - Level) / 2
	if max(m, n) > exactLimit {
		a, b := float64(m), float64(n)
		return int(a*b/2 - NormalQuantile(1-tail)*math.Sqrt(a*b*(a+b+1)/12))
	}
	if m == 0 || n == 0 {
		return 0
	}
	below := 0.0
	for k, p := range uDistribution(m, n) {
		if below += p; below > tail {
			return k
		}
	}
	return 0
}

// RoundsFor is how many paired rounds that many comparisons at once need, so
// that any of them can show a difference after Holm: fewer cannot, however
// large it is.
func RoundsFor(comparisons int) int {
	rounds := MinCount
	for float64(comparisons)*math.Exp2(float64(1-rounds)) >= Alpha {
		rounds++
	}
	return rounds
}

// Holm adjusts the p-values of several comparisons made at once, so that the
// chance of any false alarm stays what it is for one (Holm 1979). The result
// is in the order of ps.
func Holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case ps[a] < ps[b]:
			return -1
		case ps[a] > ps[b]:
			return 1
		}
		return 0
	})
	adjusted := make([]float64, len(ps))
	highest := 0.0
	for rank, i := range order {
		highest = max(highest, min(1, float64(len(ps)-rank)*ps[i]))
		adjusted[i] = highest
	}
	return adjusted
}
