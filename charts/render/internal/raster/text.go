package raster

import (
	"fmt"
	"image"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// typeface is a font that gives the outlines of texts.
type typeface struct {
	mu     sync.Mutex // guards buffer
	font   *sfnt.Font
	buffer sfnt.Buffer
}

var (
	regular = sync.OnceValue(func() *typeface { return parseFont(goregular.TTF) })
	bold    = sync.OnceValue(func() *typeface { return parseFont(gobold.TTF) })
)

func parseFont(ttf []byte) *typeface {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic("raster: " + err.Error()) // the font is part of the program
	}
	return &typeface{font: f}
}

// em is the size at which outlines are taken; they are scaled from there.
const em = 1024

// text is the outline of a text in units of its size, from the origin of its
// first glyph, and its width.
func (t *typeface) text(s string) (p path, width float64, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range s {
		glyph, err := t.font.GlyphIndex(&t.buffer, r)
		if err != nil {
			return nil, 0, err
		}
		if glyph == 0 {
			return nil, 0, fmt.Errorf("the font has no %q", r)
		}
		segments, err := t.font.LoadGlyph(&t.buffer, glyph, fixed.I(em), nil)
		if err != nil {
			return nil, 0, err
		}
		p.glyph(segments, width)
		advance, err := t.font.GlyphAdvance(&t.buffer, glyph, fixed.I(em), font.HintingNone)
		if err != nil {
			return nil, 0, err
		}
		width += float64(advance) / 64 / em
	}
	return p, width, nil
}

func (p *path) glyph(segments sfnt.Segments, x float64) {
	at := func(f fixed.Point26_6) point { return point{x + float64(f.X)/64/em, float64(f.Y) / 64 / em} }
	last := point{}
	for _, s := range segments {
		a := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			p.move(a.x, a.y)
			last = a
		case sfnt.SegmentOpLineTo:
			p.line(a.x, a.y)
			last = a
		case sfnt.SegmentOpQuadTo:
			end := at(s.Args[1])
			p.curve(between(last, a, 2.0/3), between(end, a, 2.0/3), end)
			last = end
		case sfnt.SegmentOpCubeTo:
			last = at(s.Args[2])
			p.curve(a, at(s.Args[1]), last)
		}
	}
}

// declaration is the value of a property in a style attribute.
func declaration(style, property string) string {
	for part := range strings.SplitSeq(style, ";") {
		if name, value, ok := strings.Cut(part, ":"); ok && strings.TrimSpace(name) == property {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// text draws a text element.
func (c *canvas) text(n *node, m matrix, opacity float64, clip *image.Alpha) error {
	face := regular()
	weight := declaration(n.attr("style"), "font-weight")
	if v, err := strconv.Atoi(weight); weight == "bold" || err == nil && v >= 600 {
		face = bold()
	}
	size, err := strconv.ParseFloat(strings.TrimSuffix(declaration(n.attr("style"), "font-size"), "px"), 64)
	if err != nil {
		size = 12
	}
	p, width, err := face.text(n.Text)
	if err != nil {
		return fmt.Errorf("text %q: %w", n.Text, err)
	}
	x, y := n.number("x", 0), n.number("y", 0)
	switch n.attr("text-anchor") {
	case "middle":
		x -= width * size / 2
	case "end":
		x -= width * size
	}
	const middle, ascent, descent = 0.34, 0.94, 0.21 // of Go's fonts, in units of the size
	switch n.attr("dominant-baseline") {
	case "central", "middle":
		y += middle * size
	case "hanging", "text-before-edge":
		y += ascent * size
	case "text-after-edge":
		y -= descent * size
	}
	return c.shape(n, p, m.times(matrix{size, 0, 0, size, x, y}), opacity, clip)
}
