package display

import (
	"reflect"
)

// Values of types with these methods show themselves in these forms, all at
// once where they have several: the interfaces of gophernotes.
type (
	htmler     interface{ HTML() string }
	markdowner interface{ Markdown() string }
	latexer    interface{ Latex() string }
	laTeXer    interface{ LaTeX() string }
	svger      interface{ SVG() string }
	scripter   interface{ JavaScript() string }
	pnger      interface{ PNG() []byte }
	jpeger     interface{ JPEG() []byte }
	pdfer      interface{ PDF() []byte }
	jsoner     interface{ JSON() map[string]any }
	renderer   interface{ Render() Data }
	simple     interface{ SimpleRender() Data }
)

// byMethods is what the methods of v show, empty when it has none of them.
func byMethods(v any) Data {
	bundle := map[string]any{}
	add := func(mime string, has bool, content func() any) {
		if has {
			bundle[mime] = content()
		}
	}
	switch v := v.(type) {
	case renderer:
		return v.Render()
	case simple:
		return v.SimpleRender()
	}
	html, ok := v.(htmler)
	add(mimeHTML, ok, func() any { return html.HTML() })
	markdown, ok := v.(markdowner)
	add(mimeMarkdown, ok, func() any { return markdown.Markdown() })
	latex, ok := v.(latexer)
	add(mimeLaTeX, ok, func() any { return latex.Latex() })
	laTeX, ok := v.(laTeXer)
	add(mimeLaTeX, ok, func() any { return laTeX.LaTeX() })
	svg, ok := v.(svger)
	add(mimeSVG, ok, func() any { return svg.SVG() })
	script, ok := v.(scripter)
	add(mimeScript, ok, func() any { return script.JavaScript() })
	png, ok := v.(pnger)
	add(mimePNG, ok, func() any { return png.PNG() })
	jpeg, ok := v.(jpeger)
	add(mimeJPEG, ok, func() any { return jpeg.JPEG() })
	pdf, ok := v.(pdfer)
	add(mimePDF, ok, func() any { return pdf.PDF() })
	json, ok := v.(jsoner)
	add(mimeJSON, ok, func() any { return json.JSON() })
	if len(bundle) == 0 {
		return Data{}
	}
	bundle[mimeText] = Plain(v)
	return Data{Bundle: bundle}
}

// asTable reports whether v reads better as a table: a list of structs or of
// maps with string keys, or a map of structs. A map that is too large to be
// sorted at once is none.
func asTable(v any) bool {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Slice && t.Kind() != reflect.Array && t.Kind() != reflect.Map || describes(t) {
		return false
	}
	if n := reflect.ValueOf(v).Len(); n == 0 || t.Kind() == reflect.Map && n > maxNodes {
		return false
	}
	elem := t.Elem()
	if elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	switch elem.Kind() {
	case reflect.Struct:
		return !describes(elem) && len(columns(elem, nil)) > 0
	case reflect.Map:
		return t.Kind() != reflect.Map && elem.Key().Kind() == reflect.String && !describes(elem)
	default:
		return false
	}
}
