package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// samples is how many points are looked at in each direction of a pixel.
const samples = 6

// raster draws the picture as a PNG of size pixels.
func raster(size int) []byte {
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	waves := [2][halves]curve{wave(1), wave(-1)}
	scale := side / float64(size)
	for y := range size {
		for x := range size {
			picture.SetNRGBA(x, y, pixel(waves, float64(x)*scale, float64(y)*scale, scale))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// pixel is the mean colour of the pixel at x, y.
func pixel(waves [2][halves]curve, x, y, scale float64) color.NRGBA {
	var r, g, b, opaque float64
	for j := range samples {
		for i := range samples {
			at := point{x + scale*(float64(i)+0.5)/samples, y + scale*(float64(j)+0.5)/samples}
			c, ok := colorAt(waves, at)
			if !ok {
				continue
			}
			r, g, b, opaque = r+float64(c.R), g+float64(c.G), b+float64(c.B), opaque+1
		}
	}
	if opaque == 0 {
		return color.NRGBA{}
	}
	mean := func(v float64) uint8 { return uint8(math.Round(v / opaque)) }
	return color.NRGBA{mean(r), mean(g), mean(b), uint8(math.Round(255 * opaque / (samples * samples)))}
}

// colorAt is the colour of a point, false outside the rounded square.
func colorAt(waves [2][halves]curve, p point) (color.NRGBA, bool) {
	if !inside(p) {
		return color.NRGBA{}, false
	}
	// Each crossing lies in a half period; the strands take turns above.
	zone := min(max(int((p.x-left)/half), 0), halves-1)
	over := zone % 2
	switch {
	case distance(waves[over], p) <= thick/2:
		return strand[over], true
	case waves[over][zone].crossing().distance(p) <= thick/2+gap:
		return ground, true
	case distance(waves[1-over], p) <= thick/2:
		return strand[1-over], true
	}
	return ground, true
}

func distance(strand [halves]curve, p point) float64 {
	d := math.Inf(1)
	for _, c := range strand {
		d = min(d, c.distance(p))
	}
	return d
}

func inside(p point) bool {
	const near, far = corner, side - corner
	dx := max(near-p.x, p.x-far, 0)
	dy := max(near-p.y, p.y-far, 0)
	return math.Hypot(dx, dy) <= corner
}
