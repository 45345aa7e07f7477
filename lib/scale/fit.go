package scale

import (
	"fmt"
	"math"

	"github.com/interleave-lab/interleave/lib/display"
	"github.com/interleave-lab/interleave/lib/result"
	"github.com/interleave-lab/interleave/lib/stats"
)

// Fit is a law fitted to a curve. It is fitted to the logarithms of all
// rounds' throughputs, with the throughput of one worker as a parameter of its
// own, so that a bad first round does not spoil all others.
type Fit struct {
	Model string // "Amdahl"
	// Refused says why the law does not explain the curve; empty when it does.
	// A refused fit has parameters only for information, and no curve to draw.
	Refused    string
	Parameters []Parameter
	// R2 is the share of the variation between the rounds that the law
	// explains, and Error what is left, as a share of the throughput.
	R2, Error float64
	// Bound is the largest speed-up that the law allows, infinite when there
	// is none.
	Bound stats.Estimate
	// Peak is the number of workers of the highest throughput; above it more
	// workers are slower. Infinite when there is none.
	Peak stats.Estimate
	// Warnings are to be shown with the numbers.
	Warnings []string

	law  law
	fit  stats.Fit
	base float64 // workers of the first point
}

// Parameter of a law.
type Parameter struct {
	Name, Meaning string
	stats.Estimate
}

// law is a speed-up by the number of workers.
type law struct {
	model  string
	names  []string
	means  []string
	speed  func(p []float64, n float64) float64
	starts [][]float64
	levels int // at least
}

// FitAmdahl fits Amdahl's law (Validity of the Single Processor Approach,
// 1967): a share σ of fixed work cannot be divided, S(n) = n / (1 + σ(n-1)),
// and no number of workers gives more than 1/σ. It needs two levels; the law
// itself is tested from the third on.
func FitAmdahl(c Curve) Fit {
	f := c.fit(law{
		model: "Amdahl", names: []string{"σ"}, means: []string{"share that cannot be divided"},
		speed:  func(p []float64, n float64) float64 { return n / (1 + p[0]*(n-1)) },
		starts: [][]float64{{0.02}, {0.3}}, levels: 2,
	})
	if len(f.Parameters) > 0 {
		f.Bound = f.Parameters[0].Map(func(sigma float64) float64 { return 1 / sigma })
	}
	if f.Refused == "" && c.grows() {
		f.Warnings = append(f.Warnings, "the work grows with the workers; Amdahl's law is about fixed work, see FitGustafson")
	}
	return f
}

// FitGustafson fits Gustafson's law (Reevaluating Amdahl's Law, 1988): of work
// that grows with the workers, a share s of the time is not divided,
// S(n) = n - s(n-1). It refuses a curve of fixed work.
func FitGustafson(c Curve) Fit {
	f := c.fit(law{
		model: "Gustafson", names: []string{"s"}, means: []string{"share of the time that is not divided"},
		speed:  func(p []float64, n float64) float64 { return max(n-p[0]*(n-1), 1e-9) },
		starts: [][]float64{{0.02}, {0.3}}, levels: 2,
	})
	if !c.grows() {
		f.Refused = "the work does not grow with the workers; Gustafson's law is about work that does, see FitAmdahl"
	}
	return f
}

// FitUSL fits the universal scalability law (Gunther, A General Theory of
// Computational Scalability Based on Rational Functions, 2008):
// S(n) = n / (1 + σ(n-1) + κn(n-1)), with σ for contention and κ for
// coherency: the cost of every worker with every other. Throughput peaks at
// sqrt((1-σ)/κ) workers. It needs four levels.
func FitUSL(c Curve) Fit {
	f := c.fit(law{
		model: "USL", names: []string{"σ", "κ"}, means: []string{"contention", "coherency"},
		speed:  func(p []float64, n float64) float64 { return n / (1 + p[0]*(n-1) + p[1]*n*(n-1)) },
		starts: [][]float64{{0.02, 1e-4}, {0.3, 1e-4}, {0.02, 1e-2}}, levels: 4,
	})
	if len(f.Parameters) > 0 {
		f.peak()
	}
	return f
}

