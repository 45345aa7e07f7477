package main

import (
	"fmt"
	"image/color"
	"math"
	"strings"
)

// The picture is a square of side units, rounded at the corners.
const (
	side   = 64.0
	corner = 14.0
	thick  = 7.6 // of a strand
	gap    = 3.0 // seen on each side of the strand that lies above
)

var (
	ground = color.NRGBA{0x12, 0x23, 0x3f, 0xff}
	strand = [2]color.NRGBA{{0x2f, 0xc6, 0xc8, 0xff}, {0xff, 0xa2, 0x4c, 0xff}}
)

type point struct{ x, y float64 }

// curve is a cubic Bézier curve.
type curve [4]point

// The strands are waves of these half periods, mirrored at the middle.
const (
	left   = 10.0
	half   = 22.0 // half a period
	halves = 2
	height = 13.0 // of the wave over the middle
)

// wave returns the half periods of a strand; up is 1 or -1. A cubic with its
// handles at 0.3642 of the half period follows a cosine to within a thousandth.
func wave(up float64) [halves]curve {
	const handle = 0.3642 * half
	var w [halves]curve
	for i := range w {
		x, y := left+half*float64(i), up*height
		w[i] = curve{
			{x, side/2 - y}, {x + handle, side/2 - y},
			{x + half - handle, side/2 + y}, {x + half, side/2 + y},
		}
		up = -up
	}
	return w
}

func (c curve) at(t float64) point {
	s := 1 - t
	b := [4]float64{s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t}
	var p point
	for i := range c {
		p.x += b[i] * c[i].x
		p.y += b[i] * c[i].y
	}
	return p
}

// crossing returns the middle of the curve, from which the strand below keeps
// its distance.
func (c curve) crossing() curve {
	const from, to = 0.2, 0.8
	a, b := c.at(from), c.at(to)
	da, db := c.slope(from), c.slope(to)
	const third = (to - from) / 3
	return curve{
		a, {a.x + third*da.x, a.y + third*da.y},
		{b.x - third*db.x, b.y - third*db.y}, b,
	}
}

// slope is the derivative of at.
func (c curve) slope(t float64) point {
	s := 1 - t
	b := [3]float64{3 * s * s, 6 * s * t, 3 * t * t}
	var d point
	for i := range b {
		d.x += b[i] * (c[i+1].x - c[i].x)
		d.y += b[i] * (c[i+1].y - c[i].y)
	}
	return d
}

// distance returns how far p is from the curve, to about a hundredth.
func (c curve) distance(p point) float64 {
	const steps = 64
	nearest := math.Inf(1)
	a := c.at(0)
	for i := 1; i <= steps; i++ {
		b := c.at(float64(i) / steps)
		nearest = min(nearest, toSegment(p, a, b))
		a = b
	}
	return nearest
}

func toSegment(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := ((p.x-a.x)*dx + (p.y-a.y)*dy) / (dx*dx + dy*dy)
	t = min(max(t, 0), 1)
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

// svg writes the picture with strokes: both strands, then, for each crossing,
// the upper one once more with the ground around it.
func svg() []byte {
	var b strings.Builder
	waves := [2][halves]curve{wave(1), wave(-1)}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %[1]g" width="%[1]g" height="%[1]g">`+"\n", side)
	fmt.Fprintf(&b, `<rect width="%g" height="%[1]g" rx="%g" fill="%s"/>`+"\n", side, corner, hex(ground))
	fmt.Fprintf(&b, `<g fill="none" stroke-width="%g">`+"\n", thick)
	for i, w := range waves {
		stroke(&b, w[:], fmt.Sprintf(`stroke-linecap="round" stroke="%s"`, hex(strand[i])))
	}
	for i := range halves {
		over := waves[i%2][i : i+1]
		around := []curve{over[0].crossing()}
		stroke(&b, around, fmt.Sprintf(`stroke-width="%g" stroke="%s"`, thick+2*gap, hex(ground)))
		stroke(&b, over, fmt.Sprintf(`stroke="%s"`, hex(strand[i%2])))
	}
	b.WriteString("</g>\n</svg>\n")
	return []byte(b.String())
}

func stroke(b *strings.Builder, curves []curve, attributes string) {
	fmt.Fprintf(b, `<path %s d="M%s`, attributes, pair(curves[0][0]))
	for _, c := range curves {
		fmt.Fprintf(b, "C%s %s %s", pair(c[1]), pair(c[2]), pair(c[3]))
	}
	b.WriteString(`"/>` + "\n")
}

func pair(p point) string { return fmt.Sprintf("%.4g,%.4g", p.x, p.y) }

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
