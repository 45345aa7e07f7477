package stats

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Model is a curve with parameters to be found.
type Model struct {
	// At is the value of the curve at x with these parameters.
	At func(parameters []float64, x float64) float64
	// Start is where the search begins; Lower and Upper are the least and
	// largest values that a parameter may take.
	Start, Lower, Upper []float64
}

// Fit is a curve fitted to points.
type Fit struct {
	// Parameters with their intervals, by Student's t, cut off at the bounds.
	Parameters []Estimate
	// Covariance of the parameters.
	Covariance [][]float64
	// Residuals are the distances of the points from the curve, Error their
	// standard deviation and Freedom its degrees of freedom.
	Residuals []float64
	Error     float64
	Freedom   int

	model  Model
	values []float64
}

// LeastSquares finds the parameters for which the sum of squared distances
// between curve and points is least (Levenberg and Marquardt, with steps that
// stay within the bounds; Nocedal and Wright, Numerical Optimization, 10.3).
//
// It returns an error when there are not more points than parameters, and when
// the points do not determine the parameters.
func LeastSquares(m Model, x, y []float64) (Fit, error) {
	if len(x) != len(y) {
		return Fit{}, fmt.Errorf("fit: %d x values and %d y values; want as many", len(x), len(y))
	}
	if len(x) <= len(m.Start) {
		return Fit{}, fmt.Errorf("fit: %d points for %d parameters; want more points than parameters", len(x), len(m.Start))
	}
	f := Fit{model: m, values: m.search(x, y), Freedom: len(x) - len(m.Start)}
	f.Residuals = m.residuals(f.values, x, y)
	f.Error = math.Sqrt(squares(f.Residuals) / float64(f.Freedom))
	curvature := normal(m.jacobian(f.values, x))
	inverse, err := invert(curvature)
	if err != nil {
		return Fit{}, fmt.Errorf("fit: the points do not determine the parameters: %w", err)
	}
	for i := range inverse {
		for j := range inverse[i] {
			inverse[i][j] *= f.Error * f.Error
		}
	}
	f.Covariance = inverse
	f.intervals()
	return f, nil
}

func (f *Fit) intervals() {
	t := f.t()
	for i, v := range f.values {
		half := t * math.Sqrt(f.Covariance[i][i])
		f.Parameters = append(f.Parameters, Estimate{v, max(v-half, f.model.Lower[i]), min(v+half, f.model.Upper[i])})
	}
}

func (f Fit) t() float64 { return StudentQuantile((1+Level)/2, float64(f.Freedom)) }

// At is the curve at x.
func (f Fit) At(x float64) Estimate {
	return f.Of(func(p []float64) float64 { return f.model.At(p, x) })
}

// Of is a function of the parameters with its interval, by the delta method.
func (f Fit) Of(g func(parameters []float64) float64) Estimate {
	value := g(f.values)
	slope := gradient(g, f.values, f.model)
	variance := 0.0
	for i := range slope {
		for j := range slope {
			variance += slope[i] * f.Covariance[i][j] * slope[j]
		}
	}
	half := f.t() * math.Sqrt(max(variance, 0))
	return Estimate{value, value - half, value + half}
}

// search is the descent; it ends when a step gains nothing any more.
func (m Model) search(x, y []float64) []float64 {
	p := m.within(slices.Clone(m.Start))
	r, j := m.residuals(p, x, y), m.jacobian(p, x)
	least := squares(r)
	damping := 1e-3
	for range 500 {
		next, ok := m.step(p, j, r, damping)
		sum := math.Inf(1)
		if ok {
			sum = squares(m.residuals(next, x, y))
		}
		switch {
		case sum < least:
			gain := (least - sum) / least
			p, least, damping = next, sum, max(damping/10, 1e-12)
			if gain < 1e-12 {
				return p
			}
			r, j = m.residuals(p, x, y), m.jacobian(p, x)
		case damping > 1e12:
			return p
		default:
			damping *= 10
		}
	}
	return p
}

