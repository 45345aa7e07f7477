package render

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// fonts parses the two weights once. Go's fonts are a little wider than the
// sans-serif fonts of most systems, so a text that fits here fits there.
var fonts = sync.OnceValues(func() (regular, bold *opentype.Font) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic("charts/render: " + err.Error()) // the font is part of the program
	}
	bold, err = opentype.Parse(gobold.TTF)
	if err != nil {
		panic("charts/render: " + err.Error())
	}
	return regular, bold
})

// face returns a font at a size in pixels.
func face(size float64, heavy bool) font.Face {
	regular, bold := fonts()
	f := regular
	if heavy {
		f = bold
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		panic("charts/render: " + err.Error()) // only for options that are out of range
	}
	return face
}

var fontSize = regexp.MustCompile(`([0-9.]+)px`)

// measure is the width of a text in pixels in a CSS font such as
// "600 15px sans-serif".
func measure(text, css string) float64 {
	size := 12.0
	if m := fontSize.FindStringSubmatch(css); m != nil {
		if v, err := strconv.ParseFloat(m[1], 64); err == nil && v > 0 && v <= 200 {
			size = v
		}
	}
	weight, _, _ := strings.Cut(css, " ")
	// Faces are measured at one size and scaled: glyphs scale linearly when
	// they are not hinted.
	const unit = 100
	return float64(font.MeasureString(face(unit, isHeavy(weight)), text)) / 64 * size / unit
}

// isHeavy says whether a CSS font-weight is drawn bold.
func isHeavy(weight string) bool {
	n, err := strconv.Atoi(weight)
	return weight == "bold" || weight == "bolder" || err == nil && n >= 600
}