// peak derives where the universal law turns. The interval is by the delta
// method on the logarithm; a κ that may be zero leaves it open above.
func (f *Fit) peak() {
	sigma, kappa := f.Parameters[0], f.Parameters[1]
	if kappa.Value <= 0 || sigma.Value >= 1 {
		f.Bound = sigma.Map(func(sigma float64) float64 { return 1 / sigma })
		return
	}
	at := func(p []float64) float64 { return math.Sqrt((1 - p[1]) / p[2]) }
	f.Peak = f.fit.Of(func(p []float64) float64 { return math.Log(at(p)) }).Map(math.Exp)
	f.Bound = f.fit.Of(func(p []float64) float64 { return math.Log(f.law.speed(p[1:], at(p))) }).Map(math.Exp)
	if kappa.Lo <= 0 {
		f.Peak.Hi, f.Bound.Hi = math.Inf(1), math.Inf(1)
		f.Warnings = append(f.Warnings, "κ may be zero: whether there is a peak at all is open")
	}
}

// grows says whether more workers do more work, at least half in proportion.
func (c Curve) grows() bool {
	if len(c.Points) < 2 {
		return false
	}
	each := func(p Point) float64 {
		ops := make([]float64, len(p.Ops))
		for i, n := range p.Ops {
			ops[i] = float64(n) / float64(max(p.Calls, 1))
		}
		return stats.Median(ops).Value
	}
	first, last := c.Points[0], c.Points[len(c.Points)-1]
	more := float64(last.Workers)/float64(first.Workers) - 1
	return each(last)/each(first)-1 > more/2
}

func (c Curve) fit(l law) Fit {
	f := Fit{Model: l.model, law: l, Bound: stats.Exactly(math.Inf(1)), Peak: stats.Exactly(math.Inf(1))}
	if len(c.Points) < l.levels {
		f.Refused = fmt.Sprintf("%d levels; want at least %d for this law", len(c.Points), l.levels)
		return f
	}
	f.base = float64(c.Points[0].Workers)
	var x, y []float64
	for _, p := range c.Points {
		for _, ns := range p.Each() {
			x, y = append(x, float64(p.Workers)), append(y, math.Log(1e9/ns))
		}
	}
	fit, err := l.search(x, y)
	if err != nil {
		f.Refused = err.Error()
		return f
	}
	misfit := c.misfit(l, fit)
	fit = misfit.widen(fit)
	f.fit, f.Error = fit, fit.Error
	if all := sumOfSquares(y, stats.Mean(y)); all > 0 {
		f.R2 = 1 - sumOfSquares(fit.Residuals, 0)/all
	}
	for i, e := range fit.Parameters[1:] {
		f.Parameters = append(f.Parameters, Parameter{l.names[i], l.means[i], e})
	}
	f.judge(c, misfit)
	return f
}

// search starts from several places, since the sum of squares may have more
// than one valley.
func (l law) search(x, y []float64) (best stats.Fit, err error) {
	k := len(l.names)
	m := stats.Model{
		At:    func(p []float64, n float64) float64 { return p[0] + math.Log(l.speed(p[1:], n)) },
		Lower: make([]float64, k+1), Upper: make([]float64, k+1),
	}
	m.Lower[0], m.Upper[0] = -700, 700
	for i := 1; i <= k; i++ {
		m.Upper[i] = 1
	}
	for i, s := range l.starts {
		m.Start = append([]float64{y[0] - math.Log(l.speed(s, x[0]))}, s...)
		fit, e := stats.LeastSquares(m, x, y)
		if i == 0 || err != nil || e == nil && fit.Error < best.Error {
			best, err = fit, e
		}
	}
	return best, err
}

func sumOfSquares(xs []float64, around float64) (sum float64) {
	for _, x := range xs {
		sum += (x - around) * (x - around)
	}
	return sum
}

// lackOfFit is how far the levels lie from the law, beyond the scatter of
// their rounds (Draper and Smith, Applied Regression Analysis, 2.1).
type lackOfFit struct {
	error   float64 // of a level, as a share of the throughput
	square  float64 // mean square
	freedom int     // levels minus parameters
	p       float64 // chance of as much by scatter alone
}

