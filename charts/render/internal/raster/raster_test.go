package raster_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/interleave-lab/interleave/charts/render/internal/raster"
)

// draw draws elements on 100 × 100 pixels of white.
func draw(t testing.TB, elements string) image.Image {
	t.Helper()
	b, err := raster.PNG(`<svg width="100" height="100" xmlns="http://www.w3.org/2000/svg">`+elements+`</svg>`, 1)
	if err != nil {
		t.Fatalf("%s: %v", elements, err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func at(m image.Image, x, y int) string {
	c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, v := range []uint8{c.R, c.G, c.B} {
		b.WriteByte(hex[v>>4])
		b.WriteByte(hex[v&15])
	}
	return b.String()
}

func TestShapes(t *testing.T) {
	type place struct {
		x, y int
		want string
	}
	const white, red = "FFFFFF", "FF0000"
	for name, c := range map[string]struct {
		svg    string
		places []place
	}{
		"rect":       {`<rect x="10" y="20" width="30" height="40" fill="red"/>`, []place{{11, 21, red}, {39, 59, red}, {9, 30, white}, {41, 30, white}, {20, 61, white}}},
		"circle":     {`<circle cx="50" cy="50" r="20" fill="#f00"/>`, []place{{50, 50, red}, {50, 32, red}, {36, 36, red}, {33, 33, white}, {72, 50, white}}},
		"polygon":    {`<polygon points="10,10 90,10 10,90" fill="rgb(255,0,0)"/>`, []place{{15, 15, red}, {80, 80, white}}},
		"relative":   {`<path d="m10 10l80 0v80h-80z" fill="red"/>`, []place{{50, 50, red}, {5, 50, white}}},
		"compact":    {`<path d="M10-10L10,90 90.5.5Z" fill="red"/>`, []place{{15, 40, red}, {80, 80, white}}},
		"curve":      {`<path d="M0 50C0 0 100 0 100 50Z" fill="red"/>`, []place{{50, 30, red}, {50, 5, white}, {50, 60, white}}},
		"quadratic":  {`<path d="M0 50Q50 0 100 50Z" fill="red"/>`, []place{{50, 35, red}, {50, 15, white}}},
		"arc":        {`<path d="M20 50A30 30 0 0 1 80 50Z" fill="red"/>`, []place{{50, 30, red}, {50, 60, white}, {50, 15, white}}},
		"large arc":  {`<path d="M50 50L80 50A30 30 0 1 1 50 20Z" fill="red"/>`, []place{{35, 65, red}, {60, 40, white}}},
		"stroke":     {`<path d="M10 50L90 50" fill="none" stroke="red" stroke-width="10"/>`, []place{{50, 47, red}, {50, 53, red}, {50, 40, white}, {5, 50, white}}},
		"joint":      {`<polyline points="10,90 50,10 90,90" fill="none" stroke="red" stroke-width="8"/>`, []place{{50, 10, red}, {30, 50, red}, {50, 60, white}}},
		"dashes":     {`<path d="M0 50L100 50" fill="none" stroke="red" stroke-width="10" stroke-dasharray="20,20"/>`, []place{{10, 50, red}, {30, 50, white}, {50, 50, red}, {70, 50, white}}},
		"half":       {`<rect width="100" height="100" fill="red" fill-opacity="0.5"/>`, []place{{50, 50, "FF7F7F"}}},
		"group":      {`<g transform="translate(50 0)" opacity="0.5"><rect width="10" height="10" fill="#000"/></g>`, []place{{55, 5, "7F7F7F"}, {5, 5, white}}},
		"matrix":     {`<rect width="10" height="20" transform="matrix(0,1,-1,0,50,50)" fill="red"/>`, []place{{40, 55, red}, {55, 55, white}}},
		"rotate":     {`<g transform="translate(50,50) rotate(90) scale(2)"><rect width="20" height="5" fill="red"/></g>`, []place{{45, 70, red}, {55, 70, white}}},
		"clip":       {`<defs><clipPath id="c"><rect width="50" height="100"/></clipPath></defs><g clip-path="url(#c)"><rect width="100" height="100" fill="red"/></g>`, []place{{25, 50, red}, {75, 50, white}}},
		"no fill":    {`<rect width="100" height="100" fill="none"/>`, []place{{50, 50, white}}},
		"off canvas": {`<rect x="-500" y="-500" width="400" height="400" fill="red"/><path d="M1e9 1e9L-1e9 1e9Z" fill="red"/>`, []place{{50, 50, white}}},
	} {
		m := draw(t, c.svg)
		for _, p := range c.places {
			if got := at(m, p.x, p.y); got != p.want {
				t.Errorf("%s: (%d, %d) is %s, want %s", name, p.x, p.y, got, p.want)
			}
		}
	}
}

// ink counts the pixels that are not white, left and right of the middle.
func ink(m image.Image) (left, right int) {
	for y := range 100 {
		for x := range 100 {
			if at(m, x, y) != "FFFFFF" {
				if x < 50 {
					left++
				} else {
					right++
				}
			}
		}
	}
	return left, right
}

func TestText(t *testing.T) {
	text := func(attrs, style string) image.Image {
		return draw(t, `<text x="50" y="50" `+attrs+` style="font-size:14px;`+style+`" fill="#000">mmm</text>`)
	}
	if l, r := ink(text(``, ``)); l > 5 || r < 50 {
		t.Errorf("a text that starts in the middle has %d pixels left and %d right of it", l, r)
	}
	if l, r := ink(text(`text-anchor="end"`, ``)); r > 5 || l < 50 {
		t.Errorf("a text that ends in the middle has %d pixels left and %d right of it", l, r)
	}
	l, r := ink(text(`text-anchor="middle"`, ``))
	if l < 30 || r < 30 {
		t.Errorf("a text in the middle has %d pixels left and %d right of it", l, r)
	}
	bl, br := ink(text(`text-anchor="middle"`, `font-weight:600`))
	if bl+br <= l+r {
		t.Error("a bold text has no more ink")
	}
}

func TestUnknownIsAnError(t *testing.T) {
	for want, svg := range map[string]string{
		"element image":   `<image href="x"/>`,
		"paint":           `<rect width="9" height="9" fill="url(#g)"/>`,
		"transform":       `<rect width="9" height="9" transform="skewX(3)"/>`,
		"path command":    `<path d="M0 0T5 5"/>`,
		"the font has no": `<text>漢</text>`,
		"is not defined":  `<g clip-path="url(#none)"></g>`,
		"colour #12345 i": `<rect width="9" height="9" fill="#12345"/>`,
	} {
		_, err := raster.PNG(`<svg width="10" height="10">`+svg+`</svg>`, 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", svg, err, want)
		}
	}
	for _, svg := range []string{"", "<svg", `<svg/>`, `<svg width="1e9" height="1e9"/>`} {
		if _, err := raster.PNG(svg, 1); err == nil {
			t.Errorf("%q was drawn", svg)
		}
	}
}

func FuzzPNG(f *testing.F) {
	f.Add(`<path d="M0 0L9 9A1 2 3 0 1 4 5Z" stroke="#000" stroke-dasharray="1,2"/>`)
	f.Add(`<path d="M.5-.5e1C1 2 3 4 5 6z"/><text>a</text>`)
	f.Add(`<circle r="NaN" cx="Inf"/><polygon points="1"/>`)
	f.Fuzz(func(t *testing.T, elements string) {
		_, _ = raster.PNG(`<svg width="50" height="50">`+elements+`</svg>`, 1) // must not panic or hang
	})
}
