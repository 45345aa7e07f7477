package report

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// cleaner reduces foreign HTML to what cannot run, load or leave its place.
type cleaner struct {
	// image returns what to show for the address of an image: a data URI, or
	// nothing when it cannot be had.
	image func(src string) string
	// style is told the text of each style element; nil drops them.
	style func(css string)
	// link returns the address to put in place of that of a link, or nothing
	// to leave it; nil leaves all.
	link func(href string) string
	// ids keeps the ids of elements, for links within the page.
	ids bool
	// script says whether a script was dropped.
	script bool
	// shows says whether anything is left that a reader can see.
	shows bool
}

// clean returns what is left of foreign HTML, well formed, so that no element
// stays open. Some HTML means something else each time it is written and read
// again; what does not settle is shown as text.
func (c *cleaner) clean(foreign string) string {
	text := c.pass(foreign)
	for range 3 {
		again := c.pass(text)
		if again == text {
			return text
		}
		text = again
	}
	return html.EscapeString(foreign)
}

// pass writes what is left of HTML.
func (c *cleaner) pass(foreign string) string { return rewrite(foreign, c.node) }

// whole is HTML that is trusted, with every element closed, so that it ends
// where its place in the page ends.
func whole(trusted string) string {
	return rewrite(trusted, func(n *html.Node) []*html.Node { return []*html.Node{n} })
}

// rewrite parses HTML as a browser would inside a div and writes what becomes
// of its nodes.
func rewrite(text string, become func(*html.Node) []*html.Node) string {
	context := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(text), context)
	if err != nil {
		return html.EscapeString(text)
	}
	var b strings.Builder
	for _, n := range nodes {
		for _, kept := range become(n) {
			if err := html.Render(&b, kept); err != nil {
				return html.EscapeString(text)
			}
		}
	}
	return b.String()
}

// node returns what stays of a node: itself, its children in its place, or
// nothing.
func (c *cleaner) node(n *html.Node) []*html.Node {
	switch n.Type {
	case html.TextNode:
		c.shows = c.shows || strings.TrimSpace(n.Data) != ""
		return []*html.Node{detached(n)}
	case html.ElementNode:
	default:
		return nil // comments, document types
	}
	switch n.Data {
	case "style":
		return c.styleElement(n)
	case "input":
		return checkbox(n)
	}
	if dropped[n.Data] {
		c.script = c.script || n.Data == "script"
		return nil
	}
	children := c.children(n)
	if !kept(n) {
		return children
	}
	e := detached(n)
	e.Attr = c.attributes(n)
	if n.Data == "img" || n.Data == "image" {
		if !c.picture(e) {
			return missing(e)
		}
	}
	c.shows = c.shows || visible[n.Data]
	for _, child := range children {
		e.AppendChild(child)
	}
	return []*html.Node{e}
}

func (c *cleaner) children(n *html.Node) []*html.Node {
	var list []*html.Node
	for child := range n.ChildNodes() {
		list = append(list, c.node(child)...)
	}
	return list
}

// detached is a copy of the node alone.
func detached(n *html.Node) *html.Node {
	return &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Namespace: n.Namespace}
}

// styleElement keeps a style sheet if the caller allows it by its hash. In
// MathML, and around anything but text, browsers and our parser may read it
// differently.
func (c *cleaner) styleElement(n *html.Node) []*html.Node {
	text := n.FirstChild
	if c.style == nil || n.Namespace == "math" || text == nil || text != n.LastChild || text.Type != html.TextNode {
		return nil
	}
	e, css := detached(n), detached(text)
	css.Data = loads.ReplaceAllString(css.Data, "")
	e.AppendChild(css)
	c.style(css.Data)
	return []*html.Node{e}
}

// loads is what makes a style sheet ask for a file. The page's policy forbids
// that; without it the browser does not even complain.
var loads = regexp.MustCompile(`(?i)@import[^;}]*;?|url\(\s*['"]?[^#'")][^)]*\)`)

// checkbox keeps the box of a task list, for reading only.
func checkbox(n *html.Node) []*html.Node {
	e := detached(n)
	box := false
	for _, a := range n.Attr {
		switch {
		case a.Key == "type" && a.Val == "checkbox":
			box = true
			e.Attr = append(e.Attr, a, html.Attribute{Key: "disabled"})
		case a.Key == "checked":
			e.Attr = append(e.Attr, html.Attribute{Key: "checked"})
		}
	}
	if !box {
		return nil
	}
	return []*html.Node{e}
}

// picture puts data in place of an image's address, and says whether it could.
func (c *cleaner) picture(e *html.Node) bool {
	for i, a := range e.Attr {
		if a.Key == "src" || a.Key == "href" {
			e.Attr[i].Val = c.image(a.Val)
			return e.Attr[i].Val != ""
		}
	}
	return false
}