func (c Curve) misfit(l law, fit stats.Fit) lackOfFit {
	var pure, lack float64
	n, at := 0, 0
	for _, p := range c.Points {
		k := len(p.Rounds)
		r := fit.Residuals[at : at+k]
		mean := stats.Mean(r)
		pure += sumOfSquares(r, mean)
		lack += float64(k) * mean * mean
		n, at = n+k, at+k
	}
	m := lackOfFit{freedom: len(c.Points) - len(l.names) - 1, p: 1}
	if m.freedom <= 0 {
		return m
	}
	m.square = lack / float64(m.freedom)
	m.error = math.Sqrt(lack / float64(n))
	if spread := n - len(c.Points); spread > 0 && pure > 0 {
		m.p = stats.FisherTail(m.square/(pure/float64(spread)), float64(m.freedom), float64(spread))
	}
	return m
}

// widen makes the intervals of a fit honest when the levels depart from the
// law by more than the rounds scatter: then the levels are what counts, and
// there are fewer of them.
func (m lackOfFit) widen(fit stats.Fit) stats.Fit {
	if m.p >= stats.Alpha || m.square <= fit.Error*fit.Error {
		return fit
	}
	return fit.Rescale(math.Sqrt(m.square), m.freedom)
}

const (
	tolerated = 0.05 // departure from the law, as a share of the throughput
	widest    = 0.25 // half an interval of a parameter between 0 and 1
)

// judge refuses what does not explain the curve.
func (f *Fit) judge(c Curve, m lackOfFit) {
	switch {
	case m.p < 0.01 && m.error > tolerated:
		f.Refused = fmt.Sprintf("the levels depart from the law by %s, which their rounds' scatter does not explain (p = %s)", result.Percent(m.error), result.Number(m.p))
		return
	case f.Error > widest:
		f.Refused = fmt.Sprintf("the rounds scatter by %s around the law", result.Percent(f.Error))
		return
	}
	for _, p := range f.Parameters {
		if p.Hi-p.Lo > 2*widest {
			f.Refused = fmt.Sprintf("%s may be anything from %s to %s: too much scatter for too few levels", p.Name, result.Number(p.Lo), result.Number(p.Hi))
			return
		}
	}
	if m.freedom <= 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d levels determine the parameters but do not test the law", len(c.Points)))
	}
	if d := c.Disturbed(); 2*d > c.Rounds() {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d rounds were disturbed", d, c.Rounds()))
	}
}

// At is the speed-up over the first point of the curve that the law gives for
// n workers, with its interval. It is NaN for a fit that was refused before
// there were parameters.
func (f Fit) At(n float64) stats.Estimate {
	if len(f.Parameters) == 0 {
		return stats.Exactly(math.NaN())
	}
	return f.fit.Of(func(p []float64) float64 {
		return math.Log(f.law.speed(p[1:], n) / f.law.speed(p[1:], f.base))
	}).Map(math.Exp)
}

// Table is what the fit shows.
func (f Fit) Table() result.Table {
	t := result.Table{Title: f.title(), Head: []string{"", "value", "95 %", "meaning"}}
	for _, p := range f.Parameters {
		t.Rows = append(t.Rows, []string{p.Name, result.Number(p.Value), result.Interval(p.Estimate, ""), p.Meaning})
	}
	if f.Refused == "" {
		t.Rows = append(t.Rows, []string{"bound", result.Number(f.Bound.Value), result.Interval(f.Bound, ""), "largest speed-up"})
		if !math.IsInf(f.Peak.Value, 1) {
			t.Rows = append(t.Rows, []string{"peak", result.Number(f.Peak.Value), result.Interval(f.Peak, ""), "workers of the highest throughput"})
		}
		t.Notes = []string{fmt.Sprintf("R² %.3f, residual error %s", f.R2, result.Percent(f.Error))}
	}
	for _, w := range f.Warnings {
		t.Notes = append(t.Notes, "! "+w)
	}
	return t
}

func (f Fit) title() string {
	if f.Refused != "" {
		return f.Model + " refused: " + f.Refused
	}
	if !math.IsInf(f.Peak.Value, 1) {
		return fmt.Sprintf("%s: at most %s× with %s workers", f.Model, result.Number(f.Bound.Value), result.Number(f.Peak.Value))
	}
	return fmt.Sprintf("%s: at most %s×", f.Model, result.Number(f.Bound.Value))
}

// String is the table as plain text.
func (f Fit) String() string { return f.Table().String() }

// Display implements display.Displayer.
func (f Fit) Display() display.Data { return f.Table().Display() }
