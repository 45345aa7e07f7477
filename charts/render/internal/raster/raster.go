// Package raster draws the pictures ECharts makes without a browser to PNG.
//
// It knows the part of SVG that zrender writes: rect, circle, path, polygon,
// polyline, text, groups, clip paths, opacity, dashes and transforms. What it
// does not know (gradients, patterns, images) is an error: no picture is
// better than a wrong one.
package raster

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"
	"strings"
)

// maxPixels bounds the memory of one picture.
const maxPixels = 40e6

// PNG draws an SVG document at a scale on white paper. A picture of 760 × 400
// at scale 2 takes about 30 ms and gives about 40 KB.
func PNG(svg string, scale float64) ([]byte, error) {
	var root node
	if err := xml.Unmarshal([]byte(svg), &root); err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	width, height := scale*root.number("width", 0), scale*root.number("height", 0)
	if width < 1 || height < 1 || width*height > maxPixels {
		return nil, fmt.Errorf("a picture of %g × %g pixels cannot be drawn", width, height)
	}
	c := canvas{image: image.NewRGBA(image.Rect(0, 0, int(width), int(height))), ids: map[string]*node{}}
	draw.Draw(c.image, c.image.Bounds(), image.White, image.Point{}, draw.Src)
	c.index(&root)
	if err := c.children(&root, scaling(scale), 1, nil); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, paletted(c.image)); err != nil {
		return nil, fmt.Errorf("encode the picture: %w", err)
	}
	return b.Bytes(), nil
}

// node is an element of the document.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// number is an attribute in pixels.
func (n *node) number(name string, otherwise float64) float64 {
	v, err := strconv.ParseFloat(strings.TrimSuffix(n.attr(name), "px"), 64)
	if err != nil {
		return otherwise
	}
	return v
}

// canvas is the picture in the making.
type canvas struct {
	image *image.RGBA
	ids   map[string]*node // of clip paths
}

func (c *canvas) index(n *node) {
	if id := n.attr("id"); id != "" {
		c.ids[id] = n
	}
	for i := range n.Children {
		c.index(&n.Children[i])
	}
}

func (c *canvas) children(n *node, m matrix, opacity float64, clip *image.Alpha) error {
	for i := range n.Children {
		if err := c.element(&n.Children[i], m, opacity, clip); err != nil {
			return err
		}
	}
	return nil
}

// element draws one element and what is in it.
func (c *canvas) element(n *node, m matrix, opacity float64, clip *image.Alpha) error {
	switch n.XMLName.Local {
	case "defs", "style", "title", "desc":
		return nil
	}
	clip, err := c.clipped(n, m, clip)
	if err != nil {
		return err
	}
	if m, err = m.transformed(n.attr("transform")); err != nil {
		return err
	}
	opacity *= n.number("opacity", 1)
	switch n.XMLName.Local {
	case "g":
		return c.children(n, m, opacity, clip)
	case "text":
		return c.text(n, m, opacity, clip)
	}
	p, err := outline(n)
	if err != nil {
		return err
	}
	return c.shape(n, p, m, opacity, clip)
}

// clipped narrows the clip by the clip path of an element.
func (c *canvas) clipped(n *node, m matrix, clip *image.Alpha) (*image.Alpha, error) {
	ref := n.attr("clip-path")
	if ref == "" {
		return clip, nil
	}
	def := c.ids[strings.TrimSuffix(strings.TrimPrefix(ref, "url(#"), ")")]
	if def == nil {
		return nil, fmt.Errorf("clip path %s is not defined", ref)
	}
	mask := image.NewAlpha(c.image.Bounds())
	for i := range def.Children {
		p, err := outline(&def.Children[i])
		if err != nil {
			return nil, err
		}
		inner, err := m.transformed(def.Children[i].attr("transform"))
		if err != nil {
			return nil, err
		}
		fill(mask, p.flat(inner), color.Opaque, clip)
	}
	return mask, nil
}

// shape fills and strokes an outline.
func (c *canvas) shape(n *node, p path, m matrix, opacity float64, clip *image.Alpha) error {
	paint, ok, err := parseColor(n.attr("fill"), "#000000", opacity*n.number("fill-opacity", 1))
	if err != nil {
		return err
	}
	if ok {
		fill(c.image, p.flat(m), paint, clip)
	}
	paint, ok, err = parseColor(n.attr("stroke"), "none", opacity*n.number("stroke-opacity", 1))
	if err != nil || !ok {
		return err
	}
	width := n.number("stroke-width", 1) * m.scale()
	dashes := numbers(n.attr("stroke-dasharray"))
	for i := range dashes {
		dashes[i] *= m.scale()
	}
	fill(c.image, stroke(p.flat(m), width, dashes, n.attr("stroke-linecap") == "round"), paint, clip)
	return nil
}