// missing stands in the place of an image that is not in the report.
func missing(e *html.Node) []*html.Node {
	if e.Namespace != "" {
		return nil
	}
	text := "image"
	for _, a := range e.Attr {
		if a.Key == "alt" && a.Val != "" {
			text = a.Val
		}
	}
	span := &html.Node{Type: html.ElementNode, Data: "span", DataAtom: atom.Span,
		Attr: []html.Attribute{{Key: "class", Val: "missing"}}}
	span.AppendChild(&html.Node{Type: html.TextNode, Data: "[" + text + ": not in this report]"})
	return []*html.Node{span}
}

// dropped elements go with all they hold.
var dropped = set("script iframe frame frameset object embed applet noscript noembed noframes template slot portal " +
	"head title meta link base xmp plaintext textarea select option button dialog fencedframe " +
	"foreignobject foreignObject animate animatemotion animateMotion animatetransform animateTransform set mpath discard handler listener annotation-xml")

// plain are the elements of HTML that stay; other elements give way to their
// content.
var plain = set("a abbr address article aside audio b bdi bdo big blockquote br caption center cite code col colgroup " +
	"dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li mark " +
	"meter nav ol p picture pre progress q rp rt ruby s samp section small span strike strong sub summary sup table tbody " +
	"td tfoot th thead time tr tt u ul var video wbr")

// visible elements show something even when they are empty.
var visible = set("img image svg math hr audio video meter progress td")

func kept(n *html.Node) bool {
	switch n.Namespace {
	case "svg", "math":
		return true // foreign content draws; what could act in it is dropped
	}
	return plain[n.Data]
}

// known are the attributes that stay on any element of HTML.
var known = set("align alt border cellpadding cellspacing class color colspan controls datetime dir face headers height " +
	"high lang loop low max min muted open optimum reversed role rowspan scope size span start title type valign value width")

func (c *cleaner) attributes(n *html.Node) []html.Attribute {
	var list []html.Attribute
	for _, a := range n.Attr {
		if v, ok := c.attribute(n, a); ok {
			if n.Data == "a" && a.Key == "href" && c.link != nil {
				v = cmp.Or(c.link(v), v)
			}
			a.Val = v
			list = append(list, a)
		}
	}
	if n.Data == "a" && n.Namespace == "" {
		list = append(list, html.Attribute{Key: "rel", Val: "noopener noreferrer"})
	}
	return list
}

func (c *cleaner) attribute(n *html.Node, a html.Attribute) (string, bool) {
	key := strings.ToLower(a.Key)
	switch {
	case strings.HasPrefix(key, "on"):
		return "", false
	case key == "style":
		v := tame(a.Val)
		return v, v != ""
	case key == "id":
		return a.Val, c.ids || n.Namespace == "svg" // gradients, markers
	case key == "href" || key == "src" || a.Namespace == "xlink":
		return address(n, key, a.Val)
	case n.Namespace != "":
		return a.Val, !strings.Contains(key, "href") && !strings.Contains(key, "src") && inside(a.Val)
	}
	return a.Val, known[key] || strings.HasPrefix(key, "aria-")
}

// address keeps links that open when a reader follows them, references within
// a drawing, and images and sounds, which are data.
func address(n *html.Node, key, v string) (string, bool) {
	switch {
	case n.Data == "img" || n.Data == "image":
		return v, true // replaced by data later
	case n.Data == "audio" || n.Data == "video":
		return v, isData(v, "audio/", "video/")
	case n.Namespace == "svg" && n.Data != "a":
		return v, strings.HasPrefix(v, "#")
	case n.Data == "a" && key == "href":
		u, err := url.Parse(strings.TrimSpace(v))
		return v, err == nil && slices.Contains([]string{"", "http", "https", "mailto"}, strings.ToLower(u.Scheme))
	}
	return "", false
}

func isData(v string, kinds ...string) bool {
	rest, ok := strings.CutPrefix(v, "data:")
	return ok && slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(rest, k) })
}

var reference = regexp.MustCompile(`(?i)url\(\s*['"]?([^)]?)`)

// inside says whether every url() of a value refers to the drawing itself.
func inside(v string) bool {
	for _, m := range reference.FindAllStringSubmatch(v, -1) {
		if m[1] != "#" {
			return false
		}
	}
	return true
}

// tame drops from a style attribute what would load something or lie over the
// page.
func tame(css string) string {
	var kept []string
	for decl := range strings.SplitSeq(css, ";") {
		name, value, ok := strings.Cut(decl, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if !ok || name == "position" || name == "z-index" || strings.ContainsAny(value, `\<>`) || !inside(value) {
			continue
		}
		kept = append(kept, name+":"+value)
	}
	return strings.Join(kept, ";")
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
