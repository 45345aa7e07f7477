package render

import (
	"regexp"
	"strconv"
	"strings"
)

// What a picture has only for a browser that shows it as part of a page: hover
// styles, classes, the series an element belongs to, marks nobody sees. The
// font is said once. Quotes inside texts are escaped, so that these match
// attributes only.
var (
	interactive = regexp.MustCompile(`(?s)<style.*?</style>\n?| (?:ecmeta_[a-z_]+|class|pointer-events|xml:space|xmlns:xlink|version|baseProfile)="[^"]*"`)
	unseen      = regexp.MustCompile(`<path [^>]*fill="none"></path>\n`)
	fontFamily  = regexp.MustCompile(`font-family:([^;"]*);`)
	counted     = regexp.MustCompile(`zr[0-9]+-[a-z]+-?[0-9]+`)
	outlines    = regexp.MustCompile(` (?:d|points|transform)="[^"]*"`)
	fraction    = regexp.MustCompile(`-?[0-9]*\.[0-9]{2,}(?:e-?[0-9]+)?`)
	command     = regexp.MustCompile(`([A-Za-z])([^A-Za-z]*)`)
	painted     = regexp.MustCompile(`^<path d="([^"]*)"([^>]*)></path>$`)
)

// plain makes a picture shorter by what a still picture does not need (about
// three quarters of it), and renumbers its ids, which zrender counts over the
// life of the engine, so that the same spec always gives the same text.
func plain(svg string) string {
	svg = interactive.ReplaceAllString(svg, "")
	svg = unseen.ReplaceAllString(svg, "")
	if family := fontFamily.FindStringSubmatch(svg); family != nil {
		svg = strings.ReplaceAll(svg, family[0], "")
		svg = strings.Replace(svg, "<svg ", `<svg font-family="`+family[1]+`" `, 1)
	}
	svg = outlines.ReplaceAllStringFunc(svg, func(attribute string) string { return straight(tenths(attribute)) })
	return merged(renumbered(svg))
}

// renumbered gives ids in order of their first appearance.
func renumbered(svg string) string {
	names := map[string]string{}
	return counted.ReplaceAllStringFunc(svg, func(name string) string {
		if names[name] == "" {
			names[name] = "c" + strconv.Itoa(len(names))
		}
		return names[name]
	})
}

// tenths rounds places to a tenth of a pixel; the parts of a matrix, which
// stretch and turn, keep four digits.
func tenths(attribute string) string {
	digits := 1
	if strings.Contains(attribute, "matrix(") || strings.Contains(attribute, "scale(") || strings.Contains(attribute, "rotate(") {
		digits = 4
	}
	return fraction.ReplaceAllStringFunc(attribute, func(text string) string {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text
		}
		text = strconv.FormatFloat(x, 'f', digits, 64)
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
		if text == "-0" || text == "" {
			return "0"
		}
		return text
	})
}

// straight writes lines along an axis of the path in an attribute d with one
// number (H, V, h, v) instead of two, and leaves out lines of no length. A path
// it does not understand stays as it is.
func straight(attribute string) string {
	data, ok := strings.CutPrefix(attribute, ` d="`)
	if !ok {
		return attribute
	}
	var b strings.Builder
	b.WriteString(` d="`)
	var x, y, startX, startY string // of the pen; "?" after a relative step
	for _, m := range command.FindAllStringSubmatch(strings.TrimSuffix(data, `"`), -1) {
		args := strings.Fields(m[2])
		text := m[0]
		switch {
		case m[1] == "M" && len(args) == 2:
			x, y, startX, startY = args[0], args[1], args[0], args[1]
		case m[1] == "L" && len(args) == 2:
			switch {
			case args[0] == x && args[1] == y:
				text = ""
			case args[1] == y:
				text = "H" + args[0]
			case args[0] == x:
				text = "V" + args[1]
			}
			x, y = args[0], args[1]
		case m[1] == "l" && len(args) == 2:
			switch {
			case args[1] == "0":
				text = "h" + args[0]
			case args[0] == "0":
				text = "v" + args[1]
			}
			x, y = "?", "?"
		case (m[1] == "A" || m[1] == "C" || m[1] == "Q") && len(args) >= 4:
			x, y = args[len(args)-2], args[len(args)-1]
		case m[1] == "Z" || m[1] == "z":
			x, y = startX, startY
		default:
			return attribute
		}
		b.WriteString(text)
	}
	return b.String() + `"`
}

// merged draws neighbours of one look as one path. What is translucent stays
// apart: where such paths overlap, one would be paler than two.
func merged(svg string) string {
	var b strings.Builder
	look := "" // of the path that is being written, empty for none
	for line := range strings.SplitSeq(svg, "\n") {
		m := painted.FindStringSubmatch(line)
		switch {
		case m != nil && look != "" && m[2] == look:
			b.WriteString(m[1])
			continue
		case look != "":
			b.WriteString(`"` + look + "/>\n")
			look = ""
		}
		if m == nil || strings.Contains(m[2], "opacity") || strings.Contains(m[2], "marker") || m[2] == "" {
			b.WriteString(line + "\n")
			continue
		}
		look = m[2]
		b.WriteString(`<path d="` + m[1])
	}
	if look != "" {
		b.WriteString(`"` + look + "/>\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
