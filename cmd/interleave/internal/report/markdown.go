package report

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"

	"github.com/gohugoio/hugo-goldmark-extensions/passthrough"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gmrenderer "github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/interleave-lab/interleave/cmd/interleave/internal/notebook"
	"github.com/interleave-lab/interleave/cmd/interleave/internal/tex"
)

// newMarkdown is CommonMark with what front ends of Jupyter add: GitHub's
// tables, strikethrough, task lists and links, footnotes, and formulas.
func newMarkdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.GFM,
			extension.Footnote,
			extension.DefinitionList,
			passthrough.New(passthrough.Config{
				InlineDelimiters: []passthrough.Delimiters{{Open: "$$", Close: "$$"}, {Open: "$", Close: "$"}, {Open: `\(`, Close: `\)`}},
				BlockDelimiters:  []passthrough.Delimiters{{Open: "$$", Close: "$$"}, {Open: `\[`, Close: `\]`}},
			}),
		),
		goldmark.WithRendererOptions(
			gmhtml.WithUnsafe(), // it is cleaned afterwards
			gmrenderer.WithNodeRenderers(
				util.Prioritized(formulas{}, 10),
				util.Prioritized(codeBlocks{}, 10),
			),
		),
	)
}

// markdown renders text and notes its headings for the contents.
func (r *renderer) markdown(c *notebook.Cell, source string) (string, error) {
	src := []byte(source)
	doc := r.md.Parser().Parse(text.NewReader(src))
	if err := r.name(doc, src); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := r.md.Renderer().Render(&b, src, doc); err != nil {
		return "", fmt.Errorf("render Markdown: %w", err)
	}
	if r.opt.Trusted {
		return whole(b.String()), nil
	}
	clean := &cleaner{image: r.image(c), ids: true, link: r.link}
	return clean.clean(b.String()), nil
}

// link leads from one report of a site to another, where the notebook leads to
// a notebook.
func (r *renderer) link(href string) string {
	if r.opt.Site == nil || r.opt.Site.Page == nil {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasSuffix(u.Path, ".ipynb") {
		return ""
	}
	if u.Path = r.opt.Site.Page(u.Path); u.Path == "" {
		return ""
	}
	return u.String()
}

// heading is a line of the contents.
type heading struct {
	Level    int
	ID, Text string
}

// name gives each heading an id and notes the larger ones for the contents.
func (r *renderer) name(doc ast.Node, src []byte) error {
	return ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		h, ok := n.(*ast.Heading)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		text := strings.TrimSpace(words(h, src))
		id := r.id(text)
		h.SetAttributeString("id", []byte(id))
		if h.Level <= 3 && h.Parent() == doc {
			r.contents = append(r.contents, heading{h.Level, id, text})
		}
		return ast.WalkSkipChildren, nil
	})
}

// id makes the id of a heading as Jupyter does, spaces become hyphens, but
// each only once in the whole report.
func (r *renderer) id(text string) string {
	base := strings.Join(strings.Fields(text), "-")
	if base == "" {
		base = "heading"
	}
	id := base
	for i := 2; r.ids[id]; i++ {
		id = base + "-" + strconv.Itoa(i)
	}
	r.ids[id] = true
	return id
}

// words is the text of a node without its markup.
func words(n ast.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Segment.Value(src))
		case *ast.String:
			b.Write(c.Value)
		case *ast.RawHTML:
		case *passthrough.PassthroughInline:
			b.Write(c.Segment.Value(src))
		default:
			b.WriteString(words(c, src))
		}
	}
	return html.UnescapeString(b.String())
}

// formulas renders what stands between dollars.
type formulas struct{}

// RegisterFuncs makes f known to goldmark.
func (f formulas) RegisterFuncs(reg gmrenderer.NodeRendererFuncRegisterer) {
	reg.Register(passthrough.KindPassthroughInline, f.inline)
	reg.Register(passthrough.KindPassthroughBlock, f.block)
}

func (f formulas) inline(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		p := n.(*passthrough.PassthroughInline)
		source := string(p.Segment.Value(src))
		source = strings.TrimSuffix(strings.TrimPrefix(source, p.Delimiters.Open), p.Delimiters.Close)
		fmt.Fprint(w, formula(source, p.Delimiters.Open == "$$"))
	}
	return ast.WalkContinue, nil
}

func (f formulas) block(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		source := strings.TrimSpace(string(lines(n, src)))
		for _, d := range [][2]string{{"$$", "$$"}, {`\[`, `\]`}} {
			if inner, ok := strings.CutPrefix(source, d[0]); ok {
				source = strings.TrimSuffix(inner, d[1])
			}
		}
		fmt.Fprintf(w, "<div class=\"formula\">%s</div>\n", formula(source, true))
	}
	return ast.WalkSkipChildren, nil
}

// lines is the raw text of a block.
func lines(n ast.Node, src []byte) []byte {
	var b bytes.Buffer
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(src))
	}
	return b.Bytes()
}

// formula is a formula as MathML, or as it was written where that fails.
func formula(source string, display bool) string {
	mathml, err := tex.MathML(source, display)
	if err != nil {
		return `<code class="tex">` + html.EscapeString(source) + `</code>`
	}
	return mathml
}

// codeBlocks renders fenced code in the colours of the cells.
type codeBlocks struct{}

// RegisterFuncs makes c known to goldmark.
func (c codeBlocks) RegisterFuncs(reg gmrenderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindFencedCodeBlock, c.fenced)
}

func (c codeBlocks) fenced(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		language := string(n.(*ast.FencedCodeBlock).Language(src))
		code, err := highlight(string(lines(n, src)), language)
		if err != nil {
			return ast.WalkStop, err
		}
		fmt.Fprint(w, code)
	}
	return ast.WalkSkipChildren, nil
}
