package raster

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// paletted gives each pixel one of at most 256 colours, which makes the file a
// third as large. A chart has few colours; what more there are comes from
// smooth edges, and takes the nearest of the frequent ones.
func paletted(src *image.RGBA) *image.Paletted {
	counts := map[uint32]int{}
	runs(src, func(c uint32, from, to int) { counts[c] += to - from })
	colors := make([]uint32, 0, len(counts))
	for c := range counts {
		colors = append(colors, c)
	}
	slices.SortFunc(colors, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	var palette color.Palette
	index := make(map[uint32]uint8, len(colors))
	for i, c := range colors {
		if i < 256 {
			palette = append(palette, color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255})
			index[c] = uint8(i)
		} else {
			index[c] = nearest(colors[:256], c)
		}
	}
	dst := image.NewPaletted(src.Bounds(), palette)
	runs(src, func(c uint32, from, to int) {
		i := index[c]
		for p := from; p < to; p++ {
			dst.Pix[p] = i
		}
	})
	return dst
}

// runs calls f for each run of pixels of one colour, 0xRRGGBB, by the numbers
// of its pixels. The image begins at (0, 0) and is opaque.
func runs(m *image.RGBA, f func(c uint32, from, to int)) {
	last, from := uint32(0), 0
	n := len(m.Pix) / 4
	for p := range n {
		b := m.Pix[4*p : 4*p+4 : 4*p+4]
		c := uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
		if p > 0 && c != last {
			f(last, from, p)
			from = p
		}
		last = c
	}
	if n > 0 {
		f(last, from, n)
	}
}

// nearest is the number of the colour most like c.
func nearest(colors []uint32, c uint32) uint8 {
	best, least := 0, 1<<30
	for i, k := range colors {
		r, g, b := int(c>>16)-int(k>>16), int(c>>8&255)-int(k>>8&255), int(c&255)-int(k&255)
		if d := 2*r*r + 4*g*g + 3*b*b; d < least {
			best, least = i, d
		}
	}
	return uint8(best)
}
