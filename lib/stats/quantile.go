package stats

import "math"

// NormalQuantile is the p-quantile of the standard normal distribution.
func NormalQuantile(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }

// StudentQuantile is the p-quantile of Student's t with the given degrees of
// freedom, found by halving; p must lie between 0 and 1.
func StudentQuantile(p, freedom float64) float64 {
	if p < 0.5 {
		return -StudentQuantile(1-p, freedom)
	}
	lo, hi := 0.0, 1.0
	for studentTail(hi, freedom) > 1-p {
		lo, hi = hi, 2*hi
	}
	for range 60 {
		if mid := (lo + hi) / 2; studentTail(mid, freedom) > 1-p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// studentTail is the chance of more than t (Abramowitz and Stegun 26.7.1).
func studentTail(t, freedom float64) float64 {
	return betaShare(freedom/(freedom+t*t), freedom/2, 0.5) / 2
}

// FisherTail is the chance that Fisher's F with a and b degrees of freedom is
// more than f (Abramowitz and Stegun 26.6.2).
func FisherTail(f, a, b float64) float64 {
	if f <= 0 {
		return 1
	}
	return betaShare(b/(b+a*f), b/2, a/2)
}

// betaShare is the regularised incomplete beta function I_x(a, b), by its
// continued fraction (Abramowitz and Stegun 26.5.8), evaluated by Lentz.
func betaShare(x, a, b float64) float64 {
	if x <= 0 {
		return 0
	}
	if x >= 1 {
		return 1
	}
	if x > (a+1)/(a+b+2) { // where the fraction converges slowly
		return 1 - betaShare(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	return front * betaFraction(x, a, b)
}

func betaFraction(x, a, b float64) float64 {
	const tiny = 1e-300
	away := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	h := d
	for i := 1; i < 500; i++ {
		m := float64(i)
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/away(1+even*d), away(1+even/c)
		h *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/away(1+odd*d), away(1+odd/c)
		h *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return h
}
