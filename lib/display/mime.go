package display

import (
	"encoding/json"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"strings"
)

// MIME types by the names which gophernotes gave them.
const (
	MIMETypeHTML       = mimeHTML
	MIMETypeJavaScript = mimeScript
	MIMETypeJPEG       = mimeJPEG
	MIMETypeJSON       = mimeJSON
	MIMETypeLatex      = mimeLaTeX
	MIMETypeMarkdown   = mimeMarkdown
	MIMETypePNG        = mimePNG
	MIMETypePDF        = mimePDF
	MIMETypeSVG        = mimeSVG
	MIMETypeText       = mimeText
)

// MIME types of the constructors below.
const (
	mimeText     = "text/plain"
	mimeHTML     = "text/html"
	mimeMarkdown = "text/markdown"
	mimeLaTeX    = "text/latex"
	mimeSVG      = "image/svg+xml"
	mimePNG      = "image/png"
	mimeJPEG     = "image/jpeg"
	mimePDF      = "application/pdf"
	mimeJSON     = "application/json"
	mimeScript   = "application/javascript"
)

func text(mime, content, plain string) Data {
	return Data{Bundle: map[string]any{mime: content, mimeText: plain}}
}

// Text shows s as it is.
func Text(s string) Data { return Data{Bundle: map[string]any{mimeText: s}} }

// String is Text, by the name which gophernotes gave it.
func String(s string) Data { return Text(s) }

// HTML shows a piece of HTML. Where HTML cannot be shown its text is.
func HTML(html string) Data { return text(mimeHTML, html, htmlText(html)) }

// Markdown shows a piece of Markdown.
func Markdown(markdown string) Data { return text(mimeMarkdown, markdown, markdown) }

// LaTeX shows a piece of LaTeX as the front end understands it: text with
// formulas between dollar signs, or environments such as align.
func LaTeX(latex string) Data { return text(mimeLaTeX, latex, latex) }

// Latex is LaTeX, by the name which gophernotes gave it.
func Latex(latex string) Data { return LaTeX(latex) }

// Math shows a formula, given without dollar signs, on a line of its own.
func Math(latex string) Data {
	return LaTeX("$$" + strings.Trim(latex, "$") + "$$")
}

// SVG shows a drawing: the text of an SVG file.
func SVG(svg string) Data { return text(mimeSVG, svg, fmt.Sprintf("SVG image, %d bytes", len(svg))) }

// JavaScript runs a script in the front end, if that permits it: JupyterLab
// and VS Code do not everywhere.
func JavaScript(script string) Data { return text(mimeScript, script, "JavaScript") }

func binary(mime, name string, content []byte) Data {
	return Data{Bundle: map[string]any{mime: content, mimeText: fmt.Sprintf("%s, %d bytes", name, len(content))}}
}

// PNG shows a picture: the content of a PNG file.
func PNG(png []byte) Data { return binary(mimePNG, "PNG image", png) }

// JPEG shows a picture: the content of a JPEG file.
func JPEG(jpeg []byte) Data { return binary(mimeJPEG, "JPEG image", jpeg) }

// PDF shows a document: the content of a PDF file.
func PDF(pdf []byte) Data { return binary(mimePDF, "PDF document", pdf) }

// JSON shows v as a tree which can be folded, by what json.Marshal makes of
// it. When that is an error the error is shown.
func JSON(v any) Data {
	j, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return Text(err.Error())
	}
	return Data{Bundle: map[string]any{mimeJSON: json.RawMessage(j), mimeText: string(j)}}
}

// Any shows content of any MIME type: a string, a []byte, or for JSON types
// anything that json.Marshal takes.
func Any(mime string, content any) Data {
	d := Data{Bundle: map[string]any{mime: content}}
	if mime != mimeText {
		d.Bundle[mimeText] = fmt.Sprintf("%s data", mime)
	}
	return d
}

// MakeData is Any, by the name which gophernotes gave it.
func MakeData(mime string, content any) Data { return Any(mime, content) }

// MakeData3 is Any with a text for where the content cannot be shown, by the
// name which gophernotes gave it.
func MakeData3(mime, plaintext string, content any) Data {
	d := Any(mime, content)
	d.Bundle[mimeText] = plaintext
	return d
}

// Auto is Of, by the name which gophernotes gave it.
func Auto(v any) Data { return Of(v) }

// Bundle shows the same thing in several MIME types, of which the front end
// takes the richest that it knows.
func Bundle(bundle map[string]any) Data { return Data{Bundle: bundle} }

// File shows the content of a file. An empty MIME type means the one that
// belongs to the file's extension. When the file cannot be read the error is
// shown.
func File(mimeType, path string) Data {
	b, err := os.ReadFile(path)
	if err != nil {
		return Text(err.Error())
	}
	if mimeType == "" {
		mimeType, _, _ = mime.ParseMediaType(mime.TypeByExtension(filepath.Ext(path)))
	}
	if mimeType == "" {
		mimeType = mimeText
	}
	d := Any(mimeType, fileContent(mimeType, b))
	if mimeType != mimeText {
		d.Bundle[mimeText] = path
	}
	return d
}

func fileContent(mimeType string, b []byte) any {
	switch {
	case strings.HasSuffix(mimeType, "json"):
		return json.RawMessage(b)
	case strings.HasPrefix(mimeType, "text/"), mimeType == mimeSVG, mimeType == mimeScript:
		return string(b)
	default:
		return b
	}
}