// step solves (JᵀJ + damping·diag(JᵀJ)) δ = Jᵀr for the parameters that are
// not held by a bound.
func (m Model) step(p []float64, j [][]float64, r []float64, damping float64) ([]float64, bool) {
	pull := make([]float64, len(p))
	for k := range p {
		for i := range r {
			pull[k] += j[i][k] * r[i]
		}
	}
	a := normal(j)
	for k := range p {
		held := p[k] <= m.Lower[k] && pull[k] < 0 || p[k] >= m.Upper[k] && pull[k] > 0
		if held {
			pull[k] = 0
			for l := range p {
				a[k][l], a[l][k] = 0, 0
			}
			a[k][k] = 1
		}
		a[k][k] *= 1 + damping
	}
	inverse, err := invert(a)
	if err != nil {
		return nil, false
	}
	next := slices.Clone(p)
	for k := range p {
		for l := range p {
			next[k] += inverse[k][l] * pull[l]
		}
	}
	return m.within(next), true
}

func (m Model) within(p []float64) []float64 {
	for i := range p {
		p[i] = min(max(p[i], m.Lower[i]), m.Upper[i])
	}
	return p
}

func (m Model) residuals(p, x, y []float64) []float64 {
	r := make([]float64, len(x))
	for i := range x {
		r[i] = y[i] - m.At(p, x[i])
	}
	return r
}

// jacobian holds the slope of the curve at each point by each parameter.
func (m Model) jacobian(p, x []float64) [][]float64 {
	j := make([][]float64, len(x))
	for i := range x {
		j[i] = gradient(func(p []float64) float64 { return m.At(p, x[i]) }, p, m)
	}
	return j
}

// gradient is by central differences, one-sided at a bound.
func gradient(g func([]float64) float64, p []float64, m Model) []float64 {
	slope := make([]float64, len(p))
	q := slices.Clone(p)
	for k := range p {
		h := 1e-6 * max(math.Abs(p[k]), 1e-3)
		up, down := min(p[k]+h, m.Upper[k]), max(p[k]-h, m.Lower[k])
		q[k] = up
		above := g(q)
		q[k] = down
		slope[k] = (above - g(q)) / (up - down)
		q[k] = p[k]
	}
	return slope
}

func squares(r []float64) float64 {
	sum := 0.0
	for _, x := range r {
		sum += x * x
	}
	return sum
}

// normal is JᵀJ.
func normal(j [][]float64) [][]float64 {
	n := len(j[0])
	a := make([][]float64, n)
	for k := range a {
		a[k] = make([]float64, n)
		for l := range a[k] {
			for i := range j {
				a[k][l] += j[i][k] * j[i][l]
			}
		}
	}
	return a
}

// invert is Gauss and Jordan with scaling, for the two or three parameters
// there are.
func invert(a [][]float64) ([][]float64, error) {
	n := len(a)
	scale := make([]float64, n)
	work := make([][]float64, n)
	for i := range a {
		if scale[i] = math.Sqrt(a[i][i]); !(scale[i] > 0) || math.IsInf(scale[i], 0) {
			return nil, errors.New("one of them has no effect")
		}
	}
	for i := range a {
		work[i] = make([]float64, 2*n)
		for j := range a {
			work[i][j] = a[i][j] / scale[i] / scale[j]
		}
		work[i][n+i] = 1
	}
	for i := range work {
		if err := eliminate(work, i); err != nil {
			return nil, err
		}
	}
	inverse := make([][]float64, n)
	for i := range work {
		inverse[i] = work[i][n:]
		for j := range inverse[i] {
			inverse[i][j] /= scale[i] * scale[j]
		}
	}
	return inverse, nil
}

// eliminate clears column i in all rows but the i-th. The matrix is symmetric
// and positive, so the diagonal serves as pivot.
func eliminate(work [][]float64, i int) error {
	pivot := work[i][i]
	if !(pivot > 1e-12) {
		return errors.New("they make up for one another")
	}
	for k := range work[i] {
		work[i][k] /= pivot
	}
	for j := range work {
		factor := work[j][i]
		if j == i || factor == 0 {
			continue
		}
		for k := range work[j] {
			work[j][k] -= factor * work[i][k]
		}
	}
	return nil
}

// Rescale is the fit with another standard deviation of the residuals and its
// degrees of freedom, for points that are known to be further off, or less
// independent, than their residuals tell.
func (f Fit) Rescale(deviation float64, freedom int) Fit {
	factor := 1.0
	if f.Error > 0 {
		factor = deviation / f.Error
	}
	g := f
	g.Error, g.Freedom = deviation, freedom
	g.Covariance, g.Parameters = nil, nil
	for _, row := range f.Covariance {
		var scaled []float64
		for _, v := range row {
			scaled = append(scaled, v*factor*factor)
		}
		g.Covariance = append(g.Covariance, scaled)
	}
	g.intervals()
	return g
}
