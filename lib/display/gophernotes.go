package display

// What follows has the names that gophernotes gave it, so that its notebooks
// run: what they call it is what it is here.
type (
	// MIMEMap is a bundle, or metadata.
	MIMEMap = map[string]any
	// Renderer is for values that show themselves.
	Renderer = interface{ Render() Data }
	// SimpleRenderer is for values that show themselves, in one form.
	SimpleRenderer = interface{ SimpleRender() Data }
	// HTMLer is for values with a form in HTML.
	HTMLer = interface{ HTML() string }
	// JavaScripter is for values with a form in JavaScript.
	JavaScripter = interface{ JavaScript() string }
	// JPEGer is for values with a picture.
	JPEGer = interface{ JPEG() []byte }
	// JSONer is for values with a form in JSON.
	JSONer = interface{ JSON() map[string]any }
	// Latexer is for values with a form in LaTeX.
	Latexer = interface{ Latex() string }
	// Markdowner is for values with a form in Markdown.
	Markdowner = interface{ Markdown() string }
	// PNGer is for values with a picture.
	PNGer = interface{ PNG() []byte }
	// PDFer is for values with a document.
	PDFer = interface{ PDF() []byte }
	// SVGer is for values with a drawing.
	SVGer = interface{ SVG() string }
)

// MIME shows the same thing in several MIME types, with metadata.
func MIME(data, metadata MIMEMap) Data { return Data{Bundle: data, Metadata: metadata} }

// Bytes shows content of any MIME type.
func Bytes(mime string, content []byte) Data { return Any(mime, content) }
