package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// point is a place on the canvas, in pixels.
type point struct{ x, y float64 }

// line is a run of points; a closed one goes back to its first.
type line struct {
	points []point
	closed bool
}

// fill paints the inside of lines, which count as closed. Where they overlap
// with the same sense of rotation they are painted once.
func fill(dst draw.Image, lines []line, paint color.Color, clip *image.Alpha) {
	box := bounds(lines).Intersect(dst.Bounds())
	if box.Empty() {
		return
	}
	// Only the box is rasterised: the work of the rasteriser grows with its
	// area, not with the path's length.
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(p point) (float32, float32) {
		return float32(near(p.x) - float64(box.Min.X)), float32(near(p.y) - float64(box.Min.Y))
	}
	for _, l := range lines {
		for i, p := range l.points {
			x, y := at(p)
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	if clip == nil {
		r.Draw(dst, box, image.NewUniform(paint), image.Point{})
		return
	}
	mask := image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	r.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	for y := range box.Dy() {
		for x := range box.Dx() {
			i := mask.PixOffset(x, y)
			mask.Pix[i] = uint8(int(mask.Pix[i]) * int(clip.AlphaAt(box.Min.X+x, box.Min.Y+y).A) / 255)
		}
	}
	draw.DrawMask(dst, box, image.NewUniform(paint), image.Point{}, mask, image.Point{}, draw.Over)
}

// bounds is the smallest box of whole pixels around lines.
func bounds(lines []line) image.Rectangle {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, l := range lines {
		for _, p := range l.points {
			lo = point{min(lo.x, p.x), min(lo.y, p.y)}
			hi = point{max(hi.x, p.x), max(hi.y, p.y)}
		}
	}
	if !(lo.x <= hi.x && lo.y <= hi.y) { // also for NaN
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(near(lo.x))), int(math.Floor(near(lo.y))), int(math.Ceil(near(hi.x))), int(math.Ceil(near(hi.y))))
}

// near keeps a coordinate within reach: the rasteriser works through every row
// a line crosses, on the canvas or not.
func near(v float64) float64 {
	const reach = 20_000
	if math.IsNaN(v) {
		return 0
	}
	return max(-reach, min(reach, v))
}
