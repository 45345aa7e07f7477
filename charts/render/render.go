// Package render turns charts, which are data, into what front ends show.
//
// Expand adds to an output that carries a chart spec the static picture that
// shows everywhere, the spec as inert JSON and a loader of a few hundred
// bytes. The picture comes alive in a page that contains Runtime. Nothing is
// ever fetched from a network.
package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/interleave-lab/interleave/charts"
	"github.com/interleave-lab/interleave/charts/render/internal/raster"
	"github.com/interleave-lab/interleave/lib/display"
)

// MIME is the type of a chart spec in an output.
const MIME = charts.MIME

// maxSpec is the largest spec that is drawn; its table is shown in any case.
const maxSpec = 16 << 20

var pictures engine

// Expand returns the output with text/html, image/png and text/plain added
// where it carries a chart spec and has none of its own; other outputs come back as they
// are. The bundle given is not changed. It never fails: where a chart cannot
// be drawn its table is shown, with the reason. It may be called from several
// goroutines at once.
//
// A picture takes about 50 ms, and the first one of a process 0.1 s more. An
// output that is marked as changing (see display.Handle.Set) has a picture of
// the last half second and no image/png.
func Expand(d display.Data) display.Data {
	value, ok := d.Bundle[MIME]
	if !ok {
		return d
	}
	d.Bundle = maps.Clone(d.Bundle)
	raw, err := encoded(value)
	if err != nil {
		add(d.Bundle, "text/html", failure(charts.Spec{}, err))
		add(d.Bundle, "text/plain", "chart: "+err.Error())
		return d
	}
	spec, err := parse(raw)
	if err != nil {
		add(d.Bundle, "text/html", failure(spec, err))
		add(d.Bundle, "text/plain", "chart: "+err.Error())
		return d
	}
	d.Bundle[MIME] = spec
	if isChanging(d) {
		add(d.Bundle, "text/plain", spec.Text())
		if html, ok := changing.picture(d.ID, func() (string, error) { return still(spec) }); ok {
			add(d.Bundle, "text/html", html)
		}
		return d
	}
	changing.forget(d.ID)
	expand(d.Bundle, spec)
	return d
}

// still is the text/html of a chart.
func still(spec charts.Spec) (string, error) {
	svg, err := draw(spec, false)
	if err != nil {
		return "", err
	}
	return page(spec, svg), nil
}

func expand(bundle map[string]any, spec charts.Spec) {
	add(bundle, "text/plain", spec.Text())
	svg, err := draw(spec, false)
	if err != nil {
		add(bundle, "text/html", failure(spec, err))
		return
	}
	add(bundle, "text/html", page(spec, svg))
	// Where a picture has something the rasteriser does not know, the others
	// do without it.
	if png, err := raster.PNG(svg, 2); err == nil {
		add(bundle, "image/png", png)
	}
}

// add fills in a type that is not there yet.
func add(bundle map[string]any, mime string, content any) {
	if _, ok := bundle[mime]; !ok {
		bundle[mime] = content
	}
}

// encoded is a spec as JSON, in whatever form it came.
func encoded(value any) ([]byte, error) {
	switch v := value.(type) {
	case json.RawMessage:
		return v, nil
	case []byte:
		return v, nil
	case string:
		return []byte(v), nil
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode the spec: %w", err)
	}
	return raw, nil
}

// parse reads a spec that may come from anywhere and gives it a size that can
// be drawn.
func parse(raw []byte) (charts.Spec, error) {
	var spec charts.Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return charts.Spec{}, fmt.Errorf("read the spec: %w", err)
	}
	spec.Width = bounded(spec.Width, 760)
	spec.Height = bounded(spec.Height, 440)
	if len(raw) > maxSpec {
		return spec, fmt.Errorf("the spec has %d bytes; at most %d are drawn", len(raw), maxSpec)
	}
	if len(bytes.TrimSpace(spec.Option)) == 0 || bytes.TrimSpace(spec.Option)[0] != '{' {
		return spec, fmt.Errorf("the spec has no option")
	}
	return spec, nil
}

func bounded(pixels, otherwise int) int {
	if pixels < 100 || pixels > 4000 {
		return otherwise
	}
	return pixels
}

// SVG draws a spec as the text of an SVG file, on white paper or on dark. The
// same spec always gives the same text. It returns an error where ECharts
// cannot draw it, or not within 5 s and 256 MiB.
func SVG(spec charts.Spec, dark bool) (string, error) {
	spec.Width, spec.Height = bounded(spec.Width, 760), bounded(spec.Height, 440)
	return draw(spec, dark)
}

// PNG draws a spec as the content of a PNG file, with two pixels for each CSS
// pixel. Its errors are those of SVG, and parts of a picture that cannot be
// turned into pixels (gradients, pictures inside).
func PNG(spec charts.Spec, dark bool) ([]byte, error) {
	svg, err := SVG(spec, dark)
	if err != nil {
		return nil, err
	}
	png, err := raster.PNG(svg, 2)
	if err != nil {
		return nil, fmt.Errorf("draw the chart as PNG: %w", err)
	}
	return png, nil
}

func draw(spec charts.Spec, dark bool) (string, error) {
	raw, err := json.Marshal(spec)
	if err != nil {
		return "", fmt.Errorf("encode the spec: %w", err)
	}
	return pictures.svg(raw, dark)
}
