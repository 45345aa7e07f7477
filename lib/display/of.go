package display

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"maps"
	"reflect"
	"strings"
)

// Of returns the data that shows values as a cell shows its last expression:
// a Displayer shows itself, as does a value with methods such as HTML() string
// or PNG() []byte; a chart of go-echarts is drawn; an image is a PNG; a list or
// a map of structs is a table; everything else is printed as fmt prints it with
// %v, cut where it gets too long for a page. Several values are one text, a
// space between them. The types stand in the metadata
// ("interleave": {"type": "main.point"}). No values give no data.
//
// Neither a method that panics nor a value that is huge or contains itself
// does harm.
func Of(values ...any) Data {
	switch len(values) {
	case 0:
		return Data{}
	case 1:
		return typed(one(values[0]), typeName(values[0]))
	}
	texts, types := make([]string, len(values)), make([]string, len(values))
	for i, v := range values {
		texts[i], _ = one(v).Bundle[mimeText].(string)
		types[i] = typeName(v)
	}
	return typed(Text(clip(strings.Join(texts, " "))), "("+strings.Join(types, ", ")+")")
}

func one(v any) Data {
	switch v := v.(type) {
	case Displayer:
		return guarded("Display method", v.Display)
	case chart:
		return guarded("chart", func() Data { return ofChart(v) })
	case image.Image:
		return guarded("image", func() Data { return Image(v) })
	case string:
		return Text(clip(v))
	}
	if d := guarded("method of "+typeName(v), func() Data { return byMethods(v) }); len(d.Bundle) > 0 {
		return d
	}
	d := Text(Plain(v))
	if asTable(v) {
		if html, ok := guarded("table", func() Data { return Table(v) }).Bundle[mimeHTML]; ok {
			d.Bundle[mimeHTML] = html
		}
	}
	return d
}

// guarded calls methods of the author's, named for the case that they panic.
func guarded(name string, show func() Data) (d Data) {
	defer func() {
		if r := recover(); r != nil {
			d = Text(fmt.Sprintf("%%!v(PANIC=%s: %v)", name, r))
		}
	}()
	return show()
}

// chart is what the charts of go-echarts have in common.
type chart interface {
	Validate()
	JSON() map[string]any
}

// mimeChart is the type of the options of a chart, which the front end or the
// kernel's renderer draws.
const mimeChart = "application/vnd.interleave.chart.v1+json"

func ofChart(c chart) Data {
	c.Validate()
	return Data{Bundle: map[string]any{
		mimeChart: map[string]any{"option": c.JSON()},
		mimeText:  fmt.Sprintf("%T", c),
	}}
}

func typed(d Data, name string) Data {
	if len(d.Bundle) == 0 {
		return d
	}
	d.Metadata = maps.Clone(d.Metadata)
	if d.Metadata == nil {
		d.Metadata = map[string]any{}
	}
	if _, ok := d.Metadata["interleave"]; !ok {
		d.Metadata["interleave"] = map[string]any{"type": name}
	}
	return d
}

func typeName(v any) string {
	if v == nil {
		return "nil"
	}
	return reflect.TypeOf(v).String()
}

// maxPixels bounds the size of pictures: encoding more takes seconds.
const maxPixels = 1 << 26

// Image shows a picture as a PNG. Images without an end, such as
// image.Uniform, are shown as text.
func Image(m image.Image) Data {
	if !drawable(m) {
		return Text(Plain(m))
	}
	return encoded(m, mimePNG, func(w io.Writer) error { return png.Encode(w, m) })
}

// drawable: m has an end and is not too large.
func drawable(m image.Image) bool {
	if _, ok := m.(image.Rectangle); ok {
		return false
	}
	b := m.Bounds()
	return !b.Empty() && b.Dx() <= maxPixels/b.Dy()
}

// Photo shows a picture as a JPEG of a quality from 1 to 100, which is smaller
// than a PNG for photographs. Its bounds are those of Image.
func Photo(m image.Image, quality int) Data {
	if !drawable(m) {
		return Text(Plain(m))
	}
	return encoded(m, mimeJPEG, func(w io.Writer) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: quality}) })
}

func encoded(m image.Image, mime string, encode func(io.Writer) error) Data {
	var buf bytes.Buffer
	if err := encode(&buf); err != nil {
		return Text(fmt.Sprintf("%T: %v", m, err))
	}
	size := m.Bounds().Size()
	return Data{Bundle: map[string]any{
		mime:     buf.Bytes(),
		mimeText: fmt.Sprintf("%T %dx%d", m, size.X, size.Y),
	}}
}
