package raster

import (
	"fmt"
	"math"
	"strings"
)

// matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f), as in SVG.
type matrix struct{ a, b, c, d, e, f float64 }

func scaling(s float64) matrix { return matrix{a: s, d: s} }

func (m matrix) apply(p point) point {
	return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f}
}

// times maps by n first and then by m.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

// scale is by how much lengths grow, on average over all directions.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

// transformed applies the transform attribute of an element (SVG 1.1, 7.6).
func (m matrix) transformed(list string) (matrix, error) {
	for list = strings.TrimSpace(list); list != ""; list = strings.TrimLeft(list, " ,\n") {
		name, rest, ok := strings.Cut(list, "(")
		args, after, closed := strings.Cut(rest, ")")
		v := numbers(args)
		t, known := transform(strings.TrimSpace(name), v)
		if !ok || !closed || !known {
			return m, fmt.Errorf("transform %q is not known", list)
		}
		m, list = m.times(t), after
	}
	return m, nil
}

func transform(name string, v []float64) (matrix, bool) {
	switch {
	case name == "matrix" && len(v) == 6:
		return matrix{v[0], v[1], v[2], v[3], v[4], v[5]}, true
	case name == "translate" && len(v) == 1:
		return matrix{1, 0, 0, 1, v[0], 0}, true
	case name == "translate" && len(v) == 2:
		return matrix{1, 0, 0, 1, v[0], v[1]}, true
	case name == "scale" && len(v) == 1:
		return scaling(v[0]), true
	case name == "scale" && len(v) == 2:
		return matrix{a: v[0], d: v[1]}, true
	case name == "rotate" && len(v) == 1:
		s, c := math.Sincos(v[0] * math.Pi / 180)
		return matrix{c, s, -s, c, 0, 0}, true
	}
	return matrix{}, false
}
