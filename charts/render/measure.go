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

// unit is the size at which texts are measured; widths scale linearly, since
// glyphs are not hinted.
const unit = 100

// A weight is a font that measures texts. Go's fonts are a little wider than
// the sans-serif fonts of most systems, so a text that fits here fits there.
type weight struct {
	mu   sync.Mutex // guards face
	face font.Face
}

var regular, bold = sync.OnceValue(func() *weight { return open(goregular.TTF) }), sync.OnceValue(func() *weight { return open(gobold.TTF) })

func open(ttf []byte) *weight {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("charts/render: " + err.Error()) // the font is part of the program
	}
	return &weight{face: faceOf(f, unit)}
}

func faceOf(f *opentype.Font, size float64) font.Face {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		panic("charts/render: " + err.Error()) // only for options that are out of range
	}
	return face
}

// width is the width of a text in pixels at a size in pixels.
func (w *weight) width(text string, size float64) float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return float64(font.MeasureString(w.face, text)) / 64 * size / unit
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
	if first, _, _ := strings.Cut(css, " "); isHeavy(first) {
		return bold().width(text, size)
	}
	return regular().width(text, size)
}

// isHeavy says whether a CSS font-weight is drawn bold.
func isHeavy(weight string) bool {
	n, err := strconv.Atoi(weight)
	return weight == "bold" || weight == "bolder" || err == nil && n >= 600
}
